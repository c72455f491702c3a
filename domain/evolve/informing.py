"""How versions and receipts change the course."""

from collections.abc import Collection
from datetime import datetime

from domain import events as ev
from domain.evolve.base import change_disputes, change_visit, on
from domain.state.briefing import Briefing, Dispute, Receipt
from domain.state.course import CourseState, Visit
from domain.state.facts import Note


@on.register
def _(event: ev.BriefingAsked, state: CourseState) -> CourseState:
    return change_visit(state, event.visit, lambda visit: visit.model_copy(update={"asked_early": True}))


@on.register
def _(event: ev.BriefingIssued, state: CourseState) -> CourseState:
    briefing = Briefing(version=event.version, digest=event.digest, manifest=event.manifest, issued_at=event.at)
    update = {"briefing": briefing, "versions": event.version}
    after = change_visit(state, event.visit, lambda visit: visit.model_copy(update=update))
    return after.model_copy(update={"notes": tuple(_briefed(note, event) for note in state.notes)})


def _briefed(note: Note, event: ev.BriefingIssued) -> Note:
    """Return a note, which waits no longer when the version shows it."""
    if not note.waits_for_version or note.id not in event.manifest.notes:
        return note
    return note.model_copy(update={"briefed_in": event.visit})


@on.register
def _(event: ev.BriefingAcknowledged, state: CourseState) -> CourseState:
    return _receive(state, event)


@on.register
def _(event: ev.AcknowledgementTakenBack, state: CourseState) -> CourseState:
    def without(visit: Visit) -> Visit:
        if visit.briefing is None:
            return visit
        receipts = tuple(receipt for receipt in visit.briefing.receipts if receipt.role not in event.roles)
        return visit.model_copy(update={"briefing": visit.briefing.model_copy(update={"receipts": receipts})})

    visit = state.visit(event.visit)
    given = visit.briefing.receipts if visit is not None and visit.briefing is not None else ()
    slips = {(receipt.at, receipt.by) for receipt in given if receipt.role in event.roles}
    after = change_visit(state, event.visit, without)
    return change_disputes(after, lambda d: d.opened_again if _is_ended_by(d, slips) else d)


def _is_ended_by(dispute: Dispute, slips: Collection[tuple[datetime | None, str | None]]) -> bool:
    """Whether a dispute was ended by acknowledging as somebody did at some instants."""
    is_otherwise = dispute.ended_because is not None or bool(dispute.answered_by)
    return (dispute.ended_at, dispute.ended_by) in slips and not is_otherwise


@on.register
def _(event: ev.BriefingDisputed, state: CourseState) -> CourseState:
    dispute = Dispute(id=event.reason, version=event.version, roles=event.roles, by=event.by, at=event.at)
    return change_visit(
        _receive(state, event),
        event.visit,
        lambda visit: visit.model_copy(update={"disputes": (*visit.disputes, dispute)}),
    )


@on.register
def _(event: ev.DisputeEnded, state: CourseState) -> CourseState:
    ended = {"ended_at": event.at, "ended_by": event.by, "ended_because": event.reason}
    ended |= {"answered_by": event.answered_by}
    return change_disputes(state, lambda d: d.model_copy(update=ended) if d.id == event.dispute else d)


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
        other_receipts = tuple(r for r in visit.briefing.receipts if r.role not in event.roles)
        briefing = visit.briefing.model_copy(update={"receipts": other_receipts + receipts})
        return visit.model_copy(update={"briefing": briefing})

    after = change_visit(state, event.visit, received)
    visit = state.visit(event.visit)
    shown = visit.briefing.manifest.every_note if visit is not None and visit.briefing is not None else frozenset()
    return after.model_copy(update={"notes": tuple(_heard(n, event) if n.id in shown else n for n in after.notes)})


def _heard(note: Note, event: ev.BriefingAcknowledged | ev.BriefingDisputed) -> Note:
    """Return a note, which is heard when anybody but its author has acted on a version that shows it."""
    return note if {event.person, event.by} == {note.by} else note.model_copy(update={"is_heard": True})
