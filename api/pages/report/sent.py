"""What somebody has just sent: a receipt that was a slip is taken back, a note is put right by its author (P1, P3)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.courses.commands.informing import TakeBackBody, undo_acknowledgement
from api.courses.commands.notes import SupersedeNoteBody, supersede_note
from api.courses.read.course import read_in_full
from api.courses.read.models import NoteRead
from api.courses.visible import GivenCourse
from api.http.access import NoteWriter, Reporter, Worker
from api.http.dependencies import GivenServices
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.problems import ProblemError
from api.http.same_origin import expect_same_origin
from api.pages.addresses import see_other
from api.pages.forms import Form, GivenDone, body_of, read_body
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from api.pages.report.entry import Button, Entry, FormError, Group, TypedForm, problem_of, show_entry
from api.pages.report.fields import Field, Shape
from domain.decide.disputes import TAKEN_BACK_WITHIN
from domain.errors import Code
from wording.catalog import catalog

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_CORRECTED_WITHIN: Final = timedelta(minutes=15)

_Note = Annotated[UUID, Path()]


@router.get("/courses/{course}/sent")
async def read_sent(
    request: Request,
    course: GivenCourse,
    services: GivenServices,
    caller: Worker,
    reader: GivenReader,
    language: CallersLanguage,
    done: GivenDone,
) -> HTMLResponse:
    """Show the reader's own receipts and notes of the last minutes, which can still be taken back or put right."""
    now, read = services.clock.now(), await read_in_full(services, caller, course, language)
    receipts = {
        visit.number: visit.briefing.version
        for visit in course.state.open_visits
        if visit.briefing is not None
        for one in visit.briefing.receipts
        if one.by == caller.person and not one.disputed and now - one.at <= TAKEN_BACK_WITHIN
    }
    heard = {note.id for note in course.state.notes if note.is_heard}
    own = [note for note in read.notes if note.by == caller.person and note.id not in heard]
    notes = [note for note in own if note.text and now - note.at <= _CORRECTED_WITHIN]
    return render_page(request, "sent", reader=reader, course=read, receipts=receipts, notes=notes, done=done)


@router.post("/courses/{course}/acknowledgements/take-back")
async def take_back(caller: Reporter, course: GivenCourse, sender: GivenSender, form: Form) -> RedirectResponse:
    """Take a receipt back, as `POST /v1/courses/{course}/acknowledgements/take-back` does."""
    await undo_acknowledgement(caller, body_of(TakeBackBody, form, ("briefing", "version")), course, sender)
    return see_other(f"/courses/{course.id}?done=slip")


@router.get("/courses/{course}/notes/{note}/supersede")
async def read_correction(
    request: Request,
    course: GivenCourse,
    services: GivenServices,
    caller: Worker,
    note: _Note,
    reader: GivenReader,
    language: CallersLanguage,
) -> Response:
    """Let the author put a note right."""
    read = await read_in_full(services, caller, course, language)
    own = next((one for one in read.notes if one.id == note and one.by == caller.person), None)
    if own is None:
        raise ProblemError(Code.NOTHING_TO_RETRACT)
    words = catalog(language).pages
    return show_entry(request, reader, _correction(course.row.reference, f"/courses/{course.id}", note, own, words))


@router.post("/courses/{course}/notes/{note}/supersede")
async def correct_note(
    request: Request,
    caller: NoteWriter,
    course: GivenCourse,
    note: _Note,
    reader: GivenReader,
    language: CallersLanguage,
    sender: GivenSender,
    typed: TypedForm,
) -> Response:
    """Put it right, as `POST /v1/courses/{course}/notes/{note}/supersede` does."""
    try:
        typed.expect_clean()
        body = read_body(SupersedeNoteBody, typed.filled("text", "reason"))
        await supersede_note(caller, note, body, course, sender.named(typed.form.get("key", "")))
    except FormError as error:
        words = catalog(language).pages
        entry = _correction(course.row.reference, f"/courses/{course.id}", note, None, words).typed(typed.form)
        return show_entry(request, reader, entry, problem_of(error))
    return see_other(f"/courses/{course.id}/sent?done=saved")


def _correction(subject: str, here: str, note: UUID, own: NoteRead | None, words: Mapping[str, str]) -> Entry:
    fields = [
        Field("text", own.label if own else words["note_text"], Shape.WORDS, (own.text or "") if own else ""),
        Field("reason", words["why_corrected"], Shape.WORDS, help=words["why_corrected_help"]),
    ]
    return Entry(
        heading=words["correct_note"],
        subject=subject,
        action=f"{here}/notes/{note}/supersede",
        groups=[Group("", fields)],
        buttons=[Button(words["save"])],
        links=[(words["to_the_course"], here)],
    )
