"""Rule sets and calendars by their digest, cached in memory and on disk."""
