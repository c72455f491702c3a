"""The recorded events of a course, as JSON and as text."""
