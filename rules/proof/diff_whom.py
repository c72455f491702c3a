"""Narrows a class of citizens to the target groups and days that it is about, each bound proved of all of the class."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Final

from domain.state.verdict import TARGET_GROUP
from rules.language.steps import WAIT_BEGAN, ParameterRow
from rules.proof.diff_classes import Class
from rules.proof.diff_sides import Met, Sides
from rules.proof.logic import Formula, Number, at_least, equal, more

TODAY: Final = "today"
"""How numbers are dated by the day on which they are asked for."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Those of whom a class can be: the groups by their ids, and the days between which.

    `groups_on` and `days_of` say on which day the group is asked, and which day lies there: as numbers are dated.
    With `unsure` the class is also of those of whom two sources say different groups.
    """

    groups: tuple[str, ...] = ()
    groups_on: str = TODAY
    days_of: str = TODAY
    since: date | None = None
    until: date | None = None
    unsure: bool = False


def whom(sides: Sides, kind: Class, is_of_class: Formula, met: Met) -> Whom:
    """Return of whom a class is, of which somebody was met."""
    groups_on, groups = _groups(sides, kind, is_of_class, met)
    days_of, since, until = _days(sides, is_of_class)
    unsure = bool(groups) and not sides.none(is_of_class, sides.logic.no(sides.before.view.group_known))
    return Whom(groups, groups_on, days_of, since, until, unsure)


def _groups(sides: Sides, kind: Class, is_of_class: Formula, met: Met) -> tuple[str, tuple[str, ...]]:
    """Return the fewest groups that the class is of, and on which day; none when it is of all."""
    names = sides.before.vocabulary.values(TARGET_GROUP)
    alike = {name for name in names if sides.is_of(kind, met, name)}
    found: tuple[str, list[str]] = TODAY, [*names]
    if alike.issuperset(names):
        return TODAY, ()
    for dating, (group, _) in sides.before.view.groups.items():
        of = [
            name
            for place, name in enumerate(names)
            if name in alike or not sides.none(is_of_class, group.known, equal(group.value, sides.logic.number(place)))
        ]
        found = (dating, of) if len(of) < len(found[1]) else found
    return found[0], () if len(found[1]) == len(names) else tuple(found[1])


def _days(sides: Sides, is_of_class: Formula) -> tuple[str, date | None, date | None]:
    """Return the narrowest days on which the class is, of the days on which numbers change that differ."""
    found: tuple[str, date | None, date | None] = TODAY, None, None
    for dating, day, cuts in _datings(sides):
        begun = [cut for cut in cuts if sides.none(is_of_class, more(_ordinal(sides, cut), day))]
        over = [cut for cut in cuts if sides.none(is_of_class, at_least(day, _ordinal(sides, cut)))]
        here = dating, max(begun, default=None), min(over, default=None)
        found = here if _bounds(here) > _bounds(found) else found
    return found


def _bounds(found: tuple[str, date | None, date | None]) -> int:
    return sum(day is not None for day in found[1:])


def _datings(sides: Sides) -> Iterator[tuple[str, Number, tuple[date, ...]]]:
    """Yield the days by which differing numbers are looked up, each with those on which one of them changes."""
    numbers = [{one.id: one for one in side.book.rule_set.parameters} for side in sides.pair]
    cuts: dict[str, set[date]] = {}
    for name in sorted({*numbers[0], *numbers[1]}):
        versions = [of[name] for of in numbers if name in of]
        rows = reduce(set.symmetric_difference, ({*map(_key, one.rows)} for one in versions))
        first = max(min(row.valid_from for row in one.rows) for one in versions)
        for one in versions:
            cuts.setdefault(one.dated_by, set()).update(since for since, _, _ in rows if since > first)
    first = max(side.book.rule_set.valid_from for side in sides.pair)
    for dating, days in sorted(cuts.items()):
        day = sides.after.view.day_of(dating)
        later = tuple(sorted(cut for cut in days if dating != TODAY or cut > first))
        if day is not None and later and dating != WAIT_BEGAN:
            yield dating, day, later


def _key(row: ParameterRow) -> tuple[date, tuple[str, ...], str]:
    return row.valid_from, tuple(sorted(row.target_groups)), str(row.value)


def _ordinal(sides: Sides, day: date) -> Number:
    return sides.logic.number(day.toordinal())
