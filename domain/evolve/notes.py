"""How notes, added and taken back, change the course."""

from domain import events as ev
from domain.evolve.base import on, without_answer
from domain.state.bounds import with_note
from domain.state.course import CourseState
from domain.state.facts import Audience, Note, Removal


@on.register
def _(event: ev.NoteAdded, state: CourseState) -> CourseState:
    answered = state.model_copy(update={"notes": tuple(_answered(note, event) for note in state.notes)})
    return answered.model_copy(update={"notes": with_note(answered, event.note)})


def _answered(note: Note, event: ev.NoteAdded) -> Note:
    """Return a note, answered by the note that answers it, in the visit of the first that does."""
    if note.id != event.answers:
        return note
    answered_in = event.note.visit if note.answered_in is None else note.answered_in
    return note.model_copy(update={"answered_in": answered_in, "answered_by": (*note.answered_by, event.note.id)})


@on.register
def _(event: ev.NoteRetracted, state: CourseState) -> CourseState:
    state = without_answer(state, event.note, event.superseded_by)
    if event.superseded_by is not None:
        return state.model_copy(update={"notes": tuple(_in_place(note, event) for note in state.notes)})
    removed = state.removed
    if event.wrong_citizen:
        audience = next((note.audience for note in state.notes if note.id == event.note), Audience.BOTH)
        removed = (*removed, Removal(entry=event.note, by=event.by, audience=audience))
    return state.model_copy(update={"notes": tuple(n for n in state.notes if n.id != event.note), "removed": removed})


@on.register
def _(event: ev.TextRemoved, state: CourseState) -> CourseState:
    removal = Removal(entry=event.text, by=event.by, audience=event.audience)
    return state.model_copy(update={"removed": (*state.removed, removal)})


def _in_place(note: Note, event: ev.NoteRetracted) -> Note:
    """Return a note, which holds the place of the one that is added now instead of it."""
    return note.model_copy(update={"id": event.superseded_by}) if note.id == event.note else note
