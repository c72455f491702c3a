"""Requests to servers that others name: outside addresses alone, and never to where a resolver points inside."""
