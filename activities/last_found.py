"""What commands last found beside their courses, so that the next one is decided before the store is asked."""

from collections.abc import Collection, Sequence
from typing import Final

from domain.state.course import CourseState
from infra.store.courses.record import Entered, Head
from infra.store.rows import InForce

_AT_MOST: Final = 10_000
"""How many people of a municipality stay in memory."""


class LastFound:
    """What the last commands in each municipality found; it may be so no more, which the store says when it records."""

    def __init__(self) -> None:
        """Begin without anything."""
        self._in_force: dict[str, InForce] = {}
        self._people: dict[str, dict[str, Sequence[str] | None]] = {}

    def remember(self, municipality: str, entered: Entered) -> None:
        """Take what a command found."""
        people = self._people.setdefault(municipality, {})
        if len(people) > _AT_MOST:
            people.clear()
        people.update(entered.known)
        self._in_force[municipality] = entered.in_force

    def expected(self, state: CourseState, persons: Collection[str]) -> Entered | None:
        """Return what a command to a course as it stands will find, or None when a person was not asked for yet."""
        people, in_force = self._people.get(state.municipality, {}), self._in_force.get(state.municipality)
        if in_force is None or not people.keys() >= set(persons):
            return None
        head = Head(state.epoch, state.revision, state.digest)
        return Entered(head, None, in_force, {person: people[person] for person in persons})
