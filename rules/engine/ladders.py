"""Chooses the most particular ladder of a rule set for a wait, with the amounts of its day and group (P6)."""

from datetime import date
from typing import Final, NamedTuple

from domain.calendar import Span
from domain.state.waiting import Rung, WaitingKind
from rules.engine.operands import Table
from rules.language.conditions import Param
from rules.language.facts import READERS, FactType
from rules.language.rule_set import RuleSet
from rules.language.steps import WAIT_BEGAN, CountedFrom, Ladder, Parameter, RungRow
from rules.language.text import Message

_ABOUT_REQUIREMENTS: Final = (WaitingKind.REQUIREMENT, WaitingKind.DECISION)
"""The waits that may be about a requirement: that it is missing, or that it was refused and another way is chosen."""

_Key = tuple[WaitingKind, str | None, str | None]


class _Amounts:
    """The amounts of a parameter that says how long after the beginning of a wait a rung comes.

    A day or group without a row gets the shortest of all: too early rather than too late (P2).
    """

    def __init__(self, parameter: Parameter) -> None:
        """Read every row once."""
        self._table = Table(parameter.rows, READERS[FactType.INT])
        self._shortest = min(int(row.value) for row in parameter.rows)

    def on(self, day: date, target_group: str | None) -> int:
        """Return the amount for a day and a group."""
        is_unsure = self._table.asks_for_group and target_group is None
        row = None if is_unsure else self._table.row_on(day, target_group)
        return row.value if row is not None and isinstance(row.value, int) else self._shortest


class _Level(NamedTuple):
    rung: Rung
    amounts: _Amounts | None
    message: Message | None

    def on(self, day: date, target_group: str | None) -> Rung:
        if self.amounts is None:
            return self.rung
        after = Span(amount=self.amounts.on(day, target_group), unit=self.rung.after.unit)
        return self.rung.model_copy(update={"after": after})


class Ladders:
    """The ladders of one rule set by wait, step and requirement."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Compile every ladder; one that names a parameter with other dates than the wait's raises KeyError."""
        dated_by_wait = (parameter for parameter in rule_set.parameters if parameter.dated_by == WAIT_BEGAN)
        amounts = {parameter.id: _Amounts(parameter) for parameter in dated_by_wait}
        self._ladders = {(ladder.waiting, ladder.step, ladder.requirement): ladder for ladder in rule_set.ladders}
        self._levels = {
            key: tuple(_level(row, amounts) for row in ladder.rungs) for key, ladder in self._ladders.items()
        }

    def rungs(
        self, kind: WaitingKind, step: str | None, what: str, *, began: date, target_group: str | None
    ) -> tuple[Rung, ...]:
        """Return the ladder of the requirement, else of the step, else of the kind, as it stood on the day."""
        return tuple(level.on(began, target_group) for level in self._climbed(kind, step, what))

    def message(self, kind: WaitingKind, step: str | None, what: str, *, level: int) -> Message | None:
        """Return the message of the rung that a wait at `level`, from 1, has reached; above the last it is the last."""
        levels = self._climbed(kind, step, what)
        return levels[min(level, len(levels)) - 1].message if levels else None

    def ladder(self, kind: WaitingKind, step: str | None, what: str) -> Ladder | None:
        """Return the ladder of the requirement, else of the step, else of the kind, as written."""
        key = self._key(kind, step, what)
        return self._ladders[key] if key else None

    def _climbed(self, kind: WaitingKind, step: str | None, what: str) -> tuple[_Level, ...]:
        key = self._key(kind, step, what)
        return self._levels[key] if key else ()

    def _key(self, kind: WaitingKind, step: str | None, what: str) -> _Key | None:
        requirement = what if kind in _ABOUT_REQUIREMENTS else None
        keys = ((kind, step, requirement), (kind, None, requirement), (kind, step, None), (kind, None, None))
        return next((key for key in keys if key in self._ladders), None)


def _level(row: RungRow, amounts: dict[str, _Amounts]) -> _Level:
    amount = row.after.amount
    rung = Rung(
        after=Span(amount=0 if isinstance(amount, Param) else amount, unit=row.after.unit),
        tell=tuple(recipient.value for recipient in row.tell),
        repeat=row.repeat,
        from_due=row.counted_from is CountedFrom.DUE,
    )
    return _Level(rung, amounts[amount.param] if isinstance(amount, Param) else None, row.text)
