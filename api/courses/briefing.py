"""The briefing in full, as data and as text, with what has changed since the caller last acknowledged (P1, P3)."""

from collections.abc import Iterable
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from api.caller import Caller
from api.codes import ApiCode
from api.courses.briefing_changes import changes
from api.courses.briefing_text import render
from api.courses.briefing_view import BriefingRead, briefing_read
from api.courses.seen import GivenCourse, SeenCourse
from api.courses.shelf import fetch
from api.docs import problems
from api.negotiation import CallersLanguage, media_type_of
from api.parts import GivenParts
from api.phrases import Phrases
from api.problems import ProblemError, wrong
from api.reading import GivenReading
from domain.briefing import Briefing
from domain.errors import Code
from domain.events import BriefingIssued
from infra.store import courses, journal
from infra.store.rows import ReceiptRow

router = APIRouter(tags=["informing"])

JSON: Final = "application/json"
TEXT: Final = "text/plain"
_FORMS: Final = (JSON, TEXT)


@router.get(
    "/v1/courses/{course}/briefing",
    summary="Read the briefing",
    responses={200: {"model": BriefingRead, "content": {TEXT: {}}}, **problems(404, 406, 409)},
    response_model=None,
)
async def read_briefing(
    course: GivenCourse,
    parts: GivenParts,
    caller: Caller,
    language: CallersLanguage,
    reading: GivenReading,
    visit: Annotated[int | None, Query(ge=1, description="The visit, when several are briefed.")] = None,
) -> BriefingRead | Response:
    """Return the current version, as JSON or as plain text for the case system's journal."""
    form = media_type_of(reading.request.headers, _FORMS)
    if form is None:
        raise ProblemError(ApiCode.NOT_ACCEPTABLE)
    briefing = _briefed(course, visit)
    book = await parts.rulebooks.book(caller.municipality, course.row.rules_sha256)
    async with parts.store.municipality(caller.municipality) as connection:
        shelf = await fetch(connection, course, caller)
        versions = await journal.manifests(connection, course.id, briefing.manifest.visit)
        receipts = await courses.receipts(connection, course.id)
    phrases = Phrases(book, language)
    acknowledged = _acknowledged(course, briefing, versions, receipts, caller.person, phrases)
    read = briefing_read(course, briefing, shelf, phrases, parts.clock.now(), acknowledged)
    return read if form == JSON else _as_text(read, phrases, reading.response)


def _as_text(read: BriefingRead, phrases: Phrases, response: Response) -> Response:
    """Return the briefing as text, with the headers of the answer so far."""
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return PlainTextResponse(render(read, phrases), headers=headers)


def _briefed(course: SeenCourse, number: int | None) -> Briefing:
    """Return the briefing of the visit that is asked for; raises ProblemError when there is none or several."""
    if course.state.is_over:
        raise ProblemError(ApiCode.BRIEFING_OVER)
    open_visits = {visit.number: visit.briefing for visit in course.state.open_visits}
    if number is not None and number not in open_visits:
        raise wrong(Code.VISIT_UNKNOWN, "visit", open=_listed(open_visits))
    briefings = [briefing for visit, briefing in open_visits.items() if briefing and number in (None, visit)]
    if len(briefings) == 1:
        return briefings[0]
    if briefings:
        raise wrong(Code.VISIT_UNKNOWN, "visit", open=_listed(briefing.manifest.visit for briefing in briefings))
    raise ProblemError(Code.BRIEFING_MISSING, visit=number or _listed(open_visits))


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _acknowledged(
    course: SeenCourse,
    briefing: Briefing,
    versions: Iterable[BriefingIssued],
    receipts: Iterable[ReceiptRow],
    person: str,
    phrases: Phrases,
) -> tuple[int | None, list[str]]:
    """Return the version that `person` has himself acknowledged last, and what is different from it now."""
    visit = briefing.manifest.visit
    mine = [r.version for r in receipts if r.visit == visit and r.acted_by == person and r.acknowledged_at]
    known = max(mine, default=None)
    old = next((issued.manifest for issued in versions if issued.version == known), None)
    return known, changes(old, briefing.manifest, course.state, phrases) if old else []
