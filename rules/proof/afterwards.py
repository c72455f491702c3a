"""Proves that a course can go on though other rules ask afterwards what they ask of steps that it has left (P5)."""

from collections.abc import Iterable, Iterator

from domain.state.verdict import TARGET_GROUP
from rules.engine.gates import CompiledRequirement, facts_of
from rules.language.steps import Level
from rules.proof.asking import Asking, Judge, passing
from rules.proof.findings import Finding, refuted, undecided
from rules.proof.logic import Answer
from rules.proof.openings import is_of_nobody

Read = frozenset[tuple[str, str | None]]
"""Facts, each with the step in whose visit it is looked up."""


def afterwards_findings(asking: Asking, number: int) -> Iterator[Finding]:
    """Yield that nobody can go on from a step while all that earlier steps ask is asked there; `number` is its number.

    It is asked of every step that may have been left before, with all that its leaving asks; closing asks none of it.
    """
    leading = [place for place, row in enumerate(asking.step.routes) if row.to and not row.stay]
    asked = [*_asked_of_left(asking)]
    against: list[CompiledRequirement] = []
    for place in leading if asked else ():
        met = {asking.logic.no(asking.gate.holds(one, place)): one for one in asked}
        ready, facts = asking.gate.is_ready(place), asking.view.facts.values()
        by_people = [asking.logic.no(fact.said) for fact in facts if is_of_nobody(fact.declaration)]
        found = asking.some(_goes_on(place, asked), ready, *by_people, *met)
        if found.answer is Answer.SOME:
            return
        if found.answer is Answer.UNDECIDED:
            yield undecided(("steps", number, "routes", place), "afterwards", {"step": asking.step.label})
            return
        against += [one for way, one in met.items() if any(way is other for other in found.against)]
    if against:
        names = tuple(one.requirement.text for one in dict.fromkeys(against))
        values = {"step": asking.step.label, "names": names}
        yield refuted(asking.book.rule_set, ("steps", number, "routes"), "afterwards", values)


def _goes_on(place: int, asked: Iterable[CompiledRequirement]) -> Judge:
    passes = passing(place)
    return lambda decided: passes(decided) and not any(one.judge(decided.view).holds_back for one in asked)


def _asked_of_left(asking: Asking) -> Iterator[CompiledRequirement]:
    """Yield what earlier steps ask that reads something which is read here too.

    What shares no fact but the target group cannot be in its way, and can be met as at its own step.
    """
    rows = (facts_of(row.when) for row in asking.gate.gate.rows)
    here = _read(asking.asked) | {(fact.fact, fact.step) for row in rows for fact in row}
    for step in asking.book.steps:
        if step == asking.step.id or step not in asking.view.visited_before:
            continue
        asked = [one for one in asking.book.gates[step].leave if one.requirement.level is Level.BLOCK]
        if _read(asked) & here - {(TARGET_GROUP, None)}:
            yield from asked


def _read(asked: Iterable[CompiledRequirement]) -> Read:
    conditions = (condition for one in asked for condition in (one.when, one.must, one.refused))
    return frozenset((fact.fact, fact.step) for condition in conditions for fact in facts_of(condition))
