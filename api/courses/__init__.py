"""One citizen's course over HTTP: starting it, changing it and reading it."""
