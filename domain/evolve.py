"""How each event changes the course: trivial, total and frozen, for old events must read the same for ever."""

from collections.abc import Callable
from functools import singledispatch

from domain import events as ev
from domain.briefing import Briefing, CatchUp, Receipt
from domain.course import CourseState, Party, Status, Visit
from domain.identity import ENGINE, Role
from domain.keeping import with_note, with_pause, with_statement, without_old_visits
from domain.waiting import Pause


def evolve(state: CourseState, event: ev.EventBase) -> CourseState:
    """Return the course after `event`; what happens by itself, and seeing a notice, is no change of the course."""
    after = _on(event, state)
    if event.by == ENGINE or isinstance(event, ev.NoticeSeen):
        return after
    return after.model_copy(update={"changed_at": event.at})


@singledispatch
def _on(_event: ev.EventBase, state: CourseState) -> CourseState:
    """Leave the course as it is: the event tells of notices only."""
    return state


@_on.register
def _(event: ev.CourseStarted, state: CourseState) -> CourseState:
    taken = ("municipality", "unit", "reference", "ordinal", "citizen", "rules", "started_on", "shared_role")
    update = {name: getattr(event, name) for name in taken}
    return state.model_copy(update={**update, "status": Status.OPEN, "started_at": event.at})


@_on.register
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


@_on.register
def _(event: ev.FactsReported, state: CourseState) -> CourseState:
    facts = state.facts
    for fact in event.facts:
        facts = with_statement(facts, fact)
    return state.model_copy(update={"facts": facts})


@_on.register
def _(event: ev.FactRetracted, state: CourseState) -> CourseState:
    return state.model_copy(update={"facts": tuple(f for f in state.facts if f.id != event.fact)})


@_on.register
def _(event: ev.NoteAdded, state: CourseState) -> CourseState:
    notes = with_note(state.notes, event.note)
    kept = {note.id for note in notes}
    answers = (*state.answered, event.answers) if event.answers else state.answered
    return state.model_copy(update={"notes": notes, "answered": tuple(a for a in answers if a in kept)})


@_on.register
def _(event: ev.NoteRetracted, state: CourseState) -> CourseState:
    return state.model_copy(update={"notes": tuple(n for n in state.notes if n.id != event.note)})


def _change_visit(state: CourseState, number: int, change: Callable[[Visit], Visit]) -> CourseState:
    visits = tuple(change(visit) if visit.number == number else visit for visit in state.visits)
    return state.model_copy(update={"visits": visits})


@_on.register
def _(event: ev.BriefingAsked, state: CourseState) -> CourseState:
    return _change_visit(state, event.visit, lambda visit: visit.model_copy(update={"asked_early": True}))


@_on.register
def _(event: ev.BriefingIssued, state: CourseState) -> CourseState:
    briefing = Briefing(version=event.version, digest=event.digest, manifest=event.manifest, issued_at=event.at)
    update = {"briefing": briefing, "versions": event.version}
    return _change_visit(state, event.visit, lambda visit: visit.model_copy(update=update))


@_on.register
def _(event: ev.BriefingAcknowledged, state: CourseState) -> CourseState:
    return _receive(state, event)


@_on.register
def _(event: ev.BriefingDisputed, state: CourseState) -> CourseState:
    return _receive(state, event)


def _receive(state: CourseState, event: ev.BriefingAcknowledged | ev.BriefingDisputed) -> CourseState:
    receipts = tuple(
        Receipt(
            role=role,
            person=event.person,
            by=event.by,
            at=event.at,
            on_behalf=event.on_behalf if isinstance(event, ev.BriefingAcknowledged) else None,
            disputed=isinstance(event, ev.BriefingDisputed),
        )
        for role in event.roles
    )

    def received(visit: Visit) -> Visit:
        if visit.briefing is None:
            return visit
        kept = tuple(r for r in visit.briefing.receipts if r.role not in event.roles)
        briefing = visit.briefing.model_copy(update={"receipts": kept + receipts})
        return visit.model_copy(update={"briefing": briefing})

    return _change_visit(state, event.visit, received)


@_on.register
def _(event: ev.CatchUpOpened, state: CourseState) -> CourseState:
    opened = CatchUp(visit=event.visit, version=event.version, role=event.role, person=event.person, since=event.at)
    others = tuple(c for c in state.catch_ups if (c.visit, c.role) != (event.visit, event.role))
    return state.model_copy(update={"catch_ups": (*others, opened)})


@_on.register
def _(event: ev.CaughtUp, state: CourseState) -> CourseState:
    left = tuple(c for c in state.catch_ups if (c.visit, c.person) != (event.visit, event.person))
    return state.model_copy(update={"catch_ups": left})


@_on.register
def _(event: ev.RequirementWaived, state: CourseState) -> CourseState:
    def waived(visit: Visit) -> Visit:
        return visit.model_copy(update={"waived": (*visit.waived, event.requirement)})

    return _change_visit(state, event.visit, waived)


@_on.register
def _(event: ev.VisitEntered, state: CourseState) -> CourseState:
    visit = Visit(
        number=event.visit,
        step=event.step,
        ordinal=event.ordinal,
        entered_on=event.entered_on,
        entered_at=event.at,
        went_ahead=event.step in state.ahead,
    )
    facts = tuple(
        f.model_copy(update={"visit": event.visit}) if f.visit is None and f.step == event.step else f
        for f in state.facts
    )
    return without_old_visits(state.model_copy(update={"visits": (*state.visits, visit), "facts": facts}), event.step)


@_on.register
def _(event: ev.VisitLeft, state: CourseState) -> CourseState:
    update = {"left_at": event.at, "to": event.to, "closing": event.closing, "briefing": None}
    return _change_visit(state, event.visit, lambda visit: visit.model_copy(update=update))


@_on.register
def _(event: ev.VisitReopened, state: CourseState) -> CourseState:
    update = {"left_at": None, "to": (), "closing": None, "asked_early": False}
    return _change_visit(state, event.visit, lambda visit: visit.model_copy(update=update))


@_on.register
def _(event: ev.VisitWithdrawn, state: CourseState) -> CourseState:
    update = {"left_at": event.at, "withdrawn": True, "briefing": None}
    after = _change_visit(state, event.visit, lambda visit: visit.model_copy(update=update))
    facts = tuple(f.model_copy(update={"visit": None}) if f.visit == event.visit else f for f in after.facts)
    catch_ups = tuple(c for c in after.catch_ups if c.visit != event.visit)
    return after.model_copy(update={"facts": facts, "catch_ups": catch_ups})


@_on.register
def _(event: ev.CoursePaused, state: CourseState) -> CourseState:
    pauses = with_pause(state.pauses, Pause(since=event.since))
    return state.model_copy(update={"status": Status.PAUSED, "pauses": pauses, "resumes_at": event.until})


@_on.register
def _(event: ev.CourseResumed, state: CourseState) -> CourseState:
    *earlier, last = state.pauses
    pauses = (*earlier, last.model_copy(update={"until": event.ended_at or event.at}))
    return state.model_copy(update={"status": Status.OPEN, "pauses": pauses, "resumes_at": None})


@_on.register
def _(event: ev.CourseCompleted, state: CourseState) -> CourseState:
    return state.model_copy(update={"status": Status.COMPLETED, "outcome": event.outcome})


@_on.register
def _(_event: ev.CourseReopened, state: CourseState) -> CourseState:
    return state.model_copy(update={"status": Status.OPEN, "outcome": None})


@_on.register
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
