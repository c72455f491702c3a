"""One command's turn: the course as the events so far have made it, and the circumstances it is judged under."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from domain.calendar import Calendar, danish_day
from domain.errors import Code, refuse
from domain.events import Event, EventBase
from domain.evolve import evolve
from domain.identity import ACTING, Actor, Role
from domain.rules_port import RuleBook
from domain.state.course import CourseState, Visit
from domain.state.verdict import Verdict

E = TypeVar("E", bound=EventBase)


@dataclass
class Turn:
    """The only thing that changes while a command is decided, and it never leaves `decide`."""

    state: CourseState
    rules: RuleBook
    calendar: Calendar
    now: datetime
    actor: Actor
    command: UUID
    caseloads: Mapping[tuple[Role, str], int] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def happen(self, event: type[E], *, by: str | None = None, **what: Any) -> None:  # noqa: ANN401 - the event's own model checks its fields
        """Record that an event happened now, by the actor unless somebody else is named."""
        recorded: Any = event(at=self.now, by=by or self.actor.person, **what)
        self.events.append(recorded)
        self.state = evolve(self.state, recorded)

    def judge(self) -> Verdict:
        """Return the rules' verdict on the course as it stands."""
        return self.rules.judge(self.state, self.now, self.calendar)

    @property
    def is_by_observer(self) -> bool:
        """Say whether the actor only observes, so that nothing of the course may turn on him (P1)."""
        return Role.OBSERVER in self.actor.roles and ACTING.isdisjoint(self.actor.roles)

    @property
    def is_quiet(self) -> bool:
        """Say whether the course was taken over so lately that nobody is reminded in it yet."""
        return self.state.quiet_until is not None and self.now < self.state.quiet_until

    @cached_property
    def today(self) -> date:
        """Return the Danish date of now."""
        return danish_day(self.now)

    def open_visit(self, number: int | None, field_name: str = "visit") -> Visit:
        """Return the open visit with this number, or the only open one when none is named.

        Raises RefusedError `visit-unknown` when there is no such open visit, or several to choose from.
        """
        open_visits = self.state.open_visits
        matching = [visit for visit in open_visits if number in (None, visit.number)]
        if len(matching) == 1:
            return matching[0]
        numbers = ", ".join(str(visit.number) for visit in open_visits)
        raise refuse(Code.VISIT_UNKNOWN, field_name, open=numbers)
