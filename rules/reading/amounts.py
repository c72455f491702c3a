"""Amounts of time in words, and the rows in which a number differs by group or day."""

from collections.abc import Mapping
from typing import Final

from domain.calendar import TimeUnit
from domain.state.facts import FactValue
from rules.explain.spans import Pair
from rules.language.steps import Parameter, ParameterRow

UNIT_WORDS: Final[Mapping[TimeUnit, tuple[Pair, Pair]]] = {
    TimeUnit.WORKING_HOURS: (("arbejdstime", "working hour"), ("arbejdstimer", "working hours")),
    TimeUnit.WORKING_DAYS: (("arbejdsdag", "working day"), ("arbejdsdage", "working days")),
    TimeUnit.CALENDAR_DAYS: (("dag", "day"), ("dage", "days")),
    TimeUnit.CALENDAR_MONTHS: (("måned", "month"), ("måneder", "months")),
}
WHOLE_UNITS: Final[Mapping[TimeUnit, tuple[Pair, Pair]]] = {
    **UNIT_WORDS,
    TimeUnit.WORKING_DAYS: (
        ("hel arbejdsdag", "whole working day"),
        ("hele arbejdsdage", "whole working days"),
    ),
    TimeUnit.CALENDAR_DAYS: (("hel dag", "whole day"), ("hele dage", "whole days")),
    TimeUnit.CALENDAR_MONTHS: (("hel måned", "whole month"), ("hele måneder", "whole months")),
}


def differing_rows(written: Parameter) -> list[ParameterRow]:
    """Return the rows that change something: the first for all others, those for groups, the later for all others."""
    counts: dict[tuple[str, ...], FactValue] = {}
    changing: list[ParameterRow] = []
    for row in sorted(written.rows, key=lambda row: row.valid_from):
        if counts.get(tuple(row.target_groups)) != row.value:
            counts[tuple(row.target_groups)] = row.value
            changing.append(row)
    of_groups = [row for row in changing if row.target_groups]
    of_others = [row for row in changing if not row.target_groups]
    return [*of_others[:1], *of_groups, *of_others[1:]]
