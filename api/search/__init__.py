"""One field that finds whatever the caller may read."""
