"""Finding companies, and reading what is known of one."""

from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import TypeAdapter

from api.companies.models import CompanyBody, CompanyLine, CompanyRead, line, read
from api.companies.workplaces import courses_there
from api.http.access import RegisterReader, Reporter
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenCondition, GivenReading, etag
from api.http.dependencies import GivenServices
from api.http.fields import PNumberInPath
from api.http.paging import GivenPaging, PageOf
from api.http.problems import Issue, ProblemError, expect_no
from api.http.responses import problems
from infra.store.queries.course_filter import CourseFilter
from infra.store.registers import companies
from infra.store.registers.companies import Cursor, OtherVersionError

router = APIRouter(tags=["companies"])

MOST_COURSES: Final = 100
_BY_NAME: Final[TypeAdapter[Cursor]] = TypeAdapter(Cursor)

_Sought = Annotated[
    str | None,
    Query(min_length=1, max_length=64, description="A part of the name, or the beginning of the CVR or P-number."),
]


@router.get("/v1/companies", summary="Find companies", responses=problems())
async def list_companies(
    services: GivenServices, caller: RegisterReader, paging: GivenPaging, _reading: GivenReading, q: _Sought = None
) -> PageOf[CompanyLine]:
    """Return the companies that the caller's municipality knows, by name, a page at a time."""
    after = paging.position(_BY_NAME)
    async with services.store.municipality(caller.municipality) as connection:
        page = await companies.find(connection, q, paging.limit, after)
    return paging.page([line(company) for company in page.items], page.next, _BY_NAME)


@router.get("/v1/companies/{p_number}", summary="Read a company", responses=problems(404))
async def read_company(
    p_number: PNumberInPath, services: GivenServices, caller: RegisterReader, reading: GivenReading
) -> CompanyRead:
    """Return what every course has learnt of the company, and the courses there.

    The `ETag` is the company's version, for `If-Match`; it says nothing of the courses, so the answer is always sent.
    """
    reach = reach_of(caller, services.clock.now())
    async with services.store.municipality(caller.municipality) as connection:
        company = await companies.get(connection, p_number)
        if company is None:
            raise ProblemError(ApiCode.COMPANY_NOT_FOUND)
        there = await courses_there(connection, reach, CourseFilter(company=p_number), p_number, MOST_COURSES)
    reading.response.headers["ETag"] = etag(company.version)
    return read(company, there)


@router.put("/v1/companies/{p_number}", summary="Write a company", responses=problems(412, with_body=True))
async def write_company(
    p_number: PNumberInPath,
    body: CompanyBody,
    services: GivenServices,
    caller: Reporter,
    response: Response,
    expected: GivenCondition,
) -> CompanyRead:
    """Write all that is known of a company over what was known; what changes nothing makes no new version.

    Read it first and send its `ETag` as `If-Match`, so that nothing is lost that others have learnt meanwhile.
    """
    expect_no(_issues(body))
    now = services.clock.now()
    reach = reach_of(caller, now)
    async with services.store.municipality(caller.municipality) as connection:
        try:
            details = body.details(caller.person)
            company = await companies.put(
                connection, p_number, details, seen=expected.revisions, now=now, by=caller.person
            )
        except OtherVersionError as other:
            raise ProblemError(ApiCode.COMPANY_CHANGED, current=other.current or "") from None
        there = await courses_there(connection, reach, CourseFilter(company=p_number), p_number, MOST_COURSES)
    response.headers["ETag"] = etag(company.version)
    return read(company, there)


def _issues(body: CompanyBody) -> Iterator[Issue]:
    """Yield an issue for each opportunity that ends before it begins, and each month that is named twice."""
    for index, opportunity in enumerate(body.opportunities):
        if opportunity.until is not None and opportunity.until < opportunity.since:
            yield Issue(ApiCode.NOT_IN_RANGE, f"opportunities.{index}.until", {"expected": "≥ since"})
    months = [ratio.month for ratio in body.ratios]
    for index, month in enumerate(months):
        before = months.index(month)
        if before < index:
            expected = {"expected": f"≠ ratios.{before}.month"}
            yield Issue(ApiCode.NOT_IN_RANGE, f"ratios.{index}.month", expected)
