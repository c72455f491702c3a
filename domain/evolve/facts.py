"""How facts, reported and taken back, change the course."""

from typing import Any

from domain import events as ev
from domain.evolve.base import change_visit, on, without_answer
from domain.state.bounds import with_statement
from domain.state.course import CourseState, Visit
from domain.state.facts import REMOVED, Removal


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
    after = without_answer(state, event.fact, event.superseded_by)
    after = after.model_copy(update={"facts": tuple(f for f in after.facts if f.id != event.fact)})
    if not event.wrong_citizen:
        return after
    removal = Removal(entry=event.fact, by=event.by)
    dumped = after.model_dump()
    visits = _without_unstated(dumped["visits"], event.name, after)
    return CourseState.model_validate({**dumped, "visits": visits, "removed": (*after.removed, removal)})


def _without_unstated(part: Any, name: str | None, state: CourseState) -> Any:  # noqa: ANN401 - any part of a model's dump
    """Return a part without the values of a fact that nobody states any more; they may be another citizen's (P10)."""
    if isinstance(part, list | tuple):
        return tuple(_without_unstated(each, name, state) for each in part)
    if not isinstance(part, dict):
        return part
    if "value" in part and part.get("fact") == name:
        stated = [fact.value for fact in state.facts if fact.fact == name]
        is_stated = any(type(value) is type(part["value"]) and value == part["value"] for value in stated)
        return part if is_stated else {**part, "value": REMOVED}
    return {key: _without_unstated(each, name, state) for key, each in part.items()}


@on.register
def _(event: ev.RemovalAgreed, state: CourseState) -> CourseState:
    removed = (r.model_copy(update={"is_agreed": True}) if r.entry == event.entry else r for r in state.removed)
    return state.model_copy(update={"removed": tuple(removed)})
