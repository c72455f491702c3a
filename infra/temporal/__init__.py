"""The connection to Temporal: client, converter, encryption with its keys, and a probe."""
