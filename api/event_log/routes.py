"""Gives the event log to those who protect the citizens' data: the courses of their units, under pseudonyms (P10)."""

from collections.abc import AsyncIterator
from secrets import token_bytes
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api.event_log.xes import HEAD, LIFECYCLES, TAIL, traces
from api.http.access import Allowed
from api.http.caller import Caller, reach_of
from api.http.dependencies import GivenServices, Services
from api.http.responses import AS_TEXT, problems
from domain.identity import Role
from domain.reach import Reach
from infra.security.keyed_digest import keyed_digest
from infra.store.queries.event_log import courses_to_log, logged_events

router = APIRouter(tags=["data protection"])

XES: Final = "text/xml"
_COURSES_AT_ONCE: Final = 200
_KEY_BYTES: Final = 32
_DIGITS: Final = 16


@router.get(
    "/v1/export",
    summary="Export the event log",
    response_class=StreamingResponse,
    responses={200: {"content": {XES: AS_TEXT}}, **problems()},
)
async def export_event_log(
    services: GivenServices, caller: Annotated[Caller, Allowed(Role.DATA_PROTECTION)]
) -> StreamingResponse:
    """Return what happened in the courses that exist for the caller as XES, for process mining.

    Each course has a pseudonym by a key of this one export, which nobody keeps, so that two exports cannot be joined
    and nobody can lead a pseudonym back to its course. Times are days. No person, citizen, company, value or word is
    in it; still it is of few people where few did the same, and is personal data.
    """
    reach = reach_of(caller, services.clock.now())
    headers = {"Content-Disposition": 'attachment; filename="event-log.xes"'}
    return StreamingResponse(_log(services, caller.municipality, reach), media_type=XES, headers=headers)


async def _log(services: Services, municipality: str, reach: Reach) -> AsyncIterator[str]:
    """Yield the log in pieces, each of some courses read by a transaction of its own."""
    key = token_bytes(_KEY_BYTES)

    def pseudonym(course: UUID) -> str:
        return keyed_digest(key, "event-log", course.bytes)[:_DIGITS]

    yield HEAD
    last: UUID | None = None
    while True:
        async with services.store.municipality(municipality) as connection:
            courses = await courses_to_log(connection, reach, _COURSES_AT_ONCE, last)
            events = await logged_events(connection, courses, LIFECYCLES) if courses else []
        yield "".join(traces(events, pseudonym))
        if len(courses) < _COURSES_AT_ONCE:
            break
        last = courses[-1]
    yield TAIL
