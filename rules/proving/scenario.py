"""Plays the circumstances of an example as a course: its visits, and the commands that report and inform."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from domain import commands as cmd
from domain import events as ev
from domain.calendar import Calendar, danish_instant, start_of_day
from domain.decide import decide
from domain.identity import ENGINE_ACTOR, GATE_ROLES, Actor, Role
from domain.state.course import CourseState, Party, Status, Visit
from domain.state.verdict import TARGET_GROUP
from rules.engine.book import Book
from rules.language.examples import Circumstances, Example, Stated, Statement

UNIT: Final = "unit"
COURSE: Final = UUID(int=0)

_NOON: Final = time(12)
"""The time at which everything of a day happens."""

_SYSTEM: Final = Actor(person="system", roles=(Role.SYSTEM,))
_PEOPLE: Final = tuple(role for role in Role if role is not Role.SYSTEM)


def noon(day: date) -> datetime:
    """Return the UTC instant at which everything of a day happens."""
    return danish_instant(day, _NOON)


class _Report(NamedTuple):
    """One report of facts: its day, the visit that it names, and whether a system reports."""

    on: date
    visit: int | None
    by_system: bool


class Scenario:
    """One course at the moment of an example; a person has the name of his or her role."""

    def __init__(
        self, book: Book, calendar: Calendar, circumstances: Circumstances, example: Example | None = None
    ) -> None:
        """Make the visits and parties, then report, note and inform; raises RefusedError where a course refuses.

        `circumstances` are whole, such as those of `example`: with step, target group and today.
        """
        self.book = book
        self.calendar = calendar
        self.today = circumstances.today or date.min
        self.now = noon(self.today)
        self.events: list[ev.Event] = []
        self.state = self._initial_state(circumstances, example)
        self.visit = self.state.visits[-1].number
        self._report(circumstances)
        self._settle()
        if example is not None:
            self._inform(example)

    def passes_to(self, day: date) -> None:
        """Let time pass through the end of a day, waking the course whenever it asked to be woken."""
        end = start_of_day(day + timedelta(days=1))
        while self.state.wakeup is not None and self.state.wakeup < end:
            self.now = self.state.wakeup
            self._give(cmd.TimePassed, ENGINE_ACTOR)

    def _give(self, kind: type[Any], actor: Actor, **what: Any) -> None:  # noqa: ANN401 - the command's own model checks its fields
        command = kind(id=uuid5(COURSE, str(len(self.events))), actor=actor, **what)
        decision = decide(self.state, command, self.book, self.now, self.calendar)
        self.state = decision.state
        self.events += decision.events

    def _initial_state(self, circumstances: Circumstances, example: Example | None) -> CourseState:
        entered_on = circumstances.entered_on or self.today
        started_on = circumstances.started_on or entered_on
        return CourseState(
            course=COURSE,
            unit=UNIT,
            status=Status.OPEN,
            rules=self.book.reference,
            started_on=started_on,
            started_at=noon(started_on),
            updated_at=self.now,
            parties=tuple(self._party(role, noon(started_on), example) for role in GATE_ROLES),
            visits=tuple(self._visits(circumstances, entered_on)),
        )

    def _party(self, role: Role, since: datetime, example: Example | None) -> Party:
        """Return the holder of a role since the course began; a vacant role is in the queue from today."""
        if example is not None and role.value in example.vacant:
            return Party(role=role, unit=UNIT, since=self.now)
        return Party(role=role, person=role.value, since=since)

    def _visits(self, circumstances: Circumstances, entered_on: date) -> Iterator[Visit]:
        """Yield the visits as they were entered: those left, those open beside the one in question, and itself."""
        open_steps = (*circumstances.beside, circumstances.step or "")
        left = dict.fromkeys((*circumstances.before, *self._left_behind(circumstances, open_steps)))
        for number, step in enumerate((*left, *open_steps), 1):
            left_at = noon(entered_on) if number <= len(left) else None
            ordinal = 1 + (number > len(left) and step in left)
            yield Visit(
                number=number,
                step=step,
                ordinal=ordinal,
                entered_on=entered_on,
                entered_at=noon(entered_on),
                left_at=left_at,
            )

    def _left_behind(self, circumstances: Circumstances, open_steps: tuple[str, ...]) -> Iterator[str]:
        """Yield the steps of facts that can only have been stated in an earlier visit."""
        observed = frozenset[str]().union(*(self.book.observes(step) for step in open_steps))
        for name in circumstances.facts:
            rule = self.book.fact(name)
            if rule and rule.step and rule.step not in open_steps and rule.fact not in observed:
                yield rule.step

    def _report(self, circumstances: Circumstances) -> None:
        """Report the facts of each day, the earliest first, then add the notes and waive requirements."""
        reports: dict[_Report, dict[str, Any]] = {}
        for name, stated, visit, by_system in self._stated(circumstances):
            for statement in _statements(stated, self.today):
                reports.setdefault(_Report(statement.on, visit, by_system), {})[name] = statement.value
        everybody = Actor(person=Role.CASEWORKER.value, roles=_PEOPLE)
        for report in sorted(reports, key=lambda report: report.on):
            actor = _SYSTEM if report.by_system else everybody
            self._give(cmd.ReportFacts, actor, facts=reports[report], occurred_on=report.on, visit=report.visit)
        for note in circumstances.notes:
            staged = uuid5(COURSE, f"note {len(self.events)}")
            added = cmd.NewNote(note=staged, note_kind=note.note, to=Role(note.to) if note.to else None)
            self._give(cmd.AddNotes, _holding(note.by), notes=(added,), visit=self.visit)
        for requirement in circumstances.waived:
            what = {"requirement": requirement, "visit": self.visit, "waiver": cmd.WaiverReason.OTHER}
            rule = self.book.requirement(requirement)
            may_waive = min(rule.waivable_by, default=Role.SUPERVISOR) if rule else Role.SUPERVISOR
            self._give(cmd.WaiveRequirement, _holding(may_waive), reason=COURSE, **what)

    def _stated(self, circumstances: Circumstances) -> Iterator[tuple[str, Stated, int | None, bool]]:
        """Yield each fact with its statements, the visit that its report names and whether a system reports it."""
        began = Statement(value=circumstances.target_group or "", on=self.state.started_on or self.today)
        yield TARGET_GROUP, (began,), None, self._is_for_systems(TARGET_GROUP)
        earlier = {visit.step: visit.number for visit in self.state.visits if not visit.is_open}
        before = ((facts, earlier[step]) for step, facts in circumstances.before.items())
        for name, stated in circumstances.facts.items():
            yield name, stated, self._open_for(name), self._is_for_systems(name)
        for facts, visit in ((circumstances.ahead, self.visit), *before):
            for name, stated in facts.items():
                yield name, stated, visit, self._is_for_systems(name)
        for name, stated in circumstances.systems.items():
            yield name, stated, None, True

    def _open_for(self, fact: str) -> int | None:
        """Return of several open visits the one that a fact is of which is not said ahead: rather the one asked of."""
        rule, several = self.book.fact(fact), self.state.open_visits
        of_step = [visit.number for visit in several if rule is not None and visit.step == rule.step]
        return max(of_step, default=None) if len(several) > 1 else None

    def _is_for_systems(self, fact: str) -> bool:
        rule = self.book.fact(fact)
        return rule is not None and rule.reporters == {Role.SYSTEM}

    def _settle(self) -> None:
        """Let every wait begin now that all is reported; waits between two reports do not count."""
        self.state = self.state.model_copy(update={"waiting": (), "wakeup": None})
        self.events.clear()
        self._give(cmd.TimePassed, ENGINE_ACTOR)

    def _inform(self, example: Example) -> None:
        """Acknowledge and dispute the briefing as the example says, and pause the course if it is paused."""
        for role in example.informed:
            self._give(cmd.Acknowledge, _holding(Role(role)), **self._current)
        for role in example.disputed:
            self._give(cmd.Dispute, _holding(Role(role)), reason=COURSE, **self._current)
        if example.paused:
            self._give(cmd.PauseCourse, _holding(Role.SUPERVISOR), reason=COURSE)

    @property
    def _current(self) -> dict[str, int]:
        """Return the number and version of the briefing of the visit, if there is one."""
        visit = self.state.visit(self.visit)
        return {"briefing": self.visit, "version": visit.versions if visit else 0}


def _holding(role: Role) -> Actor:
    return Actor(person=role.value, roles=(role,))


def _statements(stated: Stated, today: date) -> tuple[Statement, ...]:
    return stated if isinstance(stated, tuple) else (Statement(value=stated, on=today),)
