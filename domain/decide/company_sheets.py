"""Deciding about the sheet of a company: words approved for it, versions issued and told, and when they stop (P10)."""

from collections.abc import Iterator

from domain import commands as cmd
from domain import events as ev
from domain.decide.company_content import content_for_company, may_be_approved, stop_of
from domain.decide.decision import Decision, decides
from domain.errors import Code, refuse
from domain.identity import ENGINE
from domain.state.company_sheets import CompanySheet
from domain.state.course import Visit


@decides(cmd.ApproveNote)
def approve_note(decision: Decision, command: cmd.ApproveNote) -> None:
    """Approve the words of a note for the company at which an open visit is; the same approval again is done already.

    Refuses with `not-the-party`, `note-not-for-company`.
    """
    _expect_party(decision)
    note = next((note for note in decision.state.notes if note.id == command.note), None)
    rules_there = (decision.rules.company(visit.step) for visit in _visits_at(decision, command.p_number))
    if note is None or not any(rule is not None and may_be_approved(note, rule) for rule in rules_there):
        raise refuse(Code.NOTE_NOT_FOR_COMPANY, "note")
    said = (command.note, command.words_digest, command.p_number, command.about_health)
    if any((one.note, one.digest, one.p_number, one.about_health) == said for one in decision.state.approved):
        return
    decision.record(
        ev.NoteApproved,
        note=command.note,
        digest=command.words_digest,
        p_number=command.p_number,
        about_health=command.about_health,
    )


@decides(cmd.WithdrawApproval)
def withdraw_approval(decision: Decision, command: cmd.WithdrawApproval) -> None:
    """Approve words no longer, whoever approved them; once is enough. Refuses with `not-the-party`."""
    _expect_party(decision)
    if any((one.note, one.p_number) == (command.note, command.p_number) for one in decision.state.approved):
        decision.record(ev.ApprovalWithdrawn, note=command.note, p_number=command.p_number)


@decides(cmd.IssueSheet)
def issue_sheet(decision: Decision, command: cmd.IssueSheet) -> None:
    """Issue the sheet of a visit if it still says what was shown; what stands already is not issued again.

    Refuses with `company-sheet-changed`, `not-the-party`, `visit-unknown`.
    """
    _expect_party(decision)
    visit = decision.open_visit(command.visit)
    is_named = command.citizen_text is not None
    if content_for_company(decision.state, decision.rules, visit) != command.content or (
        is_named and decision.state.protected
    ):
        raise refuse(Code.COMPANY_SHEET_CHANGED, "digest")
    if visit.sheet is not None and visit.sheet.stands and visit.sheet.digest == command.page_digest:
        return
    decision.record(
        ev.SheetIssued,
        visit=visit.number,
        version=decision.state.sheets + 1,
        digest=command.page_digest,
        content=command.content,
        details=command.details,
        citizen_text=command.citizen_text,
    )


@decides(cmd.TellCompany)
def tell_company(decision: Decision, command: cmd.TellCompany) -> None:
    """Record that the company was told what the version that stands says; by the same person and way it is done.

    Refuses with `company-sheet-stopped`, `not-the-party`.
    """
    _expect_party(decision)
    found = next(((v, v.sheet) for v in decision.state.open_visits if _is_version(v.sheet, command.version)), None)
    if found is None or found[1] is None or found[1].stopped is not None:
        because = found[1].stopped if found is not None and found[1] is not None else "replaced"
        raise refuse(Code.COMPANY_SHEET_STOPPED, "version", because=because)
    visit, sheet = found
    if sheet is not None and not any((t.how, t.by) == (command.how, decision.actor.person) for t in sheet.told):
        decision.record(ev.CompanyTold, visit=visit.number, version=sheet.version, how=command.how)


def stop_sheets(decision: Decision) -> None:
    """Record of each sheet that stands no longer why: it is given out no more, and both roles are told once."""
    for visit in decision.state.visits:
        sheet = visit.sheet
        because = stop_of(decision.state, decision.rules, visit, sheet) if sheet is not None and sheet.stands else None
        if sheet is not None and because is not None:
            decision.record(ev.SheetStopped, by=ENGINE, visit=visit.number, version=sheet.version, because=because)


def _visits_at(decision: Decision, p_number: str) -> Iterator[Visit]:
    place_of = decision.rules.workplaces.of
    return (visit for visit in decision.state.open_visits if place_of(decision.state, visit.number) == p_number)


def _expect_party(decision: Decision) -> None:
    """Raise RefusedError `not-the-party` unless the actor holds a role or is the registered cover of who does."""
    own = {decision.actor.person, *decision.actor.covers}
    if own.isdisjoint(decision.holders()):
        raise refuse(Code.NOT_THE_PARTY)


def _is_version(sheet: CompanySheet | None, version: int) -> bool:
    return sheet is not None and sheet.version == version
