"""The course: what is different for me, who is informed, what is missing, when, and the way so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.briefings.documents import as_text
from api.briefings.models import BriefingRead
from api.briefings.routes import briefing_in_words
from api.courses.commands.informing import AcknowledgeBody, DisputeBody, acknowledge, dispute
from api.courses.read.course import read_in_full
from api.courses.read.models import CourseRead
from api.courses.read.visit_models import DeadlineRead, RequirementRead, VisitRead
from api.courses.visible import GivenCourse
from api.http.access import CourseInFullReader, Reporter, Worker
from api.http.dependencies import GivenServices
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.same_origin import expect_same_origin
from api.pages.forms import Form, GivenDone, back_to, body_of
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from domain.identity import Role
from domain.state.course import Status
from domain.state.verdict import Outcome
from infra.security.tokens import Claims

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_VERSION: Final = ("briefing", "version")
REPORTING: Final = frozenset({Role.CASEWORKER, Role.COMPANY_CONSULTANT, Role.SUPERVISOR})
"""For whom the forms are by which people report."""
_FULFILLED: Final = frozenset({Outcome.MET, Outcome.WAIVED})

_Number = Annotated[int, Path(ge=1)]


@dataclass(frozen=True, slots=True)
class VisitShown:
    """An open visit with its briefing, and the roles in which the reader owes a receipt."""

    visit: VisitRead
    briefing: BriefingRead
    text: str
    clock_runs: bool
    owed: Sequence[Role]
    may_stop: bool

    @property
    def requirements(self) -> Sequence[RequirementRead]:
        """What holds the visit or is met; what does not apply is left out."""
        asked = self.visit.gate.requirements if self.visit.gate else ()
        return [one for one in asked if one.outcome is not Outcome.NOT_APPLICABLE]

    @property
    def deadlines(self) -> Sequence[DeadlineRead]:
        """The deadlines that are known, none while the clock stands still."""
        return [one for one in self.visit.deadlines if one.reckoned is not None and one.due is not None]

    @property
    def missing(self) -> Sequence[RequirementRead]:
        """What is missing before the next step."""
        return [one for one in self.requirements if one.outcome not in _FULFILLED]


@router.get("/courses/{course}")
async def read_course(
    request: Request,
    course: GivenCourse,
    services: GivenServices,
    caller: CourseInFullReader,
    reader: GivenReader,
    language: CallersLanguage,
    done: GivenDone,
) -> HTMLResponse:
    """Show what `GET /v1/courses/{course}` and its briefings tell the same person."""
    read = await read_in_full(services, caller, course, language)
    shown = []
    async with services.store.municipality(caller.municipality) as connection:
        for visit in (visit for visit in read.visits if visit.is_open):
            words = await briefing_in_words(connection, services, caller, course, language, visit.number)
            owed = _owed_by(caller, read, words.briefing)
            text = as_text(words.briefing, words.labels)
            may_stop = words.labels.book.stop(visit.step.id) is not None
            shown.append(VisitShown(visit, words.briefing, text, read.status is not Status.PAUSED, owed, may_stop))
    holders = {one.role: one.name or one.person or one.unit_name or one.unit for one in read.parties}
    return render_page(
        request,
        "course",
        reader=reader,
        course=read,
        visits=shown,
        holders=holders,
        may_report=not caller.roles.isdisjoint(REPORTING),
        may_review=not caller.roles.isdisjoint((Role.CASEWORKER, Role.SUPERVISOR)),
        done=done,
    )


@router.get("/courses/{course}/briefings/{visit}/{version}")
async def find_briefing(
    course: GivenCourse,
    _caller: CourseInFullReader,
    visit: _Number,
    version: _Number,  # noqa: ARG001 - A mail names the version that it was about; what counts is the current one.
) -> RedirectResponse:
    """Lead from a mail to the briefing as it is now."""
    return RedirectResponse(f"/courses/{course.id}#briefing-{visit}", 303)


@router.post("/courses/{course}/acknowledgements")
async def acknowledge_briefing(
    caller: Reporter, course: GivenCourse, services: GivenServices, sender: GivenSender, form: Form
) -> RedirectResponse:
    """Acknowledge the version that was shown, as `POST /v1/courses/{course}/acknowledgements` does."""
    await acknowledge(caller, body_of(AcknowledgeBody, form, _VERSION), course, services, sender)
    return back_to(form, "acknowledged", course.id)


@router.post("/courses/{course}/disputes")
async def dispute_briefing(caller: Worker, course: GivenCourse, sender: GivenSender, form: Form) -> RedirectResponse:
    """Say that the version that was shown is not right, as `POST /v1/courses/{course}/disputes` does."""
    await dispute(caller, body_of(DisputeBody, form, _VERSION, "reason"), course, sender)
    return back_to(form, "disputed", course.id)


def _owed_by(caller: Claims, course: CourseRead, briefing: BriefingRead) -> list[Role]:
    """Return the roles, held or covered by the caller, that have not acknowledged an issued version."""
    held = {party.role for party in course.parties if caller.person in (party.person, party.cover)}
    return [role for role in briefing.missing if role in held] if briefing.issued else []
