"""A command that is decided before the store is asked is recorded in one round trip, or not at all."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from domain import commands as cmd
from domain import events as ev
from domain.identity import Role
from domain.state.facts import Note
from infra.store import tables as t
from infra.store.courses import record
from infra.store.courses.entry import Entry, refusal
from infra.store.courses.record import Entered, Head
from infra.store.courses.revisions import Answered
from infra.store.engine import Store, create_engine
from infra.store.errors import TextMissingError
from infra.store.logins import Login
from infra.store.rows import InForce
from standalone.postgres import PostgresServer
from tests.store.vocabulary import ANNA, MONDAY, PROJECTION_TABLES, RecordedCourse, mend

ALL = (*PROJECTION_TABLES, t.revision, t.journal, t.command)
NOBODY_ELSE = {"anna": None, "bo": None}
"""The directory of these tests knows nobody."""


def expected(stored: RecordedCourse) -> Entered:
    """Return what a command to the course as it stands finds."""
    state = stored.state
    return Entered(Head(state.epoch, state.revision, state.digest), None, InForce(), NOBODY_ELSE)


def acknowledgement(stored: RecordedCourse) -> Entry:
    """Return what Bo's acknowledgement does."""
    return stored.entry(
        stored.acknowledged(1, 1, Role.COMPANY_CONSULTANT, "bo"), stored.waits(ended=["1/acknowledgement"])
    )


async def at_once(stored: RecordedCourse, entry: Entry, expecting: Entered) -> Entered:
    async with stored.stores.worker.at_once() as connection:
        return await record.record_at_once(connection, stored.state, entry.command.id, expecting, entry.document)


async def begun(stored: RecordedCourse) -> RecordedCourse:
    return await stored.starts(stored.issued(1, 1), stored.waits(stored.waiting("1/acknowledgement")))


async def test_what_is_found_as_expected_is_recorded_as_in_a_transaction(stored: RecordedCourse) -> None:
    other = RecordedCourse(stored.stores, stored.municipality, reference="sag-2")
    await begun(stored)
    await begun(other)
    entry, same = acknowledgement(stored), acknowledgement(other)

    assert await at_once(stored, entry, expected(stored)) == expected(stored)
    async with other.stores.worker.municipality(other.municipality) as connection:
        await record.record(connection, same)

    rows, in_transaction = await stored.rows(*PROJECTION_TABLES), await other.rows(*PROJECTION_TABLES)
    assert _but_for_names(rows) == _but_for_names(in_transaction)
    assert [row["acknowledged_at"] for row in rows["receipt"]] == [MONDAY]


