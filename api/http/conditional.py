"""Reading: the headers that let a caller ask only for what has changed, and know how old an answer may be."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from api.http.dependencies import GivenServices

_STALE_SINCE: Final = "Fodslag-Stale-Since"
_ANY: Final = "*"


class NotModifiedError(Exception):
    """The caller has what he asks for; `headers` belong to the answer that says so."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self.headers = headers


def etag(revision: int) -> str:
    """Return the strong entity tag of a course's revision."""
    return f'"{revision}"'


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading request and what its answer says of itself."""

    request: Request
    response: Response

    def expect_news(self, revision: int) -> None:
        """Put the entity tag on the answer; raises NotModifiedError when the caller has this revision."""
        self.expect_other_than(str(revision))

    def expect_other_than(self, opaque: str) -> None:
        """Put the tag of what is read on the answer; raises NotModifiedError when the caller has just this."""
        tag = f'"{opaque}"'
        self.response.headers["ETag"] = tag
        known = self.request.headers.get("if-none-match", "")
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        if not tags.isdisjoint({tag, _ANY}):
            raise NotModifiedError(dict(self.response.headers))


async def mark(request: Request, response: Response, services: GivenServices) -> Reading:
    """Say on the answer for whom it is, and since when it may be stale while Temporal is away."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept, Accept-Language, Authorization"
    if services.probe.away_since is not None:
        response.headers[_STALE_SINCE] = services.probe.away_since.isoformat()
    return Reading(request, response)


GivenReading = Annotated[Reading, Depends(mark)]
