"""How facts, reported and taken back, change the course."""

from domain import events as ev
from domain.evolve.base import change_visit, on
from domain.state.bounds import with_statement
from domain.state.course import CourseState, Visit
from domain.state.facts import Removal


@on.register
def _(event: ev.FactsReported, state: CourseState) -> CourseState:
    facts = state.facts
    for fact in event.facts:
        facts = with_statement(facts, fact)
    return state.model_copy(update={"facts": facts})


@on.register
def _(event: ev.BasisCorrected, state: CourseState) -> CourseState:
    new = event.correction

    def corrected(visit: Visit) -> Visit:
        if new.note is not None:
            return visit.model_copy(update={"corrections": (*visit.corrections, new)})
        first = next((old for old in visit.corrections if old.fact == new.fact), new)
        merged = new.model_copy(update={"before": first.before})
        others = tuple(old for old in visit.corrections if old.fact != new.fact)
        is_undone = merged.before is not None and merged.after is not None and merged.before.value == merged.after.value
        return visit.model_copy(update={"corrections": others if is_undone else (*others, merged)})

    return change_visit(state, new.visit, corrected)


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
