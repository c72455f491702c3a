"""Screens request bodies: JSON, and on pages forms, of storable text, with no CPR number where none belongs (P10)."""

import email.message
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any, Final, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Cookie, Header, Path
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.codes import ApiCode
from api.http.negotiation import is_page
from api.http.problems import Issue, ProblemError, field_name, wrong
from infra.security.cpr import find_cpr
from rules.language.facts import READERS, FactType

_UNUSABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_JUDGED_ELSEWHERE: Final = ("facts.",)
"""Facts are judged by their type in the rule set, for a P-number may look like a CPR number."""
_EXEMPT: Final = {
    "/v1/courses": ("citizen.cpr",),
    "/v1/courses/{course}/facts/{fact}/supersede": ("value",),
}
"""Fields where a CPR number belongs, or that are judged like facts."""

_SHOWN_AGAIN: Final = frozenset(
    {
        "/courses/{course}/notes/{note}/supersede",
        "/courses/{course}/visits/{visit}/note",
        "/courses/{course}/visits/{visit}/report",
        "/courses/{course}/visits/{visit}/stop",
        "/courses/{course}/waits/{key:path}/answer",
        "/rules/{rule_set}/numbers/{number}/change",
        "/rules/{rule_set}/requirements/{requirement}/change",
    }
)
"""The forms that come back with what was typed: what must not come in is told there, and goes no further."""

_A_P_NUMBER: Final = "p_number"
_P_NUMBER_NAMED: Final = {"/v1/courses": "company", "/v1/companies": "q", "/v1/search": "q", "/search": "q"}
"""The name of a P-number, which may look like a CPR number too, in paths and bodies, and others on some routes."""
_P_NUMBER: Final = READERS[FactType.P_NUMBER]

_HEADERS: Final = ("Idempotency-Key",)
"""The headers by which callers name what they send."""

_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 200

_AS_IT_IS: Final = "identity"
"""The only encoding of a body; a packed one would be as long as it likes once it is unpacked."""

_DEEPEST: Final = 8

Json = Any
"""A value as JSON has it."""


