"""Notes: knowledge in words, and questions to the other role."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel, Discriminator, Field, StrictBool, Tag

from api.courses.commands.kept import take_back_where_kept
from api.courses.commands.reasons import RetractBody, take_back
from api.courses.commands.representation import command_router
from api.courses.commands.texts import remove_words
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
    ReadVersion,
    examples,
)
from api.http.idempotency import CommandDone, GivenSender, Sender
from api.http.problems import wrong
from api.http.responses import command_problems
from api.http.validation import ALONE, IN_A_LIST
from domain.commands import (
    AddNotes,
    NewNote,
    RetractNote,
    SupersedeNote,
)
from domain.decide.notes import note_rule
from domain.errors import Problem
from domain.identity import Role
from domain.state.course import CourseState
from domain.state.facts import NOTE_KINDS, QUESTION, Audience, RetractionGround
from infra.store.registers.texts import TextKind
from rules.engine.book import Book
from workflows.messages import Answer

router = command_router("reporting")

NOTE_EXAMPLE: Final = {
    "kind": "agreement",
    "text": "Karla møder fra klokken ni og følges med en kollega den første uge.",
    "changes_the_agreement": True,
}


MOST_NOTES: Final = 20
"""How many notes one command adds."""

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


class NoteOfCourse(NoteWords):
    """Knowledge in words, which may answer something in the course."""

    answers: UUID | None = Field(default=None, description="The question, or the dispute, that this answers.")


NotesBeside = Annotated[list[NoteOfCourse], Field(max_length=MOST_NOTES, description="Added in the same command.")]


class WithNotes(Body):
    """Where notes go, and what their writer has read."""

    visit: Number | None = Field(
        default=None,
        description="The open visit they belong to; when it is left out, each goes to the only one that asks for it, "
        "or the newest.",
    )
    acknowledge: ReadVersion = None


class NoteBody(NoteOfCourse, WithNotes):
    """One note, without a list around it."""

    model_config = examples(NOTE_EXAMPLE)


class NotesBody(WithNotes):
    """Several notes, all or nothing."""

    notes: Annotated[list[NoteOfCourse], Field(min_length=1, max_length=MOST_NOTES)]

    model_config = examples({"notes": [NOTE_EXAMPLE, {"kind": "resource", "text": "Er god til dyr."}]})


OneOrSeveral = Annotated[
    Annotated[NoteBody, Tag(ALONE)] | Annotated[NotesBody, Tag(IN_A_LIST)],
    Discriminator(lambda body: IN_A_LIST if isinstance(body, dict) and "notes" in body else ALONE),
]


class AddedNote(BaseModel):
    """A note as it was added."""

    id: UUID
    kind: str
    visit: int = Field(description="The visit to which it was added.")


class NotesDone(CommandDone):
    """The command was done, with the notes that it added, in their order."""

    notes: list[AddedNote]


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


def new_note(note: UUID, content: NoteWords) -> NewNote:
    """Return a note to be added whose text is staged under the id `note`."""
    fields = content.model_dump(exclude={"kind", "text", "to", "visit", "acknowledge"})
    return NewNote(note=note, note_kind=content.kind, to=Role(content.to) if content.to else None, **fields)


async def staged_notes(sender: Sender, book: Book, notes: Sequence[NoteOfCourse], path: str) -> tuple[NewNote, ...]:
    """Keep the words of notes that the rules know, named in problems by `path` and their index."""
    for index, note in enumerate(notes):
        expect_valid_note(book, note, path.format(index))
    staged = await sender.stage_each(TextKind.NOTE, [note.text for note in notes])
    return tuple(map(new_note, staged, notes))


def without_index(problems: Iterable[Problem], path: str) -> Iterator[Problem]:
    """Yield the problems with the only note of a command, which the caller did not send in a list but at `path`."""
    for problem in problems:
        field = problem.field and re.sub(r"^notes\.0\.", path, problem.field)
        yield problem.model_copy(update={"field": field})


def notes_done(done: CommandDone, answer: Answer) -> NotesDone:
    """Return that a command was done, with the notes that it added, the first time it was sent."""
    notes = [AddedNote.model_validate(note, from_attributes=True) for note in answer.notes]
    return NotesDone(**done.model_dump(), notes=notes)


@router.post("/v1/courses/{course}/notes", summary="Add notes", responses=command_problems())
async def add_notes(
    _caller: NoteWriter, body: OneOrSeveral, course: GivenCourse, services: GivenServices, sender: GivenSender
) -> NotesDone:
    """Add knowledge in words, for both roles or for caseworkers only, or ask the other role a question.

    One note, or several in `notes`, all or nothing. What is wrong with one of them is named by its index.
    A note for both is content of the briefing: once one is issued, notes make a new version unless they `may_wait`.
    With `acknowledge` the writer also acknowledges what follows, having read all but the notes; where something else
    changed since the preview, the notes are kept and the problem says what is different.
    """
    book = await services.rulebooks.book(sender.caller.municipality, course.row.rules_sha256)
    notes, path = ([body], "") if isinstance(body, NoteBody) else (body.notes, "notes.{}.")
    added = await staged_notes(sender, book, notes, path)
    envelope = sender.covering(course.covers).reading(course.id, body.acknowledge).envelope
    command = AddNotes(**envelope, notes=added, visit=body.visit, acknowledge=body.acknowledge)
    answer = await sender.ask(course.id, command)
    if not path:
        answer = answer.model_copy(update={"refused": tuple(without_index(answer.refused, ""))})
    return notes_done(sender.expect_done(course.id, command, answer), answer)


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
    done = await sender.send(course.id, SupersedeNote(**sender.envelope, note=note, right=right, reason=reason))
    await take_back_where_kept(sender, course.id, note, body.text)
    return done


@router.post("/v1/courses/{course}/notes/{note}/retract", summary="Take back a note", responses=command_problems())
async def retract_note(
    _caller: NoteWriter, note: _Note, body: RetractNoteBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Take back a note that the caller may read, on a `ground`.

    One of the `wrong_citizen` is hidden at once, and erased for good when a second person takes it back so too; that
    may be one that was corrected or taken back before.
    """
    if body.wrong_citizen and not _is_known(course.state, note):
        return await remove_words(sender, course, note, body.reason, "note")
    reason = await sender.reason(body.reason)
    command = RetractNote(**sender.envelope, **body.model_dump(exclude={"reason"}), note=note, reason=reason)
    return await take_back(sender, course.id, command)


def _is_known(state: CourseState, note: UUID) -> bool:
    """Whether a note counts, or was hidden as another citizen's."""
    return any(known.id == note for known in state.notes) or any(removal.entry == note for removal in state.removed)
