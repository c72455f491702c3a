"""Routes that change a course."""
