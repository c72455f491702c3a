"""Listing the rule sets, and reading one as a form is built from it."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query

from api.http.access import Anybody
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import RuleSetId
from api.http.negotiation import CallersLanguage
from api.http.problems import ProblemError
from api.http.responses import not_modified, problems
from api.rulesets.models import RuleSetRead, RuleSetsRead
from api.rulesets.view import line, read
from domain.calendar import danish_day
from infra.documents.cache import UnknownDocumentError
from infra.security.tokens import Claims
from rules.engine.book import Book
from rules.loading.library import in_force
from wording.labels import Labels

router = APIRouter(tags=["rule sets"])

_SHA256: Final = r"^[0-9a-f]{64}$"
_Version = Annotated[
    str | None,
    Query(pattern=_SHA256, description="The `sha256` of a version, as a course names it; else the one in force today."),
]


@router.get("/v1/rulesets", summary="List the rule sets", responses=problems())
async def list_rule_sets(
    services: GivenServices, caller: Anybody, language: CallersLanguage, _reading: GivenReading
) -> RuleSetsRead:
    """Return every version of every rule set, the drafts too."""
    today = danish_day(services.clock.now())
    books = [await services.rulebooks.book(caller.municipality, rules.sha256) for rules in services.rule_sets]
    return RuleSetsRead(
        items=[line(book.rule_set, services.rule_sets, Labels(book, language), today) for book in books]
    )


@router.get("/v1/rulesets/{rule_set}", summary="Read a rule set", responses={**not_modified(), **problems(404)})
async def read_rule_set(
    rule_set: Annotated[RuleSetId, Path(description="The id of a rule set.")],
    services: GivenServices,
    caller: Anybody,
    language: CallersLanguage,
    reading: GivenReading,
    sha256: _Version = None,
) -> RuleSetRead:
    """Return a rule set with all that a form needs: facts, kinds of notes, outcomes, steps and what meets each demand.

    It is the version in force today, or the one that a course follows.
    """
    book = await _book(services, caller, rule_set, sha256)
    rules, labels = book.rule_set, Labels(book, language)
    head = line(rules, services.rule_sets, labels, danish_day(services.clock.now()))
    reading.expect_other_than(f"{rules.sha256}-{language}-{head.is_in_force}")
    return read(rules, head, labels)


async def _book(services: Services, caller: Claims, rule_set: str, sha256: str | None) -> Book:
    """Return the compiled version that is asked for; raises ProblemError 404 when there is none."""
    current = in_force(services.rule_sets, rule_set, danish_day(services.clock.now()))
    wanted = sha256 or (current.sha256 if current else None)
    if wanted is None:
        raise ProblemError(ApiCode.RULE_SET_NOT_FOUND)
    try:
        book = await services.rulebooks.book(caller.municipality, wanted)
    except UnknownDocumentError:
        raise ProblemError(ApiCode.RULE_SET_NOT_FOUND) from None
    if book.rule_set.id != rule_set:
        raise ProblemError(ApiCode.RULE_SET_NOT_FOUND)
    return book
