"""What a course carries with it: enough to decide by, bounded for life; all the rest is in the journal."""

from typing import Final
from uuid import UUID

from domain.calendar import Pause
from domain.state.course import CourseState
from domain.state.facts import Fact, Note

KEPT_STATEMENTS: Final = 32
"""How many statements of one fact in one place a course carries."""

KEPT_VISITS: Final = 4
"""How many left visits to one step a course carries."""

KEPT_NOTES: Final = 200
"""How many notes a course carries."""

KEPT_PAUSES: Final = 20
"""How many pauses a course carries."""


def with_statement(facts: tuple[Fact, ...], fact: Fact) -> tuple[Fact, ...]:
    """Return the statements with one more; the least new of its kind goes when there are too many."""
    alike = [f for f in facts if (f.fact, f.visit) == (fact.fact, fact.visit)]
    if len(alike) < KEPT_STATEMENTS:
        return (*facts, fact)
    oldest = min(alike, key=lambda f: f.newness)
    return (*(f for f in facts if f is not oldest), fact)


def with_note(notes: tuple[Note, ...], note: Note) -> tuple[Note, ...]:
    """Return the notes with one more; the oldest go when there are too many, but never those that head briefings."""
    added = (*notes, note)
    return _without(added, {old.id for old in added[:-KEPT_NOTES]})


def _without(notes: tuple[Note, ...], gone: set[UUID]) -> tuple[Note, ...]:
    """Return the notes without those that are to go; what heads briefings or waits to be answered or shown stays."""
    heading = {note.kind: note.id for note in notes if note.heads_briefings}
    return tuple(
        note
        for note in notes
        if note.id not in gone or note.id == heading.get(note.kind) or note.is_open_question or note.waits_for_version
    )


def with_pause(pauses: tuple[Pause, ...], pause: Pause) -> tuple[Pause, ...]:
    """Return the pauses with one more; the oldest go when there are too many."""
    return (*pauses, pause)[-KEPT_PAUSES:]


def without_old_visits(state: CourseState, step: str) -> CourseState:
    """Return the course without its oldest left visits to `step` and what belongs to them alone."""
    past = [visit.number for visit in state.visits if visit.step == step and not visit.is_open]
    gone = frozenset(past[: max(0, len(past) - KEPT_VISITS)])
    if not gone:
        return state
    return state.model_copy(
        update={
            "visits": tuple(visit for visit in state.visits if visit.number not in gone),
            "facts": tuple(fact for fact in state.facts if fact.visit not in gone),
            "notes": _without(state.notes, {note.id for note in state.notes if note.visit in gone}),
        }
    )
