"""How approvals, versions of a sheet and what becomes of them change the course."""

from domain import events as ev
from domain.evolve.base import change_visit, on
from domain.state.bounds import MAX_NOTES
from domain.state.company_sheets import ApprovedNote, CompanySheet, SheetTold
from domain.state.course import CourseState, Visit


@on.register
def _(event: ev.NoteApproved, state: CourseState) -> CourseState:
    approved = ApprovedNote(
        note=event.note,
        digest=event.digest,
        p_number=event.p_number,
        about_health=event.about_health,
        by=event.by,
        at=event.at,
    )
    known = {note.id for note in state.notes}
    others = (one for one in _others(state, event) if one.note in known)
    return state.model_copy(update={"approved": (*others, approved)[-MAX_NOTES:]})


@on.register
def _(event: ev.ApprovalWithdrawn, state: CourseState) -> CourseState:
    return state.model_copy(update={"approved": _others(state, event)})


def _others(state: CourseState, event: ev.NoteApproved | ev.ApprovalWithdrawn) -> tuple[ApprovedNote, ...]:
    named = (event.note, event.p_number)
    return tuple(approved for approved in state.approved if (approved.note, approved.p_number) != named)


@on.register
def _(event: ev.SheetIssued, state: CourseState) -> CourseState:
    sheet = CompanySheet(
        version=event.version,
        digest=event.digest,
        content=event.content,
        details=event.details,
        citizen_text=event.citizen_text,
    )
    after = change_visit(state, event.visit, lambda visit: visit.model_copy(update={"sheet": sheet}))
    return after.model_copy(update={"sheets": event.version})


@on.register
def _(event: ev.CompanyTold, state: CourseState) -> CourseState:
    told = SheetTold(how=event.how, by=event.by, at=event.at)

    def with_told(visit: Visit) -> Visit:
        sheet = visit.sheet
        return visit.model_copy(
            update={"sheet": sheet.model_copy(update={"told": (*sheet.told, told)}) if sheet else None}
        )

    return change_visit(state, event.visit, with_told)


@on.register
def _(event: ev.SheetStopped, state: CourseState) -> CourseState:
    def stopped(visit: Visit) -> Visit:
        sheet = visit.sheet
        return visit.model_copy(
            update={"sheet": sheet.model_copy(update={"stopped": event.because}) if sheet else None}
        )

    return change_visit(state, event.visit, stopped)
