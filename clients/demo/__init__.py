"""A municipality that does not exist, with forty courses to look at, played through the public API."""
