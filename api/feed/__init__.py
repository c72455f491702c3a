"""Changes of courses, as a pull feed and as server-sent events."""
