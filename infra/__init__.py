"""The connections that the API and the activities share: settings, Temporal, store, security, logs."""
