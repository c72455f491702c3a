"""Municipalities for tests that need one to themselves: one counter, so that no two ever share a code."""

from itertools import count

_codes = count(1000)


def fresh_municipality() -> str:
    """Return the code of a municipality that no other test uses; those that tests name begin with 0."""
    return str(next(_codes))
