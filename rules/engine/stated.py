"""What was stated of a fact, as conditions ask for it: its value, a day that it names, or the day it was said on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from domain.state.course import Visit
from domain.state.facts import Fact, on_record
from rules.engine.paid_weeks import first_day
from rules.engine.view import MISSING, NOT_ASKED, Missing, VisitView, statements_until, value_among
from rules.language.facts import FactDeclaration, FactType, Reader, Typed


@dataclass(frozen=True, slots=True, eq=False)
class FactAt:
    """A fact of the course or reported ahead, when `step` is None, or of the visit that counts for a step."""

    declaration: FactDeclaration
    step: str | None
    fact: str
    read: Reader
    pace: int = 0

    @classmethod
    def of(cls, fact: "FactAt") -> Self:
        """Return a fact asked for in this way."""
        return cls(fact.declaration, fact.step, fact.fact, fact.read)

    def visit(self, view: VisitView) -> int | None:
        """Return the number of the visit in which the fact is looked up."""
        return None if self.step is None else view.visit_of(self.step)

    def get(self, view: VisitView) -> Typed | None:
        """Return the fact's value while it is known."""
        value = self.on_record(view)
        return None if value is MISSING else value

    def on_record(self, view: VisitView) -> Typed | Missing | None:
        """Return the fact's value, that it was never stated, or None while its statements cannot be used."""
        value: Typed | Missing | None = view.known.get(self, NOT_ASKED)
        if value is NOT_ASKED:
            step = self.step
            visit = None if step is None else view.visit_of(step)
            value = view.known[self] = view.course.value(self.fact, visit, self.read)
        return value

    def is_missing(self, view: VisitView) -> bool:
        """Return whether the fact was never stated."""
        return self.on_record(view) is MISSING

    def statements(self, view: VisitView) -> Sequence[Fact]:
        """Return the statements of which the newest counts."""
        return view.course.statements(self.fact, self.visit(view))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactOn(FactAt):
    """A fact as it stood on a day; while the day is not known, as it stands."""

    day: Callable[[VisitView], date | None]

    def get(self, view: VisitView) -> Typed | None:
        """Return the value that the fact had on the day."""
        return value_among(self.statements(view), self.read)

    def statements(self, view: VisitView) -> Sequence[Fact]:
        """Return the statements dated until the day."""
        statements, day = FactAt.statements(self, view), self.day(view)
        return statements if day is None else statements_until(statements, day)


@dataclass(frozen=True, slots=True, eq=False)
class OpenEnd(FactAt):
    """A day that may never come: while it is not stated, it lies behind all others."""

    def get(self, view: VisitView) -> Typed | None:
        """Return the day, or None while its statements cannot be used."""
        value = self.on_record(view)
        return date.max if value is MISSING else value


@dataclass(frozen=True, slots=True, eq=False)
class FirstDay(FactAt):
    """The first day with hours of a schedule, where a day is asked for."""

    def get(self, view: VisitView) -> date | None:
        """Return the day, or None while no hours are known."""
        value = FactAt.get(self, view)
        return first_day(value) if isinstance(value, tuple) else None


@dataclass(frozen=True, slots=True, eq=False)
class SaidOn(FactAt):
    """The day that the statement which counts is about, whatever it says."""

    def get(self, view: VisitView) -> date | None:
        """Return the day, or None while nothing that can be used was stated."""
        newest = on_record(self.statements(view))
        return None if newest is None or FactAt.get(self, view) is None else newest.fact.occurred_on


@dataclass(frozen=True, slots=True, eq=False)
class EachVisit:
    """The values of a fact in every visit to the step of the view's visit, which comes last.

    A fact of another step is that of the visit from which each of them followed.
    """

    fact: FactAt
    pace: int = 0

    def get(self, view: VisitView) -> tuple[Typed | None, ...]:
        """Return the values, None for what is not known."""
        return tuple([self._in(visit, view) for visit in view.same_step])

    def _in(self, visit: Visit, view: VisitView) -> Typed | None:
        if self.fact.step is None:
            return self.fact.get(view)
        number = visit.number if self.fact.step == visit.step else visit.follows
        value = None if number is None else view.course.value(self.fact.fact, number, self.fact.read)
        return None if value is MISSING else value


def as_day(fact: FactAt) -> FactAt:
    """Return a fact where a day is asked for: that of a schedule is the first with hours."""
    is_schedule = fact.declaration.type is FactType.SCHEDULE
    return FirstDay.of(fact) if is_schedule else fact


def day_of(fact: FactAt) -> Callable[[VisitView], date | None]:
    """Return the function that reads the day of a fact from a view."""
    dated = as_day(fact)

    def day(view: VisitView) -> date | None:
        value = dated.get(view)
        return value if isinstance(value, date) else None

    return day
