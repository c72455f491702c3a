"""How entering, leaving, branching and putting right change the visits of a course, and their appointments."""

from collections.abc import Mapping
from uuid import UUID

from domain import events as ev
from domain.evolve.base import change_visit, on
from domain.state.appointments import Appointment, Decline
from domain.state.bounds import with_statement, without_old_visits
from domain.state.briefing import Waiver
from domain.state.course import CourseState, Visit
from domain.state.facts import Note


@on.register
def _(event: ev.RequirementWaived, state: CourseState) -> CourseState:
    def waived(visit: Visit) -> Visit:
        waiver = Waiver(
            requirement=event.requirement, ground=event.waiver, reason=event.reason, by=event.by, at=event.at
        )
        others = (known for known in visit.waivers if known.requirement != event.requirement)
        return visit.model_copy(update={"waivers": (*others, waiver)})

    return change_visit(state, event.visit, waived)


@on.register
def _(event: ev.VisitEntered, state: CourseState) -> CourseState:
    visit = Visit(
        number=event.visit,
        step=event.step,
        ordinal=event.ordinal,
        entered_on=event.entered_on,
        entered_at=event.at,
        follows=event.follows,
        went_ahead=event.step in state.ahead_of_informing,
        left_at=event.left_at,
        asks_left=tuple(left for left in state.ask_next if left.step != event.step),
    )
    facts = tuple(
        f.model_copy(update={"visit": event.visit}) if f.visit is None and f.step == event.step else f
        for f in state.facts
    )
    notes = tuple(
        note.model_copy(update={"visit": event.visit, "step": None}) if note.step == event.step else note
        for note in state.notes
    )
    entered = {"visits": (*state.visits, visit), "facts": facts, "notes": notes, "ask_next": ()}
    return without_old_visits(state.model_copy(update=entered), event.step)


@on.register
def _(event: ev.VisitLeft, state: CourseState) -> CourseState:
    update = {"left_at": event.at, "to": event.to, "closing": event.closing}
    after = change_visit(state, event.visit, lambda visit: _used_up(visit, event.version, **update))
    for number in event.joined:
        after = change_visit(after, number, lambda visit: visit.model_copy(update={"joined_by": event.visit}))
    going_on = {visit.step: visit.number for visit in state.visits if visit.number in event.joined}
    return _placed(after, {**dict.fromkeys(event.asked_anew, event.visit), **going_on})


def _placed(state: CourseState, visits: Mapping[str, int]) -> CourseState:
    """Return the course with what was told ahead of some steps moved to a visit each."""
    ahead = ((fact.id, fact.step) for fact in state.facts if fact.visit is None)
    return _move_statements(state, {fact: visits[step] for fact, step in ahead if step is not None and step in visits})


def _move_statements(state: CourseState, places: Mapping[UUID, int | None]) -> CourseState:
    """Return the course with statements moved to another visit, or ahead of any; of each fact as many as are kept."""
    facts = tuple(fact for fact in state.facts if fact.id not in places)
    for fact in state.facts:
        if fact.id in places:
            facts = with_statement(facts, fact.model_copy(update={"visit": places[fact.id]}))
    return state.model_copy(update={"facts": facts})


@on.register
def _(event: ev.VisitBranched, state: CourseState) -> CourseState:
    after = change_visit(state, event.visit, lambda visit: _used_up(visit, event.version, asked_early=False))
    return _placed(after, dict.fromkeys(event.asked_anew, event.visit))


def _used_up(visit: Visit, version: int, **more: object) -> Visit:
    """Return the visit with its version used up, and by whom it was acknowledged."""
    update: dict[str, object] = {"used_up": version, "used_up_digest": "", "used_up_by": ()}
    if visit.briefing is not None:
        update["used_up_digest"] = visit.briefing.digest
        update["used_up_by"] = tuple(receipt.by for receipt in visit.briefing.receipts if not receipt.disputed)
    return visit.model_copy(update={**update, "briefing": None, "disputes": (), **more})


