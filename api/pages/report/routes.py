"""Reporting: a form of what is asked of its reader, what the other role would get, and *Gem og kvittér* (P1, P3)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.briefings.models import ReportPreview
from api.briefings.report_previews import preview_facts, preview_notes
from api.courses.commands.facts import FactsBody, report_facts
from api.courses.commands.notes import NotesBody, add_notes
from api.http.access import Worker
from api.http.idempotency import GivenSender, NotCurrentError, Sender
from api.http.same_origin import expect_same_origin
from api.pages.reader import GivenReader
from api.pages.report.entry import PREVIEW, FormError, Preview, TypedForm, problem_of, show_entry
from api.pages.report.fields import notes_of
from api.pages.report.form import report_form
from api.pages.report.place import GivenPlace, Place
from infra.security.tokens import Claims

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_About = Annotated[str | None, Query(pattern="^[a-z][a-z0-9_]{0,63}$")]


@router.get("/courses/{course}/visits/{visit}/report")  # noqa: FAST003 - GivenPlace takes both.
async def read_report(
    request: Request, _caller: Worker, place: GivenPlace, reader: GivenReader, about: _About = None
) -> Response:
    """Ask what is asked of the reader at an open visit, what it is `about` first."""
    form = report_form(place, about)
    return show_entry(request, reader, form.entry()) if form else place.left()


@router.post("/courses/{course}/visits/{visit}/report")  # noqa: FAST003 - GivenPlace takes both.
async def post_report(
    request: Request, caller: Worker, place: GivenPlace, reader: GivenReader, sender: GivenSender, typed: TypedForm
) -> Response:
    """Report what was typed, as `POST /v1/courses/{course}/facts` does, or show what the other role would get."""
    form = report_form(place, typed.form.get("about") or None)
    if form is None:
        return place.left()
    entry = form.entry().typed(typed.form)
    try:
        typed.expect_clean()
        body = form.body(typed.form)
        if typed.form.get("send") == PREVIEW:
            preview = Preview.at(place, await _preview(caller, body, place, sender))
            return show_entry(request, reader, entry.previewed(preview, place.labels.catalog.pages))
        await _save(caller, body, place, sender.named(typed.form.get("key", "")))
    except NotCurrentError:
        return place.left("withheld")
    except FormError as error:
        names = {f"notes.{place}.text": f"note.{kind}" for place, kind in enumerate(notes_of(typed.form))}
        return show_entry(request, reader, entry, problem_of(error), names)
    return place.sent()


async def _preview(caller: Claims, body: FactsBody | NotesBody, place: Place, sender: Sender) -> ReportPreview:
    if isinstance(body, FactsBody):
        return await preview_facts(caller, body, place.course, place.services, sender, place.language)
    return await preview_notes(caller, body, place.course, place.services, sender, place.language)


async def _save(caller: Claims, body: FactsBody | NotesBody, place: Place, sender: Sender) -> None:
    if isinstance(body, FactsBody):
        await report_facts(caller, body, place.course, place.services, sender)
    else:
        await add_notes(caller, body, place.course, place.services, sender)
