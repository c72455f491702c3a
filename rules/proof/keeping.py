"""Proves that no gate is passed without what it asks: not by silence, nor because something cannot be used (P2)."""

from collections.abc import Iterator

from domain.state.verdict import Kind
from rules.engine.gates import CompiledRequirement
from rules.language.steps import Level
from rules.proof.asking import Asking, passing
from rules.proof.cells import Cells
from rules.proof.findings import Finding, refuted, undecided
from rules.proof.gates import GateOf
from rules.proof.logic import Answer, Formula, equal
from rules.proof.openings import path_of, way


def keeping_findings(asking: Asking, number: int) -> Iterator[Finding]:
    """Yield the ways past what a step asks; `number` is that of the step."""
    yield from _met_by_silence(asking)
    yield from _without_asking(asking, number)
    yield from _opened_by_loss(asking, number)


def _met_by_silence(asking: Asking) -> Iterator[Finding]:
    """Yield the requirements that block and are met while nothing at all is known: they ask nobody for anything."""
    logic, view = asking.logic, asking.view
    asked = [one for one in asking.asked if one.requirement.level is Level.BLOCK]
    met = {one: logic.all_of((logic.no(asking.cells.of(one.when).no), asking.cells.of(one.must).yes)) for one in asked}
    silence = [
        *(logic.no(fact.said) for fact in view.facts.values()),
        *(equal(written, logic.number(0)) for written in view.notes.values()),
        *(logic.no(view.open_beside(step)) for step in asking.book.steps),
    ]
    if asking.none(logic.any_of(met.values()), *silence).answer is Answer.NONE:
        return
    for one, is_met in met.items():
        found = asking.nobody_or_shown(lambda _: True, is_met, *silence)
        if found.answer is Answer.UNDECIDED:
            yield undecided(path_of(asking, one), "silent", {"name": one.requirement.text})
        elif found.citizen is not None:
            citizen = found.citizen
            yield refuted(asking.book.rule_set, path_of(asking, one), "silent", {"name": one.requirement.text}, citizen)


def _without_asking(asking: Asking, number: int) -> Iterator[Finding]:
    """Yield the ways on which a requirement that blocks is neither met nor certainly not asked, nor waived.

    Whatever of all that may be waived has been, nothing of the law is.
    """
    logic, gate = asking.logic, GateOf(asking.book, asking.cells, with_waivers=True)
    for place in range(len(asking.step.routes)):
        unsettled = (
            logic.all_of((is_asked, logic.no(gate.settled(asked, place)), logic.no(_may_pass(gate, asked))))
            for asked, is_asked in gate.blocking(place)
        )
        wanted = logic.all_of((gate.is_ready(place), logic.any_of(unsettled)))
        found = asking.nobody_or_shown(passing(place), wanted, asking.view.waiving)
        path, values = ("steps", number, "routes", place), {"step": asking.step.label, "way": way(asking, place)}
        if found.answer is Answer.UNDECIDED:
            yield undecided(path, "unasked", values)
        elif found.citizen is not None:
            yield refuted(asking.book.rule_set, path, "unasked", values, found.citizen)


def _may_pass(gate: GateOf, asked: CompiledRequirement) -> Formula:
    """Return that a visit may pass a requirement that is not settled: it has been waived, and is not the law."""
    is_law = asked.requirement.kind is Kind.LAW
    return gate.cells.logic.false if is_law else gate.waived(asked)


def _opened_by_loss(asking: Asking, number: int) -> Iterator[Finding]:
    """Yield the gates that may open because something that was said cannot be used, asked once for every way.

    The engine's three values make it impossible, so that whatever is found is no fault that a citizen could show.
    """
    logic, places = asking.logic, range(len(asking.step.routes))
    ready = [asking.gate.is_ready(place) for place in places]
    poorer = GateOf(asking.book, Cells(asking.view.poorer(), asking.cells.functions))
    opened = [logic.all_of((poorer.is_ready(place), logic.no(ready[place]))) for place in places]
    if asking.none(logic.any_of(opened)).answer is Answer.NONE:
        return
    for place in places:
        if asking.none(opened[place]).answer is not Answer.NONE:
            path = ("steps", number, "routes", place)
            yield undecided(path, "loss", {"step": asking.step.label, "way": way(asking, place)})