@on.register
def _(event: ev.VisitReopened, state: CourseState) -> CourseState:
    update: dict[str, object] = {"left_at": None, "to": (), "closing": None, "asked_early": False}
    update |= {"used_up": 0, "used_up_digest": "", "used_up_by": ()}
    after = change_visit(state, event.visit, lambda visit: visit.model_copy(update=update))
    step = {visit.number: visit.step for visit in state.visits}[event.visit]
    ask_next = tuple(left for left in state.ask_next if left.step != step)
    after = after.model_copy(update={"ask_next": ask_next})
    return _move_statements(after, {f.id: None for f in state.facts if f.visit == event.visit and f.step != step})


@on.register
def _(event: ev.VisitWithdrawn, state: CourseState) -> CourseState:
    update = {"left_at": event.at, "withdrawn": True, "briefing": None}
    after = change_visit(state, event.visit, lambda visit: visit.model_copy(update=update))
    facts = tuple(f.model_copy(update={"visit": None}) if f.visit == event.visit else f for f in after.facts)
    withdrawn = state.visit(event.visit)
    notes = state.notes if withdrawn is None else tuple(_ahead(note, withdrawn) for note in state.notes)
    asked = withdrawn.asks_left if withdrawn is not None else ()
    return after.model_copy(update={"facts": facts, "notes": notes, "ask_next": (*state.ask_next, *asked)})


def _ahead(note: Note, withdrawn: Visit) -> Note:
    """Return a note, which waits in the reopened visit for the next one to its step when its own is withdrawn (P13)."""
    place = withdrawn.follows or withdrawn.number
    update: dict[str, object] = {}
    if note.visit == withdrawn.number:
        update |= {"visit": place, "step": note.step or withdrawn.step}
    if note.briefed_in == withdrawn.number:
        update["briefed_in"] = place
    if note.answered_in == withdrawn.number:
        update["answered_in"] = place
    return note.model_copy(update=update) if update else note


@on.register
def _(event: ev.AppointmentMade, state: CourseState) -> CourseState:
    def made(visit: Visit) -> Visit:
        appointment = Appointment(
            id=event.appointment,
            on=event.day,
            at=event.time,
            place=event.place,
            sequence=event.sequence,
            moved=visit.appointment(event.appointment) is not None,
            told=event.told,
            since=event.at,
        )
        return _with_appointment(visit, appointment)

    return change_visit(state, event.visit, made)


@on.register
def _(event: ev.AttendeesChanged, state: CourseState) -> CourseState:
    def changed(visit: Visit) -> Visit:
        before = visit.appointment(event.appointment)
        if before is None:
            return visit
        update = {"sequence": event.sequence, "told": event.told, "since": event.at}
        return _with_appointment(visit, before.model_copy(update=update))

    return change_visit(state, event.visit, changed)


@on.register
def _(event: ev.AppointmentCancelled, state: CourseState) -> CourseState:
    def cancelled(visit: Visit) -> Visit:
        before = visit.appointment(event.appointment)
        if before is None:
            return visit
        update = {"cancelled": True, "sequence": event.sequence, "declines": (), "since": event.at}
        return _with_appointment(visit, before.model_copy(update=update))

    return change_visit(state, event.visit, cancelled)


@on.register
def _(event: ev.AppointmentDeclined, state: CourseState) -> CourseState:
    said = {name: getattr(event, name) for name in ("by", "at", "another_time", "reason")}
    return _with_declines(state, event, tuple(Decline(role=role, **said) for role in event.roles))


@on.register
def _(event: ev.AppointmentAccepted, state: CourseState) -> CourseState:
    return _with_declines(state, event, ())


def _with_declines(
    state: CourseState, event: ev.AppointmentDeclined | ev.AppointmentAccepted, declines: tuple[Decline, ...]
) -> CourseState:
    """Return the course with what the roles of an event say of a meeting, in the place of what they said before."""

    def changed(visit: Visit) -> Visit:
        before = visit.appointment(event.appointment)
        if before is None:
            return visit
        return _with_appointment(visit, before.with_declines(event.roles, declines, event.at))

    return change_visit(state, event.visit, changed)


def _with_appointment(visit: Visit, appointment: Appointment) -> Visit:
    others = tuple(other for other in visit.appointments if other.id != appointment.id)
    return visit.model_copy(update={"appointments": (*others, appointment)})
