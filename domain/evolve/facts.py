"""How facts, reported and taken back, change the course."""

from domain import events as ev
from domain.evolve.base import on
from domain.state.bounds import with_statement
from domain.state.course import CourseState


@on.register
def _(event: ev.FactsReported, state: CourseState) -> CourseState:
    facts = state.facts
    for fact in event.facts:
        facts = with_statement(facts, fact)
    return state.model_copy(update={"facts": facts})


@on.register
def _(event: ev.FactRetracted, state: CourseState) -> CourseState:
    removed = (*state.removed, event.fact) if event.wrong_citizen else state.removed
    return state.model_copy(update={"facts": tuple(f for f in state.facts if f.id != event.fact), "removed": removed})
