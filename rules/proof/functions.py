"""What is reckoned, as formulas: exact where counting days is all, else free within bounds, for courses in general.

A citizen who is shown has one visit, one row of hours and no other hours reported, of whom all of it is exact; so what
is proved holds of every course, and who is found is as the engine reckons.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from rules.engine.operands import FromTable, Input, Reckoned, WeeksOf
from rules.engine.stated import EachVisit, FactAt
from rules.language.facts import FactType
from rules.proof.logic import Formula, Logic, Number, at_least, divided, equal, minus, more, plus, times
from rules.proof.view import NEVER, Known, View

HOURS: Final = (0, 1, 3, 4, 5, 8, 12, 15, 20, 37, 40, 100)
"""The amounts of a schedule of a citizen who is shown."""

_DAYS: Final = 7
_LONGEST: Final = 520

Say = Callable[[Input], Known]
"""Says an argument as a formula."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A value that is free in general, with its arguments as they are said; `guarded` is reckoned for who is shown."""

    reckoned: Reckoned
    arguments: tuple[Known, ...]
    most: Number | None
    value: Known


class PaidWeeks(NamedTuple):
    """How many weeks were paid, of how many hours each, and whether they go on until the last that counts."""

    weeks: Number
    hours: Number
    go_on: Formula


class Functions:
    """The reckoned values of one citizen; `shown` is that he is to be shown."""

    def __init__(self, logic: Logic) -> None:
        """Begin without any."""
        self.logic = logic
        self.shown = logic.unknown("is shown")
        self.said: list[Formula] = []
        self.free: list[Reckoning] = []
        self._known: dict[object, Known] = {}
        self._weeks: dict[object, PaidWeeks] = {}
        self._exact: Mapping[str, Callable[[Reckoned, View, Say], Known]] = {
            "days_between": self._days,
            "days_since": self._days,
            "length_in_days": self._length,
            "length_as_planned": self._as_planned,
            "most_hours": self._most,
        }
        self._for_who_is_shown: Mapping[str, Callable[[Reckoned, View, Say, Number], Formula]] = {
            "days_at_place": self._one_visit,
            "total_paid_hours": self._total,
            "sustained_weeks": self._sustained,
            "weeks_as_agreed": self._as_agreed,
        }

    def of(self, reckoned: Reckoned, view: View, say: Say) -> Known:
        """Return a reckoned value; the same one of the same arguments is the same."""
        exact = self._exact.get(reckoned.name)
        return exact(reckoned, view, say) if exact else self._free(reckoned, view, say)

    def _days(self, reckoned: Reckoned, _view: View, say: Say) -> Known:
        since, until = map(say, reckoned.arguments)
        return Known(self.logic.all_of((since.known, until.known)), minus(until.value, since.value))

    def _length(self, reckoned: Reckoned, _view: View, say: Say) -> Known:
        since, until = map(say, reckoned.arguments)
        rises = at_least(until.value, since.value)
        return Known(self.logic.all_of((since.known, until.known, rises)), plus(minus(until.value, since.value), 1))

    def _as_planned(self, reckoned: Reckoned, _view: View, say: Say) -> Known:
        stated = [say(argument) for argument in reckoned.arguments]
        length = self._planned(*(one.value for one in stated))
        return Known(self.logic.all_of((*(one.known for one in stated), length.known)), length.value)

    def _planned(self, starts: Number, ends: Number, started: Number, ended: Number) -> Known:
        """Return a length by planned and true days, of which `NEVER` was not stated."""
        logic, never = self.logic, self.logic.number(NEVER)
        was_stated = logic.no(equal(started, never))
        has_ended = logic.no(equal(ended, never))
        came_to_nothing = logic.all_of((logic.no(was_stated), has_ended, more(starts, ended), more(never, starts)))
        since, until = logic.choice(was_stated, started, starts), logic.choice(has_ended, ended, ends)
        exists = logic.all_of((more(never, since), more(never, until), at_least(until, since)))
        length = logic.choice(came_to_nothing, logic.number(0), plus(minus(until, since), 1))
        return Known(logic.any_of((came_to_nothing, exists)), length)

    def _most(self, reckoned: Reckoned, view: View, _say: Say) -> Known:
        agreed = self._schedule(reckoned, view)
        return Known(agreed.known, agreed.value)

    def _schedule(self, reckoned: Reckoned, view: View) -> Known:
        """Return the hours of the schedule that is the first argument."""
        (agreed, *_) = reckoned.arguments
        if not isinstance(agreed, FactAt):
            raise TypeError(agreed)
        stated = view.fact(agreed)
        return Known(stated.known, stated.most)

    def _free(self, reckoned: Reckoned, view: View, say: Say) -> Known:
        """Return a value that nothing is said of but its bounds and what it is for who is shown."""
        logic = self.logic
        is_of_visits = reckoned.name == "days_at_place"
        values = () if is_of_visits else tuple(map(say, _values(reckoned)))
        key = _key(reckoned, view)
        known = logic.all_of(one.known for one in values)
        if key not in self._known:
            name = f"{view.step.id}/{'/'.join(map(str, key))}"
            is_broken = reckoned.function.gives is FactType.DECIMAL
            value = logic.broken(name) if is_broken else logic.whole(name)
            self._known[key] = Known(logic.unknown(f"{name} exists"), value)
            self._say_of(reckoned, view, say, self._known[key], values)
        exists, value = self._known[key]
        return Known(logic.all_of((known, exists)), value)

    def _say_of(self, reckoned: Reckoned, view: View, say: Say, free: Known, values: tuple[Known, ...]) -> None:
        logic = self.logic
        if reckoned.name != "working_days_between":
            self.said.append(at_least(free.value, logic.number(0)))
        shown = self._for_who_is_shown.get(reckoned.name)
        if shown is not None:
            self.said.append(logic.implies(self.shown, shown(reckoned, view, say, free.value)))
            if reckoned.name != "days_at_place":
                self.said.append(logic.implies(self.shown, free.known))
            return
        is_ratio = reckoned.name == "ratio_limit"
        most = self._schedule(reckoned, view).value if is_ratio else None
        self.said.append(logic.implies(self.shown, free.known))
        self.free.append(Reckoning(reckoned, values, most, free))

    def _one_visit(self, reckoned: Reckoned, view: View, _say: Say, value: Number) -> Formula:
        """Return that days at one place are those of this visit, which is the only one."""
        never = self.logic.number(NEVER)
        stated = [view.fact(one.fact) for one in reckoned.arguments if isinstance(one, EachVisit)]
        days = [self.logic.choice(fact.known, fact.value, never) for fact in stated[2:]]
        length = self._planned(*days)
        (exists, _) = self._known[_key(reckoned, view)]
        same = self.logic.same(exists, length.known)
        return self.logic.all_of((same, self.logic.implies(length.known, equal(value, length.value))))

    def _paid_weeks(self, reckoned: Reckoned, view: View, say: Say) -> PaidWeeks:
        """Return the paid weeks of a view, which several functions reckon from."""
        key = (view.step.id, *(_name(argument, view) for argument in reckoned.arguments[:5]))
        if key not in self._weeks:
            self._weeks[key] = self._said_paid_weeks(reckoned, view, say)
        return self._weeks[key]

    def _said_paid_weeks(self, reckoned: Reckoned, view: View, say: Say) -> PaidWeeks:
        logic, never = self.logic, self.logic.number(NEVER)
        agreed, weeks, started, ended, today = reckoned.arguments[:5]
        schedule = view.fact(agreed) if isinstance(agreed, FactAt) else None
        reported = view.fact(weeks.fact) if isinstance(weeks, WeeksOf) else None
        if schedule is None or reported is None:
            raise TypeError(reckoned)
        begun_on, last_on, this_day = say(started).value, say(ended).value, say(today).value
        as_stated = logic.any_of((equal(begun_on, never), at_least(begun_on, schedule.value)))
        self.said.append(logic.implies(self.shown, logic.all_of((logic.no(reported.said), as_stated))))
        begun = logic.choice(equal(begun_on, never), schedule.value, begun_on)
        this, first, last = map(self._week, (this_day, begun, last_on))
        first = self._larger(first, minus(this, _LONGEST))
        goes_on = at_least(last, minus(this, 1))
        counted = plus(minus(logic.choice(goes_on, minus(this, 1), last), first), 1)
        counts = logic.all_of((at_least(counted, logic.number(0)), more(schedule.most, logic.number(0))))
        return PaidWeeks(logic.choice(counts, counted, logic.number(0)), schedule.most, goes_on)

    def _week(self, day: Number) -> Number:
        return divided(minus(day, 1), _DAYS)

    def _larger(self, one: Number, other: Number) -> Number:
        return self.logic.choice(at_least(one, other), one, other)

    def _total(self, reckoned: Reckoned, view: View, say: Say, value: Number) -> Formula:
        weeks, hours, _ = self._paid_weeks(reckoned, view, say)
        of_each = ((equal(hours, self.logic.number(each)), times(weeks, each)) for each in HOURS)
        return self.logic.all_of(self.logic.implies(when, equal(value, total)) for when, total in of_each)

    def _sustained(self, reckoned: Reckoned, view: View, say: Say, value: Number) -> Formula:
        weeks, hours, _ = self._paid_weeks(reckoned, view, say)
        least, window = (say(argument).value for argument in reckoned.arguments[5:])
        none = self.logic.number(0)
        within = self.logic.choice(at_least(window, weeks), weeks, window)
        return equal(value, self.logic.choice(at_least(hours, least), within, none))

    def _as_agreed(self, reckoned: Reckoned, view: View, say: Say, value: Number) -> Formula:
        weeks, _, goes_on = self._paid_weeks(reckoned, view, say)
        return equal(value, self.logic.choice(goes_on, weeks, self.logic.number(0)))


def _values(reckoned: Reckoned) -> tuple[Input, ...]:
    """Return the arguments without which nothing is reckoned; hours by week may always be none."""
    return tuple(argument for argument in reckoned.arguments if not isinstance(argument, WeeksOf))


def _key(reckoned: Reckoned, view: View) -> tuple[str, ...]:
    """Return a name that is the same for the same function of the same arguments."""
    return (reckoned.name, *(_name(argument, view) for argument in reckoned.arguments))


def _name(argument: object, view: View) -> str:
    """Return a name that is the same for the same argument; a number is known by its rows, in whatever version."""
    match argument:
        case EachVisit(fact=fact) | WeeksOf(fact=fact):
            return f"each {view.name_of(fact.fact)}"
        case FactAt(fact=fact, step=step):
            return f"{type(argument).__name__} {view.name_of(fact)} {step}"
        case FromTable(parameter=parameter, dated_by=dated_by, is_today=is_today):
            rows = ((row.valid_from.isoformat(), *row.target_groups, row.value) for row in parameter.rows)
            return f"{sorted(map(str, rows))} {'today' if is_today else dated_by}"
        case _:
            return type(argument).__name__
