"""The sheet of a company: what it would say now, whose words are approved, and what was issued, printed and told."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.company_sheets.commands import Party, approve_note, issue_company_sheet, tell_company, withdraw_approval
from api.company_sheets.models import ApproveBody, DisapproveBody, IssueBody, TellBody
from api.company_sheets.reading import Chosen
from api.company_sheets.routes import PDF, Asked, document, read_sheet
from api.courses.visible import GivenCourse
from api.http.access import CourseInFullReader, allowed_roles
from api.http.dependencies import GivenServices
from api.http.fields import MOST, GateRole
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.same_origin import expect_same_origin
from api.pages.addresses import see_other
from api.pages.forms import Form, GivenDone, read_body
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from wording.catalog import catalog

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_ROLES: Final = tuple(GateRole)

_Number = Annotated[int, Path(ge=1, le=MOST)]
_Box = Annotated[bool, Query()]


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom the company calls and who comes along, as the page offers it."""

    contact: GateRole
    caseworker: bool
    company_consultant: bool

    @property
    def comes_along(self) -> list[GateRole]:
        """Return the roles that come along on the first day."""
        return [role for role in _ROLES if getattr(self, role.value)]


async def _choice(
    *, contact: GateRole = GateRole.COMPANY_CONSULTANT, caseworker: _Box = False, company_consultant: _Box = False
) -> Choice:
    return Choice(contact, caseworker, company_consultant)


@router.get("/courses/{course}/visits/{visit}/company-sheet")
async def read_sheet_page(
    request: Request,
    course: GivenCourse,
    visit: _Number,
    caller: CourseInFullReader,
    reader: GivenReader,
    language: CallersLanguage,
    choice: Annotated[Choice, Depends(_choice)],
    done: GivenDone,
) -> HTMLResponse:
    """Show what `GET /v1/courses/{course}/company-sheet` tells of a visit, and what was issued of it before."""
    services = request.app.state.services
    asked = Asked(Chosen(choice.contact, tuple(choice.comes_along)), visit, None)
    sheet, labels = await read_sheet(services, caller, course, language, asked)
    return render_page(
        request,
        "company_sheet",
        reader=reader,
        sheet=sheet,
        place=labels.book.workplaces.of(course.state, visit),
        versions=[version for version in reversed(sheet.versions) if version.visit == visit],
        texts=catalog(language).company_sheet,
        choice=choice,
        roles=_ROLES,
        may_act=not allowed_roles(issue_company_sheet).isdisjoint(caller.roles),
        done=done.what,
    )


@router.get("/courses/{course}/company-sheets/{version}")
async def print_sheet(
    course: GivenCourse,
    version: _Number,
    services: GivenServices,
    caller: CourseInFullReader,
    language: CallersLanguage,
) -> Response:
    """Give out a version that stands, as PDF to print; one that stands no longer is a problem that says why."""
    read, labels = await read_sheet(services, caller, course, language, Asked(Chosen(), None, version), PDF)
    return await document(read, PDF, {}, labels, services.clock.now())


@router.post("/courses/{course}/company-sheet")
async def issue_sheet(
    caller: Party,
    course: GivenCourse,
    services: GivenServices,
    language: CallersLanguage,
    sender: GivenSender,
    form: Form,
) -> RedirectResponse:
    """Issue the sheet that was shown, as `POST /v1/courses/{course}/company-sheet` does."""
    along = [role for role in _ROLES if form.get(role.value)]
    sent: dict[str, object] = {name: form[name] for name in ("contact", "digest") if name in form}
    body = read_body(IssueBody, {**sent, "visit": _number(form.get("visit")), "comes_along": along})
    await issue_company_sheet(caller, body, course, services, language, sender.known_by_body(course.id))
    return _back(course.id, form, "issued")


@router.post("/courses/{course}/company-sheet/told")
async def tell_of_sheet(caller: Party, course: GivenCourse, sender: GivenSender, form: Form) -> RedirectResponse:
    """Say that the company was told, as `POST /v1/courses/{course}/company-sheet/told` does."""
    body = read_body(TellBody, {"version": _number(form.get("version")), "how": form.get("how")})
    await tell_company(caller, body, course, sender.known_by_body(course.id))
    return _back(course.id, form, "told")


@router.post("/courses/{course}/notes/{note}/company-approval")
async def approve_words(
    caller: Party, note: UUID, course: GivenCourse, services: GivenServices, sender: GivenSender, form: Form
) -> RedirectResponse:
    """Approve the words that were shown, as the route of the API does."""
    sent: dict[str, object] = {name: form[name] for name in ("p_number", "digest") if name in form}
    body = read_body(ApproveBody, {**sent, "about_health": bool(form.get("about_health"))})
    await approve_note(caller, note, body, course, services, sender)
    return _back(course.id, form, "approved")


@router.post("/courses/{course}/notes/{note}/company-approval/withdraw")
async def withdraw_words(
    caller: Party, note: UUID, course: GivenCourse, sender: GivenSender, form: Form
) -> RedirectResponse:
    """Withdraw the approval of words, as the route of the API does; a sheet with them stands no longer."""
    body = read_body(DisapproveBody, {"p_number": form.get("p_number")})
    await withdraw_approval(caller, note, body, course, sender)
    return _back(course.id, form, "withdrawn")


def _number(text: str | None) -> int | str | None:
    return int(text) if text is not None and text.isdecimal() else text


def _back(course: UUID, form: Form, done: str) -> RedirectResponse:
    """Go back to the sheet of the visit that the form was of."""
    visit = form.get("visit", "")
    address = f"/courses/{course}/visits/{visit}/company-sheet" if visit.isdecimal() else f"/courses/{course}"
    return see_other(f"{address}?done={done}")