async def _body_of(request: Request) -> Json:
    """Return the parsed body, or None when there is none; raises ProblemError for what is not JSON, or not a form."""
    if request.method not in {"POST", "PUT"} or not await request.body():
        return None
    message = email.message.Message()
    message["content-type"] = request.headers.get("content-type", "")
    if message.get_content_type() != (_FORM if is_page(request) else _JSON):
        raise ProblemError(ApiCode.MEDIA_TYPE_UNSUPPORTED)
    try:
        if is_page(request):
            sent = (await request.body()).decode()
            return _each_once(parse_qsl(sent, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS))
        return json.loads((await request.body()).decode("utf-8-sig"), object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise ProblemError(ApiCode.BODY_NOT_JSON) from None


def _each_once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Return an object or a form; raises ProblemError for a name that stands in it twice: one value would be lost."""
    named = dict(pairs)
    if len(named) < len(pairs):
        names = [name for name, _ in pairs]
        raise wrong(ApiCode.FIELD_TWICE, field_name(next(name for name in names if names.count(name) > 1)))
    return named


async def clean(request: Request) -> Json:
    """Return the body; raises ProblemError naming every field that holds what must not come in."""
    body = await _body_of(request)
    issues, in_body = [*_issues_with_names(request), *_issues_with_query(request)], [*_issues_with_body(request, body)]
    request.state.issues_with_form = in_body
    if request.scope["route"].path not in _SHOWN_AGAIN:
        issues += in_body
    if issues:
        raise ProblemError(issues[0].code, *issues, field=issues[0].field)
    return body


CleanBody = Annotated[Json, Depends(clean)]


def issues_with(value: Json, *path: str | int) -> Iterator[Issue]:
    """Yield an issue for each place in `value` whose text or number must not come in."""
    if len(path) > _DEEPEST:
        raise ProblemError(ApiCode.BODY_NOT_JSON)
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _issues_with_text(name, *path, name)
            yield from issues_with(part, *path, name)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from issues_with(part, *path, index)
    else:
        yield from _issues_with_text(_as_written(value), *path)


def _as_written(value: str | float | None) -> str:
    """Return a value as somebody may have written it: a number with the leading zeros that JSON takes away."""
    match value:
        case str():
            return value
        case bool() | None:
            return ""
        case int():
            return f"{abs(value):010d}"
        case _:
            return f"{abs(value):010.0f}"


def _issues_with_text(text: str, *path: str | int) -> Iterator[Issue]:
    if _UNUSABLE.search(text):
        yield Issue(ApiCode.TEXT_UNUSABLE, field_name(*path))
    elif find_cpr(text):
        yield Issue(ApiCode.CPR_NOT_ALLOWED, field_name(*path))


def _issues_with_names(request: Request) -> Iterator[Issue]:
    """Yield issues with the path and the query, which others log, and with names in headers."""
    in_query = _P_NUMBER_NAMED.get(request.scope["route"].path)
    for exempt, params in (
        (_A_P_NUMBER, request.path_params.items()),
        (in_query, request.query_params.multi_items()),
        (None, ((name, request.headers.get(name, "")) for name in _HEADERS)),
    ):
        for name, value in params:
            if name != exempt or _P_NUMBER(value) is None:
                yield from _issues_with_text(str(value), name)


def _issues_with_query(request: Request) -> Iterator[Issue]:
    """Yield an issue for each parameter that the route does not know, or that is said twice though it is no list.

    A misspelt filter that is ignored would answer with what nobody asked for.
    """
    known, counts = query_of(request.scope["route"]), Counter(name for name, _ in request.query_params.multi_items())
    for name, count in counts.items():
        if name not in known:
            yield Issue(ApiCode.FIELD_UNKNOWN, field_name(name))
        elif count > 1 and not known[name]:
            yield Issue(ApiCode.FIELD_TWICE, field_name(name))


_QUERIES: Final[dict[str, Mapping[str, bool]]] = {}
"""What the query of a route may have, by the route's id, once it was asked for."""


def query_of(route: APIRoute) -> Mapping[str, bool]:
    """Return the parameters that the query of a route may have, and whether each may be said several times."""
    if route.unique_id not in _QUERIES:
        _QUERIES[route.unique_id] = _query_of(route)
    return _QUERIES[route.unique_id]


def _query_of(route: APIRoute) -> Mapping[str, bool]:
    query = (
        param for param in get_flat_params(route.dependant) if not isinstance(param.field_info, Cookie | Header | Path)
    )
    return {param.alias: _is_list(param.field_info.annotation) for param in query}


def _is_list(annotation: Any) -> bool:  # noqa: ANN401 - whatever a parameter is annotated with
    return get_origin(annotation) is list or any(_is_list(part) for part in get_args(annotation))


def _issues_with_body(request: Request, body: Json) -> Iterator[Issue]:
    path = request.scope["route"].path
    exempt = (*_EXEMPT.get(path, ()), *_p_numbers(body, _A_P_NUMBER, _P_NUMBER_NAMED.get(path, _A_P_NUMBER)))
    for issue in issues_with(body):
        name = issue.field or ""
        if issue.code is ApiCode.TEXT_UNUSABLE or not (name in exempt or name.startswith(_JUDGED_ELSEWHERE)):
            yield issue


def _p_numbers(body: Json, *names: str) -> Iterator[str]:
    """Yield those of some fields of a body that hold a P-number."""
    for name in names if isinstance(body, dict) else ():
        if isinstance(text := body.get(name), str) and _P_NUMBER(text.strip()) is not None:
            yield name


def canonical_body(body: Json) -> bytes:
    """Return the body in the one form in which a repeat is compared with the first."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


TOO_LARGE: Final = 413
PACKED: Final = 415


class BodyLimit:
    """Raises HTTPException where the body is read: 413 as soon as it is longer than `limit` bytes, 415 if packed."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        declared = headers.get("content-length", "")
        if headers.get("content-encoding", _AS_IT_IS).lower() != _AS_IT_IS:
            await self.app(scope, partial(_refuse, PACKED), send)
        elif declared.isdecimal() and int(declared) > self.limit:
            await self.app(scope, partial(_refuse, TOO_LARGE), send)
        else:
            await self.app(scope, self._counting(receive), send)

    def _counting(self, receive: Receive) -> Receive:
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message if received <= self.limit else await _refuse(TOO_LARGE)

        return counted


async def _refuse(status: int) -> Message:
    raise HTTPException(status)
