"""What a course knows at an instant, laid out once so that every condition finds its fact by one look-up."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.calendar import Calendar, danish_day, start_of_day
from domain.identity import Role
from domain.state.course import CourseState, Visit
from domain.state.facts import Audience, Fact, known
from rules.language.facts import FactDeclaration, Reader, Typed

_NEVER_VISITED: Final = 0
"""The number of no visit: what belongs to a step that was never visited is missing."""


class Standing(StrEnum):
    """Whether a fact is known, and if not, why not; only a missing fact was never spoken of (P2)."""

    KNOWN = "known"
    MISSING = "missing"
    CONTRADICTED = "contradicted"
    UNREADABLE = "unreadable"


class Knowledge:
    """The statements of one course by fact and visit, read as typed values when first asked for."""

    __slots__ = ("_statements", "_values", "calendar", "newest_visits", "now", "state", "today")

    def __init__(self, state: CourseState, now: datetime, calendar: Calendar, aliases: Mapping[str, str]) -> None:
        """Take the course as it stands; `aliases` lead from former ids of facts to their present ones."""
        self.state = state
        self.now = now
        self.calendar = calendar
        self.today = danish_day(now)
        self.newest_visits = {visit.step: visit.number for visit in state.visits if not visit.withdrawn}
        self._values: dict[tuple[str, int | None], Typed | None] = {}
        self._statements: dict[tuple[str, int | None], list[Fact]] = {}
        for fact in state.facts:
            key = aliases.get(fact.fact, fact.fact), fact.visit
            self._statements.setdefault(key, []).append(fact)

    def value(self, fact: str, visit: int | None, read: Reader) -> Typed | None:
        """Return the value of a fact, or None while it is anything but known."""
        key = fact, visit
        if key in self._values:
            return self._values[key]
        statements = self._statements.get(key)
        value = None if statements is None else value_among(statements, read)
        self._values[key] = value
        return value

    def is_unspoken(self, fact: str, visit: int | None) -> bool:
        """Say whether nothing at all was stated of a fact."""
        return (fact, visit) not in self._statements

    def statements(self, fact: str, visit: int | None) -> Sequence[Fact]:
        """Return all that is kept of what was stated of a fact."""
        return self._statements.get((fact, visit), ())


def standing(declaration: FactDeclaration, statements: Sequence[Fact]) -> tuple[Standing, Fact | None, Fact | None]:
    """Return how a fact stands, the one of its statements that counts and the one that contradicts it."""
    found = known(statements)
    if found is None:
        return Standing.MISSING, None, None
    if found.contradicted_by is not None:
        return Standing.CONTRADICTED, found.fact, found.contradicted_by
    is_readable = declaration.read(found.fact.value) is not None
    return Standing.KNOWN if is_readable else Standing.UNREADABLE, found.fact, None


def statements_on(statements: Sequence[Fact], day: date) -> Sequence[Fact]:
    """Return what had occurred by a day; of what all occurred later, that of the first day on which any did."""
    if len(statements) <= 1:
        return statements
    last = max(day, min(fact.occurred_on for fact in statements))
    return [fact for fact in statements if fact.occurred_on <= last]


def value_among(statements: Sequence[Fact], read: Reader) -> Typed | None:
    """Return the value that counts among statements of one fact, or None while they contradict each other."""
    if len(statements) == 1:
        return read(statements[0].value)
    found = known(statements)
    return None if found is None or found.contradicted_by is not None else read(found.fact.value)


class View:
    """Knowledge as seen from one open visit; remembers on which day time alone may change what was asked."""

    __slots__ = ("_followed", "_places", "_turns_in", "knowledge", "today", "visit")

    def __init__(self, knowledge: Knowledge, visit: Visit) -> None:
        """Look from `visit`: its own facts are those of its step, those of other steps are of their newest visit."""
        self.knowledge = knowledge
        self.visit = visit
        self.today = knowledge.today
        self._places = {**knowledge.newest_visits, visit.step: visit.number}
        self._turns_in: int | None = None
        self._followed: tuple[str, ...] = ()

    @property
    def open_beside(self) -> frozenset[str]:
        """Return the steps of the other visits that are open now, whatever route is followed."""
        visits = self.knowledge.state.open_visits
        return frozenset(other.step for other in visits if other.number != self.visit.number)

    @property
    def beside(self) -> frozenset[str]:
        """Return the steps that are open beside this visit, or will be once the route that is followed is taken."""
        return self.open_beside.union(self._followed)

    def follow(self, to: tuple[str, ...], *, stays: bool) -> None:
        """Follow a route to steps, so that all that is asked from now on sees them open, and a visit that stays."""
        self._followed = (*to, self.visit.step) if stays else to

    def place(self, step: str) -> int:
        """Return the number of the visit whose facts count for a step."""
        return self._places.get(step, _NEVER_VISITED)

    def turn_in(self, days: int) -> None:
        """Note that an answer may change after so many midnights, at least one."""
        if self._turns_in is None or days < self._turns_in:
            self._turns_in = days

    def turn_on(self, day: date) -> None:
        """Note that an answer may change when `day` begins."""
        self.turn_in((day - self.today).days)

    @property
    def changes_at(self) -> datetime | None:
        """Return the next instant at which time alone may change what was asked so far."""
        if self._turns_in is None or self._turns_in > (date.max - self.today).days:
            return None
        return start_of_day(self.today + timedelta(days=self._turns_in))

    def has_notes(self, kind: str, by: Role | None, at_least: int) -> bool:
        """Say whether so many notes of a kind, by somebody in the role when one is named, were shared in the visit.

        What one role alone may read has not been shared (P1).
        """
        notes = (note for note in self.knowledge.state.notes if note.audience is Audience.BOTH)
        shared = sum(
            note.visit == self.visit.number and note.kind == kind and (by is None or by in note.by_roles)
            for note in notes
        )
        return shared >= at_least
