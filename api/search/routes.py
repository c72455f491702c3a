"""Searching: citizens and cases, companies and people, by whatever the caller has at hand."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from api.companies.models import CompanyLine, line
from api.courses.read.listing import CourseLine, course_lines
from api.directory.names import with_names
from api.directory.people import PersonRead, person_read
from api.http.access import CourseReader
from api.http.caller import reach_of
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.negotiation import CallersLanguage
from api.http.read_model import ReadModel
from api.http.responses import problems
from infra.store.queries import course_list
from infra.store.queries.course_filter import CourseFilter
from infra.store.queries.course_list import Sort
from infra.store.registers import companies, people

router = APIRouter(tags=["courses"])

_MOST: Final = 20
"""How many of each kind are found at most."""


class Found(ReadModel):
    """What was found, 20 of each kind at most."""

    courses: list[CourseLine]
    companies: list[CompanyLine]
    people: list[PersonRead]


@router.get("/v1/search", summary="Find a citizen, a case, a company or a person", responses=problems())
async def search(
    q: Annotated[
        str,
        Query(
            min_length=2,
            max_length=64,
            description="The beginning of a reference, a CVR or P-number or an id, or a part of a name.",
        ),
    ],
    services: GivenServices,
    caller: CourseReader,
    language: CallersLanguage,
    _reading: GivenReading,
) -> Found:
    """Return the courses that exist for the caller, by reference or by a citizen's name that is not protected.

    A P-number finds the courses at the workplace as well. With them come companies and people of the directory.
    """
    reach = reach_of(caller, services.clock.now())
    async with services.store.reading(caller.municipality) as connection:
        page = await course_list.courses(connection, reach, CourseFilter(sought=q), Sort.UPDATED_AT, _MOST)
        lines = await course_lines(connection, services, caller, page.items, language)
        found = (await companies.find(connection, q, _MOST)).items if reach.works_with_courses else ()
        persons = (await people.find(connection, _MOST, q=q)).items
        listed = await with_names(connection, [person_read(person) for person in persons])
    return Found(courses=lines, companies=[line(company) for company in found], people=listed)
