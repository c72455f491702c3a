"""Runs the examples of a rule set: the rules and the domain decide each one as they would a real course."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from domain import events as ev
from domain.address import Address
from domain.calendar import Calendar, danish_day
from domain.errors import RefusedError
from domain.identity import GATE_ROLES
from domain.state.verdict import Outcome, VisitVerdict
from domain.state.waiting import Waiting, WaitingKey
from rules.engine.book import Book
from rules.language.examples import Decision, Example, whole_circumstances
from rules.language.rule_set import RuleSet
from rules.language.steps import Ladder
from rules.proving.scenario import UNIT, Scenario

_RECIPIENTS: Final = {
    **{Address.person(role): role.value for role in GATE_ROLES},
    Address.supervisors(UNIT): "supervisor",
    Address.unit(UNIT): "unit",
}


class Difference(NamedTuple):
    """A key of an example whose expected and decided values differ."""

    key: str
    expected: tuple[str, ...]
    actual: tuple[str, ...]


class ClimbedRung(NamedTuple):
    """A rung that a wait reached: the ladder, and the level from 1."""

    ladder: Ladder
    level: int


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """The result of an example: its differences, and the outcomes, the route row and the rungs that it shows."""

    example: Example
    differences: tuple[Difference, ...] = ()
    step: str = ""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    row: int | None = None
    rungs: frozenset[ClimbedRung] = frozenset()


def run_examples(rule_set: RuleSet, calendar: Calendar) -> tuple[ExampleResult, ...]:
    """Run each example of a rule set without flaws, in the working time of a calendar."""
    book = Book(rule_set)
    return tuple(_run(book, calendar, example) for example in rule_set.examples)


def _run(book: Book, calendar: Calendar, example: Example) -> ExampleResult:
    circumstances = whole_circumstances(book.rule_set.situations, example)
    try:
        scenario = Scenario(book, calendar, circumstances, example)
    except RefusedError as refused:
        return ExampleResult(example, tuple(_refusals(refused)))
    return _decided(scenario, example, example.expect) if example.expect else _waited(scenario, example)


def _refusals(refused: RefusedError) -> Iterator[Difference]:
    for problem in refused.problems:
        yield Difference("course", (), (f"{problem.code} ({problem.field})",))


def _decided(scenario: Scenario, example: Example, expected: Decision) -> ExampleResult:
    views = scenario.book.views(scenario.state, scenario.now, scenario.calendar)
    view = next(view for view in views if view.visit.number == scenario.visit)
    gate = scenario.book.gates[view.visit.step]
    row, _ = gate.hit(view)
    verdict = scenario.book.judge_visit(view)
    return ExampleResult(
        example,
        tuple(_differing(_expected(expected), _actual(verdict, expected.due))),
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


def _actual(verdict: VisitVerdict, due: Iterable[str]) -> dict[str, Iterable[object]]:
    route = verdict.route
    days = {judged.requirement: danish_day(judged.due) for judged in verdict.requirements if judged.due}
    return {
        "holds": [judged.requirement for judged in verdict.requirements if judged.holds_back],
        "warns": [judged.requirement for judged in verdict.requirements if judged.is_open and not judged.blocks],
        "to": route.to if route else (),
        "stays": (route is not None and route.stays,),
        "close": (route.closing if route else None,),
        **{f"due.{requirement}": (days.get(requirement),) for requirement in due},
    }


def _differing(expected: dict[str, Iterable[object]], actual: dict[str, Iterable[object]]) -> Iterator[Difference]:
    for key in {**expected, **actual}:
        wanted, got = (_written(sides.get(key, ())) for sides in (expected, actual))
        if wanted != got:
            yield Difference(key, wanted, got)


def _written(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(sorted(str(value) for value in values if value not in (None, False)))


def _waited(scenario: Scenario, example: Example) -> ExampleResult:
    last = example.until or max(escalation.on for escalation in example.told)
    scenario.passes_to(last)
    climbed = list(_climbed(scenario, example))
    expected: dict[date, set[str]] = {}
    actual: dict[date, set[str]] = {}
    for escalation in example.told:
        expected.setdefault(escalation.on, set()).update(escalation.who)
    for day, who, _ in climbed:
        actual.setdefault(day, set()).add(who)
    differences = _differing(
        {f"told {day}": who for day, who in expected.items()},
        {f"told {day}": who for day, who in actual.items()},
    )
    return ExampleResult(example, tuple(differences), rungs=frozenset(rung for _, _, rung in climbed))


def _climbed(scenario: Scenario, example: Example) -> Iterator[tuple[date, str, ClimbedRung]]:
    """Yield the day, the recipient and the rung of each escalation of the silent wait."""
    waits: dict[WaitingKey, Waiting] = {}
    for event in scenario.events:
        if isinstance(event, ev.Settled):
            waits.update({waiting.key: waiting for waiting in event.opened})
    for event in scenario.events:
        if not isinstance(event, ev.NoticeRaised) or event.about != "escalation" or event.waiting is None:
            continue
        waiting = waits[event.waiting]
        if waiting.kind is example.waiting and example.requirement in (None, waiting.what):
            visit = scenario.state.visit(waiting.visit) if waiting.visit else None
            ladder = scenario.book.ladder(waiting.kind, visit.step if visit else None, waiting.what)
            if ladder is not None:
                yield danish_day(event.at), _RECIPIENTS[event.recipient], ClimbedRung(ladder, event.level or 0)
