"""A course at an instant as conditions read it: statements indexed by fact and visit, seen from one open visit."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from typing import Any, Final

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


class Missing(Enum):
    """That a fact was never stated, where None means that its statements cannot be used."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
NOT_ASKED: Final = object()
"""What stands for a value that a view was not asked for yet."""


class CourseView:
    """The statements of one course by fact and visit, read as typed values when first asked for."""

    __slots__ = ("_statements", "calendar", "newest_visits", "now", "open_visits", "state", "today")

    def __init__(self, state: CourseState, now: datetime, calendar: Calendar, aliases: Mapping[str, str]) -> None:
        """Take the course as it stands; `aliases` lead from former ids of facts to their present ones."""
        self.state = state
        self.now = now
        self.calendar = calendar
        self.today = danish_day(now)
        self.open_visits = state.open_visits
        self.newest_visits = {visit.step: visit.number for visit in state.visits if not visit.withdrawn}
        self._statements: dict[tuple[str, int | None], list[Fact]] = {}
        for fact in state.facts:
            key = aliases.get(fact.fact, fact.fact), fact.visit
            self._statements.setdefault(key, []).append(fact)

    def value(self, fact: str, visit: int | None, read: Reader) -> Typed | Missing | None:
        """Return the value of a fact, that it was never stated, or None while its statements cannot be used."""
        statements = self._statements.get((fact, visit))
        if statements is None:
            return MISSING
        return read(statements[0].value) if len(statements) == 1 else value_among(statements, read)

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

    __slots__ = (
        "_followed",
        "_may_change_in",
        "_visits",
        "course",
        "known",
        "open_beside",
        "same_step",
        "today",
        "visit",
        "waived",
    )

    def __init__(self, course: CourseView, visit: Visit) -> None:
        """Look from `visit`: facts of its step are its own, facts of another step those of that step's newest visit."""
        self.course = course
        self.visit = visit
        self.waived = visit.waived
        self.open_beside = frozenset(other.step for other in course.open_visits if other.number != visit.number)
        """The steps of the other visits that are open now, whatever route is followed."""
        visits = [other for other in course.state.visits if other.step == visit.step and not other.withdrawn]
        self.same_step = (*(other for other in visits if other.number != visit.number), visit)
        """The visits to the step of the visit, which comes last."""
        self.known: dict[object, Any] = {}
        """What facts, parameters and reckoned values gave, each asked once: none depends on the route followed."""
        self.today = course.today
        self._visits = {**course.newest_visits, visit.step: visit.number}
        self._may_change_in: int | None = None
        self._followed: tuple[str, ...] = ()

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
        number = self.visit.number
        shared = [
            note
            for note in self.course.state.notes
            if note.kind == kind
            and note.visit == number
            and note.audience is Audience.BOTH
            and (by is None or by in note.by_roles)
        ]
        return len(shared) >= at_least
