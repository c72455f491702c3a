"""The briefing in full, current or past: as data, as text, and as a document for the case system's journal (P1, P3)."""

from asyncio import to_thread
from collections.abc import Iterable
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from api.briefings.changes import changes
from api.briefings.documents import as_pdf, as_text
from api.briefings.models import BriefingRead
from api.briefings.versions import BriefingVersion, asked_for
from api.briefings.view import briefing_read
from api.courses.read.load import fetch
from api.courses.visible import GivenCourse
from api.http.access import CourseReader
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import MOST
from api.http.negotiation import CallersLanguage, media_type_of
from api.http.problems import ProblemError
from api.http.responses import AS_FILE, AS_TEXT, problems
from api.journal.statements import statements_in
from api.text.labels import Labels
from infra.store.queries import courses
from infra.store.queries.courses import VisibleCourse
from infra.store.rows import ReceiptRow

router = APIRouter(tags=["informing"])

JSON: Final = "application/json"
TEXT: Final = "text/plain"
PDF: Final = "application/pdf"
_FORMS: Final = (JSON, TEXT, PDF)

_Visit = Annotated[
    int | None, Query(ge=1, le=MOST, description="The visit; may be left out while only one is briefed.")
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
    caller: CourseReader,
    language: CallersLanguage,
    reading: GivenReading,
    visit: _Visit = None,
    version: _Version = None,
) -> BriefingRead | Response:
    """Return a version, as JSON, as plain text or as PDF/A for the case system's journal.

    A past version is returned as it was, with its receipts, each fact and note marked that was taken back since.
    Text and PDF are the same for every reader: no note for caseworkers only, no protected name, and the changes since
    the version before.
    """
    form = media_type_of(reading.request.headers, _FORMS)
    if form is None:
        raise ProblemError(ApiCode.NOT_ACCEPTABLE)
    async with services.store.municipality(caller.municipality) as connection:
        receipts = await courses.receipts(connection, course.id)
        briefing_version = await asked_for(connection, course, visit, version, receipts)
        waivers = briefing_version.briefing.manifest.waivers
        acted = {person for row in receipts for person in (row.person, row.acted_by)} | {w.by for w in waivers}
        statements = await statements_in(connection, course.id, caller, acted, [w.reason for w in waivers])
        records = await fetch(connection, course, caller)
    book = await services.rulebooks.book(caller.municipality, briefing_version.briefing.manifest.rules.sha256)
    labels = Labels(book, language)
    acknowledged = _acknowledged(course, briefing_version, receipts, caller.person, labels)
    now = services.clock.now()
    read = briefing_read(course, briefing_version, records, statements, labels, now, acknowledged)
    if form == JSON:
        return read
    headers = {name: value for name, value in reading.response.headers.items() if name != "content-length"}
    before = briefing_version.before
    since_before = changes(before, briefing_version.briefing.manifest, course.state, labels) if before else []
    if form == TEXT:
        return PlainTextResponse(as_text(read, labels, since_before), headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{_file_name(read, labels)}"'
    page = await to_thread(as_pdf, read, _authority(services, course, labels), labels, now, since_before)
    return Response(page, media_type=PDF, headers=headers)


def _authority(services: Services, course: VisibleCourse, labels: Labels) -> str:
    """Return the municipality, by its name where the settings have it, and the unit."""
    code = course.state.municipality
    unnamed = labels.catalog.fill(labels.catalog.document["authority"], {"code": code})
    return f"{services.settings.municipality_names.get(code, unnamed)} · {course.row.unit}"


def _file_name(read: BriefingRead, labels: Labels) -> str:
    """Return a file name that differs for each version; a reference may have characters no file name has."""
    heading = labels.catalog.document["heading"].lower()
    reference = "".join(char if char.isalnum() else "-" for char in read.reference)
    return f"{heading}-{reference}-{read.briefing}-{read.version}.pdf"


def _acknowledged(
    course: VisibleCourse,
    briefing_version: BriefingVersion,
    receipts: Iterable[ReceiptRow],
    person: str,
    labels: Labels,
) -> tuple[int | None, list[str]]:
    """Return the version that `person` has himself acknowledged last, and what is different from it in this one."""
    manifest = briefing_version.briefing.manifest
    mine = (r.version for r in receipts if r.visit == manifest.visit and r.acted_by == person and r.acknowledged_at)
    last_version = max((version for version in mine if version <= briefing_version.briefing.version), default=None)
    old = briefing_version.manifest_of(last_version) if last_version else None
    return last_version, changes(old, manifest, course.state, labels) if old else []
