"""What applying a command needs of the store: where a course stands, and one transaction that takes it further.

Applying a command begins with `enter`, which locks the course.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, literal_column, select, text

from domain.commands import Command
from domain.events import Event
from domain.identity import Role
from domain.state.course import CourseState
from infra.store import tables as t
from infra.store.courses import erase, notices, projection, revisions, texts
from infra.store.courses.diff import Changes, clear_current
from infra.store.courses.projection import ByRules
from infra.store.courses.revisions import Answered
from infra.store.engine import Connection
from infra.store.errors import conflicts_translated
from infra.store.rows import InForce, unknown_among


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

    `unknown` are those of the persons asked for whom the directory does not know in a role.
    """

    head: Head | None
    recorded: RecordedCommand | None
    in_force: InForce
    unknown: frozenset[tuple[Role, str]] = frozenset()


_REVISION: Final = select(t.course.c.revision).where(t.course.c.course_id == bindparam("course", type_=Uuid))
_ENTER: Final = text("SELECT * FROM fodslag_enter(:municipality, :course, :command, :persons)")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one applied command did.

    `states` are the course before it and after each event; the last carries the new epoch, revision and digest.
    `by_rules` makes rows by the course's rules, `channels` is what carries notices outward.
    """

    command: Command
    states: tuple[CourseState, ...]
    events: tuple[Event, ...]
    answer: dict[str, Any]
    now: datetime
    by_rules: ByRules
    channels: Collection[str] = ()

    @property
    def before(self) -> CourseState:
        """Return the course before the command."""
        return self.states[0]

    @property
    def after(self) -> CourseState:
        """Return the course after the command."""
        return self.states[-1]


async def enter(
    connection: Connection, municipality: str, course: UUID, command: UUID, persons: Collection[str] = ()
) -> Entered:
    """Enter a municipality and a course, and keep every other writer from it until the transaction ends."""
    asked = {"municipality": municipality, "course": course, "command": command, "persons": [*persons]}
    row = (await connection.execute(_ENTER, asked)).one()
    is_known, is_recorded = row.revision is not None, row.answer is not None
    return Entered(
        head=Head(row.epoch, row.revision, row.digest) if is_known else None,
        recorded=RecordedCommand(row.command_kind, row.command_digest, row.command_revision, row.answer)
        if is_recorded
        else None,
        in_force=InForce(row.calendar, row.own_times),
        unknown=unknown_among(persons, row.known),
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
        select(r.snapshot)
        .join(t.course, (c.course_id == r.course_id) & (c.epoch == r.epoch) & (c.revision == r.revision))
        .where(c.course_id == course)
    )
    return _state(await connection.scalar(statement))


async def snapshot_at(connection: Connection, course: UUID, revision: int) -> CourseState | None:
    """Return the course as a revision left it, in the newest epoch that has the revision."""
    r = t.revision.c
    statement = (
        select(r.snapshot).where(r.course_id == course, r.revision == revision).order_by(r.epoch.desc()).limit(1)
    )
    return _state(await connection.scalar(statement))


def _state(stored: dict[str, Any] | None) -> CourseState | None:
    return CourseState.model_validate(stored) if stored else None


async def record(connection: Connection, entry: Entry) -> None:
    """Write all that a command did; the store is current when this is committed.

    Raises ForkError when the store does not stand where `entry.before` does, CommandRecordedError when the
    command was recorded meanwhile, and TextMissingError for text that is not staged here.
    """
    after = entry.after
    answered = Answered(after.course, entry.command, entry.answer, after.revision, entry.now)
    with conflicts_translated():
        await revisions.advance(connection, entry.before, after, entry.events, answered)
    await texts.adopt(connection, after.course, entry.events, entry.now)
    await erase.erase_retracted(connection, entry.before, entry.events)
    await _write_current(connection, entry)


async def record_refusal(connection: Connection, answered: Answered) -> None:
    """Keep what a command refused was answered, so that a repeat is answered the same.

    Raises CommandRecordedError when the command was recorded meanwhile.
    """
    with conflicts_translated():
        await revisions.add_answer(connection, answered)


async def _write_current(connection: Connection, entry: Entry) -> None:
    """Write the rows that differ between before and after, and the notices that were raised."""
    before, after, changes = entry.before, entry.after, Changes()
    both = before, after
    changes.write_changed(t.visit, projection.visit_rows((before,)), projection.visit_rows(entry.states))
    changes.write_changed(t.party, *map(projection.party_rows, both))
    for table, rows in (
        (t.observer, [*map(projection.observer_rows, both)]),
        (t.receipt, [projection.receipt_rows((before,)), projection.receipt_rows(entry.states)]),
        (t.waiting, [*map(projection.waiting_rows, both)]),
    ):
        changes.remove_gone(table, *rows)
        changes.write_changed(table, *rows)
    _write_by_rules(changes, entry)
    raised = notices.raised(after, entry.events)
    changes.write(t.notice, raised)
    changes.write(t.errand, notices.errands(raised, entry.channels))
    await changes.apply(connection)
    await notices.see(connection, entry.events)
    if t.waiting in changes.gone or raised or (before.news, before.parties) != (after.news, after.parties):
        await notices.settle(connection, after, entry.now)
    await notices.end_corrections(connection, entry.states, entry.events, entry.now)


def _write_by_rules(changes: Changes, entry: Entry) -> None:
    """Write where the course is and what it was; the rows of visits that the course has now forgotten stay."""
    remembered_visits, rules = projection.remembered(entry.after), entry.by_rules
    both = entry.before, entry.after
    for table, (before, after) in (
        (t.workplace, [projection.workplace_rows(state, rules.workplaces) for state in both]),
        (t.measure, [projection.measure_rows(state, rules.measures) for state in both]),
    ):
        changes.remove_gone(table, [row for row in before if row["visit"] in remembered_visits], after)
        changes.write_changed(table, before, after)


async def rewrite(connection: Connection, state: CourseState, now: datetime, by_rules: ByRules) -> None:
    """Write `state`, under its new epoch, over what a restored store still has of the course.

    What the state has forgotten stays: old visits, receipts of outdated versions, notices, the citizen's text.
    Raises ForkError when the store already has this revision in this epoch.
    """
    stored_revision: int | None = await connection.scalar(_REVISION, {"course": state.course})
    await erase.erase_again(connection, state)
    with conflicts_translated():
        await revisions.replace(connection, state, is_known=stored_revision is not None)
        await revisions.add_revision(connection, state, now)
    await revisions.add_reconciled(connection, state, now, stored_revision or 0)
    await clear_current(connection, state)
    changes = Changes()
    for table, rows in (
        (t.visit, projection.visit_rows((state,))),
        (t.party, projection.party_rows(state)),
        (t.observer, projection.observer_rows(state)),
        (t.receipt, projection.receipt_rows((state,))),
        (t.waiting, projection.waiting_rows(state)),
        (t.workplace, projection.workplace_rows(state, by_rules.workplaces)),
        (t.measure, projection.measure_rows(state, by_rules.measures)),
    ):
        changes.write(table, rows)
    await changes.apply(connection)
    await notices.settle(connection, state, now)
