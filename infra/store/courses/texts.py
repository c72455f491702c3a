"""The staged texts that a course's events name, and that become its own with them."""

from collections.abc import Iterable
from uuid import UUID

from domain.events import CitizenDescribed, CourseStarted, Event, NoteAdded, SheetIssued, StoryAnswered


def texts_of(events: Iterable[Event]) -> frozenset[UUID]:
    """Return the ids of the texts that came with `events`."""
    return frozenset(text for event in events for text in _texts_of(event) if text is not None)


def _texts_of(event: Event) -> list[UUID | None]:
    ids: list[UUID | None] = [getattr(event, "reason", None)]
    if isinstance(event, CourseStarted | CitizenDescribed):
        ids.append(event.citizen_text)
    if isinstance(event, NoteAdded):
        ids.append(event.note.id)
    if isinstance(event, StoryAnswered):
        ids.append(event.story)
    if isinstance(event, SheetIssued):
        ids.append(event.details)
    return ids
