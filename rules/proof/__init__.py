"""Proves of a rule set what must hold of every citizen, and finds one where it does not."""
