"""How each event changes the course: trivial, total and frozen, for old events must read the same for ever."""

from domain import events as ev
from domain.evolve import course, informing, visits
from domain.evolve.base import on
from domain.identity import ENGINE
from domain.state.course import CourseState

__all__ = ["course", "evolve", "informing", "visits"]


def evolve(state: CourseState, event: ev.EventBase) -> CourseState:
    """Return the course after `event`; what happens by itself, and what is done about notices, is no change of it."""
    after = on(event, state)
    if event.by == ENGINE or isinstance(event, ev.NoticeSeen | ev.EscalationTaken):
        return after
    return after.model_copy(update={"changed_at": event.at})
