"""Facts at the door: what the rule set alone can judge is judged here, so that the remedy comes at once and by name.

Who may report a fact, and whether the course is at its step, the course judges itself.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from api.http.codes import AnyCode
from api.http.problems import Issue, expect_no
from api.http.request_body import field_name, issues_with
from domain.errors import Code, Problem
from domain.state.facts import FactValue
from rules.engine.book import Book
from rules.language.facts import FactType

_NEAREST: Final = 3
_SIGNS: Final = MappingProxyType({"min": "≥", "max": "≤"})


def expect_statable(book: Book, facts: Mapping[str, FactValue]) -> None:
    """Raise ProblemError naming every fact that the rules do not know or whose value is not of its type."""
    expect_no(issue for name, value in facts.items() for issue in _issues(book, name, value))


def expect_known_value(book: Book, fact: str, value: FactValue, field: str) -> None:
    """Raise ProblemError for a value that the rules do not know for `fact`, in terms of the request's own field."""
    problem = book.problem_with(fact, value)
    if problem is not None:
        expect_no([_hinted(book, problem, fact, field)])


def _issues(book: Book, name: str, value: FactValue) -> Iterator[Issue]:
    declaration = book.declaration(name)
    if declaration is None or declaration.type is not FactType.P_NUMBER:
        yield from issues_with(value, "facts", name)
    problem = book.problem_with(name, value)
    if problem is not None:
        yield _hinted(book, problem, name, field_name("facts", name))


def _hinted(book: Book, problem: Problem, name: str, field: str) -> Issue:
    """Return a problem of the rules with what helps to put it right, and without what was sent."""
    code: AnyCode = problem.code
    match problem.code:
        case Code.FACT_UNKNOWN:
            names = [known for fact in book.rule_set.facts for known in (fact.id, *fact.aliases)]
            return Issue(code, field, {"near": ", ".join(get_close_matches(name, names, _NEAREST))})
        case Code.TARGET_GROUP_UNKNOWN | Code.OUTCOME_UNKNOWN:
            return Issue(code, field, {"allowed": problem.params["values"]})
        case _:
            return Issue(code, field, _expected(problem.params))


def _expected(params: Mapping[str, str]) -> dict[str, object]:
    bounds = [f"{sign} {params[bound]}" for bound, sign in _SIGNS.items() if bound in params]
    allowed = params.get("values") or ", ".join(bounds)
    return {"expected": f"type-{params['type']}", "allowed": allowed}
