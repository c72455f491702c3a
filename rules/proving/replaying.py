"""Judges recorded verdicts again under the version they were given by, from what their revision keeps (P8)."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from domain.decide.settle.judgements import judgements_that_differ
from domain.events import Event, Settled
from domain.evolve import evolve
from domain.model import canonical
from domain.state.course import CourseState
from domain.state.facts import REMOVED
from domain.state.verdict import CLOSING_OUTCOME, Judgement, VisitVerdict
from domain.state.waiting import Waiting, WaitingKind
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.engine.gates import CompiledRequirement, facts_of
from rules.language.steps import FACT_PREFIX

Books = Mapping[str, Book]
Calendars = Mapping[str, WorkingTime]
"""Rules and offices' calendars by their hashes."""


class Part(StrEnum):
    """What a verdict says: of a requirement its outcome and its deadline, of the visit whether and where it goes on.

    `reckoned` is the deadline as the rules reckon it, and `due` until when it is waited for.
    """

    OUTCOME = "outcome"
    DUE = "due"
    RECKONED = "reckoned"
    READY = "ready"
    TO = "to"
    CLOSING = "closing"
    BREACHES = "breaches"


_Key = tuple[Part, str | None]
_OF_THE_VISIT: Final = (Part.READY, Part.TO, Part.CLOSING, Part.BREACHES)


class Unlike(NamedTuple):
    """One thing that a verdict says of a visit and would say otherwise now; None where it says nothing of it.

    `is_erased` where it rests on a fact whose value was erased since, so that nobody can judge it again.
    """

    visit: int
    part: Part
    requirement: str | None
    was: str | None
    would_be: str | None
    is_erased: bool = False


class Replayed(NamedTuple):
    """How many verdicts were judged again, and what was unlike in them."""

    verdicts: int
    unlike: tuple[Unlike, ...]


class Pinned(NamedTuple):
    """The hashes of the rules and of the offices' calendars under which something was judged."""

    rules: frozenset[str]
    calendars: frozenset[str]


def pinned_by(before: CourseState, events: Iterable[Event]) -> Pinned:
    """Return under what the verdicts among some events were given, from the course before them on."""
    settled = [(state.rules.sha256, event.calendar) for state, event, _ in _settled(before, events) if state.rules]
    return Pinned(frozenset(rules for rules, _ in settled), frozenset(calendar for _, calendar in settled))


def replay_revision(before: CourseState, events: Iterable[Event], books: Books, calendars: Calendars) -> Replayed:
    """Judge again what a revision recorded; raises KeyError for rules or a calendar by which it was judged."""
    verdicts, unlike = 0, list[Unlike]()
    for state, event, after in _settled(before, events):
        if state.rules is not None:
            book, calendar = books[state.rules.sha256], calendars[event.calendar]
            verdicts += len(state.open_visits)
            unlike += _unlike(state, event, after, book, calendar)
    return Replayed(verdicts, tuple(unlike))


def _settled(before: CourseState, events: Iterable[Event]) -> Iterator[tuple[CourseState, Settled, CourseState]]:
    """Yield each event that says how the course stands, with the course before and after it."""
    state = before
    for event in events:
        after = evolve(state, event)
        if isinstance(event, Settled):
            yield state, event, after
        state = after


def _unlike(
    state: CourseState, settled: Settled, after: CourseState, book: Book, calendar: WorkingTime
) -> Iterator[Unlike]:
    verdict = book.judge(state, settled.at, calendar)
    judged = judgements_that_differ(state, verdict, after.waiting, settled.at)
    for visit, gate in zip(state.open_visits, verdict.visits, strict=True):
        was = _parts(settled.judgements.get(visit.number, visit.judgement))
        would_be = _parts(judged.get(visit.number, visit.judgement))
        for wait, due in _deadlines(gate, after.waiting):
            was[Part.RECKONED, wait.what], would_be[Part.RECKONED, wait.what] = str(wait.reckoned), due
        if was != would_be:
            yield from _between(visit.number, was, would_be, _erased_in(book, state, visit.step))


def _parts(judgement: Judgement) -> dict[_Key, str]:
    """Return what a judgement says, each part as the bytes in which it is kept."""
    written = judgement.model_dump(mode="json")
    return {
        **{(Part.OUTCOME, name): outcome for name, outcome in written["outcomes"].items()},
        **{(Part.DUE, name): due for name, due in written["due"].items()},
        **{(part, None): canonical(written[part]).decode() for part in _OF_THE_VISIT},
    }


def _deadlines(gate: VisitVerdict, waits: Iterable[Waiting]) -> Iterator[tuple[Waiting, str]]:
    """Yield the waits for requirements of a visit whose deadline is known, with that deadline."""
    due = {asked.requirement: asked.due for asked in gate.requirements if asked.due is not None}
    for wait in waits:
        if wait.kind is WaitingKind.REQUIREMENT and wait.visit == gate.visit and wait.what in due:
            yield wait, str(due[wait.what])


def _between(visit: int, was: dict[_Key, str], would_be: dict[_Key, str], erased: "_Erased") -> Iterator[Unlike]:
    """Yield each part in which two verdicts on a visit are unlike."""
    for key in dict.fromkeys((*was, *would_be)):
        before, now = was.get(key), would_be.get(key)
        if before != now:
            is_erased = erased.explains(key[1], is_asked_by_both=before is not None and now is not None)
            yield Unlike(visit, *key, before, now, is_erased)


class _Erased(NamedTuple):
    """The requirements that rest on a value that was erased, and whether a route from the visit does."""

    requirements: frozenset[str]
    route: bool

    def explains(self, requirement: str | None, *, is_asked_by_both: bool) -> bool:
        """Whether a difference may come of what was erased: another route asks for something else."""
        if requirement is None:
            return self.route or bool(self.requirements)
        return requirement in self.requirements or (self.route and not is_asked_by_both)


def _erased_in(book: Book, state: CourseState, step: str) -> _Erased:
    erased = {rule.fact for fact in state.facts if fact.value == REMOVED and (rule := book.fact(fact.fact))}
    asked = (one for gate in book.gates.values() for one in (*gate.leave, *gate.enter, *gate.close))
    rows = book.gates[step].rows if step in book.gates else ()
    routed_by = {CLOSING_OUTCOME, *(fact.fact for row in rows for fact in facts_of(row.when))}
    resting = frozenset(one.requirement.id for one in asked if not erased.isdisjoint(_read_by(one)))
    return _Erased(resting, route=not erased.isdisjoint(routed_by))


def _read_by(asked: CompiledRequirement) -> Iterator[str]:
    """Yield the facts on which a requirement and its deadline rest."""
    for condition in (asked.when, asked.must, asked.refused):
        yield from (fact.fact for fact in facts_of(condition))
    if asked.deadline is not None:
        yield asked.deadline.deadline.anchor.removeprefix(FACT_PREFIX)
