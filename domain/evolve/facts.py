"""How facts, reported and taken back, change the course."""

from domain import events as ev
from domain.evolve.base import on
from domain.state.bounds import with_statement
from domain.state.course import CourseState
from domain.state.facts import Removal


@on.register
def _(event: ev.FactsReported, state: CourseState) -> CourseState:
    facts = state.facts
    for fact in event.facts:
        facts = with_statement(facts, fact)
    return state.model_copy(update={"facts": facts})


@on.register
def _(event: ev.FactRetracted, state: CourseState) -> CourseState:
    removed = state.removed
    if event.wrong_citizen:
        removed = (*removed, Removal(entry=event.fact, by=event.by))
    return state.model_copy(update={"facts": tuple(f for f in state.facts if f.id != event.fact), "removed": removed})


@on.register
def _(event: ev.RemovalAgreed, state: CourseState) -> CourseState:
    removed = (r.model_copy(update={"is_agreed": True}) if r.entry == event.entry else r for r in state.removed)
    return state.model_copy(update={"removed": tuple(removed)})
