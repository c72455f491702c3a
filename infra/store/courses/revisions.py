"""The course's row, revisions, journal and answered commands: what only ever goes forward."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Insert, bindparam, column, func, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB

from domain.commands import Command
from domain.events import CitizenDescribed, CourseStarted, Event
from domain.identity import ENGINE
from domain.state.course import CourseState
from infra.store import tables as t
from infra.store.courses.projection import Row, course_row
from infra.store.engine import Connection
from infra.store.errors import ForkError
from infra.store.tables.history import RECONCILED

ENVELOPE: Final = ("kind", "v", "at", "by", "visit")
"""The parts of an event that stay when its detail is erased."""

_OF_A_REVISION: Final = (
    *("course_id", "epoch", "revision", "digest"),
    *("command_id", "recorded_at", "actor", "snapshot"),
)
_OF_AN_ANSWER: Final = ("course_id", "command_id", "kind", "digest", "revision", "answer", "recorded_at")
_OF_AN_EVENT: Final = ("course_id", "epoch", "revision", "seq", "kind", "v", "at", "actor", "visit", "detail")
_UPDATE: Final = update(t.course).where(t.course.c.course_id == bindparam("found_course"))
# The digest chains all that came before, so it says the revision too.
_UPDATE_IF_UNCHANGED: Final = _UPDATE.where(
    t.course.c.epoch == bindparam("found_epoch"),
    t.course.c.digest == bindparam("found_digest"),
)

_ANSWER: Final = insert(t.command).values(
    {name: bindparam(f"answered_{name}", type_=t.command.c[name].type) for name in _OF_AN_ANSWER}
)
_ANSWERED: Final = _ANSWER.returning(t.command.c.course_id).cte("answered")
_REVISED: Final = (
    insert(t.revision)
    .values({name: bindparam(f"revised_{name}", type_=t.revision.c[name].type) for name in _OF_A_REVISION})
    .cte("revised")
)
_EVENTS: Final = (
    func.jsonb_to_recordset(bindparam("told", type_=JSONB))
    .table_valued(*(column(name, t.journal.c[name].type) for name in _OF_AN_EVENT), name="events")
    .render_derived(with_types=True)
)
_EVENTS_INSERTED: Final = (
    insert(t.journal).from_select(_OF_AN_EVENT, select(*_EVENTS.c).order_by(_EVENTS.c.seq)).cte("told_events")
)
# The course's row is written by the answer, so that a command that was recorded meanwhile is met before all else.
_UPDATE_WITH_EVENTS: Final = _UPDATE_IF_UNCHANGED.where(t.course.c.course_id == _ANSWERED.c.course_id).add_cte(
    _REVISED, _EVENTS_INSERTED
)


@lru_cache
def _insert_with_events(names: tuple[str, ...]) -> Insert:
    """Return the statement that writes some columns of a new course, by the answer as `_UPDATE_WITH_EVENTS` does."""
    row = select(*(bindparam(name, type_=t.course.c[name].type) for name in names)).select_from(_ANSWERED)
    return insert(t.course).from_select(names, row).add_cte(_REVISED, _EVENTS_INSERTED)


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
        """Return it as parameters."""
        row = {
            "course_id": self.course,
            "command_id": self.command.id,
            "kind": self.command.kind,
            "digest": self.command.digest,
            "revision": self.revision,
            "answer": self.answer,
            "recorded_at": self.now,
        }
        return {f"answered_{name}": value for name, value in row.items()}


async def add_answer(connection: Connection, answered: Answered) -> None:
    """Add what a command was answered that changed nothing."""
    await connection.execute(_ANSWER, answered.row)


async def advance(
    connection: Connection, before: CourseState, after: CourseState, events: Sequence[Event], answered: Answered
) -> None:
    """Take the course's row from `before` to `after`, with answer, revision and journal, in one statement.

    Raises ForkError when the row does not stand at `before`.
    """
    command = answered.command
    revised = _revision(after, answered.now, command.actor.person, command.id)
    new_rows = {f"revised_{name}": value for name, value in revised.items()} | {"told": _journal_rows(after, events)}
    new_rows |= answered.row
    if before.revision == 0:
        started = next(event for event in events if isinstance(event, CourseStarted))
        row = _beginning(after, started)
        await connection.execute(_insert_with_events(tuple(row)), {**row, **new_rows})
        return
    stored = {
        "found_course": before.course,
        "found_epoch": before.epoch,
        "found_digest": before.digest,
    }
    written = await connection.execute(
        _UPDATE_WITH_EVENTS, {**_changing(after), **_renamed(events), **stored, **new_rows}
    )
    if written.rowcount != 1:
        raise ForkError(f"The course {before.course} is not at revision {before.revision} in the store.")


def _renamed(events: Iterable[Event]) -> Row:
    names = [e.citizen_text for e in events if isinstance(e, CitizenDescribed) and e.citizen_text is not None]
    return {"citizen_text": names[-1]} if names else {}


async def replace(connection: Connection, state: CourseState, *, is_known: bool) -> None:
    """Write the course's row whatever it said, or anew when the store does not know the course."""
    if is_known:
        await connection.execute(_UPDATE, {**_changing(state), "found_course": state.course})
    else:
        await connection.execute(insert(t.course), _beginning(state))


def _beginning(state: CourseState, started: CourseStarted | None = None) -> Row:
    texts = {
        "citizen_text": started.citizen_text if started else None,
        "citizen_key": started.citizen_key if started else None,
    }
    return {**course_row(state), **texts}


def _changing(state: CourseState) -> Row:
    return {name: value for name, value in course_row(state).items() if name != "course_id"}


async def add_revision(connection: Connection, state: CourseState, now: datetime) -> None:
    """Add the revision that `state` is, with the whole state, so that it can be adopted from here."""
    await connection.execute(insert(t.revision), _revision(state, now))


def _revision(state: CourseState, now: datetime, actor: str = ENGINE, command: UUID | None = None) -> Row:
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


def _journal_rows(after: CourseState, events: Iterable[Event]) -> list[Row]:
    """Return what happened, in order, as rows of the journal that JSON can carry."""
    return [
        {
            **_place(after, number),
            "course_id": str(after.course),
            "kind": event.kind,
            "v": event.v,
            "at": event.at.isoformat(),
            "actor": event.by,
            "visit": getattr(event, "visit", None),
            "detail": event.model_dump(mode="json", exclude=set(ENVELOPE)),
        }
        for number, event in enumerate(events, start=1)
    ]


async def add_reconciled(connection: Connection, state: CourseState, now: datetime, stored: int) -> None:
    """Say in the journal that the store stood at revision `stored` and was brought to the workflow's."""
    row = {
        **_place(state, 1),
        "kind": RECONCILED,
        "v": 1,
        "at": now,
        "actor": ENGINE,
        "detail": {"store_revision": stored, "workflow_revision": state.revision},
    }
    await connection.execute(insert(t.journal), row)


def _place(state: CourseState, number: int) -> dict[str, Any]:
    return {"course_id": state.course, "epoch": state.epoch, "revision": state.revision, "seq": number}
