"""The version of a rule set that a request is about."""

from typing import Annotated, Final

from fastapi import Depends, Path, Query

from api.http.caller import Caller
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices
from api.http.fields import RuleSetId
from api.http.problems import ProblemError
from domain.calendar import danish_day
from infra.documents.cache import UnknownDocumentError
from rules.engine.book import Book
from rules.loading.library import in_force

_SHA256: Final = r"^[0-9a-f]{64}$"
_Version = Annotated[
    str | None,
    Query(pattern=_SHA256, description="The `sha256` of a version, as a course names it; else the one in force today."),
]


async def book_asked(
    rule_set: Annotated[RuleSetId, Path(description="The id of a rule set.")],
    services: GivenServices,
    caller: Caller,
    sha256: _Version = None,
) -> Book:
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


GivenBook = Annotated[Book, Depends(book_asked)]
