"""What the tiny rules say, written a second time and differently, so that the promises are checked independently."""

from typing import NamedTuple

from domain.state.course import CourseState, Visit
from domain.state.facts import Note

Facts = dict[str, object]
CONTRADICTED = object()
IMMATERIAL = {"target_group", "tried", "more_of_talk"}


class Way(NamedTuple):
    """Where a visit leads: to which steps, whether it goes on itself, and whether what is open is joined."""

    to: tuple[str, ...]
    stays: bool = False
    joins: bool = False


def facts_of(state: CourseState, visit: int | None) -> Facts:
    """Return what counts in one place; a contradiction counts as nothing that could be believed."""
    stated: Facts = {}
    for fact in sorted(state.facts, key=lambda f: (f.occurred_on, f.recorded_at)):
        if fact.visit == visit:
            stated[fact.fact] = fact.value
    for fact in state.facts:
        same = [f for f in state.facts if (f.fact, f.visit) == (fact.fact, fact.visit)]
        newest = max(same, key=lambda f: (f.occurred_on, f.recorded_at))
        against = fact.by_system != newest.by_system and fact.occurred_on == newest.occurred_on
        if fact.visit == visit and against and fact.value != newest.value:
            stated[fact.fact] = CONTRADICTED
    return stated


def steps_beside(state: CourseState, visit: Visit) -> list[str]:
    """Return the steps of the other visits that are open."""
    return [other.step for other in state.visits if other.left_at is None and other.number != visit.number]


def way_on(state: CourseState, visit: Visit) -> Way | None:
    """Return where the tiny rules lead from a visit, or None while that is not known."""
    stated = facts_of(state, visit.number)
    beside = steps_beside(state, visit)
    if visit.step == "talk":
        again = Way(("work",), joins=True) if "work" in beside else Way(("talk",))
        ways = {"both": Way(("trial", "work")), "work": Way(("work",)), "trial": Way(("trial",)), "again": again}
        return ways.get(_text(stated.get("way")))
    if visit.step == "trial":
        return Way(("talk",), joins=True) if stated.get("tried") is True else None
    if "talk" not in beside and not _has_branched(state, visit):
        if stated.get("beside") is CONTRADICTED:
            return None
        if stated.get("beside") is True:
            return Way(("talk",), stays=True)
    over = _text(stated.get("over"))
    if over == "trial" and "trial" not in beside:
        return None
    return Way((over,), joins=True) if over else None


def _has_branched(state: CourseState, visit: Visit) -> bool:
    """Say whether the talk beside this work has been; without a clock nothing is ever said after it."""
    return any(v.follows == visit.number and v.step == "talk" and not v.withdrawn for v in state.visits)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def may_advance(state: CourseState, visit: Visit, to: tuple[str, ...], *, stays: bool) -> bool:
    """Say whether a visit may be advanced to `to`, itself left or not, by the tiny rules alone."""
    way = way_on(state, visit)
    if way is None or (way.to, way.stays) != (to, stays):
        return False
    stated, ahead = facts_of(state, visit.number), facts_of(state, None)
    beside = steps_beside(state, visit)
    version = state.rules.version if state.rules is not None else "1"
    asked = []
    if version == "more" and not stays:
        asked.append((f"more_in_{visit.step}", stated.get(f"more_of_{visit.step}") is True))
        left = (one.step for one in visit.asks_left)
        asked += [(f"more_in_{step}", _newest_of(state, step).get(f"more_of_{step}") is True) for step in left]
    if visit.step == "talk" and version != "less":
        asked.append(("is_agreed", stated.get("agreed") is True))
    if visit.step == "work" and not stays and version != "less":
        asked.append(("is_over", stated.get("over") not in (None, CONTRADICTED)))
    if "work" in entered(state, visit, way):
        asked.append(("has_contract", ahead.get("contract") is True))
        asked.append(("is_apart", ahead.get("apart") is True or "trial" not in {*beside, *to}))
    return all(is_met or name in visit.waived for name, is_met in asked)


def _newest_of(state: CourseState, step: str) -> Facts:
    """Return what counts in the newest visit to a step."""
    return facts_of(state, max(visit.number for visit in state.visits if visit.step == step and not visit.withdrawn))


def entered(state: CourseState, visit: Visit, way: Way) -> list[str]:
    """Return the steps that the way enters; what is joined is not entered once more."""
    return [step for step in way.to if not (way.joins and step in steps_beside(state, visit))]


def content(state: CourseState, visit: Visit) -> object:
    """Return what a briefing of the visit would have to tell, as a value to compare."""
    closing = facts_of(state, None).get("closing_outcome")
    here, elsewhere = _newest(state, visit.number), _newest(state, None)
    of_this_step = {fact.fact for fact in state.facts if fact.step == visit.step}
    stated = {
        **{("here", name): value for name, value in here.items()},
        **{("ahead", name): value for name, value in elsewhere.items() if name not in of_this_step},
    }
    material = sorted((at, str(value)) for at, value in stated.items() if at[1] not in IMMATERIAL)
    ends = closing if closing is not None and closing is not CONTRADICTED else None
    notes = [note.id for note in state.notes if _is_shown(state, visit, note, is_last=ends is not None)]
    way = None if ends else way_on(state, visit)
    waived = [w for v in state.visits for w in v.waivers if v is visit or (ends and v.left_at is None)]
    disputed = [
        (d.id, d.ended_because) for v in state.visits for d in v.disputes if v is visit or (ends and v.left_at is None)
    ]
    taught = _taught(state, visit, is_last=ends is not None)
    wrong = [made for v in state.visits if v.left_at for made in v.corrections if made.at >= visit.entered_at]
    known = [n.id for n in state.notes if n.id not in notes and is_known_ever_after(n)]
    return material, notes, known, waived, disputed, ends, way and (way.to, way.stays), taught, wrong


def is_for_both(note: Note) -> bool:
    """Say whether both roles must hear of a note; of a question only once it is answered."""
    return note.audience.value == "both" and (note.kind != "question" or note.answered_in is not None)


def is_known_ever_after(note: Note) -> bool:
    """Say whether every later briefing shows a note, once it waits no more."""
    is_knowledge = note.kind in {"resource", "barrier", "opportunity", "agreement"}
    return is_knowledge and is_for_both(note) and (not note.may_wait or note.briefed_in is not None)


def _is_shown(state: CourseState, visit: Visit, note: Note, *, is_last: bool) -> bool:
    place = note.answered_in or (note.briefed_in if note.may_wait else note.visit)
    ended = {other.number for other in state.visits if other.left_at is None} if is_last else {visit.number}
    return is_for_both(note) and (place in ended or (is_last and place is None))


def _taught(state: CourseState, visit: Visit, *, is_last: bool) -> object:
    """Return what was tried in each other visit that is over, or is to be over together with this one."""
    beside = {other.number for other in state.visits if other.left_at is None and not is_last}
    places = {fact.visit for fact in state.facts if fact.visit is not None} - beside - {visit.number}
    tried = {place: _newest(state, place).get("tried") for place in places}
    return {place: value for place, value in tried.items() if value is not None}


def _newest(state: CourseState, place: int | None) -> Facts:
    newest: Facts = {}
    for fact in sorted(state.facts, key=lambda f: (f.occurred_on, f.recorded_at)):
        if fact.visit == place:
            newest[fact.fact] = fact.value
    return newest
