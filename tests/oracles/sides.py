"""The engine and both oracles beside each other, for each shipped set, and the states that all of them judge."""

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.engine.gates import CompiledRequirement
from rules.engine.view import VisitView
from rules.loading.library import shipped
from tests.oracles.cel import CelRules
from tests.oracles.judging import Judge
from tests.oracles.states import States

OFFICES: Final = customary()
CALENDAR: Final = WorkingTime(OFFICES)
SETS: Final = {f"{rules.id}@{rules.version}": rules for rules in shipped()}

FEW: Final = 150
MANY: Final = 1_000
PORTIONS: Final = 25
"""Each set is asked about so many portions of many states: the four together a hundred thousand."""


class Sides(NamedTuple):
    """The engine and both oracles for one rule set, and the states that all of them judge."""

    book: Book
    states: States
    judge: Judge
    cel: CelRules


@cache
def sides(name: str) -> Sides:
    """Return the sides for a shipped set."""
    judge = Judge(SETS[name], CALENDAR, OFFICES)
    return Sides(Book(SETS[name]), States(SETS[name]), judge, CelRules(SETS[name], judge))


def portions() -> list[range]:
    """Return the numbers of the states that `make verify` tries, those of `make test` among them."""
    return [range(portion * MANY, (portion + 1) * MANY) for portion in range(PORTIONS)]


def asked(side: Sides, view: VisitView) -> Iterator[CompiledRequirement]:
    """Yield what may be asked of a visit: before it is left, before any step that a route leads to, and at the end."""
    gate = side.book.gates[view.visit.step]
    to = dict.fromkeys(step for row in gate.rows for step in row.row.to)
    yield from gate.leave
    for step in to:
        yield from side.book.gates[step].enter
    for other in side.book.gates.values():
        yield from other.close
