"""What the tiny rules say, written a second time and differently, so that the promises are checked independently."""

from domain.course import CourseState, Visit

Facts = dict[str, object]
CONTRADICTED = object()


def facts_of(state: CourseState, visit: int | None) -> Facts:
    """Return what counts in one place; a contradiction counts as nothing that could be believed."""
    told: Facts = {}
    for fact in sorted(state.facts, key=lambda f: (f.occurred_on, f.recorded_at)):
        if fact.visit == visit:
            told[fact.fact] = fact.value
    for fact in state.facts:
        same = [f for f in state.facts if (f.fact, f.visit) == (fact.fact, fact.visit)]
        newest = max(same, key=lambda f: (f.occurred_on, f.recorded_at))
        against = fact.by_system != newest.by_system and fact.occurred_on == newest.occurred_on
        if fact.visit == visit and against and fact.value != newest.value:
            told[fact.fact] = CONTRADICTED
    return told


def way_on(state: CourseState, visit: Visit) -> tuple[str, ...] | None:
    """Return where the tiny rules lead from a visit, or None while that is not known."""
    told = facts_of(state, visit.number)
    if visit.step == "talk":
        return {"both": ("trial", "work"), "work": ("work",), "again": ("talk",)}.get(_text(told.get("way")))
    return ("talk",) if visit.step == "trial" and told.get("tried") is True else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def may_leave(state: CourseState, visit: Visit, to: tuple[str, ...]) -> bool:
    """Say whether a visit may be left for `to` by the tiny rules alone."""
    told = facts_of(state, visit.number)
    ahead = facts_of(state, None)
    agreed = visit.step != "talk" or told.get("agreed") is True or "is_agreed" in visit.waived
    contract = "work" not in to or ahead.get("contract") is True or "has_contract" in visit.waived
    return agreed and contract and way_on(state, visit) == to


def content(state: CourseState, visit: Visit) -> object:
    """Return what a briefing of the visit would have to tell, as a value to compare."""
    closing = facts_of(state, None).get("closing_outcome")
    told = {
        (place, name): value
        for place in (None, visit.number)
        for name, value in _newest(state, place).items()
        if name not in {"target_group", "tried"}
    }
    notes = [note.id for note in state.notes if note.visit == visit.number and note.changes_the_agreement]
    ends = closing if closing is not None and closing is not CONTRADICTED else None
    return sorted(told.items(), key=str), notes, ends, None if ends else way_on(state, visit)


def _newest(state: CourseState, place: int | None) -> Facts:
    newest: Facts = {}
    for fact in sorted(state.facts, key=lambda f: (f.occurred_on, f.recorded_at)):
        if fact.visit == place:
            newest[fact.fact] = fact.value
    return newest
