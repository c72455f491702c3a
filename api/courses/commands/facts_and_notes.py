"""Reporting: facts and notes, and putting right what was wrong."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field, StrictBool

from api.courses.fact_input import expect_reportable
from api.courses.visible import GivenCourse
from api.http.access import FactWriter, NoteWriter
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices
from api.http.fields import Body, Day, GateRole, Id, Instant, Number, PersonalText, SourceId, StatedValue, examples
from api.http.idempotency import CommandDone, Envelope, GivenSender
from api.http.problems import wrong
from api.http.responses import command_problems
from domain.commands import AddNote, ReportFacts, RetractFact, RetractNote, SupersedeFact
from domain.decide.facts import expect_value
from domain.decide.notes import note_rule
from domain.errors import Code
from domain.identity import Role
from domain.state.facts import NOTE_KINDS, QUESTION, Audience
from infra.store.queries import journal
from infra.store.registers.texts import TextKind
from rules.engine.book import Book

router = APIRouter(tags=["reporting"])

FACTS_EXAMPLE: Final = {
    "facts": {"company_cvr": "10000009"},
    "occurred_on": "2026-03-09",
    "source": "fagsystem",
    "source_event_id": "event-7",
}
NOTE_EXAMPLE: Final = {
    "kind": "agreement",
    "text": "Karla møder fra klokken ni og følges med en kollega den første uge.",
    "changes_the_agreement": True,
}
_Fact = Annotated[UUID, Path(description="The statement: the fact's `id` in the course.")]
_Note = Annotated[UUID, Path(description="The note's `id` in the course.")]
_REASON: Final = {"reason": "Det var et andet forløb."}


class StatedFacts(Body):
    """Facts, all or nothing, and where they come from."""

    facts: dict[str, StatedValue] = Field(min_length=1, description="By the names and types of the rule set.")
    occurred_on: Day | None = Field(default=None, description="When it happened; today when it is left out.")
    source: SourceId | None = None
    source_event_id: SourceId | None = Field(
        default=None, description="The source's own id of the event; the same one twice is once."
    )
    issued_at: Instant | None = Field(
        default=None, description="When the source issued it; of two about the same day the last issued counts."
    )


class FactsBody(StatedFacts):
    """Facts to report, all or nothing."""

    visit: Number | None = Field(default=None, description="The visit they belong to, when it is not the open one.")
    acknowledge: Number | None = Field(
        default=None, description="The version of the briefing whose full text the reporter has read."
    )

    model_config = examples(FACTS_EXAMPLE)


class NoteWords(Body):
    """Knowledge in words; a question is asked `to` a role."""

    kind: Id = Field(description=f"{', '.join(NOTE_KINDS)}, or a kind that the rules of the course declare.")
    text: PersonalText
    audience: Audience = Audience.BOTH
    changes_the_agreement: StrictBool = Field(default=False, description="Makes a new version of the briefing.")
    may_tell_company: StrictBool = False
    to: GateRole | None = None

    model_config = examples(NOTE_EXAMPLE)


class NoteBody(NoteWords):
    """Knowledge in words for one course."""

    visit: Number | None = Field(
        default=None,
        description="The open visit it belongs to; when it is left out, the only one that asks for it, or the newest.",
    )
    answers: UUID | None = Field(default=None, description="The note whose question this answers.")

    model_config = examples(NOTE_EXAMPLE)


class NoteDone(CommandDone):
    """The note was added."""

    visit: int | None = Field(description="The visit to which the note was added; absent once it is erased.")


class ReasonBody(Body):
    """Why, in words."""

    reason: PersonalText

    model_config = examples(_REASON)


class RetractBody(ReasonBody):
    """Why it is taken back; what is of another citizen is also removed from everything that is kept."""

    wrong_citizen: StrictBool = False

    model_config = examples(_REASON, {"reason": "Noten hører til en anden borger.", "wrong_citizen": True})


class SupersedeBody(ReasonBody):
    """What is right instead, and when it happened: on the day of the wrong statement when it is left out."""

    value: StatedValue
    occurred_on: Day | None = None

    model_config = examples({"value": 12, "reason": "Det var tolv timer, ikke to."})


def expect_sayable(book: Book, note: NoteWords, path: str = "") -> None:
    """Raise RefusedError for a kind of note that the rules do not know, ProblemError for a question to nobody."""
    note_rule(book, note.kind, f"{path}kind")
    if note.kind == QUESTION and note.to is None:
        raise wrong(ApiCode.FIELD_MISSING, f"{path}to")


def note_command(
    envelope: Envelope, note: UUID, said: NoteWords, *, visit: int | None = None, answers: UUID | None = None
) -> AddNote:
    """Return the command that adds a note whose text is staged under the id `note`."""
    return AddNote(
        **envelope,
        note=note,
        note_kind=said.kind,
        visit=visit,
        audience=said.audience,
        changes_the_agreement=said.changes_the_agreement,
        may_tell_company=said.may_tell_company,
        to=Role(said.to) if said.to else None,
        answers=answers,
    )


@router.post("/v1/courses/{course}/facts", summary="Report facts", responses=command_problems())
async def report_facts(
    _caller: FactWriter, body: FactsBody, course: GivenCourse, services: GivenServices, sender: GivenSender
) -> CommandDone:
    """Report facts, all or nothing, dated when they happened.

    With `acknowledge` the reporter also acknowledges the version that follows, having read all but what he reports.
    """
    book = await services.rulebooks.book(sender.caller.municipality, course.row.rules_sha256)
    expect_reportable(book, body.facts)
    if body.source_event_id is not None:
        sender.identify_by_event(course.id, body.source, body.source_event_id)
    return await sender.send(course.id, ReportFacts(**sender.envelope, **body.model_dump()))


@router.post("/v1/courses/{course}/facts/{fact}/retract", summary="Take back a fact", responses=command_problems())
async def retract_fact(
    _caller: FactWriter, fact: _Fact, body: RetractBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Take back one statement, by its id, that was wrong; what was said before it counts again.

    One of the `wrong_citizen` is removed from every version, and comes on the list for data protection.
    """
    reason = await sender.reason(body.reason)
    command = RetractFact(**sender.envelope, fact=fact, reason=reason, wrong_citizen=body.wrong_citizen)
    return await sender.send(course.id, command)


