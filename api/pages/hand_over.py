"""Handing over before an absence: two lines of each course with a date, a sentence where one is needed, one button."""

from typing import Annotated, Final
from uuid import uuid4

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.absences.hand_over import HandOverRead, HandOverWordsBody, hand_over_before, read_hand_over
from api.http.access import RegisterReader, Worker
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.fields import Body, Day
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.same_origin import expect_same_origin
from api.pages.addresses import see_other
from api.pages.forms import Done, Form, GivenDone, body_of, read_body
from api.pages.reader import GivenReader, Reader
from api.pages.rendering import render_page
from domain.identity import PersonId, Role
from infra.security.tokens import Claims

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_WORDS: Final = "words-"
_NAMED: Final = ("person", "first_day")
_FirstDay = Annotated[Day, Path()]


class NamedHandOver(Body):
    """Whose absence it is, and its first day."""

    person: PersonId
    first_day: Day


@router.get("/absences/hand-over/read")
async def lead_back(_caller: RegisterReader) -> RedirectResponse:
    """Lead who comes back to what is shown for a form alone to the page with the form."""
    return see_other("/absences")


@router.get("/absences/hand-over/{first_day}")
async def read_own(
    request: Request,
    first_day: _FirstDay,
    services: GivenServices,
    caller: RegisterReader,
    reader: GivenReader,
    language: CallersLanguage,
    reading: GivenReading,
    done: GivenDone,
) -> HTMLResponse:
    """Show what the reader is to hand over before an absence."""
    read = await read_hand_over(caller.person, first_day, services, caller, language, reading)
    return _page(request, caller, reader, read, done)


@router.post("/absences/hand-over/read")
async def read_of_another(
    request: Request,
    services: GivenServices,
    caller: RegisterReader,
    reader: GivenReader,
    language: CallersLanguage,
    reading: GivenReading,
    form: Form,
) -> HTMLResponse:
    """Show what somebody hands over, to who covers or leads; whose it is stands in no address."""
    named = body_of(NamedHandOver, form, (), *_NAMED)
    read = await read_hand_over(named.person, named.first_day, services, caller, language, reading)
    return _page(request, caller, reader, read, Done())


@router.post("/absences/hand-over")
async def hand_over(
    services: GivenServices, caller: Worker, language: CallersLanguage, sender: GivenSender, form: Form
) -> RedirectResponse:
    """Hand over all of it, as `POST /v1/people/{person}/absences/{first_day}/hand-over` does."""
    named = body_of(NamedHandOver, form, (), *_NAMED)
    words = {name.removeprefix(_WORDS): text for name, text in form.items() if name.startswith(_WORDS)}
    sentences = [{"course": course, "text": text} for course, text in words.items() if text.strip()]
    body = read_body(HandOverWordsBody, {"courses": sentences})
    once = sender.named(form.get("order", ""))
    await hand_over_before(named.person, named.first_day, body, services, caller, language, once)
    back = f"/absences/hand-over/{named.first_day}" if named.person == caller.person else "/absences"
    return see_other(f"{back}?done=handed")


def _page(request: Request, caller: Claims, reader: Reader, read: HandOverRead, done: Done) -> HTMLResponse:
    is_own = read.person == caller.person
    may_write = is_own or Role.SUPERVISOR in caller.roles
    return render_page(
        request,
        "hand_over",
        reader=reader,
        read=read,
        is_own=is_own,
        may_write=may_write,
        order=uuid4(),
        done=done,
    )
