"""What the examples of a rule set do not show yet: where a mistake in it would pass unseen."""

from collections.abc import Iterable, Iterator
from typing import Final

from domain.state.verdict import Outcome
from rules.language.rule_set import RuleSet
from rules.language.steps import Ladder, Level
from rules.proving.run_examples import ClimbedRung, Tried

_OPEN: Final = frozenset({Outcome.UNMET, Outcome.UNKNOWN})


def untried(rule_set: RuleSet, tried: Iterable[Tried]) -> tuple[str, ...]:
    """Return in words what no example that came out as it says has shown: requirements, deadlines, routes, ladders."""
    shown = [one for one in tried if not one.differences]
    return (
        *_requirements(rule_set, shown),
        *_deadlines(rule_set, shown),
        *_routes(rule_set, shown),
        *_ladders(rule_set, shown),
    )


def indecisive(rule_set: RuleSet, tried: Iterable[Tried]) -> tuple[str, ...]:
    """Return the blocking requirements that in no example are all that holds: one might go without a difference."""
    decided = [one.example.expect for one in tried if one.example.expect and not one.differences]
    alone = {decision.holds[0] for decision in decided if len(decision.holds) == 1}
    return tuple(name for name in _blocking(rule_set) if name not in alone)


def told_of(rule_set: RuleSet, tried: tuple[Tried, ...]) -> Iterator[str]:
    """Yield lines for people: each example and what differs, what none of them shows, and how many came out."""
    for one in tried:
        yield f"{'differs' if one.differences else 'ok':9}{one.example.say.da}"
        yield from (f"{'':9}{difference}" for difference in one.differences)
    yield from (f"{'untried':9}{words}" for words in untried(rule_set, tried))
    blocking, unsure = list(_blocking(rule_set)), indecisive(rule_set, tried)
    if unsure:
        yield f"{'unsure':9}never all that holds: {', '.join(unsure)}"
    differ = sum(bool(one.differences) for one in tried)
    yield f"{len(tried)} examples, {differ} differ; {len(blocking) - len(unsure)} of {len(blocking)} decisive"


def _blocking(rule_set: RuleSet) -> Iterator[str]:
    for step in rule_set.steps:
        yield from (found.id for found in step.requirements if found.level is Level.BLOCK)


def _requirements(rule_set: RuleSet, shown: list[Tried]) -> Iterator[str]:
    seen = {(name, outcome) for one in shown for name, outcome in one.outcomes.items()}
    for step in rule_set.steps:
        for requirement in step.requirements:
            if (requirement.id, Outcome.MET) not in seen:
                yield f"the requirement '{requirement.id}' is met in no example"
            if not any((requirement.id, outcome) in seen for outcome in _OPEN):
                yield f"the requirement '{requirement.id}' is missing in no example"


def _deadlines(rule_set: RuleSet, shown: list[Tried]) -> Iterator[str]:
    due = {name for one in shown if one.example.expect for name in one.example.expect.due}
    for step in rule_set.steps:
        for requirement in step.requirements:
            if requirement.deadline and requirement.id not in due:
                yield f"no example says when '{requirement.id}' is due"


def _routes(rule_set: RuleSet, shown: list[Tried]) -> Iterator[str]:
    followed = {(one.step, one.row) for one in shown}
    for step in rule_set.steps:
        for number in range(len(step.routes)):
            if (step.id, number) not in followed:
                yield f"row {number + 1} of the routes of '{step.id}' is followed in no example"


def _ladders(rule_set: RuleSet, shown: list[Tried]) -> Iterator[str]:
    climbed = [(_climbed_by(rule_set, rung), rung.level) for one in shown for rung in one.rungs]
    for number, ladder in enumerate(rule_set.ladders, 1):
        highest = max((level for found, level in climbed if found is ladder), default=0)
        if highest < len(ladder.rungs):
            about = f" of '{ladder.requirement or ladder.step}'" if ladder.requirement or ladder.step else ""
            yield f"ladder {number} ({ladder.waiting}{about}) is climbed to its end in no example"


def _climbed_by(rule_set: RuleSet, rung: ClimbedRung) -> Ladder:
    """Return the ladder of a rung: the most particular one about the wait."""
    about = [
        ladder
        for ladder in rule_set.ladders
        if ladder.waiting is rung.kind and ladder.step in (None, rung.step) and ladder.requirement in (None, rung.what)
    ]
    return max(about, key=lambda ladder: (ladder.requirement is not None, ladder.step is not None))
