"""Stopping a trial or paid hours: who stopped it, the last day and perhaps a line, in one act (P13)."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.courses.commands.visits import StopBody, stop_visit
from api.http.access import Worker
from api.http.idempotency import GivenSender
from api.http.same_origin import expect_same_origin
from api.pages.forms import read_body
from api.pages.reader import GivenReader
from api.pages.report.entry import Button, Entry, FormError, Group, TypedForm, problem_of, show_entry
from api.pages.report.fields import Field, Shape, fact_field, note_field
from api.pages.report.place import GivenPlace, Place
from domain.decide.visits import stop_to_report

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])


@router.get("/courses/{course}/visits/{visit}/stop")  # noqa: FAST003 - GivenPlace takes both.
async def read_stop(request: Request, _caller: Worker, place: GivenPlace, reader: GivenReader) -> Response:
    """Ask who stopped what is done at an open visit, and when."""
    is_open = place.visit and stop_to_report(place.course.state, place.book, place.visit)
    entry = _entry(place) if is_open else None
    return show_entry(request, reader, entry) if entry else place.left()


@router.post("/courses/{course}/visits/{visit}/stop")  # noqa: FAST003 - GivenPlace takes both.
async def post_stop(
    request: Request, caller: Worker, place: GivenPlace, reader: GivenReader, sender: GivenSender, typed: TypedForm
) -> Response:
    """Say that it stopped, as `POST /v1/courses/{course}/visits/{visit}/stop` does."""
    entry = _entry(place)
    if entry is None or place.visit is None:
        return place.left()
    try:
        typed.expect_clean()
        body = read_body(StopBody, typed.filled("last_day", "by", "note"))
        named = sender.named(typed.form.get("key", ""))
        await stop_visit(caller, place.visit.number, body, place.course, place.services, named)
    except FormError as error:
        return show_entry(request, reader, entry.typed(typed.form), problem_of(error))
    return place.left("stopped")


def _entry(place: Place) -> Entry | None:
    """Return the form, None where nothing stops: the visit is left, or its step does not stop."""
    stop = place.book.stop(place.visit.step) if place.visit else None
    by = place.book.declaration(stop.by) if stop else None
    day = place.book.declaration(stop.last_day) if stop else None
    if place.visit is None or stop is None or by is None or day is None:
        return None
    today, words = place.today, place.labels.catalog.pages
    who = fact_field(by, None, place.labels, today=today, anew=True)
    note = note_field(stop.note, place.labels)
    fields = [
        Field("by", who.label, Shape.CHOICE, choices=who.choices),
        Field("last_day", words["last_day"], Shape.DAY, today, latest=today),
        Field("note", note.label, Shape.WORDS, help=words["may_be_left_out"]),
    ]
    return Entry(
        heading=place.labels.catalog.fill(words["stop_heading"], {"step": place.labels.step(place.visit.step)}),
        subject=place.subject,
        action=f"{place.address}/visits/{place.visit.number}/stop",
        groups=[Group(words["stop_what_follows"], fields)],
        buttons=[Button(words["stop_it"])],
        links=[(words["to_the_course"], place.address)],
    )
