"""How it goes, in figures: what is counted for which month, and that no figure concerns fewer than five people (P10).

People are counted in groups that are never taken apart again: some months of one unit in one year with five citizens
and five colleagues in them. Whatever is published is made of whole groups, so that what differs between any two
requests is made of whole groups too, and nobody can be reckoned from a total, from what is beside it, or by asking
twice. A group is counted once; no later report changes it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

AT_LEAST: Final = 5
"""How many people a figure is of at least: so many citizens, whose courses so many colleagues hold."""

CONVERTED_WITHIN: Final = timedelta(days=28)
"""How long after the last day of a trial its paid hours have begun."""

SEVERAL: Final = ""
"""The unit of a group for which no single unit had enough people in a whole year."""

_DECEMBER: Final = 12
_A_TENTH: Final = 10


class Figure(StrEnum):
    """What is counted."""

    DAYS_TO_FIRST_VISIT = "days_to_first_visit"
    DAYS_TO_TRIAL = "days_to_trial"
    DAYS_TO_PAID_HOURS = "days_to_paid_hours"
    DAYS_TO_CLARIFIED = "days_to_clarified"
    DAYS_IN_STEP = "days_in_step"
    DAYS_BETWEEN = "days_between"
    BOTH_PRESENT = "both_present"
    INFORMED = "informed"
    CONVERTED = "converted"
    ESCALATED = "escalated"
    DAYS_OF_ESCALATION = "days_of_escalation"

    @property
    def is_share(self) -> bool:
        """Say whether it is how many of all, and not a number of days."""
        return self in _SHARES


_SHARES: Final = frozenset({Figure.BOTH_PRESENT, Figure.INFORMED, Figure.CONVERTED, Figure.ESCALATED})


class Thing(NamedTuple):
    """One thing that is counted in a month: days, or for a share 1 or 0."""

    month: date
    unit: str
    amount: int
    citizen: str
    colleagues: frozenset[str]


class Series(NamedTuple):
    """What is counted together: a figure of one set of rules, and of one step where it is about steps."""

    figure: Figure
    rules_id: str
    step: str


class Group(NamedTuple):
    """Things of five citizens or more that are counted as one for ever, of the whole months from first to last."""

    unit: str
    first_month: date
    last_month: date
    amounts: tuple[int, ...]


def month_of(day: date) -> date:
    """Return the first day of the month of a day."""
    return day.replace(day=1)


def month_before(month: date) -> date:
    """Return the month before a month."""
    return month_of(month - timedelta(days=1))


def month_after(month: date) -> date:
    """Return the month after a month."""
    return month_of(month + timedelta(days=31))


def month_to_count(today: date) -> date:
    """Return the newest month that is counted: it has been over for a whole month, in which late reports came."""
    return month_before(month_before(month_of(today)))


def groups(things: Iterable[Thing], figure: Figure, until: date, done: Mapping[str, date]) -> Iterator[Group]:
    """Yield the new groups of a series in the year of the month `until`, up to it.

    `done` is the last month by unit that is in a group already. Months of a unit are put together until they can
    stand; what is left when the year is over is put together with what is left of other units, or is never counted.
    """
    open_things: defaultdict[str, defaultdict[date, list[Thing]]] = defaultdict(lambda: defaultdict(list))
    for thing in things:
        if done.get(thing.unit, date.min) < thing.month <= until:
            open_things[thing.unit][thing.month].append(thing)
    left: list[Thing] = []
    for unit, by_month in sorted(open_things.items()):
        yet: list[Thing] = []
        for _, of_month in sorted(by_month.items()):
            yet += of_month
            if may_stand(yet, figure):
                yield _group(unit, yet)
                yet = []
        left += yet
    if until.month == _DECEMBER and may_stand(left, figure):
        yield _group(SEVERAL, left)


def may_stand(things: Collection[Thing], figure: Figure) -> bool:
    """Say whether things may be published as one: of five citizens and five colleagues, in a share on either side."""
    colleagues = frozenset[str]().union(*(thing.colleagues for thing in things))
    sides = [things]
    if figure.is_share:
        sides = [side for amount in (0, 1) if (side := [thing for thing in things if thing.amount == amount])]
    enough = (len({thing.citizen for thing in side}) >= AT_LEAST for side in sides)
    return bool(sides) and len(colleagues) >= AT_LEAST and all(enough)


def _group(unit: str, things: Sequence[Thing]) -> Group:
    months = [thing.month for thing in things]
    return Group(unit, min(months), max(months), tuple(sorted(thing.amount for thing in things)))


class Counted(NamedTuple):
    """The figure of some groups: how many things, and the days of half and of nine tenths of them, or the percentage.

    Nine tenths are said only where the tenth beyond them is five.
    """

    number: int
    median: int | None = None
    p90: int | None = None
    percent: int | None = None


def counted(figure: Figure, amounts: Sequence[int]) -> Counted | None:
    """Return the figure of all amounts together, None of nothing."""
    number = len(amounts)
    if not number:
        return None
    if figure.is_share:
        return Counted(number, percent=round(100 * sum(amounts) / number))
    ordered = sorted(amounts)
    p90 = _share_of(ordered, 90) if number >= AT_LEAST * _A_TENTH else None
    return Counted(number, _share_of(ordered, 50), p90)


def _share_of(ordered: Sequence[int], percent: int) -> int:
    """Return the least number of days that so many percent took at most."""
    return ordered[-(-len(ordered) * percent // 100) - 1]
