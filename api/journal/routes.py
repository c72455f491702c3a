"""The journal of a course: everything that has happened, in order, for as long as the store lives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import PlainTextResponse
from pydantic import TypeAdapter

from api.courses.visible import GivenCourse
from api.directory.names import with_names
from api.http.access import CourseReader
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import Instant
from api.http.negotiation import CallersLanguage, media_type_of
from api.http.paging import GivenPaging, PageOf, Paging
from api.http.problems import ProblemError
from api.http.responses import AS_TEXT, problems
from api.journal.lines import journal_text
from api.journal.models import JournalLine
from infra.security.tokens import Claims
from infra.store.queries import journal
from infra.store.queries.courses import VisibleCourse
from rules.language.formats import Language
from wording.labels import Labels

router = APIRouter(tags=["courses"])

JSON: Final = "application/json"
TEXT: Final = "text/plain"
_LAST_POSITION: Final = 2**63 - 1
"""The store counts no further."""
_POSITION: Final[TypeAdapter[int]] = TypeAdapter(int)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the journal is asked for."""

    paging: Paging
    after: int
    since: datetime | None

    @property
    def begin(self) -> int:
        """The position that what is asked for follows."""
        return max(self.after, self.paging.position(_POSITION) or 0)


async def _asked(
    paging: GivenPaging,
    after: Annotated[int, Query(ge=0, le=_LAST_POSITION, description="Only what follows this `position`.")] = 0,
    since: Annotated[Instant | None, Query(description="Only what was recorded then or later.")] = None,
) -> Asked:
    return Asked(paging, after, since)


@router.get(
    "/v1/courses/{course}/journal",
    summary="Read or copy the journal",
    responses={200: {"model": PageOf[JournalLine], "content": {TEXT: AS_TEXT}}, **problems(404, 406)},
    response_model=None,
)
async def read_journal(
    course: GivenCourse,
    services: GivenServices,
    caller: CourseReader,
    language: CallersLanguage,
    asked: Annotated[Asked, Depends(_asked)],
    reading: GivenReading,
) -> PageOf[JournalLine] | Response:
    """Return what has happened to the course, the first event first: a page of JSON, or all of it as plain text.

    The text is for the journal of a case system. It leaves out notices, waits and the system's own doings, and says so.
    """
    form = media_type_of(reading.request.headers, (JSON, TEXT))
    if form is None:
        raise ProblemError(ApiCode.NOT_ACCEPTABLE)
    if form == JSON:
        return await journal_page(services, caller, course, language, asked)
    book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
    async with services.store.municipality(caller.municipality) as connection:
        entries = await journal.journal(connection, course.id, None, asked.begin, asked.since)
        text = await journal_text(connection, course, entries, caller, Labels(book, language))
    headers = {name: value for name, value in reading.response.headers.items() if name != "content-length"}
    return PlainTextResponse(text.as_text(services.clock.now()), headers=headers)


async def journal_page(
    services: Services, caller: Claims, course: VisibleCourse, language: Language, asked: Asked
) -> PageOf[JournalLine]:
    """Return a page of what has happened to the course, the first event first."""
    paging = asked.paging
    book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
    async with services.store.municipality(caller.municipality) as connection:
        entries = await journal.journal(connection, course.id, paging.limit + 1, asked.begin, asked.since)
        shown = entries[: paging.limit]
        text = await journal_text(connection, course, shown, caller, Labels(book, language))
        lines = await with_names(connection, [text.line(entry) for entry in text.entries])
    return paging.page(lines, shown[-1].position if len(entries) > len(shown) else None, _POSITION)
