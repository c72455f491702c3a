"""Courses with equal inputs are decided alike, so that each kind of course is decided once."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any, Final

import pytest

from domain.state.course import CourseState
from domain.state.facts import Audience
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.loading.library import shipped
from rules.proving.what_if import ROUTE, Effect, effect_of, equal_inputs
from tests.oracles.states import States
from tests.rules.vocabulary import course, document, judged, requirement, stated

CALENDAR: Final = WorkingTime(customary())
BOOKS: Final = {f"{rules.id}@{rules.version}": Book(rules) for rules in shipped()}
Change = Callable[[dict[str, Any], Random], object]


def earlier(state: CourseState) -> CourseState:
    """Return a course to which everything happened an hour earlier, by somebody else."""
    hour = timedelta(hours=1)
    facts = [
        each.model_copy(update={"recorded_at": each.recorded_at - hour, "reporter": "carl"}) for each in state.facts
    ]
    facts = [each.model_copy(update={"issued_at": each.issued_at - hour}) if each.issued_at else each for each in facts]
    visits = [each.model_copy(update={"entered_at": each.entered_at - hour, "versions": 9}) for each in state.visits]
    return state.model_copy(update={"facts": tuple(facts), "visits": tuple(visits), "citizen": "somebody else"})


CHANGES: Final[dict[str, Change]] = {
    "a value": lambda told, draw: draw.choice(told["facts"]).update(value="no"),
    "a fact less": lambda told, draw: told["facts"].remove(draw.choice(told["facts"])),
    "another day": lambda told, draw: draw.choice(told["facts"]).update(occurred_on="2020-05-05"),
    "by a system": lambda told, draw: draw.choice(told["facts"]).update(by_system=draw.random() < 0.5),
    "heard later": lambda told, draw: draw.choice(told["facts"]).update(recorded_at="2029-01-01T00:00:00Z"),
    "issued": lambda told, draw: draw.choice(told["facts"]).update(issued_at="2029-01-01T00:00:00Z"),
    "ahead": lambda told, draw: draw.choice(told["facts"]).update(visit=None),
    "a note less": lambda told, draw: told["notes"] and told["notes"].pop(draw.randrange(len(told["notes"]))),
    "not shared": lambda told, _: [each.update(audience=Audience.CASEWORKER_ONLY) for each in told["notes"][:3]],
    "by others": lambda told, _: [each.update(by_roles=["observer"]) for each in told["notes"][:3]],
    "a visit withdrawn": lambda told, draw: draw.choice(told["visits"]).update(withdrawn=True),
    "a visit over": lambda told, _: told["visits"][0].update(left_at=told["visits"][0]["entered_at"]),
    "another step": lambda told, draw: told["visits"][-1].update(step=draw.choice(told["visits"])["step"]),
    "nothing waived": lambda told, _: [each.update(waivers=[]) for each in told["visits"]],
    "nothing asked": lambda told, _: [each.update(asks_left=[]) for each in told["visits"]],
    "follows nothing": lambda told, _: told["visits"][-1].update(follows=None),
    "entered earlier": lambda told, _: told["visits"][-1].update(entered_at="2020-01-01T00:00:00Z"),
    "entered on another day": lambda told, _: told["visits"][-1].update(entered_on="2019-12-31"),
    "started on another day": lambda told, _: told.update(started_on="2019-12-31"),
}


@pytest.mark.parametrize("name", BOOKS)
def test_a_course_that_differs_in_nothing_that_rules_judge_has_equal_inputs(name: str) -> None:
    states = States(BOOKS[name].rule_set)

    for number in range(15):
        state, _ = states.state(number)
        assert equal_inputs(state.model_dump(mode="json")) == equal_inputs(earlier(state).model_dump(mode="json"))


@pytest.mark.parametrize("change", CHANGES)
def test_courses_with_equal_inputs_come_out_alike_whatever_else_is_changed(change: str) -> None:
    book, draw = BOOKS["jobfirst-vitas@2026-11"], Random(change)  # noqa: S311 - It draws changes, and guards nothing.
    states, noticed = States(book.rule_set), 0

    for number in range(20):
        state, now = states.state(number)
        told = state.model_dump(mode="json")
        told["facts"] = [each for each in told["facts"] if each["value"] is not None]
        key, state = equal_inputs(told), CourseState.model_validate(told)
        CHANGES[change](told, draw)
        other = CourseState.model_validate(told)
        if equal_inputs(told) == key:
            assert _outcomes(book, other, now) == _outcomes(book, state, now)
        else:
            noticed += 1

    assert noticed


def _outcomes(book: Book, state: CourseState, now: Any) -> list[Any]:
    verdicts = book.judge(state, now, CALENDAR).visits
    return [(v.visit, v.route, [(r.requirement, r.outcome, r.blocks) for r in v.requirements]) for v in verdicts]


def test_the_effect_names_what_holds_by_the_other_rules_alone_and_what_no_longer_does() -> None:
    asked = {"fact": "yes", "is": True}
    light = Book(document(routes=[{"to": ["there"]}]))
    heavy = Book(document(requirement(asked), routes=[{"when": {"fact": "count", "is": 1}, "to": ["there"]}]))
    state = course(stated("yes", value=False))
    now, held_by = state.visits[0].entered_at, frozenset({"asked", ROUTE})

    there, back = effect_of(state, light, heavy, now, CALENDAR), effect_of(state, heavy, light, now, CALENDAR)

    assert judged(light.rule_set, state).is_ready
    assert there == Effect(is_held=True, is_freed=False, holding=held_by, no_longer=frozenset())
    assert back == Effect(is_held=False, is_freed=True, holding=frozenset(), no_longer=held_by)
