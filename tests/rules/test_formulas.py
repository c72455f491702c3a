"""The formulas of the proof decide as the evaluator does, on many citizens of every shipped set."""

from collections.abc import Iterator
from random import Random

import pytest

from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.engine.compiler import Compiled
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from rules.proof.asking import Asking
from rules.proof.gates import GateOf
from rules.proof.logic import Answer, Formula, equal
from rules.proof.shown import Decided

EACH = 12
"""How many citizens are made up at each step."""

OFFICE = WorkingTime(customary())


def wishes(asking: Asking, chance: Random) -> list[Formula]:
    """Return what a made-up citizen is to be like, by chance, so that no two are alike."""
    logic, view = asking.logic, asking.view
    said = [fact.said if chance.random() < 0.7 else logic.no(fact.said) for fact in view.facts.values()]
    known = [logic.no(fact.known) for fact in view.facts.values() if chance.random() < 0.05]
    choices = [
        equal(fact.value, logic.number(chance.randrange(len(fact.declaration.values))))
        for fact in view.facts.values()
        if fact.declaration.values
    ]
    notes = [equal(written, logic.number(chance.randrange(2))) for written in view.notes.values()]
    opened = [
        view.open_beside(step) if chance.random() < 0.2 else logic.no(view.open_beside(step))
        for step in asking.book.steps
    ]
    waived = [one if chance.random() < 0.04 else logic.no(one) for one in view.waivers.values()]
    return [*waived, *(one for one in (*said, *known, *choices, *notes, *opened) if chance.random() < 0.8)]


def conditions(asking: Asking) -> Iterator[tuple[str, Compiled]]:
    """Yield every condition of the requirements for leaving a step."""
    for asked in asking.gate.gate.leave:
        for name, condition in (("when", asked.when), ("must", asked.must), ("refused", asked.refused)):
            if condition is not None:
                yield f"{asked.requirement.id} {name}", condition


def answers_differing(asking: Asking, decided: Decided) -> Iterator[str]:
    """Yield the conditions that formulas and evaluator answer differently of one citizen: yes, no or unknown."""
    scenario, citizen = decided.scenario, asking.solver.citizen
    views = asking.book.views(scenario.state, scenario.now, OFFICE)
    view = next(view for view in views if view.visit.number == scenario.visit)
    for name, condition in conditions(asking):
        cell = asking.cells.of(condition)
        said = True if citizen.is_so(cell.yes) else False if citizen.is_so(cell.no) else None
        if condition.answer(view) is not said:
            yield f"{name}: {said}, and not {condition.answer(view)}"


def differing(asking: Asking, gate: GateOf, decided: Decided) -> Iterator[str]:
    """Yield the routes and requirements of which formulas and evaluator say different things of one citizen."""
    yield from answers_differing(asking, decided)
    citizen = asking.solver.citizen
    hit = next((place for place, one in enumerate(gate.hits) if citizen.is_so(one)), None)
    if hit != decided.row:
        yield f"row {hit}, and not {decided.row}"
        return
    if hit is None:
        return
    held = {asked.requirement.id for asked, holds in gate.held_by(hit).items() if citizen.is_so(holds)}
    holding = {one.requirement for one in decided.verdict.requirements if one.holds_back}
    if not holding <= held or bool(held) != bool(holding):  # Once one is refused, the evaluator asks no other.
        yield f"held by {held}, and not by {holding}"
    if citizen.is_so(gate.is_ready(hit)) != decided.verdict.is_ready:
        yield "ready"


@pytest.mark.parametrize("rules", shipped(), ids=lambda rules: f"{rules.id}@{rules.version}")
def test_formulas_decide_as_the_evaluator_does(rules: RuleSet) -> None:
    chance, book, made, waived = Random(20261130), Book(rules), 0, 0  # noqa: S311 - chance, and no secret

    for step in rules.steps:
        asking = Asking(book, step, OFFICE)
        gate = GateOf(book, asking.cells, with_waivers=True)
        for place in range(len(step.routes)):
            gate.is_ready(place)
        for _, condition in conditions(asking):
            asking.cells.of(condition)
        asking.some(lambda _: True)
        day = equal(asking.view.today, asking.logic.number(asking.days[0].toordinal()))
        for _ in range(EACH):
            wanted = wishes(asking, chance)
            while asking.solver.ask(asking.cells.functions.shown, day, *wanted) is Answer.NONE:
                wanted.remove(asking.solver.against(wanted)[0])
            decided = asking.shown.decided(asking.shown.circumstances(asking.solver.citizen, asking.view))
            if decided is not None and not asking.mended():
                made += 1
                waived += len(decided.view.waived)
                assert list(differing(asking, gate, decided)) == []

    assert waived
    assert made > EACH * len(rules.steps) / 2
