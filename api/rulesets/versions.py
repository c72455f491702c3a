"""The version of a rule set that a request is about."""

from typing import Annotated, Final

from fastapi import Depends, Path, Query

from api.http.caller import Caller
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices, Services
from api.http.fields import RuleSetId
from api.http.problems import ProblemError
from domain.calendar import danish_day
from infra.documents.cache import UnknownDocumentError
from infra.security.tokens import Claims
from rules.engine.book import Book

SHA256: Final = r"^[0-9a-f]{64}$"
RuleSetIdInPath = Annotated[RuleSetId, Path(description="The id of a rule set.")]
_Version = Annotated[
    str | None,
    Query(pattern=SHA256, description="The `sha256` of a version, as a course names it; else the one in force today."),
]
NamedVersion = Annotated[str, Query(pattern=SHA256, description="The `sha256` of a version.")]


async def book_asked(
    rule_set: RuleSetIdInPath, services: GivenServices, caller: Caller, sha256: _Version = None
) -> Book:
    """Return the compiled version that is asked for; raises ProblemError 404 when there is none."""
    if sha256 is not None:
        return await book_named(services, caller, rule_set, sha256)
    async with services.store.municipality(caller.municipality) as connection:
        versions = await services.rulebooks.versions(connection)
    current = versions.in_force(rule_set, danish_day(services.clock.now()))
    if current is None:
        raise ProblemError(ApiCode.RULE_SET_NOT_FOUND)
    return await services.rulebooks.book(caller.municipality, current.sha256)


async def book_named(services: Services, caller: Claims, rule_set: str | None, sha256: str) -> Book:
    """Return the compiled version with a hash, and an id if one is given; raises ProblemError 404."""
    try:
        book = await services.rulebooks.book(caller.municipality, sha256)
    except UnknownDocumentError:
        raise ProblemError(ApiCode.RULE_SET_NOT_FOUND) from None
    if rule_set not in (None, book.rule_set.id):
        raise ProblemError(ApiCode.RULE_SET_NOT_FOUND)
    return book


GivenBook = Annotated[Book, Depends(book_asked)]
