"""Routes that read courses."""