def _but_for_names(rows: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """Return the rows without what names their course."""
    return {
        table: [{name: value for name, value in row.items() if name not in {"course_id", "reference"}} for row in each]
        for table, each in rows.items()
    }


@pytest.mark.parametrize(
    "change",
    [
        {"head": Head(1, 1, "of another line")},
        {"head": Head(1, 0, "digest 1")},
        {"head": Head(2, 1, "digest 1")},
        {"head": None},
        {"in_force": InForce(calendar="5" * 64)},
        {"in_force": InForce(own_times=UUID(int=7))},
        {"known": {"anna": ["caseworker"], "bo": None}},
    ],
    ids=str,
)
async def test_whatever_is_found_otherwise_leaves_nothing(stored: RecordedCourse, change: dict[str, object]) -> None:
    await begun(stored)
    before = await stored.rows(*ALL)
    expecting = replace(expected(stored), **change)  # type: ignore[arg-type] # Each names a field with its own type.

    found = await at_once(stored, acknowledgement(stored), expecting)

    assert found != expecting
    assert await stored.rows(*ALL) == before


async def test_a_command_that_was_recorded_is_found_and_not_recorded_again(stored: RecordedCourse) -> None:
    await begun(stored)
    entry, expecting = acknowledgement(stored), expected(stored)
    await at_once(stored, entry, expecting)
    before = await stored.rows(*ALL)

    found = await at_once(stored, entry, expecting)

    assert found.recorded == record.RecordedCommand("brief_now", "body", 2, {"revision": 2})
    assert await stored.rows(*ALL) == before


async def test_a_store_that_was_mended_meanwhile_is_found_so(stored: RecordedCourse) -> None:
    await begun(stored)
    entry, expecting = acknowledgement(stored), expected(stored)
    await mend(stored)

    assert await at_once(stored, entry, expecting) == replace(expecting, head=Head(2, 1, "digest 1"))


async def test_text_that_was_never_staged_leaves_nothing(stored: RecordedCourse) -> None:
    await begun(stored)
    before, staged, missing = await stored.rows(*ALL), await stored.stages(), uuid4()
    note = Note(id=missing, kind="resource", by="anna", by_roles=(Role.CASEWORKER,), at=MONDAY, visit=1)
    entry = stored.entry(
        ev.NoteAdded(at=MONDAY, by="anna", note=note),
        ev.NoteRetracted(at=MONDAY, by="anna", note=missing, reason=staged),
    )

    with pytest.raises(TextMissingError) as caught:
        await at_once(stored, entry, expected(stored))

    assert caught.value.missing == {missing}
    assert await stored.rows(*ALL) == before
    assert await stored.rows(t.personal_text) == {"personal_text": []}


async def test_a_refusal_leaves_its_answer_alone(stored: RecordedCourse) -> None:
    await begun(stored)
    before = await stored.rows(*PROJECTION_TABLES, t.revision, t.journal)
    command = cmd.BriefNow(id=uuid4(), actor=ANNA, digest="body")
    answered = Answered(stored.course, command, {"refused": ["x"]}, 1, MONDAY)

    async with stored.stores.worker.at_once() as connection:
        expecting = expected(stored)
        assert expecting == await record.record_at_once(
            connection, stored.state, command.id, expecting, refusal(answered)
        )

    async with stored.stores.worker.municipality(stored.municipality) as connection:
        assert await record.recorded(connection, stored.course, command.id) == record.RecordedCommand(
            "brief_now", "body", 1, {"refused": ["x"]}
        )
    assert await stored.rows(*PROJECTION_TABLES, t.revision, t.journal) == before


async def test_a_plain_command_takes_one_round_trip(
    stored: RecordedCourse, postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await begun(stored)
    wire = tmp_path_factory.mktemp("wire") / "trace"
    engine = create_engine(postgres.url(Login.WORKER), Login.WORKER)
    async with Store(engine).at_once() as connection:
        await connection.exec_driver_sql("SELECT 1")

    with wire.open("w") as trace:

        @event.listens_for(engine.sync_engine, "checkout")
        def watch(connection: object, *_pool: object) -> None:
            connection.driver_connection.pgconn.trace(trace.fileno())  # type: ignore[attr-defined] # psycopg's own.

        async with Store(engine).at_once() as connection:
            entry = acknowledgement(stored)
            await record.record_at_once(connection, stored.state, entry.command.id, expected(stored), entry.document)
    await engine.dispose()

    sent = [line.split("\t")[3] for line in wire.read_text().splitlines() if line.split("\t")[1] == "F"]
    assert [name for name in sent if name in {"Sync", "Query"}] == ["Sync"]


async def test_a_store_that_was_restarted_meanwhile_is_away_once(own_postgres: PostgresServer) -> None:
    own_postgres.migrate()
    store = Store(create_engine(own_postgres.url(Login.WORKER), Login.WORKER))
    assert await store.is_alive()
    own_postgres.stop()
    own_postgres.start()

    lived = [await store.is_alive(), await store.is_alive()]

    await store.close()
    assert lived[1], "Whatever the first one met, the next has a connection of its own."


async def test_a_connection_that_nobody_used_for_a_while_is_tried_first(
    own_postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_postgres.migrate()
    store = Store(create_engine(own_postgres.url(Login.WORKER), Login.WORKER))
    assert await store.is_alive()
    own_postgres.stop()
    own_postgres.start()
    monkeypatch.setattr("infra.store.engine._TRUSTED_FOR_SECONDS", 0.0)

    async with store.at_once() as connection:
        assert await connection.scalar(t.course.select().with_only_columns(t.course.c.unit)) is None

    await store.close()
