"""The journal of a course: all that happened, and the text for another journal as far as it was not copied yet."""

from typing import Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.courses.visible import GivenCourse
from api.http.access import CourseReader, Worker
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging
from api.http.same_origin import expect_same_origin
from api.journal.copies import CopiedBody, not_copied_yet, remember_copied
from api.journal.routes import Asked, journal_page
from api.pages.forms import Form, GivenDone, back_to, body_of
from api.pages.reader import GivenReader
from api.pages.rendering import render_page

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_POSITION: Final = ("position",)


@router.get("/courses/{course}/journal")
async def read_journal(
    request: Request,
    course: GivenCourse,
    services: GivenServices,
    caller: CourseReader,
    reader: GivenReader,
    language: CallersLanguage,
    paging: GivenPaging,
    _reading: GivenReading,
    done: GivenDone,
) -> HTMLResponse:
    """Show what `GET /v1/courses/{course}/journal` tells the same person, and what was not copied yet as one text."""
    page = await journal_page(services, caller, course, language, Asked(paging, 0, None))
    fresh = await not_copied_yet(services, caller, course, language)
    return render_page(request, "journal", reader=reader, course=course, page=page, fresh=fresh, done=done)


@router.post("/courses/{course}/journal/copied")
async def copied(caller: Worker, course: GivenCourse, services: GivenServices, form: Form) -> RedirectResponse:
    """Remember that the text was copied, as `PUT /v1/courses/{course}/journal/copied` does."""
    await remember_copied(caller, body_of(CopiedBody, form, _POSITION), course, services)
    return back_to(form, "copied", course.id)
