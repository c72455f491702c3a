"""The changes feed: what has happened in the municipality, for systems that follow it at their own pace."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, get_args
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AfterValidator, BaseModel, Field, TypeAdapter

from api.directory.names import NameOf, with_names
from api.http.access import Follower
from api.http.caller import Caller, reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import wrong_value
from api.http.paging import Cursors, CursorText, link_to_next
from api.http.problems import wrong
from api.http.read_model import ReadModel
from api.http.responses import problems
from api.journal.visibility import detail_for, final_detail, hides_reason
from domain.events import Event
from domain.reach import Reach
from infra.security.tokens import Claims
from infra.store.page import Page
from infra.store.queries import feed
from infra.store.queries.feed import FeedEntry, FeedFilter, Place, PlaceLostError
from infra.store.queries.final_briefings import FINAL
from infra.store.tables.history import RECONCILED
from rules.engine.book import Book

router = APIRouter(tags=["changes"])

_DEFAULT_LIMIT: Final = 100
_LONGEST: Final = 500
_FEED: Final = "/v1/changes"
NOW: Final = "now"
"""What a reader asks `after` who wants nothing of what was before."""
_PLACE: Final[TypeAdapter[Place]] = TypeAdapter(Place)
_KINDS: Final = sorted(
    (*(kind.model_fields["kind"].default for kind in get_args(get_args(Event)[0])), RECONCILED, FINAL),
)


def _valid_kind(kind: str) -> str:
    if kind not in _KINDS:
        raise wrong_value(ApiCode.VALUE_NOT_ALLOWED, ", ".join(_KINDS))
    return kind


Kind = Annotated[str, AfterValidator(_valid_kind), Field(json_schema_extra={"enum": [*_KINDS]})]


class Change(ReadModel):
    """One event of a course; texts of notes and reasons are not in it, and the course's journal has them.

    Kind `briefing.final` follows the event that used a version of a briefing up, and names that version.
    """

    id: str = Field(description="The same for every reader at any time, so that a repeat is recognised.")
    cursor: str = Field(description="What to ask `after` to go on behind this event.")
    course: UUID
    reference: str = Field(description="The case number that the course was started under.")
    revision: int
    kind: str
    at: datetime
    actor: str
    visit: int | None
    detail: dict[str, Any] | None = Field(
        description="The event's own fields, which differ by its kind, schedules with their `rows`; "
        "null when erased or not for the caller."
    )
    actor_name: Annotated[str | None, NameOf("actor")] = None


class ChangesPage(BaseModel):
    """A part of the feed."""

    items: list[Change]
    next: str | None = Field(
        description="What to ask `after` next time, now or in months; null only when nothing ever happened."
    )
    more: bool = Field(description="There is more already; `Link: rel=next` leads there.")


def feed_cursors(services: Services, municipality: str) -> Cursors[Place]:
    """Return the cursors of a municipality's feed."""
    return Cursors(services.settings.hmac_key_bytes, f"{municipality} {_FEED}", _PLACE)


@dataclass(frozen=True, slots=True)
class Following:
    """What one caller follows of the municipality's feed."""

    services: Services
    caller: Claims
    wanted: FeedFilter

    async def read(self, after: Place | None, limit: int, name: str) -> Page[Change, Place]:
        """Return what follows `after`, as this caller may read it.

        Raises ProblemError, naming the field `name`, when the store lost the place.
        """
        reach = reach_of(self.caller, self.services.clock.now())
        try:
            async with self.services.store.municipality(self.caller.municipality) as connection:
                page = await feed.feed(connection, reach, self.wanted, limit, after)
                books = await self.services.rulebooks.books(
                    self.caller.municipality, {entry.rules_sha256 for entry in page.items}
                )
                changes = [
                    change_read(reach, entry, self.cursors.write(entry.place), books[entry.rules_sha256])
                    for entry in page.items
                ]
                return Page(items=tuple(await with_names(connection, changes)), next=page.next)
        except PlaceLostError:
            raise wrong(ApiCode.CURSOR_LOST, name) from None

    @property
    def cursors(self) -> Cursors[Place]:
        """The cursors of the municipality's feed, the same for every reader and every filter, and kept for years."""
        return feed_cursors(self.services, self.caller.municipality)

    async def place(self, cursor: str | None, name: str) -> Place | None:
        """Return the place of a cursor, or the last one for `now`.

        Raises ProblemError, naming the field `name`, for a cursor of another list.
        """
        if cursor != NOW:
            return self.cursors.read(cursor, name) if cursor is not None else None
        async with self.services.store.municipality(self.caller.municipality) as connection:
            return await feed.head(connection)


async def _following(
    services: GivenServices,
    caller: Caller,
    kind: Annotated[list[Kind] | None, Query(max_length=50, description="Only these kinds; may be repeated.")] = None,
    course: Annotated[UUID | None, Query(description="Only this course.")] = None,
) -> Following:
    kinds = frozenset(kind) if kind else None
    return Following(services, caller, FeedFilter(kinds, course))


GivenFollowing = Annotated[Following, Depends(_following)]
GivenAfter = Annotated[
    CursorText | None, Query(description="Where the reader is, or `now`; leave it out to begin at the beginning.")
]


@router.get(_FEED, summary="Follow what happens", responses=problems(410))
async def read_changes(
    _caller: Follower,
    request: Request,
    response: Response,
    following: GivenFollowing,
    _reading: GivenReading,
    after: GivenAfter = None,
    limit: Annotated[int, Query(ge=1, le=_LONGEST, description="How many events at most.")] = _DEFAULT_LIMIT,
) -> ChangesPage:
    """Return the events of the courses that exist for the caller, in an order in which none is ever skipped.

    Ask again with the `next` of the last answer, for as long as you like: what happens later always comes after it.
    The order is that of recording; `at` may go back a little from one course to another.
    """
    place = await following.place(after, "after")
    page = await following.read(place, limit, "after")
    reached = page.items[-1].cursor if page.items else place and following.cursors.write(place)
    if page.next is not None and reached is not None:
        link_to_next(request, response, after=reached)
    return ChangesPage(items=list(page.items), next=reached, more=page.next is not None)


def change_read(reach: Reach, entry: FeedEntry, cursor: str, book: Book) -> Change:
    """Return an event of the feed as a caller may read it."""
    roles = reach.roles_in(entry.unit)
    detail = detail_for(roles, entry, book, hides_reason=hides_reason(roles, entry))
    return Change.of(
        entry,
        id=entry.identity,
        cursor=cursor,
        course=entry.course_id,
        kind=entry.shown_kind,
        detail=final_detail(entry, entry.final) if entry.final else detail,
    )
