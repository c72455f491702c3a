"""Problems as RFC 9457 documents: what was wrong with which field and what puts it right, in the caller's language.

No document repeats what the caller sent: a name of a field is shown, a value never (P10).
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.http.codes import STATUS, AnyCode, ApiCode
from api.http.correlation import correlation_id_of
from api.http.negotiation import is_page, language_of_request, media_type_of
from domain.errors import Problem
from infra.security.cpr import find_cpr
from wording.catalog import catalog

MEDIA_TYPE: Final = "application/problem+json"
_HTML: Final = "text/html"
RETRY_AFTER_SECONDS: Final = 5
MOST_ISSUES: Final = 50
_UNAVAILABLE: Final = 503
_SHOWN: Final = re.compile(r"[\w.-]{1,80}")
_UNSHOWN: Final = "…"
_ALWAYS_WHOLE: Final = ConfigDict(json_schema_serialization_defaults_required=True)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong, for the field it belongs to; `params` fill the words and are never the input."""

    code: AnyCode
    field: str | None = None
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


class ProblemError(Exception):
    """A request that cannot be answered: `code` names the refusal, `issues` what is wrong with which field."""

    def __init__(
        self, code: AnyCode, *issues: Issue, headers: Mapping[str, str] | None = None, **params: object
    ) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
        self.issues = issues
        self.headers = dict(headers or {})


def wrong(code: AnyCode, name: str, **params: Any) -> ProblemError:  # noqa: ANN401 - words take whatever they name
    """Return the refusal of one field; the caller raises it."""
    return ProblemError(code, Issue(code, name, params), field=name, **params)


def field_name(*segments: str | int) -> str:
    """Return a field's path as it may be shown: a name that the caller made up could itself be a CPR number."""
    name = ".".join(str(segment) for segment in segments)
    return name if _SHOWN.fullmatch(name) and not find_cpr(name) else _UNSHOWN


def issues_of(problems: Iterable[Problem]) -> list[Issue]:
    """Return the problems that belong to a field, as issues of the request."""
    return [Issue(problem.code, field_name(problem.field), problem.params) for problem in problems if problem.field]


def refused(problems: tuple[Problem, ...]) -> ProblemError:
    """Return a course's refusal, which its first problem names."""
    first = problems[0]
    params: dict[str, Any] = {"field": field_name(first.field) if first.field else "", **first.params}
    return ProblemError(first.code, *issues_of(problems), **params)


class FieldProblem(BaseModel):
    """What is wrong with one field, why, and what puts it right."""

    model_config = _ALWAYS_WHOLE

    field: str
    code: str
    problem: str
    remedy: str
    params: dict[str, str] = Field(description="What the words are filled with, such as the current version.")


class ProblemDocument(BaseModel):
    """An RFC 9457 problem."""

    model_config = _ALWAYS_WHOLE

    type: str = Field(examples=["urn:fodslag:problem:course-not-found"])
    title: str
    status: int
    code: str
    detail: str
    correlation_id: str
    errors: list[FieldProblem] = Field(max_length=MOST_ISSUES, description="The first ones, when there are more.")
    changes: list[str] = Field(
        default=[], description="What is different, in words, from the briefing that was to be acknowledged."
    )


def problem_document(request: Request, error: ProblemError) -> ProblemDocument:
    """Return the document of `error` in the caller's language."""
    words = catalog(language_of_request(request)).problem(error.code, error.params)
    return ProblemDocument(
        type=f"urn:fodslag:problem:{error.code}",
        title=words.title,
        status=STATUS[error.code],
        code=error.code,
        detail=f"{words.detail} {words.remedy}",
        correlation_id=correlation_id_of(request.scope),
        errors=[_field_problem(request, issue) for issue in error.issues[:MOST_ISSUES]],
    )


def problem_response(request: Request, error: ProblemError, changes: Iterable[str] = ()) -> Response:
    """Return the answer with the document of `error`, and what is different in words; people get it as a page."""
    document = problem_document(request, error).model_copy(update={"changes": list(changes)})
    if is_page(request) and media_type_of(request.headers, (MEDIA_TYPE, _HTML)) == _HTML:
        page: Response = request.app.state.problem_page(request, document)
        page.headers.update(error.headers)
        return page
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if document.status == _UNAVAILABLE else {}
    return Response(
        document.model_dump_json(),
        status_code=document.status,
        media_type=MEDIA_TYPE,
        headers={**headers, **error.headers, "Content-Language": language_of_request(request)},
    )


def _field_problem(request: Request, issue: Issue) -> FieldProblem:
    params = {"field": issue.field or "", **issue.params}
    words = catalog(language_of_request(request)).problem(issue.code, params)
    return FieldProblem(
        field=issue.field or "",
        code=issue.code,
        problem=words.detail,
        remedy=words.remedy,
        params={name: str(value) for name, value in issue.params.items()},
    )


def expect_no(issues: Iterable[Issue]) -> None:
    """Raise ProblemError, which the first issue names, when there are any."""
    all_issues = list(issues)
    if all_issues:
        first = all_issues[0]
        params: dict[str, Any] = {"field": first.field, **first.params}
        raise ProblemError(first.code, *all_issues, **params)


def named_twice(named: Sequence[object], table: str, column: str) -> Iterator[Issue]:
    """Yield an issue for each row of a table in the request that names in `column` what a row before it named."""
    for row, one in enumerate(named):
        first = named.index(one)
        if first < row:
            yield Issue(ApiCode.NOT_IN_RANGE, f"{table}.{row}.{column}", {"expected": f"≠ {table}.{first}.{column}"})
