"""What FastAPI and pydantic find wrong with a request, in our own codes and without the input they repeat."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from fastapi.exceptions import RequestValidationError

from api.http.codes import AnyCode, ApiCode
from api.http.problems import Issue, ProblemError, field_name

ALONE: Final = "«alone»"
IN_A_LIST: Final = "«in a list»"
"""The two forms of a body that takes one thing or a list of them; the form stands in no field's name."""

_PLACES: Final = frozenset({"body", "query", "path", "header"})

_CODES: Final[Mapping[str, AnyCode]] = MappingProxyType(
    {
        "missing": ApiCode.FIELD_MISSING,
        "extra_forbidden": ApiCode.FIELD_UNKNOWN,
        "enum": ApiCode.VALUE_NOT_ALLOWED,
        "literal_error": ApiCode.VALUE_NOT_ALLOWED,
        "string_too_short": ApiCode.TEXT_EMPTY,
        "too_short": ApiCode.TEXT_EMPTY,
        "string_too_long": ApiCode.TEXT_TOO_LONG,
        "too_long": ApiCode.LIST_TOO_LONG,
        "string_pattern_mismatch": ApiCode.VALUE_MALFORMED,
        "greater_than": ApiCode.NOT_IN_RANGE,
        "greater_than_equal": ApiCode.NOT_IN_RANGE,
        "less_than": ApiCode.NOT_IN_RANGE,
        "less_than_equal": ApiCode.NOT_IN_RANGE,
    }
)
_PREFIXES: Final[Sequence[tuple[str, AnyCode]]] = (
    ("datetime_", ApiCode.NOT_AN_INSTANT),
    ("timezone_", ApiCode.NOT_AN_INSTANT),
    ("date_", ApiCode.NOT_A_DATE),
)
_EXPECTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bool": "a-boolean",
        "int": "an-integer",
        "list": "a-list",
        "dict": "an-object",
        "model": "an-object",
        "string": "a-text",
        "uuid": "a-uuid",
    }
)


def invalid(error: RequestValidationError) -> ProblemError:
    """Return the problem that names every field that is wrong, what was wrong and the remedy."""
    details = error.errors()
    if any(detail["type"] == "json_invalid" or _is_no_body(detail) for detail in details):
        return ProblemError(ApiCode.BODY_NOT_JSON)
    return ProblemError(ApiCode.REQUEST_INVALID, *(_issue(detail) for detail in details))


def _is_no_body(detail: Mapping[str, Any]) -> bool:
    return detail["type"] == "missing" and tuple(detail["loc"]) == ("body",)


def _issue(detail: Mapping[str, Any]) -> Issue:
    code = _code(detail["type"])
    return Issue(code, _field(detail["loc"]), _params(code, detail))


def _code(kind: str) -> AnyCode:
    if kind in tuple(ApiCode):
        return ApiCode(kind)
    prefixed = (code for prefix, code in _PREFIXES if kind.startswith(prefix))
    return _CODES.get(kind) or next(prefixed, ApiCode.WRONG_TYPE)


def _field(location: Sequence[str | int]) -> str:
    inside = location[1:] if location and location[0] in _PLACES else location
    return field_name(*([part for part in inside if part not in (ALONE, IN_A_LIST)] or location))


def _params(code: AnyCode, detail: Mapping[str, Any]) -> Mapping[str, object]:
    """Return the parameters of the words from pydantic's expectation, never from the input."""
    context = detail.get("ctx", {})
    match code:
        case ApiCode.VALUE_NOT_ALLOWED:
            expected = _MEMBER.sub(r"\1", str(context["expected"]))
            return {"allowed": expected.replace("'", "").replace(" or ", ", ")}
        case ApiCode.TEXT_TOO_LONG | ApiCode.LIST_TOO_LONG:
            return {"expected": context["max_length"]}
        case ApiCode.VALUE_MALFORMED:
            return {"expected": context["pattern"]}
        case ApiCode.NOT_IN_RANGE:
            return {"expected": " ".join(f"{_SIGNS[name]} {bound}" for name, bound in context.items())}
        case ApiCode.WRONG_TYPE:
            expected = _EXPECTED.get(detail["type"].split("_")[0], "a-value-of-the-schema")
            return {"expected": context.get("expected", expected)}
        case _:
            return {}


_MEMBER: Final = re.compile(r"<\w+\.\w+: ([^>]+)>")
"""How some members of an enumeration are named where not all of them are allowed."""
_SIGNS: Final = MappingProxyType({"gt": ">", "ge": "≥", "lt": "<", "le": "≤"})
