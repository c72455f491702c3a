"""Webhooks: which servers are told what happens, and what each was sent."""
