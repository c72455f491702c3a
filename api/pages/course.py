"""The course: what is different for me, who is informed, what is missing, when, and the way so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.briefings.documents import as_page
from api.briefings.models import BriefingRead
from api.briefings.routes import briefing_in_words
from api.briefings.sections import BriefingSections, Section
from api.briefings.sections import Form as SectionForm
from api.briefings.since import Difference
from api.courses.commands.informing import AcknowledgeBody, DisputeBody, acknowledge, dispute
from api.courses.read.course import read_in_full
from api.courses.read.visit_models import VisitRead
from api.courses.visible import GivenCourse
from api.http.access import CourseInFullReader, Reporter, Worker
from api.http.dependencies import GivenServices, Services
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.same_origin import expect_same_origin
from api.pages.addresses import see_other
from api.pages.forms import Form, GivenDone, back_to, body_of
from api.pages.missing import Asking, held_by, holders_of
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from domain.decide.visits import stop_to_report
from domain.identity import Role, course_workflow_id
from infra.security.tokens import Claims
from infra.store.queries.courses import VisibleCourse
from wording.catalog import Catalog

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_VERSION: Final = ("briefing", "version")
REPORTING: Final = frozenset({Role.CASEWORKER, Role.COMPANY_CONSULTANT, Role.SUPERVISOR})
"""For whom the forms are by which people report."""

_Number = Annotated[int, Path(ge=1)]


@dataclass(frozen=True, slots=True)
class VisitShown:
    """An open visit with its briefing, what is different in it for the reader, and what it still asks."""

    visit: VisitRead
    briefing: BriefingRead
    sections: BriefingSections
    differences: Sequence[Difference]
    owed: Sequence[Role]
    asking: Asking
    may_stop: bool

    @property
    def is_read_first(self) -> bool:
        """Whether the whole briefing is to be read before its receipt: nothing in it was acknowledged before."""
        return bool(self.owed) and not self.differences


def said_once(parts: Sequence[Section], above: Mapping[str, Sequence[Section]], texts: Catalog) -> list[Section]:
    """Return the parts of a briefing with a remark where one stands word for word `above`, by the names of steps."""
    steps = {section.model_dump_json(): step for step, sections in above.items() for section in sections}
    said: list[Section] = []
    for part in parts:
        step = steps.get(part.model_dump_json()) if part.lines else None
        named = {"heading": part.heading.rstrip(":"), "step": step}
        remark = Section(form=SectionForm.REMARK, heading=texts.fill(texts.pages["same_as_there"], named))
        said += [part] if step is None else [remark] if part.heading else []
    return said


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
    shown: list[VisitShown] = []
    held = held_by(caller, read)
    async with services.store.municipality(caller.municipality) as connection:
        for visit in (visit for visit in read.visits if visit.is_open):
            words = await briefing_in_words(connection, services, caller, course, language, visit.number)
            briefing, differences = words.briefing, words.since.differences
            owed = [role for role in briefing.missing if role in held] if briefing.issued else []
            asking = Asking(read, visit, briefing, held, owed, words.labels)
            at = course.state.visit(visit.number)
            may_stop = at is not None and stop_to_report(course.state, words.labels.book, at) is not None
            sections = as_page(briefing, words.labels)
            above = {one.visit.step.label: one.sections.body for one in shown}
            if differences or not owed:
                sections.body = said_once(sections.body, above, words.labels.catalog)
            shown.append(VisitShown(visit, briefing, sections, differences, owed, asking, may_stop))
    return render_page(
        request,
        "course",
        reader=reader,
        course=read,
        visits=shown,
        holders=holders_of(read),
        may_report=not course.roles.isdisjoint(REPORTING),
        temporal_page=_temporal_page(services, caller, course),
        may_review=not course.roles.isdisjoint((Role.CASEWORKER, Role.SUPERVISOR)),
        done=done,
    )


def _temporal_page(services: Services, caller: Claims, course: VisibleCourse) -> str | None:
    """Return where Temporal shows the course, for operators of an installation that names its pages."""
    pages = services.settings.temporal_url.rstrip("/")
    if not pages or Role.OPERATOR not in caller.roles:
        return None
    named = (services.client.namespace, course_workflow_id(course.id))
    return "{}/namespaces/{}/workflows/{}".format(pages, *(quote(name, safe="") for name in named))


@router.get("/courses/{course}/briefings/{visit}/{version}")
async def find_briefing(
    course: GivenCourse,
    _caller: CourseInFullReader,
    visit: _Number,
    version: _Number,  # noqa: ARG001 - A mail names the version that it was about; what counts is the current one.
) -> RedirectResponse:
    """Lead from a mail to the briefing as it is now."""
    return see_other(f"/courses/{course.id}#briefing-{visit}")


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
