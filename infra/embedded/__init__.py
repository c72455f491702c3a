"""The whole system on one machine with nothing to install: each part is a child process of ours."""
