"""The tests' vocabulary: a course told in sentences, decided by the real rules and without any server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from domain import commands as cmd
from domain import events as ev
from domain.calendar import Calendar
from domain.decide import Decision, decide
from domain.errors import Code, Problem, RefusedError
from domain.identity import GATE_ROLES, Actor, Role
from domain.rules_port import RuleBook
from domain.state.briefing import OnBehalfReason, Receipt
from domain.state.course import CourseState, Visit
from domain.state.facts import FactValue
from domain.state.waiting import Waiting, WaitingKind
from rules.calendar.data import CalendarData
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from rules.loading.library import in_force, shipped
from rules.loading.read_toml import read_rule_set

MONDAY = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
COURSE = UUID("00000000-0000-5000-8000-000000000001")
TINY = Path(__file__).parents[1] / "rules" / "tiny.toml"

ANNA = Actor(person="anna", roles=(Role.CASEWORKER,))
BO = Actor(person="bo", roles=(Role.COMPANY_CONSULTANT,))
CARL = Actor(person="carl", roles=(Role.CASEWORKER,))
SARA = Actor(person="sara", roles=(Role.SUPERVISOR,))
CASE_SYSTEM = Actor(person="case-system", roles=(Role.SYSTEM,))


@cache
def tiny_book() -> Book:
    """Return the smallest rules with a loop, a hybrid route and a step that may begin ahead."""
    return Book(read_rule_set(TINY.read_text(), TINY.name))


@cache
def default_book() -> Book:
    """Return the shipped rules."""
    return Book(default_rules())


def default_rules() -> RuleSet:
    """Return the shipped rule set that courses start with."""
    shipped_rules = in_force(shipped(), "jobfirst", MONDAY.date())
    assert shipped_rules is not None
    return shipped_rules


def plain_calendar() -> WorkingTime:
    """Return weekdays from nine to three, nothing closed."""
    return WorkingTime(CalendarData())


def add_note(*, visit: int | None = None, acknowledge: int | None = None, **note: Any) -> cmd.AddNotes:
    """Return the command that adds one note."""
    command = {name: note.pop(name) for name in note.keys() & cmd.CommandBase.model_fields}
    return cmd.AddNotes(**command, visit=visit, acknowledge=acknowledge, notes=(cmd.NewNote(**note),))


@dataclass
class Story:
    """One course as it unfolds; every sentence is a command, and what happened is kept."""

    rules: RuleBook = field(default_factory=tiny_book)
    calendar: Calendar = field(default_factory=plain_calendar)
    now: datetime = MONDAY
    unknown: frozenset[tuple[Role, str]] = frozenset()
    state: CourseState = field(default_factory=lambda: CourseState(course=COURSE, municipality="0990"))
    events: list[ev.Event] = field(default_factory=list)
    told: int = 0
    withheld: Problem | None = None
    next_rules: RuleBook | None = None

    def command(self, kind: Callable[..., Any], actor: Actor, **what: Any) -> tuple[ev.Event, ...]:
        """Let `actor` give a command now, and return the events that follow."""
        self.told += 1
        return self.decide(kind(id=uuid5(COURSE, f"command {self.told}"), actor=actor, **what)).events

    def decide(self, given: cmd.Command) -> Decision:
        """Decide on a command, and go on from there."""
        decision = decide(
            self.state, given, self.rules, self.now, self.calendar, unknown=self.unknown, next_rules=self.next_rules
        )
        events, after, self.withheld = decision.events, decision.state, decision.withheld
        self.rules = decision.rules
        self.state = after.model_copy(update={"revision": after.revision + bool(events)})
        self.events += events
        return decision

    def refusal(self, kind: Callable[..., Any], actor: Actor, **what: Any) -> Code:
        """Return why a command is refused; nothing may change by it."""
        before = self.state
        try:
            self.command(kind, actor, **what)
        except RefusedError as refused:
            assert self.state is before
            return refused.problems[0].code
        raise AssertionError(f"{kind.__name__} was not refused")

    def starts(self, target_group: str = "a", **what: Any) -> "Story":
        """Start with Anna as caseworker and Bo as company consultant unless told otherwise."""
        values: dict[str, Any] = {
            "municipality": self.state.municipality,
            "unit": "job",
            "reference": "case-1",
            "citizen": "citizen-1",
            "rules": self.rules.reference.sha256,
            "started_on": self.now.date(),
            "target_group": target_group,
            "caseworker": cmd.PartyClaim(person="anna"),
            "company_consultant": cmd.PartyClaim(person="bo"),
        }
        if what.get("shared_role"):
            values["shared_role_reason"] = uuid5(COURSE, "why one person has both roles")
        self.command(cmd.StartCourse, CASE_SYSTEM, **{**values, **what})
        return self

    def re_pins(self, rules: RuleBook, *, at_next_visit: bool = False, ask_left: bool = False) -> tuple[ev.Event, ...]:
        """Let a supervisor move the course to other rules, now or from its next visit."""
        self.next_rules, former = rules, self.rules.reference.sha256
        named = {"rules": rules.reference.sha256, "instead_of": former}
        return self.command(cmd.RePinCourse, SARA, **named, at_next_visit=at_next_visit, ask_left=ask_left)

    def reports(self, actor: Actor, *, on: date | None = None, visit: int | None = None, **facts: FactValue) -> None:
        """Let `actor` report facts."""
        self.command(cmd.ReportFacts, actor, facts=facts, occurred_on=on, visit=visit)

    def notes(self, actor: Actor, kind: str, **what: Any) -> UUID:
        """Let `actor` add a note and return its id."""
        note = uuid5(COURSE, f"note {self.told}")
        self.command(add_note, actor, note=note, note_kind=kind, **what)
        return note

    def acknowledges(self, actor: Actor, *, version: int | None = None, visit: int | None = None) -> None:
        """Let `actor` acknowledge the current version, or the one named."""
        number, current = self._current(visit)
        self.command(cmd.Acknowledge, actor, briefing=number, version=version or current)

    def acknowledges_for(self, actor: Actor, person: str) -> None:
        """Let `actor` acknowledge on behalf of somebody on leave."""
        number, current = self._current(None)
        self.command(
            cmd.Acknowledge,
            actor,
            briefing=number,
            version=current,
            on_behalf_of=person,
            on_behalf_reason=OnBehalfReason.ON_LEAVE,
        )

    def _current(self, visit: int | None) -> tuple[int, int]:
        briefed = [v for v in self.state.open_visits if v.briefing is not None and visit in (None, v.number)]
        chosen = briefed[-1] if briefed else self.state.open_visits[-1]
        return chosen.number, chosen.briefing.version if chosen.briefing else 0

    def hand_over(self, role: Role, person: str) -> None:
        """Let Sara hand a role over."""
        reason = uuid5(COURSE, "reason")
        self.command(cmd.AssignParty, SARA, role=role, to=cmd.PartyClaim(person=person), reason=reason)

    def time_passes_to(self, now: datetime) -> None:
        """Let the clock run to `now`, waking the course each time it asked to be woken."""
        while self.state.wakeup is not None and self.state.wakeup <= now:
            self.now = self.state.wakeup
            self.command(cmd.TimePassed, Actor(person="@fodslag", roles=(Role.SYSTEM,)))
        self.now = now

    @property
    def steps(self) -> list[str]:
        """Return the steps that are open."""
        return [visit.step for visit in self.state.open_visits]

    @property
    def visit(self) -> Visit:
        """Return the newest open visit."""
        return self.state.open_visits[-1]

    @property
    def missing(self) -> tuple[Role, ...]:
        """Return who has not acknowledged the newest open visit's current version."""
        return self.visit.briefing.missing if self.visit.briefing else GATE_ROLES

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """Return the receipts of the newest open visit's current version."""
        return self.visit.briefing.receipts if self.visit.briefing else ()

    def holds(self, number: int) -> bool:
        """Say whether a visit is still open."""
        return number in {visit.number for visit in self.state.open_visits}

    @property
    def version(self) -> int | None:
        """Return the current version of the newest open visit's briefing."""
        return self.visit.briefing.version if self.visit.briefing else None

    def waits(self, kind: WaitingKind) -> list[Waiting]:
        """Return the waits of one kind."""
        return [waiting for waiting in self.state.waiting if waiting.kind is kind]

    def recipients_of(self, about: str) -> list[str]:
        """Return who was ever told of something, in order."""
        return [str(e.recipient) for e in self.events if isinstance(e, ev.NoticeRaised) and e.about == about]

    def happened(self, kind: type[ev.EventBase]) -> list[Any]:
        """Return every event of one kind."""
        return [event for event in self.events if isinstance(event, kind)]
