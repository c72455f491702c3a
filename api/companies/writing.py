"""Writing a company: the whole over what was read, or one contact, opportunity or month of staff by itself."""

from collections.abc import Iterator
from typing import Final, TypeVar

from fastapi import APIRouter

from api.companies.models import (
    MOST,
    MOST_MONTHS,
    CompanyBody,
    CompanyRead,
    ContactBody,
    OpportunityBody,
    RatioBody,
    expect_period,
    period_issues,
)
from api.companies.writer import GivenWriter
from api.http.access import Reporter
from api.http.codes import ApiCode
from api.http.problems import Issue, expect_no, named_twice, wrong
from api.http.responses import problems
from infra.store.registers.companies import CompanyDetails

router = APIRouter(tags=["companies"], prefix="/v1/companies/{p_number}")

_PROBLEMS: Final = problems(404, 412, with_body=True)
T = TypeVar("T")


@router.put("", summary="Write a company", responses=problems(412, 428, with_body=True))
async def write_company(_caller: Reporter, body: CompanyBody, writer: GivenWriter) -> CompanyRead:
    """Write all that is known of a company; what is left out is taken back, and what changes nothing makes no version.

    Over what is known already it needs the `ETag` that was read as `If-Match`, or else is refused with 428; to add a
    part or take one away needs none.
    """
    expect_no(_issues(body))
    return await writer.replace(body.details(writer.write.by))


@router.post("/contacts", summary="Add a contact", responses=_PROBLEMS)
async def add_contact(_caller: Reporter, body: ContactBody, writer: GivenWriter) -> CompanyRead:
    """Add one contact and leave all else as others know it; one that is there already is not added again."""
    return await writer.change(lambda company: _with(company, "contacts", company.contacts, body.as_contact))


@router.post("/contacts/remove", summary="Remove a contact", responses=_PROBLEMS)
async def remove_contact(_caller: Reporter, body: ContactBody, writer: GivenWriter) -> CompanyRead:
    """Take one contact away, written as it is read; one that is not there changes nothing."""
    return await writer.change(lambda company: _without(company, "contacts", company.contacts, body.as_contact))


@router.post("/opportunities", summary="Add an opportunity", responses=_PROBLEMS)
async def add_opportunity(caller: Reporter, body: OpportunityBody, writer: GivenWriter) -> CompanyRead:
    """Add one opportunity and leave all else as others know it; one that is there already is not added again."""
    expect_period(body)
    added = body.as_opportunity(caller.person)
    return await writer.change(lambda company: _with(company, "opportunities", company.opportunities, added))


@router.post("/opportunities/remove", summary="Remove an opportunity", responses=_PROBLEMS)
async def remove_opportunity(caller: Reporter, body: OpportunityBody, writer: GivenWriter) -> CompanyRead:
    """Take one opportunity away, written as it is read; one that is not there changes nothing."""
    removed = body.as_opportunity(caller.person)
    return await writer.change(lambda company: _without(company, "opportunities", company.opportunities, removed))


@router.post("/ratios", summary="Write the staff of one month", responses=_PROBLEMS)
async def write_ratio(_caller: Reporter, body: RatioBody, writer: GivenWriter) -> CompanyRead:
    """Write the staff of one month over what was known of that month, and leave all else as others know it."""
    ratio = body.as_ratio

    def written(company: CompanyDetails) -> CompanyDetails:
        others = [other for other in company.ratios if other.month != ratio.month]
        _expect_room(len(others), MOST_MONTHS, "ratios")
        ratios = tuple(sorted((*others, ratio), key=lambda each: each.month))
        return company.model_copy(update={"ratios": ratios})

    return await writer.change(written)


def _with(company: CompanyDetails, name: str, entries: tuple[T, ...], added: T) -> CompanyDetails:
    if added in entries:
        return company
    _expect_room(len(entries), MOST, name)
    return company.model_copy(update={name: (*entries, added)})


def _without(company: CompanyDetails, name: str, entries: tuple[T, ...], removed: T) -> CompanyDetails:
    return company.model_copy(update={name: tuple(entry for entry in entries if entry != removed)})


def _expect_room(number: int, most: int, field: str) -> None:
    """Raise ProblemError for a list that is full."""
    if number >= most:
        raise wrong(ApiCode.LIST_TOO_LONG, field, expected=most)


def _issues(body: CompanyBody) -> Iterator[Issue]:
    """Yield an issue for each opportunity that ends before it begins, and each month that is named twice."""
    for index, opportunity in enumerate(body.opportunities):
        yield from period_issues(opportunity, f"opportunities.{index}.")
    yield from named_twice([ratio.month for ratio in body.ratios], "ratios", "month")
