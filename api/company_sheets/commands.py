"""The commands about the sheet of a company: words approved, a version issued, and that the company was told (P10)."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from api.company_sheets.models import ApproveBody, DisapproveBody, IssueBody, TellBody
from api.company_sheets.reading import Chosen, SheetReader
from api.courses.commands.representation import command_router
from api.courses.visible import GivenCourse
from api.http.access import Allowed
from api.http.caller import Caller
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices
from api.http.idempotency import CommandDone, GivenSender
from api.http.negotiation import CallersLanguage
from api.http.problems import ProblemError, wrong
from api.http.responses import command_problems
from domain.commands import ApproveNote, IssueSheet, TellCompany, WithdrawApproval
from domain.errors import Code
from domain.identity import Role
from infra.store.registers import texts
from infra.store.registers.texts import TextKind
from wording.labels import Labels

router = command_router("company-sheets")

Party = Annotated[Caller, Allowed(Role.CASEWORKER, Role.COMPANY_CONSULTANT)]
_Note = Annotated[UUID, Path(description="The note's `id` in the course.")]


@router.post("/v1/courses/{course}/company-sheet", summary="Issue the sheet", responses=command_problems())
async def issue_company_sheet(
    _caller: Party,
    body: IssueBody,
    course: GivenCourse,
    services: GivenServices,
    language: CallersLanguage,
    sender: GivenSender,
) -> CommandDone:
    """Issue the sheet as it was shown, and keep it as a version; what stands already is not issued again."""
    municipality = sender.caller.municipality
    labels = Labels(await services.rulebooks.book(municipality, course.row.rules_sha256), language)
    async with services.store.municipality(municipality) as connection:
        reader = SheetReader(services, course, labels, connection)
        preview = await reader.preview(body.visit, Chosen(body.contact, body.comes_along))
        digest = reader.digest(preview)
    if preview.parts is None or digest is None:
        words = labels.catalog.company_sheet
        missing = " ".join(words[f"missing_{code}"] for code in preview.missing)
        raise ProblemError(ApiCode.COMPANY_SHEET_INCOMPLETE, missing=missing)
    if digest != body.digest:
        raise wrong(Code.COMPANY_SHEET_CHANGED, "digest")
    details = await sender.stage(TextKind.COMPANY_SHEET, preview.parts.details.model_dump_json())
    command = IssueSheet(
        **sender.covering(course.covers).envelope,
        visit=preview.visit.number,
        page_digest=digest,
        content=preview.parts.content,
        details=details,
        citizen_text=course.row.open_name,
    )
    return await sender.send(course.id, command)


@router.post("/v1/courses/{course}/company-sheet/told", summary="The company was told", responses=command_problems())
async def tell_company(_caller: Party, body: TellBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Record that the company was told the version that stands, by print or by telephone; nothing is mailed."""
    command = TellCompany(**sender.covering(course.covers).envelope, version=body.version, how=body.how)
    return await sender.send(course.id, command)


@router.post(
    "/v1/courses/{course}/notes/{note}/company-approval",
    summary="The company may read these words",
    responses=command_problems(),
)
async def approve_note(
    _caller: Party, note: _Note, body: ApproveBody, course: GivenCourse, services: GivenServices, sender: GivenSender
) -> CommandDone:
    """Approve the very words of a note for one company; a note that is corrected has other words, and no approval.

    Its writer must have marked it as for the company. Words about health or considerations are told with the
    citizen's consent alone, never a diagnosis, a benefit or the family.
    """
    labels = Labels(await services.rulebooks.book(sender.caller.municipality, course.row.rules_sha256), "da")
    async with services.store.municipality(sender.caller.municipality) as connection:
        words = (await texts.texts(connection, [note])).get(note)
        reader = SheetReader(services, course, labels, connection)
    known = next((one for one in course.state.notes if one.id == note), None)
    if words is None or known is None or not known.audience.includes(course.roles):
        raise wrong(Code.NOTE_NOT_FOR_COMPANY, "note")
    if reader.words_digest(note, words) != body.digest:
        raise wrong(Code.COMPANY_SHEET_CHANGED, "digest")
    command = ApproveNote(
        **sender.covering(course.covers).envelope,
        note=note,
        words_digest=body.digest,
        p_number=body.p_number,
        about_health=body.about_health,
    )
    return await sender.send(course.id, command)


@router.post(
    "/v1/courses/{course}/notes/{note}/company-approval/withdraw",
    summary="The company may not read these words",
    responses=command_problems(),
)
async def withdraw_approval(
    _caller: Party, note: _Note, body: DisapproveBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Withdraw the approval of words for a company, whoever gave it: no sheet with them is given out any more."""
    envelope = sender.covering(course.covers).envelope
    return await sender.send(course.id, WithdrawApproval(**envelope, note=note, p_number=body.p_number))
