"""Listing the rule sets, reading one as a form is built from it, and as its rule book."""

from fastapi import APIRouter

from api.http.access import Anybody
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.negotiation import CallersLanguage
from api.http.responses import not_modified, problems
from api.rulesets.models import RuleSetRead, RuleSetsRead
from api.rulesets.versions import GivenBook
from api.rulesets.view import line, read
from domain.calendar import danish_day
from rules.reading.book_in_words import book_in_words
from rules.reading.book_models import BookInWords
from wording.labels import Labels

router = APIRouter(tags=["rule sets"])


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
    rule_set: GivenBook, services: GivenServices, _caller: Anybody, language: CallersLanguage, reading: GivenReading
) -> RuleSetRead:
    """Return a rule set with all that a form needs: facts, kinds of notes, outcomes, steps and what meets each demand.

    It is the version in force today, or the one that a course follows.
    """
    rules, labels = rule_set.rule_set, Labels(rule_set, language)
    head = line(rules, services.rule_sets, labels, danish_day(services.clock.now()))
    reading.expect_other_than(f"{rules.sha256}-{language}-{head.is_in_force}")
    return read(rules, head, labels)


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
