"""Finding companies, and reading what is known of one."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import TypeAdapter

from api.companies.models import CompanyLine, CompanyRead, line
from api.companies.workplaces import GivenFinder
from api.companies.writer import read_with_courses
from api.http.access import RegisterReader
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.fields import PNumberInPath
from api.http.paging import GivenPaging, PageOf
from api.http.problems import ProblemError
from api.http.responses import not_modified, problems
from infra.store.registers import companies
from infra.store.registers.companies import Cursor

router = APIRouter(tags=["companies"])

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


@router.get("/v1/companies/{p_number}", summary="Read a company", responses={**not_modified(), **problems(404)})
async def read_company(
    p_number: PNumberInPath, services: GivenServices, caller: RegisterReader, finder: GivenFinder, reading: GivenReading
) -> CompanyRead:
    """Return what every course has learnt of the company, and the courses there.

    The `ETag` is of what is sent, the courses too; as `If-Match` it names the company's version alone.
    """
    async with services.store.municipality(caller.municipality) as connection:
        company = await companies.get(connection, p_number)
        if company is None:
            raise ProblemError(ApiCode.COMPANY_NOT_FOUND)
        answer = await read_with_courses(connection, company, finder)
    reading.expect_news(company.version, answer)
    return answer
