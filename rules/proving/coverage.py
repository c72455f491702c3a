"""The parts of a rule set that its examples do not show, where a mistake would pass unseen."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from domain.state.verdict import Outcome
from rules.language.phrases import Phrase, Place, listed, phrase
from rules.language.rule_set import RuleSet
from rules.language.steps import Level
from rules.proving.differing import differing_lines
from rules.proving.run_examples import ExampleResult
from rules.proving.untranslated import untranslated

_FEW: Final = 8
"""How many texts without English words are named."""

_OPEN: Final = frozenset({Outcome.UNMET, Outcome.UNKNOWN})


def uncovered(rule_set: RuleSet, results: Iterable[ExampleResult]) -> tuple[Phrase, ...]:
    """Return a phrase for each requirement, deadline, route and ladder that no example without differences shows."""
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


def report(
    rule_set: RuleSet, results: tuple[ExampleResult, ...], places: Sequence[Place], notes: Iterable[Phrase] = ()
) -> Iterator[Phrase]:
    """Yield the lines of a report: what differs or else what is untried, what is untranslated, notes, and counts.

    What is untried often follows from what differs, so it is named only when nothing does.
    `places` are those of the examples, in the order of their results.
    """
    differing = [result for result in results if result.differences]
    yield from differing_lines(results, places)
    blocking, unsure = list(_blocking(rule_set)), indecisive(rule_set, results)
    if not differing:
        yield from (phrase("report-ok", say=result.example.say.da) for result in results)
        yield from (phrase("report-untried", what=what) for what in uncovered(rule_set, results))
    if unsure and not differing:
        yield phrase("report-unsure", names=listed(unsure))
    if without := untranslated(rule_set):
        more = len(without) - _FEW
        yield phrase(
            "report-danish", names=listed(without[:_FEW]), more=phrase("and-more", count=more) if more > 0 else ""
        )
    yield from notes
    counts = {"examples": len(results), "differ": len(differing)}
    yield phrase("report-counts", **counts, decisive=len(blocking) - len(unsure), blocking=len(blocking))


def _blocking(rule_set: RuleSet) -> Iterator[str]:
    for step in rule_set.steps:
        yield from (requirement.id for requirement in step.requirements if requirement.level is Level.BLOCK)


def _requirements(rule_set: RuleSet, shown: list[ExampleResult]) -> Iterator[Phrase]:
    seen = {(name, outcome) for result in shown for name, outcome in result.outcomes.items()}
    for step in rule_set.steps:
        for requirement in step.requirements:
            if (requirement.id, Outcome.MET) not in seen:
                yield phrase("untried-met", name=requirement.id)
            if not any((requirement.id, outcome) in seen for outcome in _OPEN):
                yield phrase("untried-missing", name=requirement.id)
            if requirement.refused and (requirement.id, Outcome.REFUSED) not in seen:
                yield phrase("untried-refused", name=requirement.id)


def _deadlines(rule_set: RuleSet, shown: list[ExampleResult]) -> Iterator[Phrase]:
    due = {name for result in shown if result.example.expect for name in result.example.expect.due}
    for step in rule_set.steps:
        for requirement in step.requirements:
            if requirement.deadline and requirement.id not in due:
                yield phrase("untried-due", name=requirement.id)


def _routes(rule_set: RuleSet, shown: list[ExampleResult]) -> Iterator[Phrase]:
    followed = {(result.step, result.row) for result in shown}
    for step in rule_set.steps:
        for number in range(len(step.routes)):
            if (step.id, number) not in followed:
                yield phrase("untried-route", row=number + 1, step=step.id)


def _ladders(rule_set: RuleSet, shown: list[ExampleResult]) -> Iterator[Phrase]:
    climbed = [rung for result in shown for rung in result.rungs]
    for ladder in rule_set.ladders:
        highest = max((rung.level for rung in climbed if rung.ladder == ladder), default=0)
        if highest < len(ladder.rungs):
            step = f"{ladder.step}, " if ladder.step else ""
            yield phrase("untried-ladder", about=ladder.requirement or f"{step}{ladder.waiting}")
