"""Fact declarations, and the one way to read a stored value: an unreadable value is unknown (P2)."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Annotated, Final, Self

from pydantic import Field, model_validator
from stdnum.dk import cvr

from domain.calendar import iso_day
from domain.identity import Role
from domain.state.facts import Carried, FactValue
from domain.state.observers import ObserverKind
from rules.language.phrases import UnfitError
from rules.language.text import Id, RuleModel, Text, Words, fitting

COURSE: Final = "course"
"""The scope of a fact that belongs to the course and not to a visit."""

Schedule = tuple[tuple[date, Decimal], ...]
"""An amount from each date on, by rising dates, such as hours a week."""

Typed = bool | int | Decimal | date | str | Schedule
"""A value as conditions compare it."""

Reader = Callable[[object], Typed | None]
"""Reads a stored value, or returns None."""


class FactType(StrEnum):
    """The type of the values of a fact."""

    BOOL = "bool"
    INT = "int"
    DECIMAL = "decimal"
    DATE = "date"
    ENUM = "enum"
    CVR = "cvr"
    P_NUMBER = "p_number"
    SCHEDULE = "schedule"
    TIME = "time"


class Sensitivity(StrEnum):
    """How carefully a fact is shown; `special` is what GDPR article 9 protects."""

    ORDINARY = "ordinary"
    CONFIDENTIAL = "confidential"
    SPECIAL = "special"


ValueId = Annotated[str, fitting(r"[a-z0-9][a-z0-9_]{0,63}", "value-id")]


class EnumValue(RuleModel):
    """One value of an enum: an id that lasts for ever, a label that may change, and other ids, present or former."""

    id: ValueId
    aliases: tuple[ValueId, ...] = ()
    label: Text


class FactDeclaration(RuleModel):
    """A fact: its meaning, its reporters, the briefings that show it, and the legal basis for keeping it."""

    id: Id
    aliases: tuple[Id, ...] = ()
    type: FactType
    values: tuple[EnumValue, ...] = ()
    min: Decimal | None = None
    max: Decimal | None = None
    unit: Words | None = None
    label: Text
    help: Text | None = None
    scope: Id
    reporters: tuple[Role, ...] = Field(min_length=1)
    observers: tuple[ObserverKind, ...] = ()
    material: bool = True
    carried: Carried = Carried.NO
    has_come: bool = False
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    purpose: Text | None = None
    legal_basis: Words | None = None
    informational: bool = False
    at_once: tuple[ValueId, ...] = ()

    @model_validator(mode="after")
    def _keys_fit_the_type(self) -> Self:
        if (self.type is FactType.ENUM) != bool(self.values):
            raise UnfitError("values-of-enum")
        if self.has_come and self.type is not FactType.DATE:
            raise UnfitError("has-come-of-date")
        if not {value.id for value in self.values}.issuperset(self.at_once):
            raise UnfitError("at-once-of-values")
        if (Role.OBSERVER in self.reporters) != bool(self.observers):
            raise UnfitError("observers-of-reporters")
        is_amount = self.type in (FactType.INT, FactType.DECIMAL, FactType.SCHEDULE)
        if not is_amount and (self.min is not None or self.max is not None):
            raise UnfitError("bounds-of-numbers")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise UnfitError("bounds-crossed")
        return self

    @property
    def step(self) -> str | None:
        """Return the step the fact belongs to, or None for a fact of the course."""
        return None if self.scope == COURSE else self.scope

    @cached_property
    def read(self) -> Reader:
        """Return the reader of a stored value, which returns None for a value of another type or beyond the bounds."""
        read = READERS[self.type]
        listed = {name: value.id for value in self.values for name in (value.id, *value.aliases)}
        if self.type is FactType.ENUM:
            return lambda value: listed.get(value) if isinstance(value, str) else None
        if self.type is FactType.TIME:
            return _loose_time
        read = read if self.min is None and self.max is None else self._within_bounds
        return _remembering(read) if self.type in _PARSED else read

    def as_stored(self, value: FactValue) -> FactValue:
        """Return the stored form of a readable value, in which equal amounts are equal however written (P3)."""
        read = self.read(value)
        if isinstance(read, Decimal):
            return _plain(read)
        if self.type in (FactType.ENUM, FactType.TIME) and isinstance(read, str):
            return read
        if isinstance(read, tuple):
            return " ".join(f"{since}={_plain(amount)}" for since, amount in read)
        return value

    def _within_bounds(self, value: object) -> Typed | None:
        read = READERS[self.type](value)
        amounts = [amount for _, amount in read] if isinstance(read, tuple) else [read]
        return read if all(map(self._is_within_bounds, amounts)) else None

    def _is_within_bounds(self, amount: Typed | None) -> bool:
        if not isinstance(amount, int | Decimal):
            return False
        return (self.min is None or amount >= self.min) and (self.max is None or amount <= self.max)


_PARSED: Final = frozenset({FactType.DATE, FactType.DECIMAL, FactType.SCHEDULE})
"""The types whose texts are worth being parsed once."""


def _remembering(read: Reader) -> Reader:
    """Return a reader that parses a text once, however many verdicts ask for it."""
    parsed = lru_cache(maxsize=256)(read)
    return lambda value: parsed(value) if isinstance(value, str) else read(value)


FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""The bounds of the days that facts may name; a day beyond them is a slip of the pen and unreadable."""

