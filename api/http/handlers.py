"""From everything that can go wrong to its problem document."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from api.http.codes import ApiCode
from api.http.conditional import NotModifiedError
from api.http.head import WITHOUT_END
from api.http.problems import ProblemError, problem_response, refused
from api.http.validation import invalid
from domain.errors import Code, RefusedError
from infra.store.errors import StoreAwayError
from workflows.mailbox import CourseAwayError

_BY_STATUS: Final = {
    404: ApiCode.ROUTE_UNKNOWN,
    413: ApiCode.BODY_TOO_LARGE,
    415: ApiCode.MEDIA_TYPE_UNSUPPORTED,
}

Translation = Callable[[Any], ProblemError]
_METHODS: Final = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")


def handle_everything(app: FastAPI) -> None:
    """Have `app` answer every error it knows with a problem, and what has not changed with 304."""
    translations: dict[type[Exception], Translation] = {
        ProblemError: lambda error: error,
        RequestValidationError: invalid,
        RefusedError: lambda error: refused(error.problems),
        HTTPException: _of_http,
        StoreAwayError: lambda _: ProblemError(Code.STORE_AWAY),
        CourseAwayError: lambda _: ProblemError(ApiCode.COURSE_AWAY),
    }
    for kind, translate in translations.items():
        app.add_exception_handler(kind, _handler(translate))
    app.add_exception_handler(NotModifiedError, _not_modified)
    app.add_exception_handler(405, _other_method)


async def _other_method(request: Request, _error: Exception) -> Response:
    """Name every method that the path has; the router itself names those of the first route that fits."""
    scopes = ({**request.scope, "method": method} for method in _METHODS)
    allowed = [scope["method"] for scope in scopes if _is_served(request.app, scope)]
    if "GET" in allowed and request.url.path not in WITHOUT_END:
        allowed.append("HEAD")
    return problem_response(request, ProblemError(ApiCode.METHOD_NOT_ALLOWED, headers={"Allow": ", ".join(allowed)}))


def _is_served(app: FastAPI, scope: MutableMapping[str, Any]) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in app.routes)


def _handler(translate: Translation) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        return problem_response(request, translate(error))

    return handle


def _of_http(error: HTTPException) -> ProblemError:
    """Return what the framework refuses: the route, the method, the size, or a body that cannot be parsed."""
    code = _BY_STATUS.get(error.status_code, ApiCode.BODY_NOT_JSON)
    return ProblemError(code, headers=error.headers)


async def _not_modified(_request: Request, error: Exception) -> Response:
    headers = error.headers if isinstance(error, NotModifiedError) else {}
    return Response(status_code=304, headers=headers)
