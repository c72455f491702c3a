"""A page to print for the citizen, in Danish: goal, next step, steady contact, who comes along, and nothing else (P10).

Whom to call and who comes along is chosen as for a company; the address names roles alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.briefings.models import BriefingRead
from api.briefings.routes import briefing_in_words
from api.courses.visible import GivenCourse
from api.http.access import CourseInFullReader
from api.http.dependencies import GivenServices
from api.http.fields import GateRole
from api.http.same_origin import expect_same_origin
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from domain.calendar import danish_day
from domain.identity import Role
from domain.state.course import Status
from infra.store.queries.courses import VisibleCourse
from infra.store.registers import people
from infra.store.registers.people import Person
from wording.catalog import catalog
from wording.labels import Labels
from wording.meetings import meeting_name

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_Contact = Annotated[GateRole, Query()]
_Along = Annotated[list[GateRole] | None, Query(max_length=len(GateRole))]


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody whom the citizen knows."""

    role: str
    name: str
    phone: str | None


@router.get("/courses/{course}/citizen-sheet")
async def read_citizen_sheet(
    request: Request,
    course: GivenCourse,
    services: GivenServices,
    caller: CourseInFullReader,
    reader: GivenReader,
    contact: _Contact = GateRole.CASEWORKER,
    along: _Along = None,
) -> HTMLResponse:
    """Show on one page what the citizen takes home; a protected name is on no page that is printed."""
    async with services.store.municipality(caller.municipality) as connection:
        held = {role: holder for role in GateRole if (holder := course.state.holder(Role(role)))}
        known = await people.some(connection, held.values())
        briefings = [
            await briefing_in_words(connection, services, caller, course, "da", visit.number)
            for visit in course.state.open_visits
        ]
    danish = catalog("da")
    contacts = {role: _contact(danish.term(role), id_, known.get(id_)) for role, id_ in held.items()}
    today = danish_day(services.clock.now())
    return render_page(
        request,
        "citizen_sheet",
        reader=reader,
        course=course,
        name=None if course.row.protected or not briefings else briefings[0].briefing.citizen_name,
        goals=[fact.text for fact in briefings[0].briefing.first_facts] if briefings else [],
        steps=[*dict.fromkeys(step for words in briefings for step in _steps(words.briefing))],
        meetings=[one for words in briefings[:1] for one in _meetings(course, words.labels, today)],
        contacts=contacts,
        contact=contacts.get(contact),
        along=[contacts[role] for role in along or () if role in contacts],
        chosen=(contact, along or ()),
        danish=danish.pages,
        is_over=course.state.status is Status.COMPLETED,
    )


def _contact(role: str, id_: str, known: Person | None) -> Contact:
    return Contact(role, known.name if known else id_, known.phone if known else None)


def _steps(briefing: BriefingRead) -> Iterator[str]:
    """Yield what comes next, or the step itself while that is not decided."""
    yield from (step.label for step in briefing.to or (briefing.step,))


def _meetings(course: VisibleCourse, labels: Labels, today: date) -> Iterator[str]:
    """Yield the meetings to come, the earliest first, none that was cancelled."""
    planned = [(one.on, one.at or "", visit, one) for visit in course.state.open_visits for one in visit.appointments]
    for on, _, visit, one in sorted(planned, key=lambda meeting: meeting[:2]):
        if on >= today and not one.cancelled:
            yield meeting_name(visit, one, labels)
