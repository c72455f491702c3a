"""*Jeg venter på …*: who is asked says on whom he waits and until when, so that nobody is reminded before (P6)."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from api.courses.commands.waits import AnswerBody, answer_wait
from api.courses.visible import GivenCourse
from api.http.access import Worker
from api.http.dependencies import GivenServices
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.same_origin import expect_same_origin
from api.pages.addresses import see_other
from api.pages.forms import read_body
from api.pages.reader import GivenReader
from api.pages.report.entry import Button, Entry, FormError, Group, TypedForm, problem_of, show_entry
from api.pages.report.fields import Field, Shape
from domain.calendar import danish_day
from domain.state.waiting import WaitingOn
from infra.store.queries.courses import VisibleCourse
from rules.language.formats import Language
from wording.catalog import catalog

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_A_WHILE: Final = timedelta(days=7)

_Key = Annotated[str, Path(pattern=r"^[\w/.:+-]{1,200}$")]


@router.get("/courses/{course}/waits/{key:path}/answer")
async def read_answer(
    request: Request,
    _caller: Worker,
    course: GivenCourse,
    key: _Key,
    services: GivenServices,
    reader: GivenReader,
    language: CallersLanguage,
) -> Response:
    """Ask on whom the reader waits, and until when."""
    entry = _entry(course, key, language, (danish_day(services.clock.now()) + _A_WHILE).isoformat())
    return show_entry(request, reader, entry)


@router.post("/courses/{course}/waits/{key:path}/answer")
async def post_answer(
    request: Request,
    caller: Worker,
    course: GivenCourse,
    key: _Key,
    reader: GivenReader,
    language: CallersLanguage,
    sender: GivenSender,
    typed: TypedForm,
) -> Response:
    """Say so, as `POST /v1/courses/{course}/waits/{key}/answer` does."""
    try:
        typed.expect_clean()
        body = read_body(AnswerBody, typed.filled("waiting_on", "until", "note"))
        await answer_wait(caller, key, body, course, sender.named(typed.form.get("key", "")))
    except FormError as error:
        entry = _entry(course, key, language, "").typed(typed.form)
        return show_entry(request, reader, entry, problem_of(error))
    return see_other(f"/courses/{course.id}?done=waits")


def _entry(course: VisibleCourse, key: str, language: Language, until: str) -> Entry:
    texts = catalog(language)
    words, here = texts.pages, f"/courses/{course.id}"
    fields = [
        Field("waiting_on", words["wait_on"], Shape.CHOICE, choices=[(on, texts.term(on)) for on in WaitingOn]),
        Field("until", words["wait_until"], Shape.DAY, until, help=words["wait_until_help"]),
        Field("note", words["wait_note"], Shape.WORDS, help=words["may_be_left_out"]),
    ]
    return Entry(
        heading=words["i_wait"],
        subject=course.row.reference,
        action=f"{here}/waits/{key}/answer",
        groups=[Group(words["wait_what_follows"], fields)],
        buttons=[Button(words["save"])],
        links=[(words["to_the_course"], here)],
    )
