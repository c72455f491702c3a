"""The briefing in full, current or past: as data, as text, and as a document for the case system's journal (P1, P3)."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from api.briefings.documents import as_pdf, as_text
from api.briefings.models import BriefingRead
from api.briefings.previews import as_it_stands
from api.briefings.read import BriefingReader
from api.briefings.since import Since
from api.briefings.versions import asked_for, is_not_issued, visit_asked_for
from api.courses.visible import GivenCourse
from api.http.access import CourseInFullReader
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import MOST
from api.http.negotiation import CallersLanguage, media_type_of
from api.http.problems import ProblemError
from api.http.responses import AS_FILE, AS_TEXT, problems
from api.text.authority import authority
from api.text.pdf import in_turn
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import courses
from infra.store.queries.courses import VisibleCourse
from infra.store.registers import units
from rules.language.formats import Language
from wording.labels import Labels

router = APIRouter(tags=["informing"])

JSON: Final = "application/json"
TEXT: Final = "text/plain"
PDF: Final = "application/pdf"
_FORMS: Final = (JSON, TEXT, PDF)

_Visit = Annotated[
    int | None, Query(ge=1, le=MOST, description="The visit; may be left out while only one is open, or one briefed.")
]
_Version = Annotated[
    int | None, Query(ge=1, le=MOST, description="A version of the visit's briefing; without it the last.")
]


@router.get(
    "/v1/courses/{course}/briefing",
    summary="Read a briefing",
    responses={200: {"model": BriefingRead, "content": {TEXT: AS_TEXT, PDF: AS_FILE}}, **problems(404, 406, 409)},
    response_model=None,
)
async def read_briefing(
    course: GivenCourse,
    services: GivenServices,
    caller: CourseInFullReader,
    language: CallersLanguage,
    reading: GivenReading,
    visit: _Visit = None,
    version: _Version = None,
) -> BriefingRead | Response:
    """Return a version, as JSON, as plain text or as PDF/A for the case system's journal.

    While none is issued, the course as it stands is returned in the same words (`issued` is false); nothing is issued
    by reading it.
    A past version is returned as it was, with its receipts, each fact and note marked that was taken back since.
    Text and PDF have no note for caseworkers only and no protected name. The text says what is new to the reader, as
    JSON does; the PDF is the same for every reader, and says what is new since the version before.
    """
    form = media_type_of(reading.request.headers, _FORMS)
    if form is None:
        raise ProblemError(ApiCode.NOT_ACCEPTABLE)
    async with services.store.municipality(caller.municipality) as connection:
        read = await briefing_in_words(connection, services, caller, course, language, visit, version)
        unit = await units.names(connection, [course.row.unit]) if form == PDF else {}
    if form == JSON:
        return read.briefing
    headers = {name: value for name, value in reading.response.headers.items() if name != "content-length"}
    if form == TEXT:
        return PlainTextResponse(as_text(read.briefing, read.labels, read.since), headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{_file_name(read.briefing, read.labels)}"'
    authority, now = _authority(services, course, read.labels, unit), services.clock.now()
    page = await in_turn(partial(as_pdf, read.briefing, authority, read.labels, now, read.since_before))
    return Response(page, media_type=PDF, headers=headers)


class BriefingInWords(NamedTuple):
    """A version for one reader, the words of its rules, and what is new to the reader and since the one before."""

    briefing: BriefingRead
    labels: Labels
    since: Since
    since_before: Since


async def briefing_in_words(
    connection: Connection,
    services: Services,
    caller: Claims,
    course: VisibleCourse,
    language: Language,
    visit: int | None = None,
    version: int | None = None,
) -> BriefingInWords:
    """Return a version, or without one the current one or the course as it stands; raises ProblemError."""
    receipts = await courses.receipts(connection, course.id)
    number = await visit_asked_for(connection, course, visit)
    if version is None and is_not_issued(course, number):
        shown = await as_it_stands(connection, services, course, number)
    else:
        shown = await asked_for(connection, course, number, version, receipts)
    book = await services.rulebooks.book(caller.municipality, shown.briefing.manifest.rules.sha256)
    labels = Labels(book, language)
    reader = BriefingReader(caller, course, receipts, labels)
    read = await reader.read(connection, shown, services.clock.now())
    return BriefingInWords(read.briefing, labels, read.since, read.since_before)


def _authority(services: Services, course: VisibleCourse, labels: Labels, unit: Mapping[str, str]) -> str:
    code, place = course.state.municipality, course.row.unit
    return authority(code, services.settings.municipality_names.get(code), unit.get(place, place), labels)


def _file_name(read: BriefingRead, labels: Labels) -> str:
    """Return a file name that differs for each version; a reference may have characters no file name has."""
    heading = labels.catalog.document["heading"].lower()
    reference = "".join(char if char.isalnum() else "-" for char in read.reference)
    return f"{heading}-{reference}-{read.briefing}-{read.version or read.standing}.pdf"
