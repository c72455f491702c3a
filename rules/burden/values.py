"""Values that a straight course may give a fact, the likeliest first; the engine says which of them fit."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Final

from domain.state.facts import FactValue
from rules.explain.ways import Asked, ways_to_meet
from rules.language.conditions import All, AnyOf, Comparison, Condition, Derived, Not
from rules.language.facts import FactDeclaration, FactType
from rules.language.rule_set import RuleSet
from rules.language.steps import Before, RouteRow, Step

TRIAL_DAYS: Final = 13 * 7
"""How long a straight course is on trial, or as many whole weeks as the rules allow its target group."""

_TWO_WEEKS: Final = timedelta(days=14)
_A_WEEK: Final = 7
_AMOUNTS: Final = (12, 1, 0)
_MONTHS: Final = 12
_WRITTEN: Final = {FactType.TIME: "10:00", FactType.CVR: "10000009", FactType.P_NUMBER: "1000000001"}


def planned_ends(rules: RuleSet) -> dict[str, str]:
    """Return the fact of the planned end of a stretch, and that of its first day."""
    written = (r for step in rules.steps for r in step.requirements if r.before is Before.ENTER)
    lengths = chain.from_iterable(_lengths(requirement.must) for requirement in written)
    return {last: first for first, last in lengths}


def _lengths(condition: Condition) -> Iterator[tuple[str, str]]:
    """Yield the pairs of facts between which a condition measures a length."""
    match condition:
        case All(all=parts) | AnyOf(any=parts):
            yield from chain.from_iterable(map(_lengths, parts))
        case Not(not_=inner):
            yield from _lengths(inner)
        case Comparison(subject=Derived(derived="length_in_days", of=(str(first), str(last)))) if last != "today":
            yield first, last


def wanted_by(rules: RuleSet, row: RouteRow) -> tuple[Asked, ...]:
    """Return what a row of a route table asks for, by the first of the ways to meet it."""
    return next(iter(ways_to_meet(rules, row.when)), ()) if row.when else ()


class Values:
    """Candidates for the values of one rule set's facts in one step, which lead on rather than elsewhere."""

    def __init__(self, rules: RuleSet, step: Step, towards: RouteRow | None) -> None:
        """Take the step and the row of its table that leads on, if there is one."""
        self._planned = planned_ends(rules)
        on = wanted_by(rules, towards) if towards else ()
        others = chain.from_iterable(wanted_by(rules, row) for row in step.routes if row is not towards)
        self._leading = {asked.id: asked.values for asked in on if asked.values}
        self._straying: dict[str, set[FactValue]] = {}
        for asked in others:
            self._straying.setdefault(asked.id, set()).update(asked.values or ())

    def of(
        self, fact: FactDeclaration, asked: Asked, today: date, begins: date, known: dict[str, date]
    ) -> tuple[FactValue, ...]:
        """Return the candidates of a fact, given when what follows begins and the days that are known."""
        match fact.type:
            case FactType.BOOL | FactType.ENUM:
                listed: tuple[FactValue, ...] = tuple(value.id for value in fact.values) or (True, False)
                fitting = asked.values or listed
                return tuple(sorted(fitting, key=lambda value: self._rank(fact.id, value)))
            case FactType.DATE:
                return tuple(day.isoformat() for day in self._days(fact.id, today, known))
            case FactType.INT | FactType.DECIMAL:
                bounds = (bound for bound in (asked.at_least, asked.at_most) if bound is not None)
                return tuple(dict.fromkeys((*_AMOUNTS, *bounds)))
            case FactType.SCHEDULE:
                return f"{begins}={_AMOUNTS[0]}", _month_by_month(today)
            case _:
                return asked.values or (_WRITTEN[fact.type],)

    def _rank(self, fact: str, value: FactValue) -> int:
        if value in (self._leading.get(fact) or ()):
            return 0
        return 2 if value in self._straying.get(fact, ()) else 1

    def _days(self, fact: str, today: date, known: dict[str, date]) -> Iterator[date]:
        if fact in self._planned:
            first = known.get(self._planned[fact], today)
            yield from (first + timedelta(days=days - 1) for days in range(TRIAL_DAYS, 0, -_A_WEEK))
        yield today
        yield today + _TWO_WEEKS


def _month_by_month(today: date) -> str:
    """Return an amount for the first of each of the last months and the present one."""
    this = today.year * 12 + today.month - 1
    months = range(this - _MONTHS, this + 1)
    return " ".join(f"{month // 12}-{month % 12 + 1:02}-01={_AMOUNTS[0]}" for month in months)
