"""Finds citizens whom no route leads on although all is answered, unless an example shows that they wait."""

from collections.abc import Iterator
from typing import Final

from rules.engine.compiler import Compiled
from rules.engine.stated import FactAt
from rules.engine.view import VisitView
from rules.language.examples import whole_circumstances
from rules.language.facts import FactType
from rules.proof.asking import Asking
from rules.proof.findings import Finding, refuted, undecided
from rules.proof.logic import Answer, Formula, equal
from rules.proof.shown import Decided
from rules.proof.view import coded

_MOST: Final = 5
"""How many gaps of one route table are told at once."""


def gap_findings(asking: Asking, number: int) -> Iterator[Finding]:
    """Yield citizens whom no route leads anywhere although nothing of them is unknown; `number` is that of the step."""
    path, step = ("steps", number, "routes"), asking.step.label
    elsewhere = [asking.logic.no(waits) for waits in _shown_to_wait(asking)]
    for _ in range(_MOST):
        wanted = (asking.gate.gap, *elsewhere)
        found = asking.nobody_or_shown(_is_gap, *wanted)
        if found.answer is Answer.UNDECIDED:
            yield undecided(path, "gap", {"step": step})
        if found.citizen is None:
            return
        citizen = asking.least(_is_gap, found.citizen, *wanted)
        yield refuted(asking.book.rule_set, path, "gap", {"step": step}, citizen)
        decided = asking.shown.decided(citizen)
        elsewhere += [asking.logic.no(asking.logic.all_of(_as_answered(asking, decided.view)))] if decided else []


def _is_gap(decided: Decided) -> bool:
    rows = decided.book.gates[decided.view.visit.step].rows
    return decided.row is None and all(row.matches(decided.view) is False for row in rows)


def _shown_to_wait(asking: Asking) -> Iterator[Formula]:
    """Yield the answers of all cells of the routes in each example of which the author says that the course waits."""
    rules = asking.book.rule_set
    for example in rules.examples:
        if example.expect is None or example.expect.undecided is None:
            continue
        circumstances = whole_circumstances(rules.situations, example)
        if circumstances.step != asking.step.id:
            continue
        decided = asking.shown.decided(circumstances)
        if decided is not None and _is_gap(decided):
            yield asking.logic.all_of(_as_answered(asking, decided.view))


def _as_answered(asking: Asking, view: VisitView) -> Iterator[Formula]:
    """Yield what it is in a view by which no row matches: its facts as they are, and no more than it takes."""
    for row in (row for row in asking.gate.gate.rows if not row.row.stay):  # One that stays leads the visit nowhere.
        for cell in _reasons(row.when, view):
            said, answer, value = asking.cells.of(cell), cell.answer(view), _choice(asking, cell, view)
            if value is not None:
                yield value
            elif answer is None:
                yield asking.logic.no(asking.logic.any_of(said))
            else:
                yield said.yes if answer else said.no


def _choice(asking: Asking, cell: Compiled, view: VisitView) -> Formula | None:
    """Return that a fact is what it is in a view, of one that is a choice: another value of it is another case."""
    side = cell.sides[0] if cell.sides else None
    if not isinstance(side, FactAt) or side.declaration.type not in (FactType.ENUM, FactType.BOOL):
        return None
    value, fact = side.get(view), asking.view.fact(side)
    if value is None:
        return None
    return asking.logic.all_of((fact.known, equal(fact.value, asking.logic.number(coded(value, side.declaration)))))


def _reasons(compiled: Compiled | None, view: VisitView) -> Iterator[Compiled]:
    """Yield the cells that are reason enough for an answer; one about a fact rather than one about what is open."""
    if compiled is None:
        return
    answer = compiled.answer(view)
    decisive = {"all": False, "any": True}.get(compiled.kind)
    enough = [part for part in compiled.parts if part.answer(view) is answer and part.kind != "open"]
    if decisive is not None and answer is decisive and enough:
        yield from _reasons(enough[0], view)
        return
    if not compiled.parts:
        yield compiled
    for part in compiled.parts:
        yield from _reasons(part, view)
