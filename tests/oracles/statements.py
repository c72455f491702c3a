"""What is known of a course, read from its statements as the design says it, without the engine's code.

Whatever cannot be used, because it is null, of another type, beyond its bounds or contradicted, is unknown.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from domain.calendar import Calendar, danish_day
from domain.state.course import CourseState, Visit
from domain.state.facts import Fact
from rules.language.facts import FactDeclaration, FactType
from rules.language.rule_set import RuleSet

UNKNOWN: Final = None

_WEIGHTS_OF_CVR: Final = (2, 7, 6, 5, 4, 3, 2, 1)
_DECIMAL: Final = r"-?\d{1,12}(\.\d{1,6})?"


def value_of(declaration: FactDeclaration, stored: object, names: Mapping[str, str]) -> Any:
    """Return a stored value by the type of its fact; `names` lead from every name of a value of an enum to its id."""
    if declaration.type is FactType.ENUM:
        return names.get(stored) if isinstance(stored, str) else UNKNOWN
    value = of_type(declaration.type, stored)
    amounts = [amount for _, amount in value] if isinstance(value, tuple) else [value]
    for amount in amounts:
        if declaration.min is not None and (amount is UNKNOWN or amount < declaration.min):
            return UNKNOWN
        if declaration.max is not None and (amount is UNKNOWN or amount > declaration.max):
            return UNKNOWN
    return value


def of_type(kind: FactType, stored: object) -> Any:
    """Return a stored value as its type has it, or unknown."""
    if isinstance(stored, bool):
        return stored if kind is FactType.BOOL else UNKNOWN
    if isinstance(stored, int):
        return {FactType.INT: stored, FactType.DECIMAL: Decimal(stored)}.get(kind, UNKNOWN)
    return _of_text(kind, stored) if isinstance(stored, str) else UNKNOWN


def _of_text(kind: FactType, stored: str) -> Any:  # noqa: PLR0911 - One line for each type.
    match kind:
        case FactType.DECIMAL:
            return Decimal(stored) if re.fullmatch(_DECIMAL, stored, re.ASCII) else UNKNOWN
        case FactType.DATE:
            return _day(stored)
        case FactType.ENUM:
            return stored
        case FactType.CVR:
            digits = re.fullmatch(r"[1-9]\d{7}", stored, re.ASCII)
            weighed = sum(int(d) * w for d, w in zip(stored, _WEIGHTS_OF_CVR, strict=True)) if digits else 1
            return stored if weighed % 11 == 0 else UNKNOWN
        case FactType.P_NUMBER:
            return stored if re.fullmatch(r"10\d{8}", stored, re.ASCII) else UNKNOWN
        case FactType.TIME:
            return _clock(stored)
        case FactType.SCHEDULE:
            return _schedule(stored)
        case _:
            return UNKNOWN


def _day(text: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return UNKNOWN
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return UNKNOWN
    return day if 1900 <= day.year <= 2199 else UNKNOWN


def _clock(text: str) -> str | None:
    parts = re.fullmatch(r"(\d{1,2})[:.](\d{2})([:.]00)?", text, re.ASCII)
    if parts is None or int(parts[1]) > 23 or int(parts[2]) > 59:
        return UNKNOWN
    return f"{int(parts[1]):02}:{parts[2]}"


def _schedule(text: str) -> tuple[tuple[date, Decimal], ...] | None:
    rows = []
    for row in text.split(" "):
        day, _, hours = row.partition("=")
        read = _day(day), _of_text(FactType.DECIMAL, hours)
        if read[0] is None or read[1] is None or read[1] < 0:
            return UNKNOWN
        rows.append((read[0], read[1]))
    days = [day for day, _ in rows]
    return tuple(rows) if days == sorted(set(days)) else UNKNOWN


def newest(statements: Sequence[Fact]) -> Fact | None:
    """Return the statement that counts: the newest by occurrence, then the one issued or heard last."""
    counts = None
    for one in statements:
        if counts is None or _order(one) >= _order(counts):
            counts = one
    return counts


def _order(fact: Fact) -> tuple[date, datetime, str]:
    if fact.issued_at is not None:
        return fact.occurred_on, fact.issued_at, str(fact.id)
    return fact.occurred_on, fact.recorded_at, ""


def is_contradicted(statements: Sequence[Fact]) -> bool:
    """Whether a person's and a system's last words about the same day differ."""
    counts = newest(statements)
    if counts is None:
        return False
    others = [one for one in statements if one.by_system != counts.by_system and one.occurred_on == counts.occurred_on]
    other = newest(others)
    return other is not None and other.value != counts.value


def is_null(stated: Fact) -> bool:
    """Whether a statement has no value, which no model allows and a restored store may hold."""
    value: object = stated.value
    return value is None


@dataclass(frozen=True)
class Rules:
    """A rule set by its names."""

    rule_set: RuleSet

    @cached_property
    def facts(self) -> dict[str, FactDeclaration]:
        """Return the declarations by id."""
        return {fact.id: fact for fact in self.rule_set.facts}

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """Return the names of the values of each enum, those of a former set too unless they are its own."""
        former = {fact: {m.from_: m.to for m in self.rule_set.mappings if m.fact == fact} for fact in self.facts}
        own = {
            fact.id: {name: value.id for value in fact.values for name in (value.id, *value.aliases)}
            for fact in self.rule_set.facts
        }
        return {fact: {**former[fact], **own[fact]} for fact in self.facts}

    def value(self, fact: str, stored: object) -> Any:
        """Return a stored value of a fact, or unknown."""
        return value_of(self.facts[fact], stored, self.names[fact])


@dataclass(frozen=True)
class Place:
    """A course as it is seen from one visit, for what is asked before leaving it or before `entering` a step.

    `followed` are the steps that are open once the route has been taken.
    """

    rules: Rules
    state: CourseState
    visit: Visit
    now: datetime
    calendar: Calendar
    entering: str | None = None
    followed: tuple[str, ...] = ()

    @cached_property
    def _stated(self) -> dict[tuple[str, int | None], list[Fact]]:
        """Return the statements by the id of their fact, whatever it was called, and by visit."""
        ids = {name: fact.id for fact in self.rules.rule_set.facts for name in (fact.id, *fact.aliases)}
        stated: dict[tuple[str, int | None], list[Fact]] = {}
        for one in self.state.facts:
            stated.setdefault((ids[one.fact], one.visit), []).append(one)
        return stated

    def seen(self, entering: str | None, followed: tuple[str, ...]) -> "Place":
        """Return the same place before a step is entered, or once a route has been taken."""
        place = replace(self, entering=entering, followed=followed)
        place.__dict__["_stated"] = self._stated
        return place

    @property
    def today(self) -> date:
        """Return the date in Denmark."""
        return danish_day(self.now)

    def statements(self, fact: str, visit: int | str | None = "where it counts") -> list[Fact]:
        """Return what was stated of a fact under any of its names, in a visit or in the one that counts."""
        if isinstance(visit, str):
            visit = self._counts(self.rules.facts[fact])
        return self._stated.get((fact, visit), [])

    def _counts(self, declaration: FactDeclaration) -> int | None:
        """Return the visit whose facts count; what was reported ahead of a step belongs to none yet."""
        if declaration.step is None or declaration.step == self.entering:
            return None
        if declaration.step == self.visit.step:
            return self.visit.number
        numbers = [v.number for v in self.state.visits if v.step == declaration.step and not v.withdrawn]
        return numbers[-1] if numbers else 0

    def known(self, fact: str, statements: Sequence[Fact] | None = None) -> Any:
        """Return the value of a fact, or unknown."""
        stated = self.statements(fact) if statements is None else statements
        counts = newest(stated)
        if counts is None or is_contradicted(stated):
            return UNKNOWN
        return self.rules.value(fact, counts.value)

    def day(self, fact: str) -> date | None:
        """Return the day that a fact names; that of hours is the first day with any."""
        value = self.known(fact)
        if isinstance(value, tuple):
            return next((day for day, hours in value if hours > 0), UNKNOWN)
        return value if isinstance(value, date) else UNKNOWN
