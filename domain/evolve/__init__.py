"""How each event changes the course: trivial, total and frozen, for old events must read the same for ever."""

from collections.abc import Iterable
from functools import reduce
from typing import Final

from domain import events as ev
from domain.evolve import (
    clock,
    company_sheets,
    course,
    facts,
    informing,
    notes,
    notices,
    parties,
    proposals,
    stories,
    visits,
)
from domain.evolve.base import on
from domain.identity import ENGINE
from domain.state.course import CourseState

SUBJECTS: Final = (
    clock,
    company_sheets,
    course,
    facts,
    informing,
    notes,
    notices,
    parties,
    proposals,
    stories,
    visits,
)
"""The modules in which events say how they change the course; each registers its own."""


def evolve(state: CourseState, event: ev.EventBase) -> CourseState:
    """Return the course after `event`; what happens by itself, and what is done about notices, is no change of it."""
    after = on(event, state)
    if event.by == ENGINE or isinstance(event, ev.NoticeSeen | ev.EscalationTaken):
        return after
    return after.model_copy(update={"updated_at": event.at})


def replay(state: CourseState, events: Iterable[ev.EventBase]) -> CourseState:
    """Fold recorded events; a decision has the state after each of its own events already."""
    return reduce(evolve, events, state)
