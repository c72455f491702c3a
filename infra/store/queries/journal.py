"""The journal as it is read: every event again as it was, or only its envelope once its detail is erased."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from domain.events import BriefingIssued, Event, NoteAdded, read_event
from domain.state.facts import Fact, Note
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow
from infra.store.tables.history import RECONCILED


class JournalEntry(StoredRow):
    """One row of the journal; `position` orders all rows of the store, so it is also a cursor."""

    position: int
    epoch: int
    revision: int
    seq: int
    kind: str
    v: int
    at: datetime
    actor: str
    visit: int | None
    detail: dict[str, Any] | None

    @property
    def event(self) -> Event | None:
        """Return the event in today's shape; None when its detail is erased, or it is of the store itself."""
        if self.detail is None or self.kind == RECONCILED:
            return None
        envelope = {"kind": self.kind, "v": self.v, "at": self.at, "by": self.actor, "visit": self.visit}
        return read_event({**envelope, **self.detail})


async def journal(
    connection: Connection, course: UUID, limit: int | None, after: int = 0, since: datetime | None = None
) -> list[JournalEntry]:
    """Return what happened to a course, in order, from the position that follows `after`, `since` an instant."""
    j = t.journal.c
    statement = select(t.journal).where(j.course_id == course, j.position > after).order_by(j.position).limit(limit)
    if since is not None:
        statement = statement.where(j.at >= since)
    return [JournalEntry.read(row) for row in await connection.execute(statement)]


async def of_revision(connection: Connection, course: UUID, revision: int) -> list[Event]:
    """Return what happened in a revision of a course, as far as its detail is not erased."""
    j = t.journal.c
    statement = select(t.journal).where(j.course_id == course, j.revision == revision).order_by(j.position)
    entries = [JournalEntry.read(row) for row in await connection.execute(statement)]
    return [event for entry in entries if entry.epoch == entries[-1].epoch and (event := entry.event) is not None]


async def taken_back(connection: Connection, course: UUID, entry: UUID) -> JournalEntry | None:
    """Return where a statement or a note of a course was taken back and nothing put in its place, if it was."""
    j = t.journal.c
    named = [j.detail[name].astext == str(entry) for name in ("fact", "note")]
    statement = select(t.journal).where(
        j.course_id == course,
        j.kind.in_(("fact_retracted", "note_retracted")),
        or_(*named),
        j.detail["superseded_by"].astext.is_(None),
    )
    row = (await connection.execute(statement.order_by(j.position.desc()).limit(1))).one_or_none()
    return JournalEntry.read(row) if row else None


async def with_words(connection: Connection, course: UUID, words: UUID) -> JournalEntry | None:
    """Return the entry of a course whose event came with these words, such as a note or a reason, if there is one."""
    j = t.journal.c
    named = or_(j.detail["reason"].astext == str(words), j.detail["note"]["id"].astext == str(words))
    row = (await connection.execute(select(t.journal).where(j.course_id == course, named).limit(1))).one_or_none()
    return JournalEntry.read(row) if row else None


async def reporting(connection: Connection, course: UUID, fact: UUID) -> JournalEntry | None:
    """Return the entry of a course whose event reported a statement, if there is one."""
    j = t.journal.c
    reported = select(t.journal).where(j.course_id == course, j.detail.contains({"facts": [{"id": str(fact)}]}))
    row = (await connection.execute(reported.limit(1))).one_or_none()
    return JournalEntry.read(row) if row else None


async def statement(connection: Connection, course: UUID, fact: UUID) -> Fact | None:
    """Return a statement as it stands, or as it stood when it was taken back; one long dropped as it was reported."""
    j, r = t.journal.c, t.revision.c
    stood = (
        select(r.snapshot)
        .join(t.journal, (j.course_id == r.course_id) & (j.epoch >= r.epoch) & (j.revision == r.revision + 1))
        .where(j.course_id == course, j.kind == "fact_retracted", j.detail["fact"].astext == str(fact))
        .order_by(j.position, r.epoch.desc())
    )
    reported = select(j.detail).where(j.course_id == course, j.detail.contains({"facts": [{"id": str(fact)}]}))
    for documents in (stood, reported):
        document = await connection.scalar(documents.limit(1))
        facts = map(Fact.model_validate, document["facts"]) if document else ()
        found = next((stated for stated in facts if stated.id == fact), None)
        if found is not None:
            return found
    return None


async def facts_taken_back(connection: Connection, course: UUID) -> list[UUID]:
    """Return the statements of a course that were taken back."""
    j = t.journal.c
    statement = select(j.detail["fact"].astext).where(j.course_id == course, j.kind == "fact_retracted")
    return [UUID(fact) for fact in await connection.scalars(statement) if fact is not None]


async def kept_from(connection: Connection, course: UUID, entries: Collection[UUID]) -> list[tuple[UUID, Note]]:
    """Return the notes that were kept of some entries of a course, each with the course that follows it."""
    j = t.journal.c
    statement = (
        select(t.journal, j.course_id)
        .join(t.course, t.course.c.course_id == j.course_id)
        .where(
            t.course.c.follows == course,
            j.kind == "note_added",
            j.detail["note"]["former"]["id"].astext.in_([str(entry) for entry in entries]),
        )
    )
    rows = [(row.course_id, JournalEntry.read(row).event) for row in await connection.execute(statement)]
    return [(place, event.note) for place, event in rows if isinstance(event, NoteAdded)]


async def corrected_by(connection: Connection, course: UUID, entry: UUID) -> list[UUID]:
    """Return the notes in whose place a note of a course was put, the last one first."""
    j = t.journal.c
    before: list[UUID] = []
    while (
        wrong := await connection.scalar(
            select(j.detail["note"].astext).where(
                j.course_id == course, j.kind == "note_retracted", j.detail["superseded_by"].astext == str(entry)
            )
        )
    ) is not None:
        entry = UUID(wrong)
        before.append(entry)
    return before


async def of_kinds(
    connection: Connection, course: UUID, kinds: Collection[str], visit: int | None = None
) -> list[JournalEntry]:
    """Return a course's entries of some kinds in order, of one visit if it is named."""
    j = t.journal.c
    statement = select(t.journal).where(j.course_id == course, j.kind.in_(kinds)).order_by(j.position)
    if visit is not None:
        statement = statement.where(j.visit == visit)
    return [JournalEntry.read(row) for row in await connection.execute(statement)]


async def manifests(connection: Connection, course: UUID, visit: int) -> list[BriefingIssued]:
    """Return every version of a visit's briefing that is not erased, the first one first."""
    events = [entry.event for entry in await of_kinds(connection, course, ("briefing_issued",), visit)]
    return [event for event in events if isinstance(event, BriefingIssued)]
