"""How its start, its parties, what is known and its clock change a course."""

from domain import events as ev
from domain.calendar import Pause
from domain.evolve.base import on
from domain.identity import Role
from domain.state.bounds import with_note, with_pause, with_statement
from domain.state.course import CourseState, Party, Status, Visit
from domain.state.observers import Observer
from domain.state.waiting import Taken


@on.register
def _(event: ev.CourseStarted, state: CourseState) -> CourseState:
    taken = ("municipality", "unit", "reference", "ordinal", "citizen", "protected", "rules", "started_on")
    how = ("shared_role", "quiet_until")
    update = {name: getattr(event, name) for name in (*taken, *how)}
    begun = {"status": Status.OPEN, "started_at": event.at}
    return state.model_copy(update={**update, **begun})


@on.register
def _(event: ev.CitizenDescribed, state: CourseState) -> CourseState:
    return state.model_copy(update={"protected": event.protected})


@on.register
def _(event: ev.PartyAssigned, state: CourseState) -> CourseState:
    before = state.party(event.role)
    party = Party(
        role=event.role,
        person=event.to.person,
        unit=event.to.unit,
        since=event.at,
        generation=before.generation + 1 if before else 1,
    )
    return state.model_copy(
        update={
            "parties": (*(p for p in state.parties if p.role != event.role), party),
            "observers": tuple(o for o in state.observers if o.person != event.to.person),
            "visits": tuple(_void(visit, event.role) for visit in state.visits),
            "catch_ups": tuple(c for c in state.catch_ups if c.role != event.role),
        }
    )


def _void(visit: Visit, role: Role) -> Visit:
    """Return the visit without the role's receipt: who takes over has been told nothing yet (P1)."""
    if visit.briefing is None:
        return visit
    kept = tuple(receipt for receipt in visit.briefing.receipts if receipt.role != role)
    return visit.model_copy(update={"briefing": visit.briefing.model_copy(update={"receipts": kept})})


@on.register
def _(event: ev.ObserverAdded, state: CourseState) -> CourseState:
    others = (observer for observer in state.observers if observer.person != event.person)
    observer = Observer(person=event.person, kind=event.observer_kind, since=event.at)
    return state.model_copy(update={"observers": (*others, observer)})


@on.register
def _(event: ev.ObserverRemoved, state: CourseState) -> CourseState:
    return state.model_copy(update={"observers": tuple(o for o in state.observers if o.person != event.person)})


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


@on.register
def _(event: ev.NoteAdded, state: CourseState) -> CourseState:
    notes = with_note(state.notes, event.note)
    kept = {note.id for note in notes}
    answers = (*state.answered, event.answers) if event.answers else state.answered
    return state.model_copy(update={"notes": notes, "answered": tuple(a for a in answers if a in kept)})


@on.register
def _(event: ev.NoteRetracted, state: CourseState) -> CourseState:
    removed = (*state.removed, event.note) if event.wrong_citizen else state.removed
    return state.model_copy(update={"notes": tuple(n for n in state.notes if n.id != event.note), "removed": removed})


@on.register
def _(event: ev.CoursePaused, state: CourseState) -> CourseState:
    pauses = with_pause(state.pauses, Pause(since=event.since))
    return state.model_copy(update={"status": Status.PAUSED, "pauses": pauses, "resumes_at": event.until})


@on.register
def _(event: ev.CourseResumed, state: CourseState) -> CourseState:
    *earlier, last = state.pauses
    pauses = (*earlier, last.model_copy(update={"until": event.ended_at or event.at}))
    return state.model_copy(update={"status": Status.OPEN, "pauses": pauses, "resumes_at": None})


@on.register
def _(event: ev.CourseCompleted, state: CourseState) -> CourseState:
    return state.model_copy(update={"status": Status.COMPLETED, "outcome": event.outcome})


@on.register
def _(_event: ev.CourseReopened, state: CourseState) -> CourseState:
    return state.model_copy(update={"status": Status.OPEN, "outcome": None})


@on.register
def _(event: ev.EscalationTaken, state: CourseState) -> CourseState:
    taken = Taken(by=event.by, at=event.at, look_again_at=event.look_again_at, reason=event.reason)
    waiting = (w.model_copy(update={"taken": taken}) if w.key == event.waiting else w for w in state.waiting)
    return state.model_copy(update={"waiting": tuple(waiting)})


@on.register
def _(event: ev.Settled, state: CourseState) -> CourseState:
    opened = {waiting.key: waiting for waiting in event.opened}
    kept = tuple(w for w in state.waiting if w.key not in opened and w.key not in event.ended)
    visits = tuple(
        visit.model_copy(update={"judgement": event.judgements[visit.number]})
        if visit.number in event.judgements
        else visit
        for visit in state.visits
    )
    return state.model_copy(
        update={
            "visits": visits,
            "waiting": (*kept, *event.opened),
            "ahead": event.ahead,
            "wakeup": event.wakeup,
            "calendar": event.calendar,
        }
    )