_DECIMAL: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_CVR: Final = re.compile(r"[0-9]{8}")
_P_NUMBER: Final = re.compile(r"10[0-9]{8}")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_LOOSE_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.]00)?")


def _plain(number: Decimal) -> int | str:
    """Return a whole number, or another as plain text without trailing zeros."""
    return int(number) if number == int(number) else f"{number:f}".rstrip("0")


def _bool(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _int(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, str):
        return Decimal(value) if _DECIMAL.fullmatch(value) else None
    number = _int(value)
    return None if number is None else Decimal(number)


def _date(value: object) -> date | None:
    day = iso_day(value)
    return day if day is not None and FIRST_DAY <= day <= LAST_DAY else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _cvr(value: object) -> str | None:
    return value if isinstance(value, str) and _is_cvr(value) else None


@lru_cache(maxsize=1024)
def _is_cvr(text: str) -> bool:
    return bool(_CVR.fullmatch(text)) and bool(cvr.is_valid(text))


def _p_number(value: object) -> str | None:
    return value if isinstance(value, str) and _P_NUMBER.fullmatch(value) else None


def _time(value: object) -> str | None:
    """Return Danish wall time written as `09:30`."""
    return value if isinstance(value, str) and _TIME.fullmatch(value) else None


def _loose_time(value: object) -> str | None:
    """Return Danish wall time as `09:30`, also of `9.30` and `09:30:00`, as people and spreadsheets write it."""
    clock = _LOOSE_TIME.fullmatch(value) if isinstance(value, str) else None
    return f"{int(clock[1]):02}:{clock[2]}" if clock else None


def _schedule(value: object) -> Schedule | None:
    """Return amounts written as `2026-09-01=5 2026-10-01=10.5`, when none is below zero and the dates rise."""
    if not isinstance(value, str):
        return None
    rows: list[tuple[date, Decimal]] = []
    for row in value.split(" "):
        since, hours = (read(text) for read, text in zip((_date, _decimal), row.partition("=")[::2], strict=True))
        if not isinstance(since, date) or not isinstance(hours, Decimal):
            return None
        if hours < 0 or (rows and rows[-1][0] >= since):
            return None
        rows.append((since, hours))
    return tuple(rows)


READERS: Final[dict[FactType, Reader]] = {
    FactType.BOOL: _bool,
    FactType.INT: _int,
    FactType.DECIMAL: _decimal,
    FactType.DATE: _date,
    FactType.ENUM: _text,
    FactType.CVR: _cvr,
    FactType.P_NUMBER: _p_number,
    FactType.SCHEDULE: _schedule,
    FactType.TIME: _time,
}
