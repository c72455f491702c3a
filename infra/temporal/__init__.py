"""The connection to Temporal: client, sealed payloads and their keys."""
