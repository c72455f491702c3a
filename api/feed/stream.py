"""The changes feed as server-sent events."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import StreamingResponse

from api.feed.changes import Change, Following, GivenAfter, GivenFollowing
from api.http.access import Follower
from api.http.budgets import TooManyError
from api.http.caller import Caller, is_accepted
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices
from api.http.paging import CursorText
from api.http.problems import ProblemError
from api.http.responses import problems
from api.http.streams import MOST_OF_A_CALLER
from infra.store.errors import StoreAwayError
from infra.store.page import Page
from infra.store.queries.feed import Place

router = APIRouter(tags=["changes"])

_BATCH: Final = 100
_RESUMED_FROM: Final = "Last-Event-ID"
_RECONNECT: Final = "retry: 5000\n\n"  # Milliseconds.
_HEARTBEAT: Final = ":\n\n"
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_NOTHING: Final[Page[Change, Place]] = Page(items=())


class EventStream(StreamingResponse):
    """What a browser's EventSource reads."""

    media_type = "text/event-stream"


@dataclass(slots=True)
class _Stream:
    """One caller's open stream, and where it has come to."""

    request: Request
    following: Following
    place: Place | None
    read_to: Place | None = None

    async def text(self, page: Page[Change, Place]) -> AsyncIterator[str]:
        """Yield what happened, from `page` on, until the server stops or the token is no longer accepted."""
        services = self.following.services
        yield _RECONNECT
        while True:
            for change in page.items:
                yield f"id: {change.cursor}\ndata: {change.model_dump_json()}\n\n"
            if page.items:
                self.place = self.following.cursors.read(page.items[-1].cursor, _RESUMED_FROM)
            else:
                yield _HEARTBEAT
            pause = 0 if page.next else services.settings.events_every_seconds
            if not (await services.streams.go_on(pause) and await is_accepted(self.request, services)):
                return
            page = await self._news()

    async def _news(self) -> Page[Change, Place]:
        """Return what is new; nothing while the store is away, because the caller has nowhere better to ask.

        All streams of a municipality ask together whether anything is new, and few of them read at once.
        """
        heads = self.following.services.heads
        try:
            head = await heads.of(self.following.caller.municipality)
            if head == self.read_to:
                return _NOTHING
            async with heads.turn:
                page = await self.following.read(self.place, _BATCH, _RESUMED_FROM)
        except StoreAwayError:
            return _NOTHING
        if page.next is None:
            self.read_to = head
        return page


async def _place_of_a_stream(services: GivenServices, caller: Caller) -> AsyncIterator[None]:
    """Hold a place among the caller's streams until the answer has ended; raises ProblemError 429."""
    try:
        with services.streams.open.one_of((caller.municipality, caller.person)):
            yield
    except TooManyError as error:
        retry = {"Retry-After": str(error.retry_after)}
        raise ProblemError(ApiCode.TOO_MANY_STREAMS, headers=retry, expected=MOST_OF_A_CALLER) from None


@router.get(
    "/v1/events",
    summary="Be told what happens",
    response_class=EventStream,
    responses=problems(410),
    dependencies=[Depends(_place_of_a_stream)],
)
async def stream_events(
    _caller: Follower,
    request: Request,
    following: GivenFollowing,
    after: GivenAfter = None,
    last_event_id: Annotated[
        CursorText | None, Header(description="Where the reader is; it counts before `after`.")
    ] = None,
) -> EventStream:
    """Send the events of `GET /v1/changes` as they come; each one's `id` is its cursor and its `data` the change.

    The stream ends when the token does and when the server stops; resume it with `Last-Event-ID`.
    A comment is sent while nothing happens.
    """
    # Some clients send `Last-Event-ID` empty before they have one.
    cursor, name = (last_event_id, _RESUMED_FROM) if last_event_id else (after, "after")
    place = await following.place(cursor, name)
    first = await following.read(place, _BATCH, name)
    return EventStream(_Stream(request, following, place).text(first), headers=_HEADERS)
