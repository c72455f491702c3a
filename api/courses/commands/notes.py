"""Notes: knowledge in words, and questions to the other role."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Path
from pydantic import Field, StrictBool

from api.courses.commands.reasons import RetractBody, take_back
from api.courses.commands.representation import command_router
from api.courses.visible import GivenCourse
from api.http.access import NoteWriter
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices
from api.http.fields import (
    Body,
    GateRole,
    Id,
    Number,
    PersonalText,
    examples,
)
from api.http.idempotency import CommandDone, Envelope, GivenSender
from api.http.problems import wrong
from api.http.responses import command_problems
from domain.commands import (
    AddNote,
    RetractNote,
    SupersedeNote,
)
from domain.decide.notes import note_rule
from domain.identity import Role
from domain.state.facts import NOTE_KINDS, QUESTION, Audience, RetractionGround
from infra.store.queries import journal
from infra.store.registers.texts import TextKind
from rules.engine.book import Book

router = command_router("reporting")

NOTE_EXAMPLE: Final = {
    "kind": "agreement",
    "text": "Karla møder fra klokken ni og følges med en kollega den første uge.",
    "changes_the_agreement": True,
}


_Note = Annotated[UUID, Path(description="The note's `id` in the course.")]


class NoteWords(Body):
    """Knowledge in words; a question is asked `to` a role."""

    kind: Id = Field(description=f"{', '.join(NOTE_KINDS)}, or a kind that the rules of the course declare.")
    text: PersonalText
    audience: Audience = Audience.BOTH
    changes_the_agreement: StrictBool = Field(default=False, description="Both roles must be informed of it at once.")
    may_wait: StrictBool = Field(
        default=False,
        description="Makes no version of a briefing that is issued, and is left for the next one; "
        "never a barrier, an agreement or an answer.",
    )
    may_tell_company: StrictBool = False
    to: GateRole | None = None

    model_config = examples(NOTE_EXAMPLE)


class NoteBody(NoteWords):
    """Knowledge in words for one course."""

    visit: Number | None = Field(
        default=None,
        description="The open visit it belongs to; when it is left out, the only one that asks for it, or the newest.",
    )
    answers: UUID | None = Field(default=None, description="The question, or the dispute, that this answers.")
    acknowledge: Number | None = Field(
        default=None, description="The version of the briefing whose full text the writer has read."
    )

    model_config = examples(NOTE_EXAMPLE)


class NoteDone(CommandDone):
    """The note was added."""

    visit: int | None = Field(description="The visit to which the note was added; absent once it is erased.")


class SupersedeNoteBody(Body):
    """What the note should have said."""

    text: PersonalText
    reason: PersonalText | None = Field(
        default=None,
        description="Why; the author may leave it out for fifteen minutes, while nobody else is informed of the note.",
    )

    model_config = examples({"text": "Karla møder fra klokken ti.", "reason": "Det var klokken ti, ikke ni."})


class RetractNoteBody(RetractBody):
    """Why a note is taken back: it is no longer true, or it was wrong."""

    ground: RetractionGround = RetractionGround.WAS_WRONG

    model_config = examples(
        {"reason": "Han er ikke længere bange for stiger.", "ground": "no_longer_true"},
        {"reason": "Noten hører til en anden borger.", "wrong_citizen": True},
    )


def expect_valid_note(book: Book, note: NoteWords, path: str = "") -> None:
    """Raise RefusedError for a kind of note that the rules do not know, ProblemError for a question to nobody."""
    note_rule(book, note.kind, f"{path}kind")
    if note.kind == QUESTION and note.to is None:
        raise wrong(ApiCode.FIELD_MISSING, f"{path}to")


def note_command(envelope: Envelope, note: UUID, content: NoteWords) -> AddNote:
    """Return the command that adds a note whose text is staged under the id `note`."""
    fields = content.model_dump(exclude={"kind", "text", "to"})
    return AddNote(**envelope, note=note, note_kind=content.kind, to=Role(content.to) if content.to else None, **fields)


@router.post("/v1/courses/{course}/notes", summary="Add a note", responses=command_problems())
async def add_note(
    _caller: NoteWriter, body: NoteBody, course: GivenCourse, services: GivenServices, sender: GivenSender
) -> NoteDone:
    """Add knowledge in words, for both roles or for caseworkers only, or ask the other role a question.

    A note for both is content of the briefing: once one is issued, a note makes a new version unless it `may_wait`.
    With `acknowledge` the writer also acknowledges that version, having read all but the note.
    """
    book = await services.rulebooks.book(sender.caller.municipality, course.row.rules_sha256)
    expect_valid_note(book, body)
    note = await sender.stage(TextKind.NOTE, body.text)
    command = note_command(sender.covering(course.covers).envelope, note, body)
    done = await sender.send(course.id, command)
    async with services.store.municipality(sender.caller.municipality) as connection:
        added = await journal.note_added(connection, course.id, done.applied_revision)
    return NoteDone(**done.model_dump(), visit=added.visit if added else None)


@router.post("/v1/courses/{course}/notes/{note}/supersede", summary="Correct a note", responses=command_problems())
async def supersede_note(
    _caller: NoteWriter, note: _Note, body: SupersedeNoteBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Put right words in the place of a note's, in one command; the journal keeps both.

    Kind, audience and visit stay. The author needs no `reason` for fifteen minutes, while nobody else has acknowledged
    or disputed a version that shows the note; if the author has acknowledged that version, so is the new one.
    """
    right = await sender.stage(TextKind.NOTE, body.text)
    reason = await sender.reason(body.reason) if body.reason is not None else None
    return await sender.send(course.id, SupersedeNote(**sender.envelope, note=note, right=right, reason=reason))


@router.post("/v1/courses/{course}/notes/{note}/retract", summary="Take back a note", responses=command_problems())
async def retract_note(
    _caller: NoteWriter, note: _Note, body: RetractNoteBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Take back a note that the caller may read, on a `ground`.

    One of the `wrong_citizen` is hidden at once, and erased for good when a second person takes it back so too.
    """
    reason = await sender.reason(body.reason)
    command = RetractNote(
        **sender.envelope, note=note, reason=reason, wrong_citizen=body.wrong_citizen, ground=body.ground
    )
    return await take_back(sender, course.id, command)
