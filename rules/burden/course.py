"""A course that is played with the real engine: what is said in it, on which day, and what each saying costs."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, NamedTuple
from uuid import UUID, uuid5

from domain import commands as cmd
from domain import events as ev
from domain.calendar import Calendar, danish_instant
from domain.decide import decide
from domain.errors import RefusedError
from domain.identity import ENGINE_ACTOR, GATE_ROLES, Actor, Role
from domain.state.course import CourseState, Status
from domain.state.facts import FactValue
from domain.state.verdict import CLOSING_OUTCOME, VisitVerdict
from domain.state.waiting import WaitingKind
from rules.engine.book import Book
from rules.language.facts import FactType
from rules.language.steps import Requirement

MONDAY: Final = date(2026, 9, 7)
"""The first day of a played course."""

AT: Final = time(10)
_COURSE: Final = UUID(int=0)
_ONE_CLICK: Final = (FactType.BOOL, FactType.ENUM)

Effort = Literal["fed", "click", "written"]
"""What a report costs: nothing where a system knows it first, one click, or writing."""


class Saying(NamedTuple):
    """A fact with its value, or a note of a kind, and who says it; of a note there is no value."""

    role: Role
    thing: str
    value: FactValue | None = None


class Report(NamedTuple):
    """One thing reported once: at which step, by whom, at which cost, and the requirement that asked for it.

    What no requirement asked for is the choice of a way, or the decision to close.
    """

    step: str
    role: Role
    thing: str
    is_note: bool
    effort: Effort
    on: date
    requirement: Requirement | None


class PlayedCourse:
    """One course of a target group from its first day on, with one person in each role; time moves when it is told."""

    def __init__(self, book: Book, calendar: Calendar, group: str) -> None:
        """Start the course."""
        self.book = book
        self.calendar = calendar
        self.today = MONDAY
        self.reports: list[Report] = []
        self.acknowledgements: Counter[Role] = Counter()
        self.state = CourseState(course=_COURSE, municipality="0000")
        self._given = 0
        self._start(group)

    @property
    def is_open(self) -> bool:
        """Return whether it has not come to its end."""
        return self.state.status is not Status.COMPLETED

    def verdicts(self, state: CourseState | None = None, on: date | None = None) -> tuple[VisitVerdict, ...]:
        """Return the verdicts on the open visits, as the course stands or as it would."""
        return self.book.judge(state or self.state, _at(on or self.today), self.calendar).visits

    def if_said(self, visit: int, sayings: Sequence[Saying]) -> CourseState | None:
        """Return the course as it would be if this were said today, or None where it is refused."""
        state = self.state
        try:
            for command in self._commands(visit, sayings):
                state = decide(state, command, self.book, _at(self.today), self.calendar).state
        except RefusedError:
            return None
        return state

    def say(self, visit: int, sayings: Sequence[Saying], step: str, requirement: Requirement | None) -> None:
        """Say it, and keep what was reported."""
        for command in self._commands(visit, sayings):
            self.give(command)
        for said in sayings:
            self._keep(step, said, requirement)

    def close(self, step: str, outcome: str) -> None:
        """Let the caseworker decide that the course is to end."""
        actor, reason = _actor(Role.CASEWORKER), uuid5(_COURSE, "closing")
        self.give(cmd.CloseCourse(id=self._next_id(), actor=actor, outcome=outcome, reason=reason))
        self._keep(step, Saying(Role.CASEWORKER, CLOSING_OUTCOME, outcome), None)

    def acknowledge(self) -> bool:
        """Let whoever is waited for acknowledge one briefing, and return whether anybody was."""
        for waiting in self.state.waiting:
            visit = self.state.visit(waiting.visit) if waiting.visit else None
            if waiting.kind is WaitingKind.ACKNOWLEDGEMENT and visit and visit.briefing and waiting.roles:
                actor, version = _actor(waiting.roles[0]), visit.briefing.version
                self.give(cmd.Acknowledge(id=self._next_id(), actor=actor, briefing=visit.number, version=version))
                return True
        return False

    def next_day(self) -> None:
        """Let a day pass, and wake the course if it asked to be woken."""
        self.today += timedelta(days=1)
        if self.state.wakeup is not None and self.state.wakeup <= _at(self.today):
            self.give(cmd.TimePassed(id=self._next_id(), actor=ENGINE_ACTOR))

    def _start(self, group: str) -> None:
        caseworker, consultant = (cmd.PartyClaim(person=role.value) for role in GATE_ROLES)
        start = cmd.StartCourse(
            id=self._next_id(),
            actor=Actor(person="starter", roles=(Role.SYSTEM, *GATE_ROLES, Role.SUPERVISOR)),
            municipality="0000",
            unit="unit",
            reference="straight",
            citizen="citizen",
            rules=self.book.reference.sha256,
            started_on=self.today,
            target_group=group,
            caseworker=caseworker,
            company_consultant=consultant,
        )
        self.give(start)

    def _commands(self, visit: int, sayings: Sequence[Saying]) -> Iterator[cmd.Command]:
        """Yield one command for each role that says something: its facts and its notes."""
        for role in dict.fromkeys(said.role for said in sayings):
            own = [said for said in sayings if said.role is role]
            facts = {said.thing: said.value for said in own if said.value is not None}
            kinds = [said.thing for said in own if said.value is None]
            notes = tuple(cmd.NewNote(note=self._next_id(), note_kind=kind) for kind in kinds)
            if facts:
                yield cmd.ReportFacts(id=self._next_id(), actor=_actor(role), facts=facts, notes=notes)
            else:
                yield cmd.AddNotes(id=self._next_id(), actor=_actor(role), notes=notes, visit=visit)

    def _next_id(self) -> UUID:
        self._given += 1
        return uuid5(_COURSE, str(self._given))

    def give(self, command: cmd.Command) -> None:
        """Give a command, which must not be refused."""
        decision = decide(self.state, command, self.book, _at(self.today), self.calendar)
        self.state = decision.state.model_copy(update={"revision": self.state.revision + bool(decision.events)})
        given = (event for event in decision.events if isinstance(event, ev.BriefingAcknowledged))
        self.acknowledgements.update(role for event in given for role in event.roles)

    def _keep(self, step: str, said: Saying, requirement: Requirement | None) -> None:
        is_note = said.value is None
        self.reports.append(Report(step, said.role, said.thing, is_note, self._effort(said), self.today, requirement))

    def _effort(self, said: Saying) -> Effort:
        if said.role is Role.SYSTEM:
            return "fed"
        declared = self.book.declaration(said.thing) if said.value is not None else None
        is_click = declared is not None and (declared.type in _ONE_CLICK or said.value == self.today.isoformat())
        return "click" if is_click else "written"


def _at(day: date) -> datetime:
    return danish_instant(day, AT)


def _actor(role: Role) -> Actor:
    return Actor(person=role.value, roles=(role,))
