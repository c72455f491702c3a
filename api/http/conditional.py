"""Conditional requests (RFC 9110): what a caller has already, what he has seen, and how old an answer may be."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Final

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from api.http.codes import ApiCode
from api.http.dependencies import GivenServices
from api.http.problems import wrong

_STALE_SINCE: Final = "Fodslag-Stale-Since"
_ANY: Final = "*"
_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_TAGS: Final = re.compile(rf"(?:{_TAG.pattern})(?:[ \t]*,[ \t]*(?:{_TAG.pattern}))*")
_REVISION: Final = re.compile(r'"([0-9]{1,9})(?:-[0-9a-f]{16})?"')
"""The tag of a revision, or of what was sent of it: for a write the revision alone counts."""
_DIGITS: Final = 16


class NotModifiedError(Exception):
    """The caller has the current version already; `headers` belong to the answer 304."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self.headers = headers


def etag(revision: int) -> str:
    """Return the entity tag of a revision, for `If-Match`."""
    return f'"{revision}"'


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading request and the headers of its answer."""

    request: Request
    response: Response

    def expect_news(self, revision: int, sent: BaseModel) -> None:
        """Put the tag of a revision and of what is sent of it on the answer; raises NotModifiedError for the same.

        What is sent changes without the revision: with the day, a calendar, a name, a delivery, the language.
        """
        self.expect_other_than(f"{revision}-{sha256(sent.model_dump_json().encode()).hexdigest()[:_DIGITS]}")

    def expect_other_than(self, opaque: str) -> None:
        """Put the tag of what is read on the answer; raises NotModifiedError when the caller has just this."""
        tag = f'"{opaque}"'
        self.response.headers["ETag"] = tag
        if_none_match = _lines(self.request, "if-none-match")
        tags = {listed_tag.removeprefix("W/") for listed_tag in _TAG.findall(if_none_match)}
        if if_none_match == _ANY or tag in tags:
            raise NotModifiedError(dict(self.response.headers))


@dataclass(frozen=True, slots=True)
class Condition:
    """The condition of a write: `revisions` are those of which one must be the current one, None when any may be."""

    is_given: bool
    revisions: tuple[int, ...] | None = None


async def condition(
    request: Request,
    _if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="The ETag of the revision the caller has seen, or several; else 412."),
    ] = None,
) -> Condition:
    """Return the condition of this request; raises ProblemError for a header that cannot be read.

    A weak tag, and one that is no revision, matches none: the comparison is the strong one.
    """
    if "if-match" not in request.headers:
        return Condition(is_given=False)
    tags = _lines(request, "if-match")
    if tags == _ANY:
        return Condition(is_given=True)
    if _TAGS.fullmatch(tags) is None:
        raise wrong(ApiCode.HEADER_MALFORMED, "If-Match", expected='"7"')
    strong = (_REVISION.fullmatch(tag) for tag in _TAG.findall(tags))
    return Condition(is_given=True, revisions=tuple(int(tag[1]) for tag in strong if tag))


GivenCondition = Annotated[Condition, Depends(condition)]


def _lines(request: Request, header: str) -> str:
    """Return a header that may come on several lines."""
    return ", ".join(request.headers.getlist(header)).strip()


async def mark(request: Request, response: Response, services: GivenServices) -> Reading:
    """Say on the answer for whom it is, and since when it may be stale while Temporal is away."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept, Accept-Language, Authorization"
    if services.probe.away_since is not None:
        response.headers[_STALE_SINCE] = services.probe.away_since.isoformat()
    return Reading(request, response)


GivenReading = Annotated[Reading, Depends(mark)]
