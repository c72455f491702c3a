"""One click, one request: a command's answer has the course after it in `state`, for who prefers that (RFC 7240)."""

import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.routing import APIRoute

from api.courses.read.course import read_in_full
from api.courses.visible import readable_course
from api.http.caller import authenticated_by
from api.http.conditional import etag
from api.http.dependencies import services_of
from api.http.negotiation import language_of_request
from infra.store.errors import StoreAwayError

_PREFERRED: Final = "return=representation"
_OF_THE_BODY: Final = frozenset({"content-length", "content-type", "etag"})

_Prefer = Annotated[
    str | None,
    Header(
        alias="Prefer",
        description=f"`{_PREFERRED}` adds the course to the answer, as `GET` would, with `Preference-Applied`.",
        examples=[_PREFERRED],
    ),
]


async def _preference(_prefer: _Prefer = None) -> None:
    """Describe the header; what it does stands outside the route."""


class CommandRoute(APIRoute):
    """A route whose answer names the `course` that a command changed."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, which adds the course itself where the caller prefers that."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            response = await handle(request)
            return (await _representation(request, response) if _prefers_it(request) else None) or response

        return answer


def command_router(tag: str) -> APIRouter:
    """Return a router for commands to one course."""
    return APIRouter(tags=[tag], route_class=CommandRoute, dependencies=[Depends(_preference)])


def _prefers_it(request: Request) -> bool:
    preferences = ",".join(request.headers.getlist("prefer")).split(",")
    return any(preference.partition(";")[0].replace(" ", "").lower() == _PREFERRED for preference in preferences)


async def _representation(request: Request, response: Response) -> Response | None:
    """Return the answer with the course in it.

    None where it is not there for the caller to read: never begun in a dry run, handed over, or the store away.
    """
    services = await services_of(request)
    caller = await authenticated_by(request, services)
    answered: dict[str, Any] = json.loads(bytes(response.body))
    try:
        course = await readable_course(services, caller, UUID(answered["course"]))
        read = await read_in_full(services, caller, course, language_of_request(request)) if course else None
    except StoreAwayError:
        return None
    if read is None:
        return None
    headers = {name: value for name, value in response.headers.items() if name not in _OF_THE_BODY}
    headers |= {"Preference-Applied": _PREFERRED, "ETag": etag(read.revision)}
    body = json.dumps({**answered, "state": read.model_dump(mode="json")}, ensure_ascii=False)
    return Response(body, response.status_code, headers, "application/json")
