"""How many courses a board has of each kind, from the one table of all that are alike."""

from collections.abc import Mapping, Sequence

from api.board.models import BoardCounts, HeldUpCount, RuleSetChoice, StepChoice, UnitChoice
from api.board.wanted import FIGURES, WantedBoard, number, numbers
from api.text.steps import step_read
from infra.store.queries.board import Cell
from infra.store.queries.board_filter import HeldUpBy
from rules.engine.book import Book
from rules.language.formats import Language
from wording.labels import Labels


def board_counts(
    cells: Sequence[Cell], wanted: WantedBoard, books: Mapping[str, Book], language: Language
) -> BoardCounts:
    """Return what the board would list if it were narrowed by each thing too."""
    at_step = {step: cell.rules for cell in cells for step in cell.steps}
    of_set = {cell.rule_set: cell.rules for cell in cells}
    labels = {rules: Labels(book, language) for rules, book in books.items()}
    held_up = numbers(cells, wanted.narrowed(stalled=True), "held_up_by", lambda cell: [cell.held_up_by])
    units = numbers(cells, wanted, "unit", lambda cell: [cell.unit])
    steps = numbers(cells, wanted, "step", lambda cell: cell.steps)
    sets = numbers(cells, wanted, "rule_set", lambda cell: [cell.rule_set])
    return BoardCounts(
        **{name: number(cells, wanted.narrowed(**more)) for name, more in FIGURES.items()},
        held_up=[HeldUpCount(held_up_by=HeldUpBy(by), count=count) for by, count in held_up],
        units=[UnitChoice(unit=unit, count=count) for unit, count in units],
        steps=[StepChoice(step=step_read(step, labels[at_step[step]]), count=count) for step, count in steps],
        rule_sets=[RuleSetChoice(rule_set=id_, title=labels[of_set[id_]].title, count=count) for id_, count in sets],
    )
