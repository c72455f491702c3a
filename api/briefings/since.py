"""What is new to a reader since an older version of a briefing."""

from typing import NamedTuple
from uuid import UUID


class Difference(NamedTuple):
    """One difference in words, and where it is from one thing to another, what it is of and both."""

    text: str
    label: str = ""
    before: str | None = None
    after: str | None = None


class Since(NamedTuple):
    """What is new since an older version, and the notes that it showed already; its number, if of the same visit."""

    differences: tuple[Difference, ...] = ()
    notes: frozenset[UUID] = frozenset()
    acknowledged_version: int | None = None

    @property
    def changes(self) -> list[str]:
        """The differences in words alone."""
        return [difference.text for difference in self.differences]
