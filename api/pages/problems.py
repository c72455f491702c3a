"""A problem as people read it: what was wrong, what puts it right, and what is different from what they read."""

from starlette.requests import Request
from starlette.responses import Response

from api.http.problems import ProblemDocument
from api.pages.rendering import render_page


def problem_page(request: Request, problem: ProblemDocument) -> Response:
    """Return the page of a problem."""
    return render_page(request, "problem", problem.status, problem=problem)
