"""What applying a command needs of the store: where a course stands, and one transaction that takes it further.

Applying a command begins with `enter`, which locks the course.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Row as SqlRow
from sqlalchemy import Uuid, bindparam, delete, literal_column, select, text, tuple_

from domain.state.course import CourseState
from infra.store import tables as t
from infra.store.courses import erase, projection
from infra.store.courses.entry import Entry, refusal, rewriting
from infra.store.courses.projection import ByRules, Row
from infra.store.courses.revisions import Answered
from infra.store.engine import Connection
from infra.store.errors import conflicts_translated
from infra.store.rows import InForce, Known
from infra.store.whole import WHOLE, state_of


@dataclass(frozen=True, slots=True)
class Head:
    """The newest revision of a course in the store."""

    epoch: int
    revision: int
    digest: str


@dataclass(frozen=True, slots=True)
class RecordedCommand:
    """A command that was already applied or refused, and what it was answered."""

    kind: str
    digest: str
    revision: int
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entered:
    """What a command finds: where its course stands, its own earlier answer, and the working time in force.

    `known` are the persons asked for, with the roles in which the directory knows them.
    """

    head: Head | None
    recorded: RecordedCommand | None
    in_force: InForce
    known: Known = field(default_factory=dict)


_REVISION: Final = select(t.course.c.revision).where(t.course.c.course_id == bindparam("course", type_=Uuid))
_ENTER: Final = text("SELECT * FROM fodslag_enter(:municipality, :course, :command, :persons)")
_APPLY: Final = text(
    "SELECT * FROM fodslag_apply(:municipality, :course, :command, :persons,"
    " CAST(:believed AS jsonb), CAST(:entry AS jsonb))"
)
_RECORD: Final = text("SELECT fodslag_record(CAST(:entry AS jsonb))")


async def enter(
    connection: Connection, municipality: str, course: UUID, command: UUID, persons: Collection[str] = ()
) -> Entered:
    """Enter a municipality and a course, and keep every other writer from it until the transaction ends."""
    asked = {"municipality": municipality, "course": course, "command": command, "persons": [*persons]}
    return _entered((await connection.execute(_ENTER, asked)).one())


def _entered(row: SqlRow[Any]) -> Entered:
    is_known, is_recorded = row.revision is not None, row.answer is not None
    return Entered(
        head=Head(row.epoch, row.revision, row.digest) if is_known else None,
        recorded=RecordedCommand(row.command_kind, row.command_digest, row.command_revision, row.answer)
        if is_recorded
        else None,
        in_force=InForce(row.calendar, row.own_times),
        known=row.known,
    )


async def recorded(connection: Connection, course: UUID, command: UUID) -> RecordedCommand | None:
    """Return what a command was answered, if it ever was (P7)."""
    c = t.command.c
    statement = select(c.kind, c.digest, c.revision, c.answer).where(c.course_id == course, c.command_id == command)
    row = (await connection.execute(statement)).one_or_none()
    return RecordedCommand(*row) if row else None


async def started_by(connection: Connection, command: UUID) -> str | None:
    """Return the reference of the course that a command started, or None when it started none (P7)."""
    c = t.command.c
    statement = (
        select(t.course.c.reference)
        .join(t.command, c.course_id == t.course.c.course_id)
        .where(c.command_id == command, c.kind == literal_column("'start_course'"))
    )
    reference: str | None = await connection.scalar(statement)
    return reference


async def digest_at(connection: Connection, course: UUID, epoch: int, revision: int) -> str | None:
    """Return the digest of one revision in one epoch."""
    c = t.revision.c
    statement = select(c.digest).where(c.course_id == course, c.epoch == epoch, c.revision == revision)
    digest: str | None = await connection.scalar(statement)
    return digest


async def snapshot(connection: Connection, course: UUID) -> CourseState | None:
    """Return the course as it stands, or None when it is not here or has been erased."""
    c, r = t.course.c, t.revision.c
    statement = (
        select(WHOLE)
        .join(t.course, (c.course_id == r.course_id) & (c.epoch == r.epoch) & (c.revision == r.revision))
        .where(c.course_id == course)
    )
    return state_of(await connection.scalar(statement))


async def snapshot_at(connection: Connection, course: UUID, revision: int) -> CourseState | None:
    """Return the course as a revision left it, in the newest epoch that has the revision."""
    r = t.revision.c
    statement = select(WHOLE).where(r.course_id == course, r.revision == revision).order_by(r.epoch.desc()).limit(1)
    return state_of(await connection.scalar(statement))


async def record(connection: Connection, entry: Entry) -> None:
    """Write all that a command did; the store is current when this is committed.

    Raises ForkError when the store does not stand where `entry.before` does, CommandRecordedError when the
    command was recorded meanwhile, and TextMissingError for text that is not staged here.
    """
    retracted = await erase.list_retracted(connection, entry.before, entry.events)
    await _write(connection, entry.document)
    await erase.erase_listed(connection, entry.after.course, retracted)


async def record_at_once(
    connection: Connection, state: CourseState, command: UUID, expected: Entered, document: Row
) -> Entered:
    """Enter and, if just what is expected is found, write a command's document; in one round trip.

    Returns what was found; if that is not what was expected, nothing is written. The connection must commit each
    statement by itself. Raises TextMissingError for text that is not staged here.
    """
    head = asdict(expected.head) if expected.head else {}
    believed = {**head, **expected.in_force._asdict(), "known": expected.known}
    asked = {
        "municipality": state.municipality,
        "course": state.course,
        "command": command,
        "persons": [*expected.known],
        "believed": to_json(believed).decode(),
        "entry": to_json(document).decode(),
    }
    with conflicts_translated():
        row = (await connection.execute(_APPLY, asked)).one()
    return _entered(row)


async def record_refusal(connection: Connection, answered: Answered) -> None:
    """Keep what a command refused was answered, so that a repeat is answered the same.

    Raises CommandRecordedError when the command was recorded meanwhile.
    """
    await _write(connection, refusal(answered))


async def _write(connection: Connection, document: Row) -> None:
    with conflicts_translated():
        await connection.execute(_RECORD, {"entry": to_json(document).decode()})


async def rewrite(connection: Connection, state: CourseState, now: datetime, by_rules: ByRules) -> None:
    """Write `state`, under its new epoch, over what a restored store still has of the course.

    What the state has forgotten stays: old visits, receipts of outdated versions, notices, the citizen's text.
    Raises ForkError when the store already has this revision in this epoch.
    """
    stored_revision: int | None = await connection.scalar(_REVISION, {"course": state.course})
    await erase.erase_again(connection, state)
    await _clear_current(connection, state)
    await _write(connection, rewriting(state, now, by_rules, stored_revision or 0))


async def _clear_current(connection: Connection, state: CourseState) -> None:
    """Remove what the store has of people, waits, the receipts of current versions, workplaces and measures.

    What belongs to visits that the state has forgotten stays.
    """
    for table in (t.party, t.observer, t.waiting):
        await connection.execute(delete(table).where(table.c.course_id == state.course))
    current = [(visit.number, visit.briefing.version) for visit in state.visits if visit.briefing]
    place = tuple_(t.receipt.c.visit, t.receipt.c.version)
    await connection.execute(delete(t.receipt).where(t.receipt.c.course_id == state.course, place.in_(current)))
    for table in (t.workplace, t.measure):
        is_remembered = table.c.visit.in_(projection.remembered(state))
        await connection.execute(delete(table).where(table.c.course_id == state.course, is_remembered))
