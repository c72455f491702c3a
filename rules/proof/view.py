"""One open visit of a citizen as formulas: what was said, what of it can be used, and what it says (P2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from domain.identity import GATE_ROLES, Role
from domain.state.verdict import TARGET_GROUP
from rules.engine.stated import FactAt
from rules.language.facts import FIRST_DAY, LAST_DAY, FactDeclaration, FactType
from rules.language.rule_set import RuleSet
from rules.language.steps import Step
from rules.proof.logic import Formula, Logic, Number, at_least, equal, plus

NEVER: Final = date.max.toordinal()
"""The day of what need not come and was not stated."""

_MOST: Final = 10**12
_MOST_NOTES: Final = 50
_NUMBERS: Final = frozenset({FactType.INT, FactType.DECIMAL})
_UPPER: Final = {FactType.CVR: 10**8, FactType.P_NUMBER: 10**8, FactType.TIME: 24 * 60 - 1, FactType.BOOL: 1}

Place = tuple[str, str | None]
"""A fact, and the step of the visit in which it is looked up; None for the course and for what is said ahead."""


class Known(NamedTuple):
    """A value that counts while it is known."""

    known: Formula
    value: Number


@dataclass(frozen=True, slots=True)
class FactOf:
    """What a citizen's course knows of a fact: whether it was said, whether it can be used, on which day it was said.

    The value of a schedule is its first day with hours, and `most` are its hours.
    """

    declaration: FactDeclaration
    step: str | None
    said: Formula
    known: Formula
    value: Number
    said_on: Number
    most: Number

    @property
    def is_ahead(self) -> bool:
        """Return whether it is said of a step before that is entered."""
        return self.step is None and self.declaration.step is not None


class View:
    """The visit of one citizen to one step, of which nothing is said but what no course can be without."""

    def __init__(self, logic: Logic, rules: RuleSet, step: Step) -> None:
        """Name everything; `said` gathers what holds of every citizen."""
        self.logic, self.rules, self.step = logic, rules, step
        self.facts: dict[Place, FactOf] = {}
        self.said: list[Formula] = []
        self.today, self.started_on, self.entered_on = (
            logic.whole(f"{step.id}/{name}") for name in ("today", "started_on", "entered_on")
        )
        days = (logic.number(rules.valid_from.toordinal()), self.today, logic.number(LAST_DAY.toordinal()))
        self._rising(*days)
        self._rising(logic.number(FIRST_DAY.toordinal()), self.started_on, self.entered_on, self.today)
        self.notes: dict[tuple[str, Role], Number] = {}
        self.asked_when_said: set[Place] = set()
        self.remembered_groups: set[str] = set()
        self.waivers: dict[str, Formula] = {}
        self.waiving = logic.unknown(f"{step.id}/something is waived")
        self.groups: dict[str, tuple[Known, Number]] = {}
        self.group_known = logic.unknown("target_group known")
        self.facts_by_name = {name: fact for fact in rules.facts for name in (fact.id, *fact.aliases)}
        self.visited_before = _visited_before(rules, step.id)
        self.may_be_beside = _beside(rules)
        self.group_now = self.group_on("today", Known(logic.true, self.today))
        self.group_at_start = self.group_on("course_start", Known(logic.true, self.started_on))

    def _rising(self, *days: Number) -> None:
        self.said += [at_least(later, earlier) for earlier, later in pairwise(days)]

    def fact(self, fact: FactAt) -> FactOf:
        """Return what is known of a fact where it is looked up."""
        place = fact.fact, fact.step
        if place not in self.facts:
            self.facts[place] = self._new(self.facts_by_name[fact.fact], fact.step)
        return self.facts[place]

    def _new(self, declared: FactDeclaration, step: str | None) -> FactOf:
        logic = self.logic
        own = "" if declared.step is None else f"{self.step.id}/{step or 'ahead'}/"
        name = f"{own}{self.name_of(declared.id)}"
        said = logic.unknown(f"{name} said") if self.can_be_said(declared, step) else logic.false
        known = logic.all_of((said, logic.unknown(f"{name} known")))
        value = logic.broken(name) if declared.type is FactType.DECIMAL else logic.whole(name)
        said_on, most = logic.whole(f"{name} said_on"), logic.broken(f"{name} most")
        if declared.id == TARGET_GROUP:
            said = logic.true
            value = self.group_now.value
            known = self.group_now.known
        one = FactOf(declared, step, said, known, value, said_on, most)
        self.said += [at_least(self.today, said_on), *self._bounds(one)]
        return one

    def name_of(self, fact: str) -> str:
        """Return the name under which a fact is one and the same in every formula."""
        return fact

    def places(self, declared: FactDeclaration) -> int:
        """Return how many values a choice has."""
        return len(declared.values)

    def can_be_said(self, declared: FactDeclaration, step: str | None) -> bool:
        """Return whether a course that stands at this step can know a fact there; what is ahead must be heard of."""
        if declared.step is None or step == self.step.id:
            return True
        if step is None:
            return declared.step != self.step.id and declared.id in self.step.observes
        return step in self.visited_before or self.may_be_beside

    def _bounds(self, fact: FactOf) -> Iterator[Formula]:
        kind, number = fact.declaration.type, self.logic.number
        low: Number = number(0)
        high = number(_UPPER.get(kind, max(self.places(fact.declaration) - 1, 0)))
        if kind is FactType.DATE or kind is FactType.SCHEDULE:
            low, high = number(FIRST_DAY.toordinal()), number(LAST_DAY.toordinal())
        if kind in _NUMBERS:
            low, high = self._written_bounds(fact.declaration)
        yield from (at_least(fact.value, low), at_least(high, fact.value))
        if kind is FactType.SCHEDULE:
            least, most = self._written_bounds(fact.declaration)
            yield from (at_least(fact.most, least), at_least(fact.most, number(0)), at_least(most, fact.most))

    def _written_bounds(self, declared: FactDeclaration) -> tuple[Number, Number]:
        low = -_MOST if declared.min is None else declared.min
        high = _MOST if declared.max is None else declared.max
        return self.logic.number(low), self.logic.number(high)

    def group_on(self, dating: str, day: Known) -> Known:
        """Return the target group as it stood on a day: on one day there is one, at any time another."""
        if dating not in self.groups:
            group = self.logic.whole(f"{self.step.id}/target_group on {dating}")
            last = max(self.places(self.facts_by_name[TARGET_GROUP]) - 1, 0)
            self.said += [at_least(group, self.logic.number(0)), at_least(self.logic.number(last), group)]
            known = Known(self.group_known, group)
            others = [(of.value, on) for of, on in self.groups.values()]
            self.groups[dating] = known, day.value
            self.said += [_one_a_day(self.logic, (group, day.value), other) for other in others]
            if dating not in ("today", "course_start"):
                start, now = (self.groups[name][0].value for name in ("course_start", "today"))
                self.said += [
                    self.logic.implies(at_least(self.started_on, day.value), equal(group, start)),
                    self.logic.implies(at_least(day.value, self.today), equal(group, now)),
                ]
        return self.groups[dating][0]

    def notes_of(self, kind: str, by: Role) -> Number:
        """Return how many notes of a kind somebody in a role has written in the visit."""
        if (kind, by) not in self.notes:
            count = self.logic.whole(f"{self.step.id}/{kind} by {by}")
            self.said += [at_least(count, self.logic.number(0)), at_least(self.logic.number(_MOST_NOTES), count)]
            self.notes[kind, by] = count
        return self.notes[kind, by]

    def has_notes(self, kind: str, by: Role | None, least: int) -> Formula:
        """Return that there are so many notes of a kind."""
        counts = [self.notes_of(kind, role) for role in (GATE_ROLES if by is None else (by,))]
        total = counts[0] if len(counts) == 1 else _sum(counts)
        return at_least(total, self.logic.number(least))

    def open_beside(self, step: str) -> Formula:
        """Return that another visit, to a step, is open beside this one."""
        return self.logic.unknown(f"{self.step.id}/open {step}") if self.may_be_beside else self.logic.false

    def waived(self, requirement: str) -> Formula:
        """Return that a requirement has been waived for the visit; nothing is where nobody is `waiving`."""
        if requirement not in self.waivers:
            waived = self.logic.unknown(f"{self.step.id}/{requirement} is waived")
            self.waivers[requirement] = self.logic.all_of((self.waiving, waived))
        return self.waivers[requirement]

    def poorer(self) -> "View":
        """Return the same citizen of whom some of what was said cannot be used any more."""
        other = View(self.logic, self.rules, self.step)
        other.facts = {place: self._unsure(fact) for place, fact in self.facts.items()}
        other.notes, other.groups = self.notes, self.groups
        return other

    def _unsure(self, fact: FactOf) -> FactOf:
        name = f"{self.step.id}/{fact.step}/{fact.declaration.id} stays known"
        return replace(fact, known=self.logic.all_of((fact.known, self.logic.unknown(name))))


def coded(value: object, declared: FactDeclaration | None) -> int:
    """Return a value that is no amount as a number: a choice by its place, a day by its count, a clock by minutes."""
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, str) and declared is not None and declared.type is FactType.ENUM:
        return [one.id for one in declared.values].index(value)
    if isinstance(value, str) and declared is not None and declared.type is FactType.TIME:
        return int(value[:2]) * 60 + int(value[3:])
    return int(str(value)[-8:]) if isinstance(value, str) else int(bool(value))


def _sum(counts: list[Number]) -> Number:
    total = counts[0]
    for count in counts[1:]:
        total = plus(total, count)
    return total


def _one_a_day(logic: Logic, one: tuple[Number, Number], other: tuple[Number, Number]) -> Formula:
    return logic.implies(equal(one[1], other[1]), equal(one[0], other[0]))


def _beside(rules: RuleSet) -> bool:
    """Whether several visits of a course may ever be open at once."""
    return any(row.stay or len(row.to) > 1 for step in rules.steps for row in step.routes)


def _visited_before(rules: RuleSet, step: str) -> frozenset[str]:
    """Return the steps that a course can have left before it stands at one."""
    leads: Mapping[str, set[str]] = {one.id: {to for row in one.routes for to in row.to} for one in rules.steps}
    before: set[str] = set()
    while more_before := {one for one, to in leads.items() if to & {step, *before}} - before:
        before |= more_before
    return frozenset(before)
