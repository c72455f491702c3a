"""The decision on one command: the events that follow from it, the course after each, and the rules' verdict."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final, TypeVar
from uuid import UUID

from domain.address import Address
from domain.calendar import Calendar, Cover, Pause, Span, danish_day, end_of_day
from domain.commands import CommandBase
from domain.errors import Code, Problem, refuse
from domain.events import CourseRePinned, Event, EventBase, NoticeRaised
from domain.evolve import evolve
from domain.identity import ACTING, ENGINE, GATE_ROLES, Actor, Role, notice_id
from domain.rules_port import RuleBook
from domain.state.course import CourseState, Visit
from domain.state.notice import Subject
from domain.state.verdict import Verdict

C = TypeVar("C", bound=CommandBase)
E = TypeVar("E", bound=EventBase)


@dataclass
class Decision:
    """What follows from one command; deciders record events in it until `decide` returns it, finished.

    `next_rules` are those that the command names, or that the course is to follow from its next visit on.
    """

    before: CourseState
    rules: RuleBook
    calendar: Calendar
    now: datetime
    actor: Actor
    command: UUID
    caseloads: Mapping[tuple[Role, str], int] = field(default_factory=dict)
    unknown: Collection[tuple[Role, str]] = ()
    next_rules: RuleBook | None = None
    _events: list[Event] = field(default_factory=list, init=False)
    _states: list[CourseState] = field(default_factory=list, init=False)
    _judged: tuple[CourseState, Verdict] | None = field(default=None, init=False)
    _withheld: Problem | None = field(default=None, init=False)
    _is_finished: bool = field(default=False, init=False)

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self._events)

    @property
    def states(self) -> tuple[CourseState, ...]:
        """Return the course before the command, and after each event."""
        return (self.before, *self._states)

    @property
    def state(self) -> CourseState:
        """Return the course after the events so far."""
        return self._states[-1] if self._states else self.before

    @property
    def verdict(self) -> Verdict:
        """Return the rules' verdict on the course as it stands; a state is judged once."""
        if self._judged is None or self._judged[0] is not self.state:
            self._judged = self.state, self.rules.judge(self.state, self.now, self.calendar)
        return self._judged[1]

    def record(self, event: type[E], *, by: str | None = None, **fields: Any) -> None:  # noqa: ANN401 - the event's own model checks its fields
        """Record that an event happened now, by the actor unless somebody else is named."""
        if self._is_finished:
            raise RuntimeError("The decision is finished.")
        recorded: Any = event(at=self.now, by=by or self.actor.person, **fields)
        self._states.append(evolve(self.state, recorded))
        self._events.append(recorded)

    def follow_next_rules(self, by: str, **recorded: object) -> None:
        """Let the course follow the other rules from now on, and judge by them; raises RuntimeError without any."""
        if self.next_rules is None or self.state.rules is None:
            raise RuntimeError("There are no other rules to follow.")
        before, self.rules = self.state.rules, self.next_rules
        self.record(CourseRePinned, by=by, before=before, rules=self.rules.reference, **recorded)

    def notify(self, to: Address, about: str, subject: Subject) -> None:
        """Raise one notice; its identity follows from what it is about and from its recipient (P7)."""
        notice = notice_id(self.before.course, about, subject, to)
        self.record(NoticeRaised, by=ENGINE, notice=notice, about=about, recipient=to, subject=subject)

    def withhold_receipt(self, problem: Problem) -> None:
        """Let the report stand, but not the receipt that it asked for."""
        self._withheld = problem

    @property
    def withheld(self) -> Problem | None:
        """Return why the receipt that a report asked for was not recorded, None when it was or none was asked for."""
        return self._withheld

    def finish(self) -> None:
        """Let no more events follow."""
        self._is_finished = True

    @property
    def is_by_observer(self) -> bool:
        """Whether the actor only observes, so that nothing of the course may depend on that person (P1)."""
        return Role.OBSERVER in self.actor.roles and ACTING.isdisjoint(self.actor.roles)

    @property
    def is_quiet(self) -> bool:
        """Whether the course was taken over so lately that nobody is reminded in it yet."""
        return self.state.quiet_until is not None and self.now < self.state.quiet_until

    @cached_property
    def today(self) -> date:
        """Return the Danish date of now."""
        return danish_day(self.now)

    def holders(self, roles: Collection[Role] = GATE_ROLES) -> tuple[str, ...]:
        """Return the persons who hold `roles`, each once."""
        return tuple(dict.fromkeys(person for role in roles if (person := self.state.holder(role))))

    def covers(self, person: str) -> tuple[Cover, ...]:
        """Return who acts for a holder of a role while that person is away, by day (P1)."""
        return self.calendar.covers(person, self.state.course, self.holders())

    def cover(self, person: str, day: date | None = None) -> str | None:
        """Return who acts for a holder of a role on a day, or today."""
        return next((cover.person for cover in self.covers(person) if cover.is_on(day or self.today)), None)

    def after(self, start: datetime, span: Span, person: str | None, pauses: tuple[Pause, ...] = ()) -> datetime:
        """Return when a span has passed for a holder of a role or who covers for him, for the offices for None (P6)."""
        covers = self.covers(person) if person is not None else ()
        return self.calendar.after(start, span, person=person, covers=covers, pauses=pauses)

    @property
    def ended_pauses(self) -> tuple[Pause, ...]:
        """Return the stretches that do not count for what runs now."""
        return tuple(pause for pause in self.state.pauses if pause.until is not None)

    def end_of(self, start: datetime, span: Span | None) -> datetime | None:
        """Return the end of the day on which a span has passed, None for a span that is not known."""
        if span is None:
            return None
        return end_of_day(danish_day(self.calendar.after(start, span, pauses=self.ended_pauses)))

    def expect_ahead(self, at: datetime, within: timedelta, field_name: str) -> None:
        """Raise RefusedError `time-not-ahead` unless an instant is yet to come, and so soon that it can be meant."""
        if not self.now < at <= self.now + within:
            raise refuse(Code.TIME_NOT_AHEAD, field_name, days=within.days)

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


DECIDERS: Final[dict[type[CommandBase], Callable[[Decision, Any], None]]] = {}
"""Who decides about each kind of command."""

AFTER_CLOSING: Final[set[type[CommandBase]]] = set()
"""The kinds of commands that a course takes although it is closed."""


def decides(
    command: type[C], *, after_closing: bool = False
) -> Callable[[Callable[[Decision, C], None]], Callable[[Decision, C], None]]:
    """Register the decorated function as the decider of a kind of command."""

    def register(decider: Callable[[Decision, C], None]) -> Callable[[Decision, C], None]:
        DECIDERS[command] = decider
        if after_closing:
            AFTER_CLOSING.add(command)
        return decider

    return register
