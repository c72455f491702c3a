"""Describes a course for Temporal's own lists and pages, which are not sealed: without naming any person (P10)."""

from typing import Any, Final

from temporalio.common import SearchAttributeUpdate

from domain.calendar import NEVER
from domain.state.course import CourseState
from domain.state.waiting import Waiting
from workflows import options

_MOST: Final = 20
"""How many entries a list has at most: Temporal takes 2 KB of each attribute, and a task that gives more fails."""


def search_attributes(state: CourseState) -> list[SearchAttributeUpdate[Any]]:
    """Return where a course is, what it waits for, the earliest deadline first, since when and until when."""
    waits = sorted(state.shown_waits, key=lambda waiting: waiting.until or NEVER)
    steps = dict.fromkeys(visit.step for visit in state.open_visits)
    since, due = state.waiting_since, state.due_at
    return [
        options.STEP.value_set(list(steps)[:_MOST]),
        options.STATUS.value_set(state.status.value),
        options.STALLED.value_set(state.is_stalled),
        options.MUNICIPALITY.value_set(state.municipality),
        options.UNIT.value_set(state.unit),
        options.WAITS_FOR.value_set(list(dict.fromkeys(map(_waited_for, waits)))[:_MOST]),
        options.WAITS_SINCE.value_set(since) if since else options.WAITS_SINCE.value_unset(),
        options.DUE.value_set(due) if due else options.DUE.value_unset(),
    ]


def _waited_for(waiting: Waiting) -> str:
    """Return the kind of a wait with the requirement, or else the roles, that it is for."""
    return f"{waiting.kind}/{waiting.what or ', '.join(waiting.roles)}"
