"""The ratio of supported to ordinary staff, ready to be reported to the courses at the workplace (BAB § 65)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.companies.workplaces import CourseThere, GivenFinder
from api.directory.names import with_names
from api.http.access import RegisterReader
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import Day, PNumberInPath, examples
from api.http.problems import ProblemError
from api.http.responses import problems
from domain.calendar import danish_day
from domain.state.course import CourseState
from infra.security.tokens import Claims
from infra.store.queries import courses
from infra.store.queries.course_filter import CourseFilter
from infra.store.registers import companies
from infra.store.registers.companies import Ratio

router = APIRouter(tags=["companies"])

_MOST_COURSES: Final = 50
"""As many as one report reaches."""
_MOST_MONTHS: Final = 12
_EXAMPLE: Final = {
    "courses": ["5a0e0e8e-5d0f-5c0b-9f59-0d6f2c1a7b01"],
    "facts": {"ordinary_fte_by_month": "2026-01-01=12 2026-02-01=12.5", "supported_fte": 1.0},
}

_On = Annotated[Day | None, Query(description="The day for which the ratio is reckoned; today when it is left out.")]


class RatioFacts(BaseModel):
    """The facts by which rules reckon the ratio."""

    ordinary_fte_by_month: str = Field(description="The twelve newest months at most, up to the day asked for.")
    supported_fte: float = Field(description="Of the newest of these months.")


class RatioReport(BaseModel):
    """A body for `POST /v1/facts`."""

    courses: list[UUID]
    facts: RatioFacts

    model_config = examples(_EXAMPLE)


class RatioCourse(CourseThere):
    """A course at the workplace."""

    is_planned: bool = Field(description="Whether a step there has not begun in reality.")


class WorkplaceRatio(BaseModel):
    """The ratio of a workplace, and the courses that are or will be there, those with a planned start first."""

    p_number: str
    company_name: str
    on: date
    report: RatioReport | None = Field(description="Null when no month is known, or nobody is there.")
    courses: list[RatioCourse]

    model_config = examples(
        {
            "p_number": "1000000001",
            "company_name": "Nordgartneriet",
            "on": "2026-03-02",
            "report": _EXAMPLE,
            "courses": [],
        }
    )


@router.get("/v1/companies/{p_number}/ratio", summary="The ratio, ready to report", responses=problems(404))
async def read_ratio(
    p_number: PNumberInPath,
    services: GivenServices,
    caller: RegisterReader,
    finder: GivenFinder,
    _reading: GivenReading,
    on: _On = None,
) -> WorkplaceRatio:
    """Return the ratio as facts and the courses to report it to, 50 at most; reading it reports nothing."""
    day = on or danish_day(services.clock.now())
    async with services.store.municipality(caller.municipality) as connection:
        company = await companies.get(connection, p_number)
        if company is None:
            raise ProblemError(ApiCode.COMPANY_NOT_FOUND)
        there_now = await finder.there(connection, CourseFilter(company_now=p_number), p_number, _MOST_COURSES)
        await with_names(connection, there_now)
        states = await courses.states(connection, [course.id for course in there_now])
    placed = await _planned_first(services, caller, there_now, states)
    return WorkplaceRatio(
        p_number=p_number,
        company_name=company.name,
        on=day,
        report=_report(placed, company.ratios, day),
        courses=placed,
    )


async def _planned_first(
    services: Services, caller: Claims, there_now: Sequence[CourseThere], states: Mapping[UUID, CourseState]
) -> list[RatioCourse]:
    """Return the courses that have not been erased, those first of which a step at the workplace has not begun."""
    placed = []
    for course in there_now:
        state = states.get(course.id)
        if state is not None and state.rules is not None:
            book = await services.rulebooks.book(caller.municipality, state.rules.sha256)
            begun_by = {stay.step.id: book.begun_by(stay.step.id) for stay in course.stays}
            placed.append(RatioCourse(**course.model_dump(), is_planned=_is_planned(state, course, begun_by)))
    return sorted(placed, key=lambda course: not course.is_planned)


def _is_planned(state: CourseState, course: CourseThere, begun_by: Mapping[str, frozenset[str]]) -> bool:
    """Say whether a step at the workplace is expected, or is visited and none of the facts that begin it is known."""
    there = [stay for stay in course.stays if stay.is_open or stay.visit is None]
    return any(all(state.on_record(fact, stay.visit) is None for fact in begun_by[stay.step.id]) for stay in there)


def _report(there: Sequence[RatioCourse], ratios: Sequence[Ratio], on: date) -> RatioReport | None:
    """Return what to report to those who are there."""
    months = [ratio for ratio in ratios if ratio.month <= on][-_MOST_MONTHS:]
    if not (months and there):
        return None
    schedule = " ".join(f"{ratio.month.isoformat()}={_written(ratio.ordinary_fte)}" for ratio in months)
    facts = RatioFacts(ordinary_fte_by_month=schedule, supported_fte=float(months[-1].supported_fte))
    return RatioReport(courses=[course.id for course in there], facts=facts)


def _written(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
