"""How far the journal of a course was copied into a case system's, so that only what is new is copied the next time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field

from api.courses.visible import GivenCourse
from api.directory.names import NameOf, with_names
from api.http.access import Worker
from api.http.dependencies import GivenServices, Services
from api.http.fields import Body
from api.http.read_model import ReadModel
from api.http.responses import problems
from api.journal.lines import journal_text
from domain.state.facts import Audience
from infra.security.tokens import Claims
from infra.store.queries import journal
from infra.store.queries.courses import VisibleCourse
from infra.store.registers import journal_copies
from rules.language.formats import Language
from wording.labels import Labels

router = APIRouter(tags=["courses"])

_LAST_POSITION: Final = 2**63 - 1
"""The store counts no further."""


class CopiedBody(Body):
    """Up to where the journal was copied."""

    position: Annotated[int, Field(ge=1, le=_LAST_POSITION, description="The `position` of the last line.")]


class JournalCopyRead(ReadModel):
    """Who copied the journal last, and up to where."""

    position: int
    copied_by: str
    copied_at: datetime
    copied_by_name: Annotated[str | None, NameOf("copied_by")] = None


@dataclass(frozen=True, slots=True)
class NotCopiedYet:
    """What is new in words since the last copy, up to `position`; None where there is nothing new."""

    text: str | None
    position: int | None
    last: JournalCopyRead | None


@router.put(
    "/v1/courses/{course}/journal/copied",
    summary="The journal was copied up to here",
    responses=problems(404, with_body=True),
)
async def remember_copied(
    caller: Worker, body: CopiedBody, course: GivenCourse, services: GivenServices
) -> JournalCopyRead:
    """Remember up to where the journal was copied into another, as the caller reads it.

    What was copied further stays so. A copy without what is for caseworkers only is none for those who read that too.
    A position behind the last line counts as the last line.
    """
    by, now = caller.person, services.clock.now()
    async with services.store.municipality(caller.municipality) as connection:
        copy = await journal_copies.remember(connection, course.id, Audience.of(course.roles), body.position, by, now)
        return await with_names(connection, JournalCopyRead.of(copy))


async def not_copied_yet(services: Services, caller: Claims, course: VisibleCourse, language: Language) -> NotCopiedYet:
    """Return what is new since the last copy, for who reads it."""
    book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
    async with services.store.municipality(caller.municipality) as connection:
        last = await journal_copies.last(connection, course.id, Audience.of(course.roles))
        entries = await journal.journal(connection, course.id, None, last.position if last else 0)
        fresh = await journal_text(connection, course, entries, caller, Labels(book, language))
        read = await with_names(connection, JournalCopyRead.of(last)) if last else None
    text = fresh.as_text(services.clock.now()) if fresh.is_useful else None
    return NotCopiedYet(text, entries[-1].position if entries and text else None, read)
