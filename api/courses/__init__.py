"""Courses over HTTP: starting and reading them, and every command a person or a system can give one."""
