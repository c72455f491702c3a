"""Reporting: facts and notes, and putting right what was wrong."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StrictBool

from api.bodies import Body, Day, GateRole, Number, SourceId, StatedValue, Words, examples
from api.codes import ApiCode
from api.courses.seen import GivenCourse
from api.docs import command_problems
from api.parts import GivenParts
from api.problems import wrong
from api.sending import CommandDone, GivenSender
from api.stating import expect_statable
from domain.commands import AddNote, ReportFacts, RetractFact, RetractNote
from domain.facts import Audience, NoteKind
from domain.identity import Role
from infra.store.content import ContentKind

router = APIRouter(tags=["reporting"])

_FACTS: Final = {
    "facts": {"cvr": "13585628"},
    "occurred_on": "2026-03-09",
    "source": "fagsystem",
    "source_event_id": "event-7",
}
_NOTE: Final = {
    "kind": "agreement",
    "text": "Karla møder fra klokken ni og følges med en kollega den første uge.",
    "changes_the_agreement": True,
}
_REASON: Final = {"reason": "Det var et andet forløb."}


class FactsBody(Body):
    """Facts to report, all or nothing."""

    facts: dict[str, StatedValue] = Field(min_length=1, description="By the names and types of the rule set.")
    visit: Number | None = Field(default=None, description="The visit they belong to, when it is not the open one.")
    occurred_on: Day | None = Field(default=None, description="When it happened; today when it is left out.")
    source: SourceId | None = None
    source_event_id: SourceId | None = Field(
        default=None, description="The source's own id of the event; the same one twice is once."
    )
    acknowledge: Number | None = Field(
        default=None, description="The version of the briefing whose full text the reporter has read."
    )

    model_config = examples(_FACTS)


class NoteBody(Body):
    """Knowledge in words; a question is asked `to` a role."""

    kind: NoteKind
    text: Words
    visit: Number | None = None
    audience: Audience = Audience.BOTH
    changes_the_agreement: StrictBool = Field(default=False, description="Makes a new version of the briefing.")
    may_tell_company: StrictBool = False
    to: GateRole | None = None
    answers: UUID | None = Field(default=None, description="The note whose question this answers.")

    model_config = examples(_NOTE)


class ReasonBody(Body):
    """Why, in words."""

    reason: Words

    model_config = examples(_REASON)


@router.post("/v1/courses/{course}/facts", summary="Report facts", responses=command_problems())
async def report_facts(body: FactsBody, course: GivenCourse, parts: GivenParts, sender: GivenSender) -> CommandDone:
    """Report facts, all or nothing, dated when they happened.

    With `acknowledge` the reporter also acknowledges the version that follows, having read all but what he reports.
    """
    book = await parts.rulebooks.book(sender.caller.municipality, course.row.rules_sha256)
    expect_statable(book, body.facts)
    if body.source_event_id is not None:
        sender.identify_by_event(course.id, body.source, body.source_event_id)
    return await sender.send(course.id, ReportFacts(**sender.envelope, **body.model_dump()))


@router.post("/v1/courses/{course}/facts/{fact}/retract", summary="Take back a fact", responses=command_problems())
async def retract_fact(fact: UUID, body: ReasonBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Take back one statement, by its id, that was wrong; what was said before it counts again."""
    reason = await sender.reason(body.reason)
    return await sender.send(course.id, RetractFact(**sender.envelope, fact=fact, reason=reason))


@router.post("/v1/courses/{course}/notes", summary="Add a note", responses=command_problems())
async def add_note(body: NoteBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Add knowledge in words, for both roles or for caseworkers only, or ask the other role a question."""
    if body.kind is NoteKind.QUESTION and body.to is None:
        raise wrong(ApiCode.FIELD_MISSING, "to")
    note = await sender.stage(ContentKind.NOTE, body.text)
    command = AddNote(
        **sender.envelope,
        note=note,
        note_kind=body.kind,
        visit=body.visit,
        audience=body.audience,
        changes_the_agreement=body.changes_the_agreement,
        may_tell_company=body.may_tell_company,
        to=Role(body.to) if body.to else None,
        answers=body.answers,
    )
    return await sender.send(course.id, command)


@router.post("/v1/courses/{course}/notes/{note}/retract", summary="Take back a note", responses=command_problems())
async def retract_note(note: UUID, body: ReasonBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Take back a note that was wrong."""
    reason = await sender.reason(body.reason)
    return await sender.send(course.id, RetractNote(**sender.envelope, note=note, reason=reason))
