"""Runs the examples of a rule set, and lists what no example covers."""
