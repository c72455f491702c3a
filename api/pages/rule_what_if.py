"""Whom a version of a rule set would hold and free of the running courses, before anybody lives under it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from api.http.access import Approver
from api.pages.rendering import render_page
from api.pages.rule_request import GivenRuleRequest
from api.rulesets.versions import GivenBook
from api.rulesets.what_if import what_if
from wording.labels import Labels

router = APIRouter(include_in_schema=False)


@router.get("/rules/{rule_set}/what-if")
async def show_what_if(
    asked: GivenRuleRequest, rule_set: GivenBook, caller: Approver, after: Annotated[UUID | None, Query()] = None
) -> HTMLResponse:
    """Show a page of what `GET /v1/rulesets/{rule_set}/what-if` tells."""
    found = await what_if(rule_set, asked.services, caller, asked.language, asked.reading, after=after)
    rules = rule_set.rule_set
    return render_page(
        asked.request,
        "rule_what_if",
        reader=asked.reader,
        rules=rules,
        title=Labels(rule_set, asked.language).text(rules.title),
        found=found,
        texts={one.requirement: one.text for one in found.requirements},
    )
