"""A returning citizen: what the former course knew stands as proposals, to be confirmed with the citizen (P13)."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.courses.commands.proposals import ProposalsBody, review_proposals
from api.courses.read.course import read_in_full
from api.courses.read.models import CourseRead
from api.courses.visible import GivenCourse
from api.http.access import Allowed
from api.http.caller import Caller
from api.http.dependencies import GivenServices
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.same_origin import expect_same_origin
from api.pages.addresses import see_other
from api.pages.forms import Form, read_body
from api.pages.reader import GivenReader
from api.pages.report.entry import Button, Entry, Group, show_entry
from api.pages.report.fields import Field, Shape
from domain.identity import Role
from domain.state.proposals import DropGround
from rules.language.formats import Language
from wording.catalog import catalog

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_KEEP: Final = "keep"
_OF_PROPOSAL: Final = "proposal."
_GROUNDS: Final = (DropGround.NO_LONGER_TRUE, DropGround.WAS_WRONG, DropGround.NOT_RELEVANT)

_Reviewer = Annotated[Caller, Allowed(Role.CASEWORKER, Role.SUPERVISOR)]


@router.get("/courses/{course}/proposals")
async def read_proposals(
    request: Request,
    caller: _Reviewer,
    course: GivenCourse,
    services: GivenServices,
    reader: GivenReader,
    language: CallersLanguage,
) -> Response:
    """Ask of each proposal whether it still holds; what nobody answers stays for another time."""
    read = await read_in_full(services, caller, course, language)
    if read.former is None or not read.former.proposals:
        return see_other(f"/courses/{course.id}")
    return show_entry(request, reader, _entry(read, language))


@router.post("/courses/{course}/proposals")
async def review(
    caller: _Reviewer, course: GivenCourse, services: GivenServices, sender: GivenSender, form: Form
) -> RedirectResponse:
    """Keep and drop as the citizen says, as `POST /v1/courses/{course}/proposals` does."""
    named = {name.removeprefix(_OF_PROPOSAL): said for name, said in form.items() if name.startswith(_OF_PROPOSAL)}
    content: dict[str, Any] = {
        "keep": [each for each, said in named.items() if said == _KEEP],
        "drop": [{"proposal": each, "ground": said} for each, said in named.items() if said and said != _KEEP],
    }
    body = read_body(ProposalsBody, content)
    await review_proposals(caller, body, course, services, sender.named(form.get("key", "")))
    return see_other(f"/courses/{course.id}?done=reviewed")


def _entry(read: CourseRead, language: Language) -> Entry:
    words, here = catalog(language).pages, f"/courses/{read.id}"
    said = [(_KEEP, words["proposal_keep"]), *((ground.value, words[f"proposal_{ground}"]) for ground in _GROUNDS)]
    proposals = read.former.proposals if read.former else []
    fields = [
        Field(f"{_OF_PROPOSAL}{each.id}", each.text or each.label, Shape.CHOICE, help=each.label, choices=said)
        for each in proposals
    ]
    return Entry(
        heading=words["proposals"],
        subject=read.citizen.name or read.citizen.reference,
        action=f"{here}/proposals",
        groups=[Group(words["proposals_help"], fields)],
        buttons=[Button(words["save"])],
        links=[(words["to_the_course"], here)],
    )
