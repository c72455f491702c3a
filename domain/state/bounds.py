"""What a course carries with it: enough to decide by, bounded for life; all the rest is in the journal."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final
from uuid import UUID

from domain.calendar import Pause
from domain.state.course import CourseState
from domain.state.facts import Audience, Fact, Note, on_record

MAX_STATEMENTS: Final = 32
"""How many statements of one fact in one place a course carries."""

MAX_VISITS: Final = 4
"""How many left visits to one step a course carries."""

MAX_NOTES: Final = 200
"""How many notes a course carries."""

MAX_LESSONS: Final = 200
"""How many facts that outlive their visit a course carries."""

MAX_PAUSES: Final = 20
"""How many pauses a course carries."""


def with_statement(facts: tuple[Fact, ...], fact: Fact) -> tuple[Fact, ...]:
    """Return the statements with one more; the least new of its kind goes when there are too many."""
    alike = [f for f in facts if (f.fact, f.visit) == (fact.fact, fact.visit)]
    if len(alike) < MAX_STATEMENTS:
        return (*facts, fact)
    oldest = min(alike, key=lambda f: f.newness)
    return (*(f for f in facts if f is not oldest), fact)


def has_room_for_lessons(state: CourseState, facts: Iterable[Fact]) -> bool:
    """Say whether some facts fit, as far as they outlive their visit, for none such is ever dropped."""
    lasting = {(fact.fact, fact.visit) for fact in state.facts if fact.outlives_visit}
    new = {(fact.fact, fact.visit) for fact in facts if fact.outlives_visit} - lasting
    return not new or len(lasting) + len(new) <= MAX_LESSONS


def with_note(state: CourseState, note: Note) -> tuple[Note, ...]:
    """Return the notes with one more; the oldest that no briefing shows any more goes when there are too many.

    One that supersedes another stands where that stood.
    """
    if any(old.id == note.id for old in state.notes):
        return tuple(note if old.id == note.id else old for old in state.notes)
    surplus = _surplus(state) if len(state.notes) >= MAX_NOTES else None
    return (*(old for old in state.notes if old is not surplus), note)


def has_room_for_note(state: CourseState) -> bool:
    """Say whether one more note fits, without dropping any that a briefing shows or will show."""
    return len(state.notes) < MAX_NOTES or _surplus(state) is not None


def _surplus(state: CourseState) -> Note | None:
    """Return the oldest note that is for caseworkers only, or of a left visit and shown in no later briefing."""
    lasting = {note.id for note in _lasting(state.notes)}
    open_visits = {visit.number for visit in state.open_visits}
    for note in state.notes:
        is_shown = note.audience is Audience.BOTH and note.briefed_with in open_visits
        if note.id not in lasting and not is_shown:
            return note
    return None


def _lasting(notes: tuple[Note, ...]) -> Iterator[Note]:
    """Yield the notes that outlive their visit: what heads briefings, lessons, knowledge, questions, what waits."""
    heading = {note.kind: note.id for note in notes if note.heads_briefings}
    for note in notes:
        is_heading = note.id == heading.get(note.kind)
        if is_heading or note.is_lesson or note.is_knowledge or note.is_open_question or note.waits_for_version:
            yield note


def _without(notes: tuple[Note, ...], gone: set[UUID]) -> tuple[Note, ...]:
    """Return the notes without those that are to go, as far as they do not outlive their visit."""
    lasting = {note.id for note in _lasting(notes)}
    return tuple(note for note in notes if note.id not in gone or note.id in lasting)


def with_pause(pauses: tuple[Pause, ...], pause: Pause) -> tuple[Pause, ...]:
    """Return the pauses with one more; the oldest go when there are too many."""
    return (*pauses, pause)[-MAX_PAUSES:]


def without_old_visits(state: CourseState, step: str) -> CourseState:
    """Return the course without its oldest left visits to `step` and what belongs to them alone."""
    past = [visit.number for visit in state.visits if visit.step == step and not visit.is_open]
    gone = frozenset(past[: max(0, len(past) - MAX_VISITS)])
    if not gone:
        return state
    return state.model_copy(
        update={
            "visits": tuple(visit for visit in state.visits if visit.number not in gone),
            "facts": _without_facts(state.facts, gone),
            "notes": _without(state.notes, {note.id for note in state.notes if note.visit in gone}),
        }
    )


def _without_facts(facts: tuple[Fact, ...], gone: Collection[int | None]) -> tuple[Fact, ...]:
    """Return the facts without those of some visits, as far as they do not outlive them or no longer count."""
    lasting = {(f.fact, f.visit) for f in facts if f.visit in gone and f.outlives_visit}
    counting = (on_record(f for f in facts if (f.fact, f.visit) == place) for place in lasting)
    kept = {f.id for found in counting if found for f in (found.fact, found.contradicted_by) if f}
    return tuple(fact for fact in facts if fact.visit not in gone or fact.id in kept)
