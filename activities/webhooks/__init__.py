"""Webhooks: what happens is sent to the servers that systems have named, as a reader of the feed."""
