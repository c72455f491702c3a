"""A visit that is left: the last version of its briefing as it stands in the course, and who acknowledged it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.briefings.documents import as_page
from api.briefings.routes import briefing_in_words
from api.courses.visible import GivenCourse
from api.http.access import CourseInFullReader
from api.http.dependencies import GivenServices
from api.http.fields import MOST
from api.http.negotiation import CallersLanguage
from api.http.same_origin import expect_same_origin
from api.pages.reader import GivenReader
from api.pages.rendering import render_page

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_Visit = Annotated[int, Path(ge=1, le=MOST)]


@router.get("/courses/{course}/visits/{visit}")
async def read_visit(
    request: Request,
    course: GivenCourse,
    visit: _Visit,
    services: GivenServices,
    caller: CourseInFullReader,
    reader: GivenReader,
    language: CallersLanguage,
) -> HTMLResponse:
    """Show what `GET /v1/courses/{course}/briefing?visit=…` tells the same person."""
    async with services.store.municipality(caller.municipality) as connection:
        words = await briefing_in_words(connection, services, caller, course, language, visit)
    return render_page(
        request,
        "visit",
        reader=reader,
        course=course,
        briefing=words.briefing,
        sections=as_page(words.briefing, words.labels),
        standing=words.labels.catalog.briefing[words.briefing.standing],
    )
