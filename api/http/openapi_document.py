"""The OpenAPI description, the same in `/openapi.json`, in `/docs` and in the repository's file."""

import re
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.http.responses import problem_schemas

_TITLE: Final = "Fodslag"
_VERSION: Final = "1"
_DESCRIPTION: Final = """\
Courses from day-one intake through company visit and trial to ordinary paid hours.
No step advances before both the caseworker and the company consultant have been informed of the same content.

Every request to `/v1` carries a signed token, and sees one municipality only.
Commands accept `If-Match` with the ETag of the course and `Idempotency-Key`.
Every refusal is an RFC 9457 problem with a stable `code`, in Danish, or in English by `Accept-Language`.
"""
_CONTACT: Final = {"name": "Fodslag maintainers", "url": "https://git.fodslag.example/fodslag/fodslag"}
_LICENSE: Final = {"name": "EUPL 1.2", "identifier": "EUPL-1.2"}
_SERVERS: Final = (
    {"url": "/", "description": "The server that this description is read from."},
    {"url": "http://127.0.0.1:8080", "description": "What `make run` starts."},
)
_TAGS: Final = (
    ("courses", "Start, find and read courses."),
    ("reporting", "Facts and notes: what is known, and putting right what was wrong."),
    ("informing", "Briefings, acknowledgements and disputes: both roles know the same."),
    ("steering", "Who holds the course, how its clock runs, and how it ends."),
    ("bulk acts", "One act for many courses, and how far it has come."),
    ("inbox", "What the caller must know or do."),
    ("escalations", "What has been silent for too long, and who answers for it."),
    ("board", "Where courses stand still, and why, for who leads."),
    ("appointments", "Meetings of both roles, for people's own calendars."),
    ("company-sheets", "What a company is told: shown, approved word for word, issued, printed or told by telephone."),
    ("stories", "Good stories of how paid hours came about, told among colleagues in closed fields."),
    ("statistics", "How it goes, in figures of five people at least."),
    ("companies", "What all courses know of the companies, and who is there."),
    ("rule sets", "What the rules call and ask for, enough to build forms from."),
    ("units", "The units, and what lies in their queues."),
    ("people", "The directory, and when people and the municipality are at work."),
    ("data protection", "What those answer from who protect the citizens' data."),
    ("changes", "What happens in all courses, for systems that follow."),
    ("webhooks", "What happens, sent to servers that systems name."),
    ("operations", "What those who operate the system ask."),
)


_SEPARATORS: Final = re.compile(r"\W")
"""What the library writes as underlines when it puts path and method behind a function's name.

Without them an operation is called as its function, which generated clients call theirs by.
"""


def describe(app: FastAPI) -> None:
    """Give `app` its description, made when first asked for."""

    def description() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app)
        return app.openapi_schema

    app.title = _TITLE
    app.openapi = description  # type: ignore[method-assign] # FastAPI's documented way to extend it.


def _description(app: FastAPI) -> dict[str, Any]:
    described = get_openapi(
        title=_TITLE,
        version=_VERSION,
        openapi_version=app.openapi_version,
        description=_DESCRIPTION,
        contact=_CONTACT,
        license_info=_LICENSE,
        servers=[*_SERVERS],
        routes=app.routes,
        tags=[{"name": name, "description": meaning} for name, meaning in _TAGS],
    )
    described["components"]["schemas"].update(problem_schemas())
    _describe_state(described["components"]["schemas"])
    for path, item in described["paths"].items():
        for method, operation in item.items():
            operation["operationId"] = operation["operationId"].removesuffix(_SEPARATORS.sub("_", f"{path}_{method}"))
    return described


def _describe_state(schemas: dict[str, Any]) -> None:
    """Say that a command's answer has the course itself where that is preferred."""
    state = {"$ref": "#/components/schemas/CourseRead", "description": "On `Prefer: return=representation` alone."}
    for schema in schemas.values():
        if "applied_revision" in schema.get("required", ()):
            schema["properties"]["state"] = state
