"""The briefing in full, current or past: as data, as text, and as a document for the case system's journal (P1, P3)."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from api.briefings.changes import changes
from api.briefings.documents import as_pdf, as_text
from api.briefings.models import BriefingRead
from api.briefings.versions import BriefingVersion, asked_for
from api.briefings.view import briefing_read
from api.courses.read.load import CourseRecords, fetch
from api.courses.visible import GivenCourse
from api.http.access import CourseReader
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import MOST
from api.http.negotiation import CallersLanguage, media_type_of
from api.http.problems import ProblemError
from api.http.responses import AS_FILE, AS_TEXT, problems
from api.journal.statements import StatementIndex, statements_in
from api.text.labels import Labels
from api.text.pdf import in_turn
from domain.events import BriefingIssued
from domain.state.briefing import Manifest
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import courses, journal
from infra.store.queries.courses import VisibleCourse
from infra.store.registers import companies
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
        manifest = briefing_version.briefing.manifest
        statements = await _statements(connection, course, caller, manifest, receipts)
        records = await _records(connection, course, caller, manifest)
        read_last = await _acknowledged(connection, course, briefing_version, receipts, caller.person)
    book = await services.rulebooks.book(caller.municipality, manifest.rules.sha256)
    labels = Labels(book, language)
    last_version = read_last.version if read_last is not None and read_last.visit == manifest.visit else None
    new = _changes(read_last, manifest, course, statements, labels)
    now = services.clock.now()
    read = briefing_read(course, briefing_version, records, statements, labels, now, (last_version, new))
    if form == JSON:
        return read
    headers = {name: value for name, value in reading.response.headers.items() if name != "content-length"}
    since_before = _changes(briefing_version.before, manifest, course, statements, labels)
    if form == TEXT:
        return PlainTextResponse(as_text(read, labels, since_before), headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{_file_name(read, labels)}"'
    page = await in_turn(partial(as_pdf, read, _authority(services, course, labels), labels, now, since_before))
    return Response(page, media_type=PDF, headers=headers)


async def _statements(
    connection: Connection, course: VisibleCourse, caller: Claims, manifest: Manifest, receipts: Iterable[ReceiptRow]
) -> StatementIndex:
    """Load what was said in a course, the reasons that a version has, and the names of all whom it names."""
    acted = {person for row in receipts for person in (row.person, row.acted_by)} | manifest.persons
    return await statements_in(connection, course.id, caller, acted, manifest.reasons)


def _changes(
    before: BriefingIssued | None, manifest: Manifest, course: VisibleCourse, statements: StatementIndex, labels: Labels
) -> list[str]:
    """Return what is different from another version, nothing without one."""
    return changes(before.manifest, manifest, course.state, statements, labels) if before else []


async def _records(connection: Connection, course: VisibleCourse, caller: Claims, manifest: Manifest) -> CourseRecords:
    """Load the records of a course, and the names of the companies at which something was learned."""
    places = {lesson.p_number for lesson in manifest.lessons if lesson.p_number}
    return replace(await fetch(connection, course, caller), companies=await companies.names(connection, places))


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


async def _acknowledged(
    connection: Connection,
    course: VisibleCourse,
    shown: BriefingVersion,
    receipts: Iterable[ReceiptRow],
    person: str,
) -> BriefingIssued | None:
    """Return the version that `person` has himself acknowledged last: of the same visit, else of any before it."""
    visit, version = shown.briefing.manifest.visit, shown.briefing.version
    mine = [row for row in receipts if row.acted_by == person and row.acknowledged_at is not None]
    here = [row.version for row in mine if row.visit == visit and row.version <= version]
    if here:
        return shown.issued(max(here))
    before = [row for row in mine if row.visit != visit and shown.is_after(row.acknowledged_at)]
    if not before:
        return None
    last = max(before, key=lambda row: (row.acknowledged_at, row.visit, row.version))
    versions = await journal.manifests(connection, course.id, last.visit)
    return next((issued for issued in versions if issued.version == last.version), None)
