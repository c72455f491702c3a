"""What a course was in reality: when its visits, trials and paid hours began and ended, and when it was clarified."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from domain.calendar import danish_day, iso_day
from domain.state.course import CourseState, Visit

NOT_ENTERED: Final = 0
"""The visit number of what began before its visit was entered."""


class MeasureKind(StrEnum):
    """What a step counts as in the figures, whatever a rule set calls it; `clarified` is the close of a course."""

    FIRST_VISIT = "first_visit"
    TRIAL = "trial"
    PAID_HOURS = "paid_hours"
    CLARIFIED = "clarified"


@dataclass(frozen=True, slots=True)
class Measure:
    """One stay in a step as it was in reality; `both_present` is None where the rules ask nobody who took part."""

    visit: int
    step: str
    kind: MeasureKind
    begun_on: date
    ended_on: date | None = None
    both_present: bool | None = None


@dataclass(frozen=True, slots=True)
class MeasureRule:
    """By which facts a step begins and ends in reality, the first that is known; `ahead` say it before it is entered.

    `present` are the facts that say no of a role that took no part.
    """

    kind: MeasureKind
    begins: tuple[str, ...]
    ends: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    present: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measures:
    """How rules count the steps of a course, and which closing outcomes mean that the citizen is clarified."""

    of_steps: Mapping[str, MeasureRule] = field(default_factory=dict)
    clarifying: frozenset[str] = frozenset()

    def of(self, state: CourseState) -> Iterator[Measure]:
        """Yield what has a day of beginning, of each visit that was not withdrawn and of what went ahead of its visit.

        What ended before it began was called off, and never was.
        """
        for visit in state.visits:
            rule = self.of_steps.get(visit.step)
            if rule is not None and not visit.withdrawn:
                yield from _measure(state, rule, visit.step, visit.number, rule.begins)
        for step, rule in self.of_steps.items():
            yield from _measure(state, rule, step, None, rule.ahead)
        if state.is_over and state.outcome in self.clarifying:
            yield from _closed(state.visits)


def _closed(visits: tuple[Visit, ...]) -> Iterator[Measure]:
    left = [(visit.left_at, visit.number) for visit in visits if visit.left_at is not None]
    if left:
        at, number = max(left)
        yield Measure(number, "", MeasureKind.CLARIFIED, danish_day(at))


def _measure(
    state: CourseState, rule: MeasureRule, step: str, visit: int | None, begins: tuple[str, ...]
) -> Iterator[Measure]:
    begun, ended = _day(state, begins, visit), _day(state, rule.ends, visit)
    if begun is not None and (ended is None or ended >= begun):
        yield Measure(visit or NOT_ENTERED, step, rule.kind, begun, ended, _both_present(state, rule, visit))


def _both_present(state: CourseState, rule: MeasureRule, visit: int | None) -> bool | None:
    """Return whether both took part, which is taken for granted of a role that does not say otherwise."""
    if not rule.present:
        return None
    said = [on_record.fact.value for fact in rule.present if (on_record := state.on_record(fact, visit))]
    return False not in said


def _day(state: CourseState, facts: tuple[str, ...], visit: int | None) -> date | None:
    """Return the day that the first of some facts names; a schedule begins on its first, a contradiction has none."""
    for fact in facts:
        on_record = state.on_record(fact, visit)
        if on_record is not None:
            day = iso_day(str(on_record.fact.value).partition("=")[0])
            return day if on_record.contradicted_by is None else None
    return None
