"""The course's row, revisions, journal and answered commands as rows: what only ever goes forward."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.commands import Command
from domain.events import CitizenDescribed, CourseStarted, Event
from domain.identity import ENGINE
from domain.state.course import CourseState
from infra.store.courses.projection import Row, course_row
from infra.store.tables.history import RECONCILED

ENVELOPE: Final = ("kind", "v", "at", "by", "visit")
"""The parts of an event that stay when its detail is erased."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a command was answered at a revision; its key makes the command's effect happen once for ever (P7)."""

    course: UUID
    command: Command
    answer: dict[str, Any]
    revision: int
    now: datetime

    @property
    def row(self) -> Row:
        """Return it as a row."""
        return {
            "course_id": self.course,
            "command_id": self.command.id,
            "kind": self.command.kind,
            "digest": self.command.digest,
            "revision": self.revision,
            "answer": self.answer,
            "recorded_at": self.now,
        }


def changed_row(before: CourseState, after: CourseState, events: Sequence[Event]) -> Row:
    """Return the course's row after a command, without what the store knows better than the state."""
    row = course_row(after)
    if before.revision == 0:
        started = next(event for event in events if isinstance(event, CourseStarted))
        return {**row, "citizen_text": started.citizen_text, "citizen_key": started.citizen_key}
    names = [e.citizen_text for e in events if isinstance(e, CitizenDescribed) and e.citizen_text is not None]
    return {**row, "citizen_text": names[-1]} if names else row


def revision_row(state: CourseState, now: datetime, actor: str = ENGINE, command: UUID | None = None) -> Row:
    """Return the revision that `state` is, with the whole state, so that it can be adopted from here."""
    return {
        "course_id": state.course,
        "epoch": state.epoch,
        "revision": state.revision,
        "digest": state.digest,
        "command_id": command,
        "recorded_at": now,
        "actor": actor,
        "snapshot": state.model_dump(mode="json"),
    }


def journal_rows(after: CourseState, events: Iterable[Event]) -> list[Row]:
    """Return what happened, in order."""
    return [
        {
            **_place(after, number),
            "kind": event.kind,
            "v": event.v,
            "at": event.at,
            "actor": event.by,
            "visit": getattr(event, "visit", None),
            "detail": event.model_dump(mode="json", exclude=set(ENVELOPE)),
        }
        for number, event in enumerate(events, start=1)
    ]


def reconciled_row(state: CourseState, now: datetime, stored: int) -> Row:
    """Return the line that the store stood at revision `stored` and was brought to the workflow's."""
    return {
        **_place(state, 1),
        "kind": RECONCILED,
        "v": 1,
        "at": now,
        "actor": ENGINE,
        "detail": {"store_revision": stored, "workflow_revision": state.revision},
    }


def _place(state: CourseState, number: int) -> Row:
    return {"course_id": state.course, "epoch": state.epoch, "revision": state.revision, "seq": number}
