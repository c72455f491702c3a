"""What can be said of an entry of a rule set: a value to compare, and the value in words."""

from collections.abc import Iterable
from typing import NamedTuple


class Aspect(NamedTuple):
    """One thing that can be said of an entry: its value, by which it is compared, and that value in words.

    One that is a list has its elements in words as `parts`, of which only those that differ are said.
    """

    value: object
    said: str
    parts: tuple[str, ...] = ()


def in_parts(value: object, parts: Iterable[str], between: str = ", ", *, said: str = "") -> Aspect:
    """Return a list of which only those elements are said that differ; the whole in words is `said`, or is joined."""
    each = tuple(parts)
    return Aspect(value, said or between.join(each), each)
