"""The parts of a rule set that its examples do not show, where a mistake would pass unseen."""

from collections.abc import Iterable, Iterator
from typing import Final

from domain.state.verdict import Outcome
from rules.language.rule_set import RuleSet
from rules.language.steps import Level
from rules.proving.run_examples import ExampleResult
from rules.proving.untranslated import untranslated

_FEW: Final = 8
"""How many texts without English words are named."""

_OPEN: Final = frozenset({Outcome.UNMET, Outcome.UNKNOWN})


def uncovered(rule_set: RuleSet, results: Iterable[ExampleResult]) -> tuple[str, ...]:
    """Return a sentence for each requirement, deadline, route and ladder that no example without differences shows."""
    shown = [result for result in results if not result.differences]
    return (
        *_requirements(rule_set, shown),
        *_deadlines(rule_set, shown),
        *_routes(rule_set, shown),
        *_ladders(rule_set, shown),
    )


def indecisive(rule_set: RuleSet, results: Iterable[ExampleResult]) -> tuple[str, ...]:
    """Return the blocking requirements that never hold a visit alone: without one no example would differ."""
    decided = [result.example.expect for result in results if result.example.expect and not result.differences]
    alone = {decision.holds[0] for decision in decided if len(decision.holds) == 1}
    return tuple(name for name in _blocking(rule_set) if name not in alone)


def report(rule_set: RuleSet, results: tuple[ExampleResult, ...]) -> Iterator[str]:
    """Yield the lines of a report: examples with their differences, what is uncovered and untranslated, and counts."""
    for result in results:
        yield f"{'differs' if result.differences else 'ok':9}{result.example.say.da}"
        yield from (f"{'':9}{difference}" for difference in result.differences)
    yield from (f"{'untried':9}{words}" for words in uncovered(rule_set, results))
    blocking, unsure = list(_blocking(rule_set)), indecisive(rule_set, results)
    if unsure:
        yield f"{'unsure':9}never all that holds: {', '.join(unsure)}"
    if without := untranslated(rule_set):
        more = f" and {len(without) - _FEW} more" if len(without) > _FEW else ""
        yield f"{'danish':9}no English words for {', '.join(without[:_FEW])}{more}"
    differ = sum(bool(result.differences) for result in results)
    yield f"{len(results)} examples, {differ} differ; {len(blocking) - len(unsure)} of {len(blocking)} decisive"


def _blocking(rule_set: RuleSet) -> Iterator[str]:
    for step in rule_set.steps:
        yield from (requirement.id for requirement in step.requirements if requirement.level is Level.BLOCK)


def _requirements(rule_set: RuleSet, shown: list[ExampleResult]) -> Iterator[str]:
    seen = {(name, outcome) for result in shown for name, outcome in result.outcomes.items()}
    for step in rule_set.steps:
        for requirement in step.requirements:
            if (requirement.id, Outcome.MET) not in seen:
                yield f"the requirement '{requirement.id}' is met in no example"
            if not any((requirement.id, outcome) in seen for outcome in _OPEN):
                yield f"the requirement '{requirement.id}' is missing in no example"
            if requirement.refused and (requirement.id, Outcome.REFUSED) not in seen:
                yield f"the requirement '{requirement.id}' is refused in no example"


def _deadlines(rule_set: RuleSet, shown: list[ExampleResult]) -> Iterator[str]:
    due = {name for result in shown if result.example.expect for name in result.example.expect.due}
    for step in rule_set.steps:
        for requirement in step.requirements:
            if requirement.deadline and requirement.id not in due:
                yield f"no example says when '{requirement.id}' is due"


def _routes(rule_set: RuleSet, shown: list[ExampleResult]) -> Iterator[str]:
    followed = {(result.step, result.row) for result in shown}
    for step in rule_set.steps:
        for number in range(len(step.routes)):
            if (step.id, number) not in followed:
                yield f"row {number + 1} of the routes of '{step.id}' is followed in no example"


def _ladders(rule_set: RuleSet, shown: list[ExampleResult]) -> Iterator[str]:
    climbed = [rung for result in shown for rung in result.rungs]
    for number, ladder in enumerate(rule_set.ladders, 1):
        highest = max((rung.level for rung in climbed if rung.ladder == ladder), default=0)
        if highest < len(ladder.rungs):
            about = f" of '{ladder.requirement or ladder.step}'" if ladder.requirement or ladder.step else ""
            yield f"ladder {number} ({ladder.waiting}{about}) is climbed to its end in no example"