@router.post("/v1/courses/{course}/facts/{fact}/supersede", summary="Correct a fact", responses=command_problems())
async def supersede_fact(
    _caller: FactWriter, fact: _Fact, body: SupersedeBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Put a right statement in the place of a wrong one, by its id, in one command; the journal keeps both."""
    said = next((stated for stated in course.state.facts if stated.id == fact), None)
    if said is None:
        raise wrong(Code.NOTHING_TO_RETRACT, "fact")
    book = await sender.services.rulebooks.book(sender.caller.municipality, course.row.rules_sha256)
    expect_value(book, said.fact, body.value, "value")
    reason = await sender.reason(body.reason)
    command = SupersedeFact(**sender.envelope, fact=fact, value=body.value, occurred_on=body.occurred_on, reason=reason)
    return await sender.send(course.id, command)


@router.post("/v1/courses/{course}/notes", summary="Add a note", responses=command_problems())
async def add_note(
    _caller: NoteWriter, body: NoteBody, course: GivenCourse, services: GivenServices, sender: GivenSender
) -> NoteDone:
    """Add knowledge in words, for both roles or for caseworkers only, or ask the other role a question."""
    book = await services.rulebooks.book(sender.caller.municipality, course.row.rules_sha256)
    expect_sayable(book, body)
    note = await sender.stage(TextKind.NOTE, body.text)
    command = note_command(sender.envelope, note, body, visit=body.visit, answers=body.answers)
    done = await sender.send(course.id, command)
    async with services.store.municipality(sender.caller.municipality) as connection:
        added = await journal.note_added(connection, course.id, done.applied_revision)
    return NoteDone(**done.model_dump(), visit=added.visit if added else None)


@router.post("/v1/courses/{course}/notes/{note}/retract", summary="Take back a note", responses=command_problems())
async def retract_note(
    _caller: NoteWriter, note: _Note, body: RetractBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Take back a note that was wrong; the text of one of the `wrong_citizen` is erased for good."""
    reason = await sender.reason(body.reason)
    command = RetractNote(**sender.envelope, note=note, reason=reason, wrong_citizen=body.wrong_citizen)
    return await sender.send(course.id, command)
