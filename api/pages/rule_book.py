"""The rule book: which sets there are and how far each has come, and each of them in words, to read and to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.access import Anybody
from api.http.conditional import GivenReading
from api.http.dependencies import DEFAULT_RULES, GivenServices
from api.http.negotiation import CallersLanguage
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from api.rulesets.changing import newest_version
from api.rulesets.models import RuleSetLine
from api.rulesets.publishing import decides_on_rules
from api.rulesets.routes import list_rule_sets
from api.rulesets.versions import GivenBook
from domain.calendar import danish_day
from domain.identity import Role
from infra.store.registers.rule_sets import RuleSetStatus
from rules.reading.book_in_words import book_in_words

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The versions of the rule sets: those that count or will, drafts, and those that are over or withdrawn."""

    proposals: Sequence[RuleSetLine]
    current: Sequence[RuleSetLine]
    former: Sequence[RuleSetLine]

    @classmethod
    def of(cls, lines: Sequence[RuleSetLine], today: date) -> "Shelf":
        """Return the versions in their places, what courses begin with today first, and first of that the default."""
        order = sorted(lines, key=lambda one: (not one.is_in_force, one.id != DEFAULT_RULES, one.title, one.valid_from))
        proposals = [one for one in order if one.status is RuleSetStatus.PROPOSED]
        withdrawn = [one for one in order if one.status is RuleSetStatus.WITHDRAWN]
        is_over = [one for one in order if not one.draft and not one.is_in_force and one.valid_from <= today]
        former = [*is_over, *withdrawn]
        return cls(proposals, [one for one in order if one not in (*proposals, *former)], former)


@router.get("/rules")
async def show_rule_sets(
    request: Request,
    services: GivenServices,
    caller: Anybody,
    reader: GivenReader,
    language: CallersLanguage,
    reading: GivenReading,
) -> HTMLResponse:
    """Show what `GET /v1/rulesets` tells, and which proposals wait for whom."""
    sets = await list_rule_sets(services, caller, language, reading)
    shelf = Shelf.of(sets.items, danish_day(services.clock.now()))
    decides = decides_on_rules(caller, services)
    return render_page(request, "rule_sets", reader=reader, shelf=shelf, decides=decides)


@router.get("/rules/{rule_set}")
async def show_rule_book(
    request: Request,
    rule_set: GivenBook,
    services: GivenServices,
    caller: Anybody,
    reader: GivenReader,
    language: CallersLanguage,
) -> HTMLResponse:
    """Show what `GET /v1/rulesets/{rule_set}/book` tells; a rule editor changes the newest version from there."""
    newest = own = None
    if Role.RULE_EDITOR in caller.roles:
        newest = await newest_version(services, caller, rule_set.rule_set.id)
        own = newest.versions.own_version(rule_set.rule_set)
    is_newest = newest is not None and newest.sha256 == rule_set.rule_set.sha256
    return render_page(
        request,
        "rule_book",
        reader=reader,
        book=book_in_words(rule_set, language),
        may_change=is_newest,
        may_prove=not caller.roles.isdisjoint({Role.RULE_EDITOR, Role.SUPERVISOR}),
        newer=None if is_newest or newest is None else newest.book.rule_set,
        own=own,
    )
