"""Writing what is known of a company: the whole over a version that was seen, or a part by itself."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Response

from api.companies.models import CompanyRead, read
from api.companies.workplaces import CourseFinder, GivenFinder
from api.directory.names import with_names
from api.http.codes import ApiCode
from api.http.conditional import GivenCondition, etag
from api.http.fields import PNumberInPath
from api.http.problems import ProblemError
from infra.store.engine import Connection
from infra.store.queries.course_filter import CourseFilter
from infra.store.registers import companies
from infra.store.registers.companies import ANY_VERSION, Company, CompanyDetails, OtherVersionError, UnseenError, Write

MOST_COURSES: Final = 100


@dataclass(frozen=True, slots=True)
class CompanyWriter:
    """One request that writes a company."""

    p_number: str
    finder: CourseFinder
    response: Response
    write: Write

    async def replace(self, details: CompanyDetails) -> CompanyRead:
        """Write the whole; raises ProblemError 412, and 428 for what others know and the caller names no version of."""
        return await self._answer(lambda connection: companies.put(connection, self.p_number, details, self.write))

    async def change(self, change: Callable[[CompanyDetails], CompanyDetails]) -> CompanyRead:
        """Change a part; raises ProblemError 404 and 412."""
        return await self._answer(lambda connection: companies.change(connection, self.p_number, change, self.write))

    async def _answer(self, written: Callable[[Connection], Awaitable[Company | None]]) -> CompanyRead:
        store, municipality = self.finder.services.store, self.finder.caller.municipality
        async with store.municipality(municipality) as connection:
            try:
                company = await written(connection)
            except OtherVersionError as other:
                raise ProblemError(ApiCode.COMPANY_CHANGED, current=other.current or "") from None
            except UnseenError:
                raise ProblemError(ApiCode.CONDITION_MISSING) from None
            if company is None:
                raise ProblemError(ApiCode.COMPANY_NOT_FOUND)
            answer = await read_with_courses(connection, company, self.finder)
        self.response.headers["ETag"] = etag(company.version)
        return answer


async def read_with_courses(connection: Connection, company: Company, finder: CourseFinder) -> CompanyRead:
    """Return a company with the courses there that the caller may see."""
    wanted = CourseFilter(company=company.p_number)
    there = await finder.there(connection, wanted, company.p_number, MOST_COURSES)
    return await with_names(connection, read(company, there))


async def company_writer(
    p_number: PNumberInPath, finder: GivenFinder, response: Response, condition: GivenCondition
) -> CompanyWriter:
    """Return the writer of this request."""
    seen = (ANY_VERSION if condition.revisions is None else condition.revisions) if condition.is_given else None
    write = Write(seen=seen, now=finder.services.clock.now(), by=finder.caller.person)
    return CompanyWriter(p_number, finder, response, write)


GivenWriter = Annotated[CompanyWriter, Depends(company_writer)]
