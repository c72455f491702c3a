"""What makes a citizen one who can be shown: near the day, plain, and reckoned as the engine does."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from domain.calendar import Calendar
from rules.language.facts import FactType, Typed
from rules.proof.functions import HOURS, Functions, Reckoning
from rules.proof.logic import Citizen, Formula, Logic, Number, at_least, equal, plus, times
from rules.proof.shown import can_be_contradicted, months_around
from rules.proof.view import FactOf, View

_NEAR: Final = 500
"""How many days from the day in question the days of a citizen who is shown lie at most."""

_OF_STAFF: Final = 2
"""The arguments of the ratio that months around the day in question make the same: the staff, and on which day."""


def is_near(logic: Logic, view: View, fact: FactOf) -> Formula:
    """Return that what is said of a citizen who is shown lies near the day, is plain, and can have been said."""
    today, declared = view.today, fact.declaration
    parts = [at_least(fact.said_on, plus(today, -_NEAR))]
    if (fact.declaration.id, fact.step) not in view.asked_when_said:
        parts = [equal(fact.said_on, today)]
    is_heard_here = fact.step in (None, view.step.id) and not fact.is_ahead and can_be_contradicted(declared)
    one_visit = logic.no(view.open_beside(view.step.id)) if fact.step else logic.true
    may_contradict = one_visit if is_heard_here else logic.false  # A system names no visit, and must be understood.
    parts.append(logic.any_of((may_contradict, logic.no(fact.said), fact.known)))
    if declared.type in (FactType.DATE, FactType.SCHEDULE):
        until = today if declared.has_come else plus(today, _NEAR)
        parts += [at_least(fact.value, plus(today, -_NEAR)), at_least(until, fact.value)]
    if declared.type is FactType.SCHEDULE:
        parts.append(logic.any_of([equal(fact.most, logic.number(hours)) for hours in HOURS]))
    if declared.type is FactType.DECIMAL:
        halves = logic.whole(f"{view.step.id}/halves of {fact.step} {declared.id}")
        parts.append(equal(times(fact.value, 2), halves))
    if declared.type is FactType.CVR:
        parts.append(at_least(logic.number(60), fact.value))
    return logic.all_of(parts)


def mended(functions: Functions, view: View, citizen: Citizen, calendar: Calendar) -> Iterator[Formula]:
    """Yield what was reckoned otherwise of a citizen than the engine does."""
    logic = functions.logic
    for one in functions.free:
        actual = _reckoned(one, view, citizen, calendar)
        if actual is None or actual == citizen.amount(one.value.value):
            continue
        alike = [_is_as(logic, citizen, argument.value) for argument in one.arguments]
        if one.most is not None:
            alike = [_is_as(logic, citizen, one.most), *alike[_OF_STAFF:]]
        is_so = equal(one.value.value, logic.number(Decimal(str(actual))))
        yield logic.implies(logic.all_of((functions.shown, *alike)), is_so)


def _is_as(logic: Logic, citizen: Citizen, number: Number) -> Formula:
    return equal(number, logic.number(_plain(citizen.amount(number))))


def _reckoned(one: Reckoning, view: View, citizen: Citizen, calendar: Calendar) -> Typed | None:
    """Return what the engine reckons from the arguments of a citizen, None where it reckons nothing."""
    if not all(citizen.is_so(argument.known) for argument in one.arguments):
        return None
    function = one.reckoned.function
    values: list[object] = [
        _typed(citizen.amount(argument.value), taken.type)
        for argument, taken in zip(one.arguments, function.takes, strict=True)
    ]
    if one.most is not None:
        today = date.fromordinal(int(citizen.amount(view.today)))
        values[0] = tuple((month, _plain(citizen.amount(one.most))) for month in months_around(today))
    first = (calendar,) if function.by_calendar else ()
    return function.reckon(*first, *values)


def _typed(amount: Fraction | int, kind: FactType | None) -> object:
    match kind:
        case FactType.DATE:
            return date.fromordinal(int(amount))
        case FactType.DECIMAL:
            return _plain(amount)
        case _:
            return int(amount)


def _plain(amount: Fraction | int) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)
