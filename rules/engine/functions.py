"""The engine's named functions: the closed list of what a rule set may reckon, for it cannot define code itself.

Each is total: what cannot be reckoned from its arguments is unknown (P2).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from domain.calendar import Calendar
from rules.engine.paid_weeks import Work, sustained_weeks, total_paid_hours, weeks_as_agreed
from rules.language.facts import FactType, Schedule, Typed

ChangesIn = Callable[..., int | None]
"""After how many midnights a value may change otherwise than by its pace, given the pace and the arguments."""


class Form(StrEnum):
    """How an argument reaches its function.

    By its value, as a day that need not be stated, by the day on which it was last stated, as reported by week, or
    with its value in each visit to the step.
    """

    VALUE = "value"
    OPEN_END = "open_end"
    SAID_ON = "said_on"
    WEEKS = "weeks"
    VISITS = "visits"


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument that a function takes; without `type` a fact of any. Only a value may be a parameter or `today`."""

    name: str
    type: FactType | None
    form: Form = Form.VALUE
    may_be_today: bool = False


def _steady(*_paces: int) -> int:
    return 0


def _never(_pace: int, *_values: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Function:
    """A named function; `pace` says how fast its value grows when its arguments do, `changes_in` when it leaps."""

    takes: tuple[Argument, ...]
    gives: FactType
    reckon: Callable[..., Typed | None]
    pace: Callable[..., int] = _steady
    changes_in: ChangesIn = _never
    by_calendar: bool = False
    """Whether `reckon` is given the calendar before its arguments."""

    @property
    def leaps(self) -> bool:
        """Whether its value may change otherwise than by its pace."""
        return self.changes_in is not _never


def days_between(since: date, until: date) -> int:
    """Return how many midnights lie between two days, below zero when `until` is the earlier."""
    return (until - since).days


def length_in_days(since: date, until: date) -> int | None:
    """Return how many days a stretch has, both ends included; one that ends before it begins has no length."""
    return None if until < since else (until - since).days + 1


def length_as_planned(starts_on: date, ends_on: date, started_on: date, ended_on: date) -> int | None:
    """Return the length of what was planned; a true first or last day counts instead once stated (else `date.max`)."""
    return _length_of(starts_on, ends_on, *(None if day == date.max else day for day in (started_on, ended_on)))


_OfVisits = Sequence[Any]
"""The values of a fact in each visit, the one in question last; None where one is not known."""


def days_at_place(places: _OfVisits, others: _OfVisits, *planned: _OfVisits) -> int | None:
    """Return for how many days all visits at the place of the last one are planned, first and last days included.

    A place of `others` counts before that of `places`; where the last one is not known, it is the only one there.
    `planned` are the first and last days, planned and true.
    """
    at = [other or place for place, other in zip(places, others, strict=True)]
    days = list(zip(at, *planned, strict=True))
    here = days if at[-1] is not None else days[-1:]
    lengths = [_length_of(*each) for place, *each in here if place == at[-1]]
    return None if lengths[-1] is None else sum(length or 0 for length in lengths)


def _length_of(starts_on: date | None, ends_on: date | None, started: date | None, ended: date | None) -> int | None:
    """Return the length by planned and true days; what truly ended before it was to begin came to nothing."""
    if started is None and starts_on is not None and ended is not None and ended < starts_on:
        return 0
    since, until = started or starts_on, ended or ends_on
    return None if since is None or until is None else length_in_days(since, until)


def working_days_between(calendar: Calendar, since: date, until: date) -> int:
    """Return how many of the office's working days lie between two days, below zero when `until` is the earlier."""
    return calendar.working_days_between(since, until)


def ratio_limit(
    fte_by_month: Schedule,
    on: date,
    months: int,
    one_per: Decimal,
    up_to: Decimal,
    then_one_per: Decimal,
    least: Decimal,
    rounded_down_to: Decimal,
) -> Decimal | None:
    """Return how many subsidised persons a company may have for its ordinary full-time staff (BAB § 65).

    The staff is the average of the `months` calendar months before that of the day `on`, each of which must have
    exactly one row; else it is not known.
    """
    first = _month_of(on) - months
    rows = [(_month_of(since), staff) for since, staff in fte_by_month if first <= _month_of(since) < first + months]
    if months <= 0 or min(one_per, then_one_per, rounded_down_to) <= 0 or up_to < 0:
        return None
    if [month for month, _ in rows] != list(range(first, first + months)):
        return None
    average = sum((Fraction(staff) for _, staff in rows), Fraction()) / months
    limit = min(average, Fraction(up_to)) / Fraction(one_per)
    limit += max(average - Fraction(up_to), Fraction()) / Fraction(then_one_per)
    return max(rounded_down_to * (limit // Fraction(rounded_down_to)), least)


def most_hours(agreed: Schedule) -> Decimal:
    """Return the most hours a week that are ever agreed."""
    return max(hours for _, hours in agreed)


def _month_of(day: date) -> int:
    """Return a calendar month as a number that grows by one from month to month."""
    return day.year * 12 + day.month


def _length_changes_in(pace: int, since: date, until: date) -> int | None:
    """Return in how many midnights the stretch gets a length, or loses it, when one of its ends is today."""
    gap = (until - since).days
    if pace > 0 > gap:
        return -gap
    return gap + 1 if pace < 0 <= gap else None


def _gained(since: int, until: int) -> int:
    return until - since


_DATE, _DECIMAL, _INT = FactType.DATE, FactType.DECIMAL, FactType.INT

_WORK: Final = (
    Argument("agreed", FactType.SCHEDULE),
    Argument("hours_in_week", _DECIMAL, Form.WEEKS),
    Argument("started_on", _DATE, Form.OPEN_END),
    Argument("ended_on", _DATE, Form.OPEN_END),
    Argument("today", _DATE, may_be_today=True),
)


def _of_work(reckon: Callable[..., Typed | None], gives: FactType, *more: Argument) -> Function:
    """Return a function of paid work, week by week, and of further arguments."""
    size = len(_WORK)

    def reckoned(*values: Any) -> Typed | None:  # noqa: ANN401 - values of the types that _WORK names
        return reckon(Work(*values[:size]), *values[size:])

    def changes_in(_pace: int, *values: Any) -> int | None:  # noqa: ANN401 - as above
        return Work(*values[:size]).changes_in()

    return Function((*_WORK, *more), gives, reckoned, changes_in=changes_in)


_STRETCH: Final = (Argument("since", _DATE, may_be_today=True), Argument("until", _DATE, may_be_today=True))

FUNCTIONS: Final[dict[str, Function]] = {
    "days_between": Function(_STRETCH, _INT, days_between, pace=_gained),
    "days_at_place": Function(
        (
            Argument("place", FactType.P_NUMBER, Form.VISITS),
            Argument("other_place", FactType.P_NUMBER, Form.VISITS),
            Argument("starts_on", _DATE, Form.VISITS),
            Argument("ends_on", _DATE, Form.VISITS),
            Argument("started_on", _DATE, Form.VISITS),
            Argument("ended_on", _DATE, Form.VISITS),
        ),
        _INT,
        days_at_place,
    ),
    "days_since": Function(
        (Argument("said", None, Form.SAID_ON), Argument("until", _DATE, may_be_today=True)),
        _INT,
        days_between,
        pace=_gained,
    ),
    "length_as_planned": Function(
        (
            Argument("starts_on", _DATE),
            Argument("ends_on", _DATE),
            Argument("started_on", _DATE, Form.OPEN_END),
            Argument("ended_on", _DATE, Form.OPEN_END),
        ),
        _INT,
        length_as_planned,
    ),
    "length_in_days": Function(_STRETCH, _INT, length_in_days, pace=_gained, changes_in=_length_changes_in),
    "working_days_between": Function(
        (Argument("since", _DATE), Argument("until", _DATE)), _INT, working_days_between, by_calendar=True
    ),
    "ratio_limit": Function(
        (
            Argument("fte_by_month", FactType.SCHEDULE),
            Argument("on", _DATE),
            Argument("months", _INT),
            Argument("one_per", _DECIMAL),
            Argument("up_to", _DECIMAL),
            Argument("then_one_per", _DECIMAL),
            Argument("least", _DECIMAL),
            Argument("rounded_down_to", _DECIMAL),
        ),
        _DECIMAL,
        ratio_limit,
    ),
    "most_hours": Function((Argument("agreed", FactType.SCHEDULE),), _DECIMAL, most_hours),
    "total_paid_hours": _of_work(total_paid_hours, _DECIMAL),
    "sustained_weeks": _of_work(sustained_weeks, _INT, Argument("hours", _DECIMAL), Argument("window_weeks", _INT)),
    "weeks_as_agreed": _of_work(weeks_as_agreed, _INT),
}
"""Every derived value by its name in the file."""
