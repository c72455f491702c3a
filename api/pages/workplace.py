"""A workplace: who is there, what a company that calls may say by one tap, and what is known of the company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.companies.workplaces import CourseFinder, CourseThere, GivenFinder, Stay
from api.companies.writer import MOST_COURSES, read_with_courses
from api.courses.visible import readable_course
from api.http.access import RegisterReader, allowed_roles
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.fields import MOST, PNumberInPath
from api.http.problems import ProblemError
from api.http.same_origin import expect_same_origin
from api.inbox.forecast import read_rehearsal
from api.pages.call_in import call_in
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from domain.calendar import danish_day
from domain.decide.visits import stop_to_report
from domain.state.course import CourseState, Visit
from infra.store.queries import courses
from infra.store.queries.course_filter import CourseFilter
from infra.store.registers import companies
from wording.labels import Labels
from wording.meetings import meeting_name

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_DAYS: Final = 7
"""How far ahead it is said who is told of a call."""

_Choice = tuple[str, str]
"""What a button posts, and its words."""


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who is told because of a call, and not before when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VisitThere:
    """An open visit to the workplace: what may be said of it by one tap, and who may have stopped it."""

    number: int
    label: str
    calls: Sequence[_Choice]
    stopped_by: Sequence[_Choice]
    has_sheet: bool


@dataclass(frozen=True, slots=True)
class CitizenThere:
    """A course at the workplace, with its open visits there and the meetings to come."""

    course: CourseThere
    visits: Sequence[VisitThere]
    meetings: Sequence[str]

    @property
    def is_there(self) -> bool:
        """Say whether a visit there is open, or the workplace is named for one to come."""
        return any(stay.is_open or stay.visit is None for stay in self.course.stays)


@dataclass(frozen=True, slots=True)
class Call:
    """The call that was just taken in, if any: the course, and the revision it gave."""

    course: UUID | None
    revision: int


async def _call(
    course: Annotated[UUID | None, Query()] = None, revision: Annotated[int, Query(ge=1, le=MOST)] = 1
) -> Call:
    return Call(course, revision)


@router.get("/workplaces/{p_number}")
async def read_workplace(
    request: Request,
    p_number: PNumberInPath,
    caller: RegisterReader,
    reader: GivenReader,
    finder: GivenFinder,
    reading: GivenReading,
    call: Annotated[Call, Depends(_call)],
) -> HTMLResponse:
    """Show what `GET /v1/companies/{p_number}` tells, and who is told because of the call that was just taken in."""
    services, now = finder.services, finder.services.clock.now()
    async with services.store.municipality(caller.municipality) as connection:
        known = await companies.get(connection, p_number)
        company = await read_with_courses(connection, known, finder) if known is not None else None
        wanted = CourseFilter(company=p_number)
        there = company.courses if company else await finder.there(connection, wanted, p_number, MOST_COURSES)
        states = await courses.states(connection, [one.id for one in there])
    if company is None and not there:
        raise ProblemError(ApiCode.COMPANY_NOT_FOUND)
    return render_page(
        request,
        "workplace",
        reader=reader,
        p_number=p_number,
        company=company,
        citizens=[await _citizen(finder, one, states) for one in there],
        may_call=not allowed_roles(call_in).isdisjoint(caller.roles),
        called=call.course,
        told=await _told(finder, reading, call),
        now=now,
        today=danish_day(now),
        key=token_urlsafe,
    )


async def _told(finder: CourseFinder, reading: GivenReading, call: Call) -> Sequence[Told]:
    """Return who else is told because of a call, the first one first."""
    services, caller = finder.services, finder.caller
    visible = await readable_course(services, caller, call.course) if call.course else None
    if visible is None or visible.reads is not None:
        return ()
    foreseen = await read_rehearsal(visible, services, caller, finder.language, reading, _DAYS, call.revision)
    arrivals = [arrival for notice in foreseen.notices for arrival in notice.arrivals]
    first: dict[str, Told] = {}
    for arrival in sorted(arrivals, key=lambda arrival: arrival.at):
        if arrival.person != caller.person:
            first.setdefault(arrival.person, Told(arrival.name or arrival.person, arrival.at))
    return [*first.values()]


async def _citizen(finder: CourseFinder, course: CourseThere, states: Mapping[UUID, CourseState]) -> CitizenThere:
    state = states.get(course.id)
    if state is None or state.rules is None:
        return CitizenThere(course, (), ())
    services = finder.services
    book = await services.rulebooks.book(finder.caller.municipality, state.rules.sha256)
    labels = Labels(book, finder.language)
    there = {stay.visit: stay for stay in course.stays if stay.is_open and stay.visit is not None}
    open_there = [visit for visit in state.open_visits if visit.number in there]
    today = danish_day(services.clock.now())
    return CitizenThere(
        course,
        [_visit(state, visit, there[visit.number], labels) for visit in open_there],
        [*_meetings(state, labels, today)],
    )


def _visit(state: CourseState, visit: Visit, stay: Stay, labels: Labels) -> VisitThere:
    book = labels.book
    declared = next((step for step in book.rule_set.steps if step.id == visit.step), None)
    stop = stop_to_report(state, book, visit)
    by = book.declaration(stop.by) if stop is not None else None
    return VisitThere(
        number=visit.number,
        label=stay.step.label,
        calls=[(call.id, labels.text(call.label)) for call in (declared.call_ins if declared else ())],
        stopped_by=[(value.id, labels.text(value.label)) for value in (by.values if by else ())],
        has_sheet=book.company(visit.step) is not None,
    )


def _meetings(state: CourseState, labels: Labels, today: date) -> Sequence[str]:
    return [
        meeting_name(visit, planned, labels)
        for visit in state.open_visits
        for planned in visit.appointments
        if planned.on >= today and not planned.cancelled
    ]
