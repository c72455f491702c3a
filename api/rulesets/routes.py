"""Listing the rule sets, reading one as a form is built from it, as it was written, and beside another."""

import json
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from api.directory.names import with_names
from api.http.access import Anybody
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.negotiation import CallersLanguage
from api.http.problems import ProblemError
from api.http.read_model import ReadModel
from api.http.responses import not_modified, problems
from api.rulesets.models import RuleSetLine, RuleSetRead, RuleSetsRead
from api.rulesets.versions import GivenBook, NamedVersion, RuleSetIdInPath, book_named
from api.rulesets.view import line, read
from domain.calendar import danish_day
from infra.documents.rulebooks import RuleSetVersions
from infra.security.tokens import Claims
from infra.store.registers import rule_sets
from rules.engine.book import Book
from rules.language.formats import Language
from rules.loading.folder import joined_text
from rules.loading.library import shipped_library
from rules.reading.book_in_words import book_in_words
from rules.reading.book_models import BookInWords
from rules.reading.changes import changes
from wording.labels import Labels

router = APIRouter(tags=["rule sets"])


class RuleSetDocument(ReadModel):
    """A version as it was written, to be changed and proposed again, and as it is decided by."""

    id: str
    version: str
    sha256: str
    toml: str | None = Field(description="Null for what carries an amendment on, and for default sets of the past.")
    document: dict[str, Any] = Field(description="The whole set, of whose canonical JSON `sha256` is the hash.")


class RuleSetChanges(ReadModel):
    """What differs between two versions, in sentences."""

    before: RuleSetLine
    after: RuleSetLine
    lines: list[str]


@router.get("/v1/rulesets", summary="List the rule sets", responses=problems())
async def list_rule_sets(
    services: GivenServices, caller: Anybody, language: CallersLanguage, _reading: GivenReading
) -> RuleSetsRead:
    """Return every version of every rule set, own ones first; drafts, proposals and withdrawn ones too."""
    async with services.store.municipality(caller.municipality) as connection:
        versions = await services.rulebooks.versions(connection)
    hashes = dict.fromkeys(version.sha256 for version in versions.every)
    books = [await services.rulebooks.book(caller.municipality, sha256) for sha256 in hashes]
    items = [_line(book, versions, services, language) for book in books]
    async with services.store.municipality(caller.municipality) as connection:
        return await with_names(connection, RuleSetsRead(items=items))


@router.get("/v1/rulesets/{rule_set}", summary="Read a rule set", responses={**not_modified(), **problems(404)})
async def read_rule_set(
    rule_set: GivenBook, services: GivenServices, caller: Anybody, language: CallersLanguage, reading: GivenReading
) -> RuleSetRead:
    """Return a rule set with all that a form needs: facts, kinds of notes, outcomes, steps and what meets each demand.

    It is the version in force today, or the one that a course follows.
    """
    async with services.store.municipality(caller.municipality) as connection:
        versions = await services.rulebooks.versions(connection)
        rules, head = rule_set.rule_set, _line(rule_set, versions, services, language)
        reading.expect_other_than(f"{rules.sha256}-{language}-{head.is_in_force}-{head.status}")
        return await with_names(connection, read(rules, head, Labels(rule_set, language)))


@router.get("/v1/rulesets/{rule_set}/book", summary="Read a rule book", responses={**not_modified(), **problems(404)})
async def read_rule_book(
    rule_set: GivenBook, _caller: Anybody, language: CallersLanguage, reading: GivenReading
) -> BookInWords:
    """Return a rule set in words, as a jurist reads it: each requirement with who, until when, and its source.

    Its reminders and its examples stand beside it; numbers come with the day from which they count.
    """
    words = book_in_words(rule_set, language)
    reading.expect_news(0, words)
    return words


@router.get("/v1/rulesets/{rule_set}/document", summary="Read how it is written", responses=problems(404))
async def read_document(
    rule_set: GivenBook, services: GivenServices, caller: Anybody, _reading: GivenReading
) -> RuleSetDocument:
    """Return a version as somebody wrote it in TOML, and the whole set that it makes."""
    rules, library = rule_set.rule_set, shipped_library()
    name = next((name for name, shipped in library.by_name.items() if shipped == rules), None)
    async with services.store.municipality(caller.municipality) as connection:
        own = (await services.rulebooks.versions(connection)).own_version(rules)
        toml = await rule_sets.written(connection, own.id, own.version) if own else None
    if own is None and name is not None:
        toml = joined_text(name, library.files)
    return RuleSetDocument.of(rules, toml=toml, document=json.loads(rules.canonical))


@router.get("/v1/rulesets/{rule_set}/changes", summary="Compare two versions", responses=problems(404))
async def compare_rule_sets(
    rule_set: RuleSetIdInPath,
    services: GivenServices,
    caller: Anybody,
    language: CallersLanguage,
    _reading: GivenReading,
    before: NamedVersion,
    after: NamedVersion,
) -> RuleSetChanges:
    """Say in sentences what differs from one version to another; the latter has this id, the former may have any."""
    new = await book_named(services, caller, rule_set, after)
    old = await book_named(services, caller, None, before)
    async with services.store.municipality(caller.municipality) as connection:
        versions = await services.rulebooks.versions(connection)
        compared = RuleSetChanges(
            before=_line(old, versions, services, language),
            after=_line(new, versions, services, language),
            lines=list(changes(old, new, language)),
        )
        return await with_names(connection, compared)


async def line_of(services: Services, caller: Claims, language: Language, rule_set: str, version: str) -> RuleSetLine:
    """Return an own version as lists show it; raises ProblemError 404 when there is none."""
    async with services.store.municipality(caller.municipality) as connection:
        versions = await services.rulebooks.versions(connection)
    own = next((own for own in versions.own if (own.id, own.version) == (rule_set, version)), None)
    if own is None:
        raise ProblemError(ApiCode.RULE_SET_NOT_FOUND)
    book = await services.rulebooks.book(caller.municipality, own.sha256)
    async with services.store.municipality(caller.municipality) as connection:
        return await with_names(connection, _line(book, versions, services, language))


def _line(book: Book, versions: RuleSetVersions, services: Services, language: Language) -> RuleSetLine:
    return line(book.rule_set, versions, Labels(book, language), danish_day(services.clock.now()))
