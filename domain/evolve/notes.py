"""How notes, added and taken back, change the course."""

from domain import events as ev
from domain.evolve.base import on
from domain.state.bounds import with_note
from domain.state.course import CourseState


@on.register
def _(event: ev.NoteAdded, state: CourseState) -> CourseState:
    notes = with_note(state.notes, event.note)
    kept = {note.id for note in notes}
    answers = (*state.answered, event.answers) if event.answers else state.answered
    return state.model_copy(update={"notes": notes, "answered": tuple(a for a in answers if a in kept)})


@on.register
def _(event: ev.NoteRetracted, state: CourseState) -> CourseState:
    removed = (*state.removed, event.note) if event.wrong_citizen else state.removed
    return state.model_copy(update={"notes": tuple(n for n in state.notes if n.id != event.note), "removed": removed})
