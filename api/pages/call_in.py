"""A company calls: one tap and one optional line become the report, the note or the stop of that course."""

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse

from api.courses.commands.facts import FactsBody, report_facts
from api.courses.commands.notes import NoteBody, NoteOfCourse, add_notes
from api.courses.commands.visits import StopBody, stop_visit
from api.courses.visible import GivenCourse
from api.http.access import Worker
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices
from api.http.fields import Body, Number, OneLine, PNumber
from api.http.idempotency import CommandDone, GivenSender
from api.http.problems import wrong
from api.http.same_origin import expect_same_origin
from api.pages.addresses import see_other
from api.pages.forms import Form, body_of
from domain.calendar import danish_day
from domain.errors import Code
from infra.store.queries.courses import VisibleCourse
from rules.engine.book import Book
from rules.language.planning import CallIn

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])


class CallBody(Body):
    """What was tapped, of which visit, and what was said besides."""

    p_number: PNumber
    visit: Number
    call: OneLine = ""
    words: OneLine | None = None


@router.post("/courses/{course}/call-ins")
async def call_in(
    caller: Worker, course: GivenCourse, services: GivenServices, sender: GivenSender, form: Form
) -> RedirectResponse:
    """Do what the rules say that the tap means, as the route of the API does, and say on the page who is told.

    The form has a key of its own, so that two taps on the same button are one, and one on another button is another.
    """
    said = {name: text for name, text in form.items() if text.strip()}
    body = body_of(CallBody, said, ("visit",), "p_number", "call", "words")
    done: CommandDone
    once = sender.known_by_body(course.id)
    book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
    if "by" in form:
        stop = body_of(StopBody, {**said, "note": said.get("words", "")}, (), "last_day", "by", "note")
        done = await stop_visit(caller, body.visit, stop, course, services, once)
    else:
        call = _call(book, course, body)
        today = danish_day(services.clock.now()).isoformat()
        facts = {**call.facts, **({call.day: today} if call.day else {})}
        notes = [NoteOfCourse(kind=call.note, text=words, may_wait=True) for words in _words(call, body)]
        if facts:
            done = await report_facts(
                caller, FactsBody(facts=facts, notes=notes, visit=body.visit), course, services, once
            )
        else:
            note = NoteBody(**notes[0].model_dump(), visit=body.visit)
            done = await add_notes(caller, note, course, services, once)
    to = f"/workplaces/{body.p_number}?course={course.id}&revision={done.applied_revision}"
    return see_other(to)


def _call(book: Book, course: VisibleCourse, body: CallBody) -> CallIn:
    """Return what the rules of the visit's step let a company say; raises ProblemError for what they do not."""
    visit = course.state.visit(body.visit)
    steps = [step for step in book.rule_set.steps if visit is not None and step.id == visit.step]
    if visit is None or not visit.is_open:
        raise wrong(Code.VISIT_UNKNOWN, "visit", open=", ".join(str(v.number) for v in course.state.open_visits))
    calls = {call.id: call for step in steps for call in step.call_ins}
    if body.call not in calls:
        raise wrong(ApiCode.VALUE_NOT_ALLOWED, "call", allowed=", ".join(calls))
    return calls[body.call]


def _words(call: CallIn, body: CallBody) -> list[str]:
    """Return the words of the note, if there are any: those of the rules before those of the person."""
    said = [text for text in (call.words.da if call.words else None, body.words) if text]
    return [" ".join(said)] if said else []
