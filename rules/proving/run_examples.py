"""Trying the examples of a rule set: each is decided by the rules and the domain as a real course would be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from domain import events as ev
from domain.calendar import Calendar, danish_day
from domain.errors import RefusedError
from domain.identity import GATE_ROLES, person_address, supervisors_address, unit_address
from domain.state.verdict import Outcome, VisitVerdict
from domain.state.waiting import Waiting, WaitingKind
from rules.engine.book import Book
from rules.language.examples import Decision, Example, laid_out
from rules.language.rule_set import RuleSet
from rules.proving.scenario import UNIT, Stage

_HEARD: Final = {
    **{person_address(role): role.value for role in GATE_ROLES},
    supervisors_address(UNIT): "supervisor",
    unit_address(UNIT): "unit",
}


class Difference(NamedTuple):
    """A key of the example under which the rules say something else than it does."""

    key: str
    expected: tuple[str, ...]
    found: tuple[str, ...]

    def __str__(self) -> str:
        """Return the difference as one sentence."""
        expected, found = (", ".join(side) or "nothing" for side in (self.expected, self.found))
        return f"{self.key}: expected {expected}, found {found}"


class ClimbedRung(NamedTuple):
    """A rung that was climbed: of which kind of wait, at which step, for which requirement, and how high."""

    kind: WaitingKind
    step: str | None
    what: str
    level: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an example, and what of the rule set it has shown: outcomes, the route row and rungs."""

    example: Example
    differences: tuple[Difference, ...] = ()
    step: str = ""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    row: int | None = None
    rungs: frozenset[ClimbedRung] = frozenset()


def try_examples(rule_set: RuleSet, calendar: Calendar) -> tuple[Tried, ...]:
    """Return what comes of each example of a rule set that was read without flaws, in working time of `calendar`."""
    book = Book(rule_set)
    return tuple(_tried(book, calendar, example) for example in rule_set.examples)


def _tried(book: Book, calendar: Calendar, example: Example) -> Tried:
    told = laid_out(book.rule_set.situations, example)
    try:
        stage = Stage(book, calendar, told, example)
    except RefusedError as refused:
        return Tried(example, tuple(_refusals(refused)))
    return _decided(stage, example, example.expect) if example.expect else _waited(stage, example)


def _refusals(refused: RefusedError) -> Iterator[Difference]:
    for problem in refused.problems:
        yield Difference("course", ("accepted",), (f"refused as {problem.code} ({problem.field})",))


def _decided(stage: Stage, example: Example, expected: Decision) -> Tried:
    views = stage.book.views(stage.state, stage.now, stage.calendar)
    view = next(view for view in views if view.visit.number == stage.visit)
    gate = stage.book.gates[view.visit.step]
    row, _ = gate.hit(view)
    verdict = stage.book.judge_visit(view)
    return Tried(
        example,
        tuple(_differing(_expected(expected), _found(verdict, expected.due))),
        view.visit.step,
        {requirement.requirement: requirement.outcome for requirement in verdict.requirements},
        None if row is None else gate.rows.index(row),
    )


def _expected(decision: Decision) -> dict[str, Iterable[object]]:
    return {
        "holds": decision.holds,
        "warns": decision.warns,
        "to": decision.to,
        "stays": (decision.stays,),
        "close": (decision.close,),
        **{f"due.{requirement}": (day,) for requirement, day in decision.due.items()},
    }


def _found(verdict: VisitVerdict, due: Iterable[str]) -> dict[str, Iterable[object]]:
    route = verdict.route
    days = {found.requirement: danish_day(found.due) for found in verdict.requirements if found.due}
    return {
        "holds": [found.requirement for found in verdict.requirements if found.holds_back],
        "warns": [found.requirement for found in verdict.requirements if found.is_open and not found.blocks],
        "to": route.to if route else (),
        "stays": (route is not None and route.stays,),
        "close": (route.closing if route else None,),
        **{f"due.{requirement}": (days.get(requirement),) for requirement in due},
    }


def _differing(expected: dict[str, Iterable[object]], found: dict[str, Iterable[object]]) -> Iterator[Difference]:
    for key in {**expected, **found}:
        wanted, got = (_written(sides.get(key, ())) for sides in (expected, found))
        if wanted != got:
            yield Difference(key, wanted, got)


def _written(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(sorted(str(value) for value in values if value not in (None, False)))


def _waited(stage: Stage, example: Example) -> Tried:
    last = example.until or max(told.on for told in example.told)
    stage.passes_to(last)
    climbed = list(_climbed(stage, example))
    expected: dict[date, set[str]] = {}
    found: dict[date, set[str]] = {}
    for told in example.told:
        expected.setdefault(told.on, set()).update(told.who)
    for day, who, _ in climbed:
        found.setdefault(day, set()).add(who)
    differences = _differing(
        {f"told {day}": who for day, who in expected.items()},
        {f"told {day}": who for day, who in found.items()},
    )
    return Tried(example, tuple(differences), rungs=frozenset(rung for _, _, rung in climbed))


def _climbed(stage: Stage, example: Example) -> Iterator[tuple[date, str, ClimbedRung]]:
    """Yield on which day who heard of the silent wait, and on which rung."""
    waits: dict[str, Waiting] = {}
    for event in stage.events:
        if isinstance(event, ev.Settled):
            waits.update({waiting.key: waiting for waiting in event.opened})
    for event in stage.events:
        if not isinstance(event, ev.NoticeRaised) or event.about != "escalation":
            continue
        waiting = waits[event.waiting or ""]
        if waiting.kind is example.waiting and example.requirement in (None, waiting.what):
            visit = stage.state.visit(waiting.visit) if waiting.visit else None
            rung = ClimbedRung(waiting.kind, visit.step if visit else None, waiting.what, event.level or 0)
            yield danish_day(event.at), _HEARD[event.recipient], rung
