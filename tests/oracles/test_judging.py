from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

import pytest

from domain.state.course import CourseState
from domain.state.verdict import Outcome, Verdict
from tests.oracles.sides import CALENDAR, FEW, SETS, Sides, asked, portions, sides
from tests.oracles.statements import Place

_NEVER: Final = datetime(2200, 1, 1, tzinfo=UTC)

Seen = dict[str, set[Outcome]]
"""The outcomes of each requirement that were seen."""


def smallest(state: CourseState, differs: Callable[[CourseState], bool]) -> str:
    """Return what is left of a state on which two sides differ when all is taken away that does not matter."""
    for subject in ("facts", "notes", "pauses"):
        for one in getattr(state, subject):
            rest = tuple(other for other in getattr(state, subject) if other is not one)
            without = state.model_copy(update={subject: rest})
            state = without if differs(without) else state
    return state.model_dump_json(indent=1, exclude_defaults=True)


def told(verdict: object) -> str:
    """Return a verdict with one requirement a line."""
    return str(verdict).replace("RequirementVerdict", "\n RequirementVerdict")


def check_verdicts(side: Sides, numbers: range) -> Seen:
    """Let the engine and the plain judge decide the same states, now and until time alone may change an answer."""
    seen: Seen = {}
    for number in numbers:
        state, now = side.states.state(number)
        decided, judged = side.book.judge(state, now, CALENDAR), side.judge.judge(state, now)
        if decided.visits != judged:
            least = smallest(state, lambda s: side.book.judge(s, now, CALENDAR).visits != side.judge.judge(s, now))  # noqa: B023 - called at once.
            pytest.fail(f"state {number} at {now}\n{least}\nengine {told(decided.visits)}\noracle {told(judged)}")
        later = _before_anything_changes(decided, now, Random(number))  # noqa: S311 - States of tests are no secrets.
        assert side.judge.judge(state, later) == judged, f"state {number} at {now} is another at {later}"
        for view in side.book.views(state, now, CALENDAR):
            place = Place(side.judge.rules, state, view.visit, now, CALENDAR)
            for one in asked(side, view):
                verdict = side.judge.requirement(place, one.step, one.requirement)
                assert one.judge(view) == verdict, f"state {number} at {now}, visit {view.visit.number}"
                seen.setdefault(verdict.requirement, set()).add(verdict.outcome)
    return seen


def _before_anything_changes(decided: Verdict, now: datetime, random: Random) -> datetime:
    """Return an instant before that at which time alone may change an answer, most often the last midnight before."""
    most = now + timedelta(days=random.choice((1, 30, 400)))
    return max(now, min(most, (decided.changes_at or _NEVER) - timedelta(minutes=1)))


@pytest.mark.parametrize("name", SETS)
def test_a_plain_judge_decides_every_gate_as_the_engine_does(name: str) -> None:
    check_verdicts(sides(name), range(FEW))


@pytest.mark.verify
@pytest.mark.parametrize("numbers", portions()[1:], ids=str)
@pytest.mark.parametrize("name", SETS)
def test_a_plain_judge_decides_a_hundred_thousand_states_as_the_engine_does(name: str, numbers: range) -> None:
    check_verdicts(sides(name), numbers)


@pytest.mark.verify
@pytest.mark.parametrize("name", SETS)
def test_a_plain_judge_decides_as_the_engine_does_on_both_sides_of_every_requirement(name: str) -> None:
    seen = check_verdicts(sides(name), portions()[0])

    for step in SETS[name].steps:
        for requirement in step.requirements:
            outcomes = seen[requirement.id]
            assert Outcome.MET in outcomes, requirement.id
            assert not outcomes.isdisjoint({Outcome.UNMET, Outcome.UNKNOWN}), requirement.id
            assert not requirement.refused or Outcome.REFUSED in outcomes, requirement.id
            assert not requirement.when or Outcome.NOT_APPLICABLE in outcomes, requirement.id


def test_states_are_the_same_for_the_same_number() -> None:
    states = sides(next(iter(SETS))).states

    assert states.state(3) == states.state(3)
    assert states.state(3) != states.state(4)
