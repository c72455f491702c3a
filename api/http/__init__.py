"""The HTTP protocol: problems, paging, idempotency, access and conditional requests."""
