"""Pages of a list: a cursor that only we can make and only the same list can use, and a link to the next page."""

import base64
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from api.http.caller import Caller
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices
from api.http.problems import wrong
from infra.security.keyed_digest import keyed_digest

Item = TypeVar("Item")
Position = TypeVar("Position")

_SIGNATURE_LENGTH: Final = 32
_DEFAULT_LIMIT: Final = 50
_LONGEST: Final = 200
_PLACE: Final = frozenset({"cursor", "limit"})
"""The query parameters that choose the page, and not the list."""

_Limit = Annotated[int, Query(ge=1, le=_LONGEST, description="How many items a page has at most.")]
CursorText = Annotated[str, StringConstraints(max_length=1000)]
_Cursor = Annotated[CursorText | None, Query(description="The `next` of the page before; leave it out for the first.")]


class PageOf(BaseModel, Generic[Item]):
    """A page of a list."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    items: list[Item]
    next: str | None = Field(
        default=None, description="The cursor of the next page; null on the last one. `Link: rel=next` has it too."
    )


@dataclass(frozen=True, slots=True)
class Cursors(Generic[Position]):
    """Writes and reads the cursors of one list: a position signed for `listed`, so that no other list takes it."""

    key: bytes
    listed: str
    kind: TypeAdapter[Position]

    def write(self, position: Position) -> str:
        """Return the cursor of a position."""
        written = self.kind.dump_json(position)
        return base64.urlsafe_b64encode(self._signature(written).encode() + written).decode()

    def read(self, cursor: str, field: str) -> Position:
        """Return the position of a cursor; raises ProblemError, naming `field`, for one of another list."""
        try:
            written = base64.urlsafe_b64decode(cursor)
            signature, position = written[:_SIGNATURE_LENGTH].decode(), written[_SIGNATURE_LENGTH:]
            if signature == self._signature(position):
                return self.kind.validate_json(position)
        except ValueError:  # Of base64, of the decoding and of the validation alike.
            pass
        raise wrong(ApiCode.CURSOR_INVALID, field)

    def _signature(self, position: bytes) -> str:
        return keyed_digest(self.key, "cursor", self.listed.encode(), position)[:_SIGNATURE_LENGTH]


def link_to_next(request: Request, response: Response, **place: str) -> None:
    """Link to the next page of the same list: the request's own query with another place in it."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name not in place]
    response.headers["Link"] = f'<{request.url.path}?{urlencode([*asked, *place.items()])}>; rel="next"'


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page is asked for; `owner` is whose list it is, and `key` signs its cursors."""

    request: Request
    response: Response
    key: bytes
    owner: str
    limit: int
    cursor: str | None

    def position(self, kind: TypeAdapter[Position]) -> Position | None:
        """Return where the page begins, None for the first; raises ProblemError for a cursor of another list."""
        return self._cursors(kind).read(self.cursor, "cursor") if self.cursor is not None else None

    def page(self, items: list[Item], position: Position | None, kind: TypeAdapter[Position]) -> PageOf[Item]:
        """Return the page, and link to the one that begins after `position` if there is one."""
        if position is None:
            return PageOf(items=items)
        cursor = self._cursors(kind).write(position)
        link_to_next(self.request, self.response, limit=str(self.limit), cursor=cursor)
        return PageOf(items=items, next=cursor)

    def _cursors(self, kind: TypeAdapter[Position]) -> Cursors[Position]:
        asked = [(name, value) for name, value in self.request.query_params.multi_items() if name not in _PLACE]
        return Cursors(self.key, f"{self.owner} {self.request.url.path}?{urlencode(sorted(asked))}", kind)


async def _paging(
    request: Request,
    response: Response,
    services: GivenServices,
    caller: Caller,
    limit: _Limit = _DEFAULT_LIMIT,
    cursor: _Cursor = None,
) -> Paging:
    owner = f"{caller.municipality}/{caller.person}"
    return Paging(request, response, services.settings.hmac_key_bytes, owner, limit, cursor)


GivenPaging = Annotated[Paging, Depends(_paging)]
