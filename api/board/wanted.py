"""By what a board is narrowed, and how many courses there are of each kind."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from api.http.fields import Id, RuleSetId
from domain.identity import Unit
from infra.store.queries.board import Cell
from infra.store.queries.board_filter import BoardFilter, HeldUpBy, HolderAway, TakenBy


class WantedBoard(BaseModel):
    """Which courses of the board are asked for; all that is named must hold."""

    model_config = ConfigDict(frozen=True)

    unit: Unit | None = Field(default=None, description="In this unit.")
    step: Id | None = Field(default=None, description="Open at this step of their rule set.")
    rule_set: RuleSetId | None = Field(default=None, description="By this rule set.")
    held_up_by: HeldUpBy | None = Field(
        default=None, description="On whom those who are asked answered that they wait; paused, or not answered."
    )
    stalled: bool | None = Field(default=None, description="Of which the supervisors were told, or only the others.")
    new: bool | None = Field(
        default=None, description="Of which they were told since the last working day began, or only the others."
    )
    overdue: bool | None = Field(default=None, description="Whose wait is overdue, or only the others.")
    away: HolderAway | None = Field(default=None, description="Somebody who holds a role is away today.")
    falls_due: bool | None = Field(
        default=None, description="In which something is due while somebody is away and nobody covers, or the others."
    )
    taken_by: TakenBy | None = Field(default=None, description="Who answers for the wait: the caller, others, nobody.")

    def as_filter(self, now: datetime, new_since: datetime, last_day: date) -> BoardFilter:
        return BoardFilter(now=now, new_since=new_since, last_day=last_day, **self.named())

    def named(self) -> dict[str, Any]:
        """Return what is named, by its name."""
        return {name: value for name in _NAMES if (value := getattr(self, name)) is not None}

    def narrowed(self, **more: object) -> "WantedBoard":
        """Return the same narrowed by something else too, in place of what it says of the same."""
        return self.model_copy(update=more)


_NAMES: Final = tuple(WantedBoard.model_fields)

FIGURES: Final[dict[str, dict[str, Any]]] = {
    "total": {},
    "stalled": {"stalled": True},
    "new": {"stalled": True, "new": True},
    "overdue": {"overdue": True},
    "without_cover": {"away": HolderAway.WITHOUT_COVER},
    "falls_due": {"away": HolderAway.WITHOUT_COVER, "falls_due": True},
    "untaken": {"stalled": True, "taken_by": TakenBy.NOBODY},
}
"""By what the board is narrowed for each figure above it."""


def number(cells: Iterable[Cell], wanted: WantedBoard) -> int:
    """Return how many courses the board has when it is narrowed so."""
    named = wanted.named()
    return sum(cell.number for cell in cells if _is_asked_for(cell, named))


def numbers(
    cells: Sequence[Cell], wanted: WantedBoard, part: str, values: Callable[[Cell], Iterable[str]]
) -> list[tuple[str, int]]:
    """Return how many there are of each value of a part, whatever the board says of that part, the most first."""
    named = wanted.narrowed(**{part: None}).named()
    counted = Counter[str]()
    for cell in cells:
        if _is_asked_for(cell, named):
            counted.update(dict.fromkeys(values(cell), cell.number))
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))


def _is_asked_for(cell: Cell, named: dict[str, Any]) -> bool:
    step = named.get("step")
    rest = (getattr(cell, name) == value for name, value in named.items() if name != "step")
    return (step is None or step in cell.steps) and all(rest)
