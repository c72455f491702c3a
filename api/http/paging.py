"""Pages of a list: a cursor that only we can make and only the same list can use, and a link to the next page."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

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
_NOT_PART_OF_THE_LIST: Final = ("cursor", "limit")

_Limit = Annotated[int, Query(ge=1, le=_LONGEST, description="How many items a page has at most.")]
_Cursor = Annotated[
    str | None, Query(max_length=1000, description="The `next` of the page before; leave it out for the first.")
]


class PageOf(BaseModel, Generic[Item]):
    """A page of a list."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    items: list[Item]
    next: str | None = Field(
        default=None, description="The cursor of the next page; null on the last one. `Link: rel=next` has it too."
    )


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
        """Return where the page begins, None for the first; raises ProblemError for a cursor we did not make."""
        if self.cursor is None:
            return None
        try:
            written = base64.urlsafe_b64decode(self.cursor)
            signature, position = written[:_SIGNATURE_LENGTH].decode(), written[_SIGNATURE_LENGTH:]
            if signature == self._signature(position):
                return kind.validate_json(position)
        except (binascii.Error, UnicodeDecodeError, ValidationError, ValueError):
            pass
        raise wrong(ApiCode.CURSOR_INVALID, "cursor")

    def page(self, items: list[Item], position: Position | None, kind: TypeAdapter[Position]) -> PageOf[Item]:
        """Return the page, and link to the one that begins after `position` if there is one."""
        if position is None:
            return PageOf(items=items)
        written = kind.dump_json(position)
        cursor = base64.urlsafe_b64encode(self._signature(written).encode() + written).decode()
        query = urlencode([*self._list_query(), ("limit", str(self.limit)), ("cursor", cursor)])
        self.response.headers["Link"] = f'<{self.request.url.path}?{query}>; rel="next"'
        return PageOf(items=items, next=cursor)

    def _signature(self, position: bytes) -> str:
        listed = f"{self.owner} {self.request.url.path}?{urlencode(sorted(self._list_query()))}"
        return keyed_digest(self.key, "cursor", listed.encode(), position)[:_SIGNATURE_LENGTH]

    def _list_query(self) -> list[tuple[str, str]]:
        asked = self.request.query_params.multi_items()
        return [(name, value) for name, value in asked if name not in _NOT_PART_OF_THE_LIST]


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
