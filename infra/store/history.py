"""The course's row, revisions, journal and answered commands: what only ever goes forward."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, insert, update

from domain.commands import Command
from domain.course import CourseState
from domain.events import CitizenDescribed, CourseStarted, Event
from domain.identity import ENGINE
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.errors import ForkError
from infra.store.projection import Row, course_row

RECONCILED: Final = "reconciled"
"""The kind of the journal row that tells of a store that was behind; it is no event of the course."""

ENVELOPE: Final = ("kind", "v", "at", "by", "visit")
"""The parts of an event that stay when its detail is erased."""

_FOUND: Final = update(t.course).where(t.course.c.course_id == bindparam("found_course"))
# The digest chains all that came before, so it says the revision too.
_FOUND_WHERE_LEFT: Final = _FOUND.where(
    t.course.c.epoch == bindparam("found_epoch"),
    t.course.c.digest == bindparam("found_digest"),
)


async def add_answer(
    connection: Connection,
    course: UUID,
    command: Command,
    answer: dict[str, Any],
    revision: int,
    now: datetime,
) -> None:
    """Add what a command was answered; its key makes the command's effect happen once for ever (P7)."""
    row = {
        "course_id": course,
        "command_id": command.id,
        "kind": command.kind,
        "digest": command.digest,
        "revision": revision,
        "answer": answer,
        "recorded_at": now,
    }
    await connection.execute(insert(t.command), row)


async def advance(connection: Connection, before: CourseState, after: CourseState, events: Iterable[Event]) -> None:
    """Take the course's row from `before` to `after`; raises ForkError when it does not stand at `before`."""
    if before.revision == 0:
        await _begin(connection, after, next(e for e in events if isinstance(e, CourseStarted)))
        return
    found = {
        "found_course": before.course,
        "found_epoch": before.epoch,
        "found_digest": before.digest,
    }
    written = await connection.execute(_FOUND_WHERE_LEFT, {**_changing(after), **_renamed(events), **found})
    if written.rowcount != 1:
        raise ForkError(f"The course {before.course} is not at revision {before.revision} in the store.")


def _renamed(events: Iterable[Event]) -> Row:
    names = [e.citizen_text for e in events if isinstance(e, CitizenDescribed) and e.citizen_text is not None]
    return {"citizen_text": names[-1]} if names else {}


async def replace(connection: Connection, state: CourseState, *, is_known: bool) -> None:
    """Write the course's row whatever it said, or anew when the store does not know the course."""
    if is_known:
        await connection.execute(_FOUND, {**_changing(state), "found_course": state.course})
    else:
        await _begin(connection, state)


async def _begin(connection: Connection, state: CourseState, started: CourseStarted | None = None) -> None:
    texts = {
        "citizen_text": started.citizen_text if started else None,
        "citizen_key": started.citizen_key if started else None,
    }
    await connection.execute(insert(t.course), {**course_row(state), **texts})


def _changing(state: CourseState) -> Row:
    return {name: value for name, value in course_row(state).items() if name != "course_id"}


async def add_revision(
    connection: Connection,
    state: CourseState,
    now: datetime,
    actor: str = ENGINE,
    command: UUID | None = None,
) -> None:
    """Add the revision that `state` is, with the whole state, so that it can be adopted from here."""
    row = {
        "course_id": state.course,
        "epoch": state.epoch,
        "revision": state.revision,
        "digest": state.digest,
        "command_id": command,
        "recorded_at": now,
        "actor": actor,
        "snapshot": state.model_dump(mode="json"),
    }
    await connection.execute(insert(t.revision), row)


async def add_events(connection: Connection, after: CourseState, events: Iterable[Event]) -> None:
    """Add what happened to the journal, in order."""
    rows = [
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
    if rows:
        await connection.execute(insert(t.journal), rows)


async def add_reconciled(connection: Connection, state: CourseState, now: datetime, found: int) -> None:
    """Say in the journal that the store stood at revision `found` and was brought to the workflow's."""
    row = {
        **_place(state, 1),
        "kind": RECONCILED,
        "v": 1,
        "at": now,
        "actor": ENGINE,
        "detail": {"store_revision": found, "workflow_revision": state.revision},
    }
    await connection.execute(insert(t.journal), row)


def _place(state: CourseState, number: int) -> dict[str, Any]:
    return {"course_id": state.course, "epoch": state.epoch, "revision": state.revision, "seq": number}
