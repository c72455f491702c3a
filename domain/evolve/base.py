"""What every event leaves as it is, and the one way to change a visit."""

from collections.abc import Callable
from functools import singledispatch

from domain import events as ev
from domain.state.course import CourseState, Visit


@singledispatch
def on(_event: ev.EventBase, state: CourseState) -> CourseState:
    """Leave the course as it is: the event tells of notices only."""
    return state


def change_visit(state: CourseState, number: int, change: Callable[[Visit], Visit]) -> CourseState:
    """Return the course with one visit changed."""
    visits = tuple(change(visit) if visit.number == number else visit for visit in state.visits)
    return state.model_copy(update={"visits": visits})
