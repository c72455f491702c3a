"""A course at an instant as conditions read it: statements indexed by fact and visit, seen from one open visit."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.calendar import Calendar, danish_day, start_of_day
from domain.identity import Role
from domain.state.course import CourseState, Visit
from domain.state.facts import Audience, Fact, on_record
from rules.language.facts import FactDeclaration, Reader, Typed

_NEVER_VISITED: Final = 0
"""The number of no visit: what belongs to a step that was never visited is missing."""


class FactStatus(StrEnum):
    """Whether a fact is known, and if not, why not; only a missing fact was never stated (P2)."""

    KNOWN = "known"
    MISSING = "missing"
    CONTRADICTED = "contradicted"
    UNREADABLE = "unreadable"


class CourseView:
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

    def is_missing(self, fact: str, visit: int | None) -> bool:
        """Return whether a fact was never stated."""
        return (fact, visit) not in self._statements

    def statements(self, fact: str, visit: int | None) -> Sequence[Fact]:
        """Return the kept statements of a fact."""
        return self._statements.get((fact, visit), ())


def status_of(declaration: FactDeclaration, statements: Sequence[Fact]) -> tuple[FactStatus, Fact | None, Fact | None]:
    """Return the status of a fact, the one of its statements that counts and the one that contradicts it."""
    newest = on_record(statements)
    if newest is None:
        return FactStatus.MISSING, None, None
    if newest.contradicted_by is not None:
        return FactStatus.CONTRADICTED, newest.fact, newest.contradicted_by
    is_readable = declaration.read(newest.fact.value) is not None
    return FactStatus.KNOWN if is_readable else FactStatus.UNREADABLE, newest.fact, None


def statements_until(statements: Sequence[Fact], day: date) -> Sequence[Fact]:
    """Return the statements dated until a day or, when all are dated later, those of the earliest day."""
    if len(statements) <= 1:
        return statements
    last = max(day, min(fact.occurred_on for fact in statements))
    return [fact for fact in statements if fact.occurred_on <= last]


def value_among(statements: Sequence[Fact], read: Reader) -> Typed | None:
    """Return the value that counts among statements of one fact, or None while they contradict each other."""
    if len(statements) == 1:
        return read(statements[0].value)
    newest = on_record(statements)
    return None if newest is None or newest.contradicted_by is not None else read(newest.fact.value)


class VisitView:
    """A course as seen from one open visit; remembers when time alone may change an answer that it gave."""

    __slots__ = ("_followed", "_may_change_in", "_visits", "course", "today", "visit")

    def __init__(self, course: CourseView, visit: Visit) -> None:
        """Look from `visit`: facts of its step are its own, facts of another step those of that step's newest visit."""
        self.course = course
        self.visit = visit
        self.today = course.today
        self._visits = {**course.newest_visits, visit.step: visit.number}
        self._may_change_in: int | None = None
        self._followed: tuple[str, ...] = ()

    @property
    def open_beside(self) -> frozenset[str]:
        """Return the steps of the other visits that are open now, whatever route is followed."""
        visits = self.course.state.open_visits
        return frozenset(other.step for other in visits if other.number != self.visit.number)

    @property
    def beside(self) -> frozenset[str]:
        """Return the steps that are open beside this visit now, or will be by the route that is followed."""
        return self.open_beside.union(self._followed)

    def follow(self, to: tuple[str, ...], *, stays: bool) -> None:
        """Follow a route, so that later answers see its steps as open, and this visit too if it stays."""
        self._followed = (*to, self.visit.step) if stays else to

    def visit_of(self, step: str) -> int:
        """Return the number of the visit whose facts count for a step."""
        return self._visits.get(step, _NEVER_VISITED)

    def may_change_in(self, days: int) -> None:
        """Note that an answer may change after so many midnights, at least one."""
        if self._may_change_in is None or days < self._may_change_in:
            self._may_change_in = days

    def may_change_on(self, day: date) -> None:
        """Note that an answer may change when `day` begins."""
        self.may_change_in((day - self.today).days)

    @property
    def changes_at(self) -> datetime | None:
        """Return the next instant at which time alone may change an answer given so far."""
        if self._may_change_in is None or self._may_change_in > (date.max - self.today).days:
            return None
        return start_of_day(self.today + timedelta(days=self._may_change_in))

    def has_notes(self, kind: str, by: Role | None, at_least: int) -> bool:
        """Return whether enough notes of a kind, by the role when one is named, were shared in the visit.

        A note that one role alone may read has not been shared (P1).
        """
        notes = (note for note in self.course.state.notes if note.audience is Audience.BOTH)
        shared = sum(
            note.visit == self.visit.number and note.kind == kind and (by is None or by in note.by_roles)
            for note in notes
        )
        return shared >= at_least
