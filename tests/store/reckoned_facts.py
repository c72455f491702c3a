"""Where a course takes place and what it was in reality, by a plain reading of what was stated in its events."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import singledispatchmethod
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain import events as ev
from domain.events import Event
from domain.state.facts import Fact
from domain.state.measures import MeasureRule, Measures
from domain.state.workplaces import Workplaces

Row = dict[str, Any]
Rows = dict[tuple[Any, ...], Row]

AHEAD: Final = 0
"""The number of a visit that is not entered yet, in rows."""
_LEFT_VISITS: Final = 4
"""How many left visits to one step a course remembers."""
_STATEMENTS: Final = 32
"""How many statements of one fact in one place a course remembers."""
_DENMARK: Final = ZoneInfo("Europe/Copenhagen")


@dataclass
class _Visit:
    """What of a visit decides what is read of its facts."""

    step: str
    follows: int | None
    left_at: datetime | None
    withdrawn: bool = False


class ReckonedFacts:
    """The statements that count, each in its place, and the rows of workplaces and measures, by key."""

    def __init__(self) -> None:
        self.ahead: tuple[str, ...] = ()
        """The steps at which reality is although the course is not."""
        self.workplaces: Rows = {}
        self.measures: Rows = {}
        self._facts: list[Fact] = []
        self._visits: dict[int, _Visit] = {}

    def count(self, workplaces: Workplaces, measures: Measures, status: str, outcome: str | None) -> None:
        """Count anew, by the rules that the course follows now; what it has forgotten stays as it was counted."""
        remembered = {AHEAD, *self._visits}
        places = {key: row for key, row in self.workplaces.items() if key[0] not in remembered}
        self.workplaces = places | {_key(row): row for row in self._places(workplaces)}
        counted = {key: row for key, row in self.measures.items() if key[0] not in remembered}
        self.measures = counted | {_key(row): row for row in self._measured(measures)}
        if status == "completed" and outcome in measures.clarifying:
            self.measures |= {_key(row): row for row in self._closed()}

    def _places(self, rules: Workplaces) -> Iterator[Row]:
        expected = dict[str, Row]()
        for name in rules.p_number_facts:
            counting = self._counting(name, None)
            if counting and not counting[1] and counting[0].step:
                row = {"visit": AHEAD, "step": counting[0].step, "p_number": str(counting[0].value)}
                expected.setdefault(counting[0].step, row)
        yield from expected.values()
        for number, visit in self._visits.items():
            p_number = None if visit.withdrawn else self._place(rules, number)
            if p_number is not None:
                yield {"visit": number, "step": visit.step, "p_number": p_number}

    def _place(self, rules: Workplaces, number: int) -> str | None:
        """Return where a visit is: as the first fact says that nobody contradicts, or where it was led from."""
        stated = [counting for name in rules.p_number_facts if (counting := self._counting(name, number))]
        if stated:
            return next((str(fact.value) for fact, is_contradicted in stated if not is_contradicted), None)
        visit = self._visits.get(number)
        if visit is None or visit.follows is None or visit.step not in rules.steps_at_same_place:
            return None
        return self._place(rules, visit.follows)

    def _measured(self, rules: Measures) -> Iterator[Row]:
        visits = [(number, visit.step) for number, visit in self._visits.items() if not visit.withdrawn]
        for number, step in (*visits, *((None, step) for step in rules.of_steps)):
            rule = rules.of_steps.get(step)
            if rule is None:
                continue
            begun, ended = self._day(rule.begins if number else rule.ahead, number), self._day(rule.ends, number)
            if begun is not None and (ended is None or begun <= ended):
                days = {"begun_on": begun, "ended_on": ended, "both_present": self._both_present(rule, number)}
                yield {"visit": number or AHEAD, "step": step, "kind": rule.kind, **days}

    def _both_present(self, rule: MeasureRule, number: int | None) -> bool | None:
        said = [counting[0].value for name in rule.present if (counting := self._counting(name, number))]
        return False not in said if rule.present else None

    def _closed(self) -> Iterator[Row]:
        left = [(visit.left_at, number) for number, visit in self._visits.items() if visit.left_at]
        for at, number in sorted(left)[-1:]:
            rest = {"begun_on": at.astimezone(_DENMARK).date(), "ended_on": None, "both_present": None}
            yield {"visit": number, "step": "", "kind": "clarified", **rest}

    def _day(self, names: Iterable[str], number: int | None) -> date | None:
        """Return the day of the first fact that is stated, which is none when it is contradicted."""
        found = next((counting for name in names if (counting := self._counting(name, number))), None)
        return None if found is None or found[1] else date.fromisoformat(str(found[0].value)[:10])

    def _counting(self, name: str, number: int | None) -> tuple[Fact, bool] | None:
        """Return the newest statement of a fact in one place, and whether a person and a system disagree on its day."""
        stated = sorted((fact for fact in self._facts if (fact.fact, fact.visit) == (name, number)), key=_newness)
        if not stated:
            return None
        newest = stated[-1]
        others = [f for f in stated if f.occurred_on == newest.occurred_on and f.by_system is not newest.by_system]
        return newest, bool(others) and others[-1].value != newest.value

    @singledispatchmethod
    def happened(self, event: Event) -> None:
        """Take what is about no fact and no visit."""

    @happened.register
    def _(self, event: ev.FactsReported) -> None:
        for fact in event.facts:
            self._state(fact)

    def _state(self, fact: Fact) -> None:
        alike = [known for known in self._facts if (known.fact, known.visit) == (fact.fact, fact.visit)]
        if len(alike) >= _STATEMENTS:
            self._facts.remove(min(alike, key=_newness))
        self._facts.append(fact)

    @happened.register
    def _(self, event: ev.FactRetracted) -> None:
        self._facts = [fact for fact in self._facts if fact.id != event.fact]

    @happened.register
    def _(self, event: ev.VisitEntered) -> None:
        self._visits[event.visit] = _Visit(event.step, event.follows, event.left_at)
        self._move(lambda fact: fact.visit is None and fact.step == event.step, event.visit, in_place=True)
        left = [number for number, visit in self._visits.items() if visit.step == event.step and visit.left_at]
        for number in left[: max(0, len(left) - _LEFT_VISITS)]:
            self._forget(number)

    def _forget(self, number: int) -> None:
        """Forget a visit and its facts, but for those that outlive it."""
        del self._visits[number]
        self._facts = [fact for fact in self._facts if fact.visit != number or fact.outlives_visit]

    @happened.register
    def _(self, event: ev.VisitLeft) -> None:
        self._visits[event.visit].left_at = event.at
        self._ask_anew(event)
        for joined in event.joined:
            self._join(joined, self._visits[joined].step)

    def _join(self, number: int, step: str) -> None:
        """Let what was told ahead of a step be of the visit to it that goes on."""
        self._move(lambda fact: fact.visit is None and fact.step == step, number)

    @happened.register(ev.VisitBranched)
    def _ask_anew(self, event: Any) -> None:
        """Leave in a visit what was told ahead of steps, where the course goes on at another workplace."""
        self._move(lambda fact: fact.visit is None and fact.step in event.asked_anew, event.visit)

    @happened.register
    def _(self, event: ev.VisitReopened) -> None:
        visit = self._visits[event.visit]
        visit.left_at = None
        self._move(lambda fact: fact.visit == event.visit and fact.step != visit.step, None)

    @happened.register
    def _(self, event: ev.VisitWithdrawn) -> None:
        visit = self._visits[event.visit]
        visit.left_at, visit.withdrawn = event.at, True
        self._move(lambda fact: fact.visit == event.visit, None, in_place=True)

    @happened.register
    def _(self, event: ev.Settled) -> None:
        self.ahead = event.ahead

    def _move(self, is_meant: Callable[[Fact], bool], to: int | None, *, in_place: bool = False) -> None:
        """Let statements be of another visit, or ahead of any; they are heard last there unless they stay in place."""
        moved = [fact.model_copy(update={"visit": to}) for fact in self._facts if is_meant(fact)]
        if in_place:
            self._facts = [fact.model_copy(update={"visit": to}) if is_meant(fact) else fact for fact in self._facts]
            return
        self._facts = [fact for fact in self._facts if not is_meant(fact)]
        for fact in moved:
            self._state(fact)


def _key(row: Row) -> tuple[int, str]:
    return row["visit"], row["step"]


def _newness(fact: Fact) -> tuple[date, datetime, str]:
    """Order statements by the day they are about, then by when their source issued them or they were heard."""
    return fact.occurred_on, fact.issued_at or fact.recorded_at, str(fact.id) if fact.issued_at else ""
