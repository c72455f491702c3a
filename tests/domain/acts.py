"""What may be done in a state of a course under any rules, by the two who hold its roles, a supervisor and a system."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from random import Random
from typing import Any, Final
from uuid import UUID, uuid5

from domain import commands as cmd
from domain.calendar import danish_day
from domain.identity import ENGINE_ACTOR, GATE_ROLES, Actor, Role
from domain.state.course import CourseState
from domain.state.facts import FactValue
from rules.engine.book import Book
from rules.language.facts import FactDeclaration, FactType
from tests.domain.alphabets import Move
from tests.domain.versions import Versions
from tests.domain.vocabulary import CASE_SYSTEM, COURSE, SARA, add_note

REASON: Final = uuid5(COURSE, "reason")
HOLDERS: Final = tuple(Actor(person=role.value, roles=(role,)) for role in GATE_ROLES)
"""Those who hold the roles of a played course."""

_REPORTERS: Final = (*HOLDERS, CASE_SYSTEM, SARA)
_VALUES: Final[dict[FactType, tuple[FactValue, ...]]] = {
    FactType.BOOL: (True, False),
    FactType.INT: (0, 1, 40),
    FactType.DECIMAL: ("0", "12.5", "40"),
    FactType.CVR: ("10000009",),
    FactType.P_NUMBER: ("1000000001", "1099999999"),
    FactType.TIME: ("10:00",),
}


@dataclass(frozen=True)
class Acts:
    """The acts that the rules of a course leave open, which may be moved between some versions of its set."""

    versions: Versions

    def of(self, state: CourseState, now: datetime) -> Iterator[Move]:
        """Yield everything that may be tried in a state."""
        book = self.versions.followed(state)
        yield from chain(_reports(book, danish_day(now)), _notes(book, state), self._receipts(state))
        yield from _steers(book, state)
        yield from ((cmd.RePinCourse, SARA, what) for what in self.versions.re_pins(state))

    def one_of(self, state: CourseState, now: datetime, draw: Random) -> Move:
        """Return one thing that may be tried, each kind of command as likely as the others."""
        by_kind = defaultdict[str, list[Move]](list)
        for move in self.of(state, now):
            by_kind[move[0].__name__].append(move)
        return draw.choice(by_kind[draw.choice([*by_kind])])

    def informs(self, state: CourseState) -> Iterator[Move]:
        """Yield what each open visit takes to inform both of it, asked for early."""
        for visit in state.open_visits:
            yield cmd.BriefNow, HOLDERS[0], {"visit": visit.number}
        for visit in state.open_visits:
            versions = (visit.versions, visit.versions + 1)
            receipts = ({"briefing": visit.number, "version": version} for version in versions if version)
            yield from ((cmd.Acknowledge, actor, receipt) for receipt in receipts for actor in HOLDERS)

    def _receipts(self, state: CourseState) -> Iterator[Move]:
        for visit in state.open_visits:
            current = {"briefing": visit.number, "version": visit.versions}
            for actor in HOLDERS:
                yield cmd.Acknowledge, actor, current
                yield cmd.TakeBackAcknowledgement, actor, current
                yield cmd.Dispute, actor, {**current, "reason": REASON}
            yield cmd.BriefNow, HOLDERS[0], {"visit": visit.number}


def _reports(book: Book, today: date) -> Iterator[Move]:
    for fact in book.rule_set.facts:
        able = [actor for actor in _REPORTERS if not {*fact.reporters}.isdisjoint(actor.roles)]
        for value in values_of(fact, today):
            yield from ((cmd.ReportFacts, actor, {"facts": {fact.id: value}}) for actor in able)


def _notes(book: Book, state: CourseState) -> Iterator[Move]:
    note = uuid5(COURSE, f"note {len(state.notes)}")
    for kind in book.note_kinds:
        to = Role.COMPANY_CONSULTANT if kind == "question" else None
        yield from ((add_note, actor, {"note": note, "note_kind": kind, "to": to}) for actor in HOLDERS)
    yield from ((cmd.RetractNote, HOLDERS[0], {"note": note.id, "reason": REASON}) for note in state.notes)


def _steers(book: Book, state: CourseState) -> Iterator[Move]:
    yield cmd.TimePassed, ENGINE_ACTOR, {}
    yield cmd.PauseCourse, SARA, {"reason": REASON}
    yield cmd.ResumeCourse, SARA, {}
    for role in GATE_ROLES:
        yield cmd.AssignParty, SARA, {"role": role, "to": cmd.PartyClaim(unit="job"), "reason": REASON}
    for visit in state.visits:
        yield cmd.ReopenVisit, SARA, {"visit": visit.number, "reason": REASON}
    for fact in state.facts:
        yield cmd.RetractFact, HOLDERS[0], {"fact": fact.id, "reason": REASON}
    for requirement in (name for visit in state.open_visits for name in visit.judgement.outcomes):
        waiver = {"requirement": requirement, "waiver": cmd.WaiverReason.OTHER, "reason": REASON}
        yield cmd.WaiveRequirement, SARA, waiver
    outcomes = next(fact.values for fact in book.rule_set.facts if fact.id == "closing_outcome")
    for outcome in outcomes:
        yield cmd.CloseCourse, HOLDERS[0], {"outcome": outcome.id, "reason": REASON}


def values_of(fact: FactDeclaration, today: date) -> tuple[FactValue, ...]:
    """Return some values of a fact: each that it lists, days behind and ahead, amounts and numbers."""
    match fact.type:
        case FactType.ENUM:
            return tuple(value.id for value in fact.values)
        case FactType.DATE:
            return tuple((today + timedelta(days=days)).isoformat() for days in (-30, 0, 30))
        case FactType.SCHEDULE:
            return f"{today}=8", f"{today - timedelta(days=60)}=0 {today + timedelta(days=30)}=37"
        case _:
            return _VALUES[fact.type]


def id_of(move: Move, state: CourseState) -> UUID:
    """Return the id of a command in a state: the same for the same act, so that a run can be repeated."""
    kind, actor, what = move
    return uuid5(COURSE, f"{state.revision} {kind.__name__} {actor.person} {sorted(what.items(), key=str)}")


def given(move: Move, state: CourseState) -> Any:
    """Return the command of a move."""
    kind, actor, what = move
    said = {name: value for name, value in what.items() if value is not None}
    return kind(id=id_of(move, state), actor=actor, **said)
