"""Writing what is known of a company: whole, and over the version that the writer has seen."""

from collections.abc import Iterator

from fastapi import APIRouter, Response

from api.companies.models import CompanyBody, CompanyRead, read
from api.companies.routes import MOST_COURSES
from api.companies.workplaces import courses_there
from api.http.caller import Caller
from api.http.codes import ApiCode
from api.http.conditional import etag
from api.http.dependencies import GivenParts
from api.http.idempotency import IfMatch, revision_in
from api.http.problems import Issue, ProblemError, expect_no
from api.http.responses import problems
from api.path_names import PNumberInPath
from infra.store.queries.course_filter import CourseFilter
from infra.store.registers import companies
from infra.store.registers.companies import OtherVersionError

router = APIRouter(tags=["companies"])


@router.put("/v1/companies/{p_number}", summary="Write a company", responses=problems(412, with_body=True))
async def write_company(
    p_number: PNumberInPath,
    body: CompanyBody,
    parts: GivenParts,
    caller: Caller,
    response: Response,
    if_match: IfMatch = None,
) -> CompanyRead:
    """Write all that is known of a company over what was known; what changes nothing makes no new version.

    Read it first and send its `ETag` as `If-Match`, so that nothing is lost that others have learnt meanwhile.
    """
    expect_no(_issues(body))
    seen, now = revision_in(if_match), parts.clock.now()
    there = CourseFilter(company=p_number, units=caller.units or None, person=caller.person)
    async with parts.store.municipality(caller.municipality) as connection:
        try:
            known = body.known(caller.person)
            company = await companies.put(connection, p_number, known, seen=seen, now=now, by=caller.person)
        except OtherVersionError as other:
            raise ProblemError(ApiCode.COMPANY_CHANGED, current=other.current or "") from None
        found = await courses_there(connection, caller, there, p_number, MOST_COURSES)
    response.headers["ETag"] = etag(company.version)
    return read(company, found)


def _issues(body: CompanyBody) -> Iterator[Issue]:
    """Yield an issue for each opportunity that ends before it begins, and each month that is told of twice."""
    for index, told in enumerate(body.opportunities):
        if told.until is not None and told.until < told.since:
            yield Issue(ApiCode.NOT_IN_RANGE, f"opportunities.{index}.until", {"expected": "≥ since"})
    months = [told.month for told in body.ratios]
    for index, month in enumerate(months):
        before = months.index(month)
        if before < index:
            expected = {"expected": f"≠ ratios.{before}.month"}
            yield Issue(ApiCode.NOT_IN_RANGE, f"ratios.{index}.month", expected)
