"""Starts PostgreSQL, Temporal, the worker and the API on one machine."""
