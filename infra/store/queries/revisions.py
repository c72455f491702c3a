"""What each revision of a course keeps of how it came about: the course before it, and its events (P8)."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select

from domain.events import Event
from domain.state.course import CourseState
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.journal import JournalEntry, journal
from infra.store.tables.history import RECONCILED
from infra.store.whole import WHOLE, state_of


class StoredRevision(NamedTuple):
    """What a revision keeps; without the course before it where that, or an event, has been erased."""

    epoch: int
    revision: int
    before: CourseState | None
    events: tuple[Event, ...]


class Stood(NamedTuple):
    """A course as a revision left it, when that was recorded; without its state where that has been erased."""

    revision: int
    decided_at: datetime
    state: CourseState | None


async def begun_at(connection: Connection, course: UUID) -> datetime | None:
    """Return when the first revision of a course was recorded."""
    r = t.revision.c
    began: datetime | None = await connection.scalar(select(func.min(r.recorded_at)).where(r.course_id == course))
    return began


async def stood_at(connection: Connection, course: UUID, until: datetime) -> Stood | None:
    """Return the newest revision of a course recorded before an instant, None when there was none yet."""
    r = t.revision.c
    statement = select(r.revision, r.recorded_at, WHOLE).where(r.course_id == course, r.recorded_at < until)
    newest = statement.order_by(r.recorded_at.desc(), r.epoch.desc(), r.revision.desc()).limit(1)
    row = (await connection.execute(newest)).one_or_none()
    return Stood(row.revision, row.recorded_at, state_of(row.whole)) if row else None


async def courses_named(connection: Connection, named: Collection[str] = ()) -> dict[UUID, str]:
    """Return every course with its reference, closed ones too, or those of which `named` has reference or id."""
    c = t.course.c
    statement = select(c.course_id, c.reference).order_by(c.reference, c.ordinal)
    if named:
        ids = [UUID(name) for name in named if _is_id(name)]
        statement = statement.where(or_(c.reference.in_(named), c.course_id.in_(ids)))
    return {row.course_id: row.reference for row in await connection.execute(statement)}


def _is_id(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True


async def revisions_of(connection: Connection, course: UUID, municipality: str) -> list[StoredRevision]:
    """Return the revisions of a course that commands made, the first one first."""
    r = t.revision.c
    statement = select(r.epoch, r.revision, WHOLE).where(r.course_id == course).order_by(r.epoch, r.revision)
    wholes = {(row.epoch, row.revision): row.whole for row in await connection.execute(statement)}
    entries = defaultdict[tuple[int, int], list[JournalEntry]](list)
    for entry in await journal(connection, course, None):
        if entry.kind != RECONCILED:
            entries[entry.epoch, entry.revision].append(entry)
    beginning = CourseState(course=course, municipality=municipality)
    found = []
    for (epoch, revision), of_it in sorted(entries.items()):
        before = beginning if revision == 1 else state_of(wholes.get((epoch, revision - 1)))
        events = tuple(_events(of_it))
        found.append(StoredRevision(epoch, revision, before if len(events) == len(of_it) else None, events))
    return found


def _events(entries: list[JournalEntry]) -> Iterator[Event]:
    """Yield the events of entries whose detail is not erased."""
    for entry in entries:
        event = entry.event
        if event is not None:
            yield event
