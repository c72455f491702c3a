"""The responses that the OpenAPI description declares for every route: problems and their form."""

from typing import Any, Final

from api.http.problems import MEDIA_TYPE, ProblemDocument

_MEANINGS: Final = {
    400: "The body is not JSON.",
    401: "The token is missing or not accepted.",
    403: "The caller's roles, or his place in the course, do not allow it.",
    404: "It does not exist for the caller.",
    406: "The answer does not exist in a form that the caller accepts.",
    409: "The course does not stand so that this can be done.",
    410: "The cursor leads nowhere, because the store was restored from an earlier time.",
    412: "It has another revision than `If-Match` says.",
    413: "The body is too large.",
    415: "The body is not `application/json`.",
    422: "Fields are wrong; each is named with what was wrong and the remedy.",
    428: "It would write over what is known, and has no `If-Match`.",
    429: "The caller has too much under way at once, or tries too often; `Retry-After` says when to try again.",
    503: "A part that is needed is away; `Retry-After` says when to try again.",
}
_EVERYWHERE: Final = (401, 403, 422, 429, 503)
_WITH_BODY: Final = (400, 413, 415)
_COMMANDING: Final = (*_WITH_BODY, 404, 409, 412)
_SCHEMAS: Final = "#/components/schemas/{model}"

AS_TEXT: Final = {"schema": {"type": "string"}}
"""The form of an answer that is text."""
AS_FILE: Final = {"schema": {"type": "string", "format": "binary"}}
"""The form of an answer that is a file."""

Responses = dict[int | str, dict[str, Any]]


def problems(*statuses: int, with_body: bool = False) -> Responses:
    """Return the problem responses of a route: those of every route, of every body, and `statuses`."""
    stated = {*_EVERYWHERE, *statuses, *(_WITH_BODY if with_body else ())}
    return {status: _response(status) for status in sorted(stated)}


def command_problems() -> Responses:
    """Return the problem responses of a command to a course."""
    return problems(*_COMMANDING)


def not_modified() -> Responses:
    """Return the answer to a caller who has what would be sent already."""
    return {304: {"description": "The caller has just this already, says `If-None-Match`."}}


def problem_schemas() -> dict[str, Any]:
    """Return the schemas that the problem responses refer to."""
    schema = ProblemDocument.model_json_schema(ref_template=_SCHEMAS, mode="serialization")
    return {**schema.pop("$defs"), ProblemDocument.__name__: schema}


def _response(status: int) -> dict[str, Any]:
    schema = {"$ref": _SCHEMAS.format(model=ProblemDocument.__name__)}
    return {"description": _MEANINGS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
