from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from infra.store import tables as t
from infra.store.courses import record
from infra.store.engine import Connection, Store, database_url
from infra.store.queries.feed import FeedDisorderedError, FeedEntry, FeedFilter, Place, PlaceLostError, feed
from standalone.postgres import PostgresServer
from tests.municipalities import fresh_municipality
from tests.store.vocabulary import EVERYTHING, WHOLE_MUNICIPALITY, Follower, RecordedCourse
from tests.stores import Stores


@pytest.fixture
async def other(stored: RecordedCourse) -> RecordedCourse:
    """A second course of the municipality, in another unit."""
    return await RecordedCourse(stored.stores, stored.municipality, reference="sag-2", unit="youth").starts()


async def rows(stored: RecordedCourse) -> list[tuple[UUID, int, int]]:
    """Return what the journal of the municipality holds, in no order that matters."""
    j = t.journal.c
    async with stored.store.municipality(stored.municipality) as connection:
        result = await connection.execute(select(j.course_id, j.revision, j.seq))
        return sorted((row.course_id, row.revision, row.seq) for row in result)


def statements(entries: list[FeedEntry]) -> list[tuple[UUID, int, int]]:
    return [(entry.course_id, entry.revision, entry.seq) for entry in entries]


async def test_the_feed_tells_every_course_s_events_in_order_once(
    stored: RecordedCourse, other: RecordedCourse
) -> None:
    await stored.starts(stored.issued(1, 1))
    follower = Follower(stored, limit=2)

    before = await follower.looks()
    await other.does(other.issued(1, 1))
    after = await follower.looks()

    assert [entry.reference for entry in before] == ["sag-2"] * 4 + ["sag-1"] * 5
    assert [entry.event for entry in after] == [other.issued(1, 1)]
    assert sorted(statements(follower.seen)) == await rows(stored)
    assert await follower.looks() == []


async def test_a_commit_that_comes_late_is_never_skipped(stored: RecordedCourse, other: RecordedCourse) -> None:
    """An earlier position that is committed later; the follower looks at every moment."""
    await stored.starts()
    follower = Follower(stored)
    await follower.looks()

    async with stored.stores.worker.municipality(stored.municipality) as slow:
        await record.record(slow, stored.entry(stored.issued(1, 1)))
        await other.does(other.issued(1, 1))
        assert await follower.looks() == [], "the later one waits for the earlier one"
    late = await follower.looks()

    assert [entry.reference for entry in late] == ["sag-1", "sag-2"]


async def test_a_transaction_that_began_earlier_and_wrote_later_is_never_skipped(
    stored: RecordedCourse, other: RecordedCourse
) -> None:
    """A lower transaction with the higher position, and the other way about."""
    await stored.starts()
    follower = Follower(stored)
    await follower.looks()

    async with stored.stores.worker.municipality(stored.municipality) as early:
        await early.execute(text("SELECT pg_current_xact_id()"))
        async with stored.stores.worker.municipality(stored.municipality) as late:
            await record.record(late, other.entry(other.issued(1, 1)))
            await record.record(early, stored.entry(stored.issued(1, 1)))
        assert await follower.looks() == []
    await follower.looks()

    assert sorted(statements(follower.seen)) == await rows(stored)
    assert [entry.position for entry in follower.seen[-2:]] != sorted(e.position for e in follower.seen[-2:])


async def test_what_is_rolled_back_is_never_told(stored: RecordedCourse, other: RecordedCourse) -> None:
    await stored.starts()
    follower = Follower(stored)

    async def fail() -> None:
        async with stored.stores.worker.municipality(stored.municipality) as connection:
            await record.record(connection, stored.entry(stored.issued(1, 1)))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    await other.does(other.issued(1, 1))
    await follower.looks()

    assert sorted(statements(follower.seen)) == await rows(stored)


ACTS = st.sampled_from(["begins", "writes", "ends", "looks"])


class Writer:
    """Somebody who may take his time between beginning, writing and committing."""

    def __init__(self, stored: RecordedCourse) -> None:
        self.stored = stored
        self.stack = AsyncExitStack()
        self.connection: Connection | None = None

    async def begins(self) -> None:
        if self.connection is None:
            self.connection = await self.stack.enter_async_context(
                self.stored.stores.worker.municipality(self.stored.municipality)
            )
            await self.connection.execute(text("SELECT pg_current_xact_id()"))

    async def writes(self) -> None:
        await self.begins()
        assert self.connection is not None
        entry = self.stored.entry(self.stored.issued(1, self.stored.state.revision))
        await record.record(self.connection, entry)
        self.stored.state = entry.after

    async def ends(self) -> None:
        self.connection = None
        await self.stack.aclose()


@given(steps=st.lists(st.tuples(st.integers(0, 1), ACTS), min_size=24, max_size=32))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_however_writers_interleave_a_follower_misses_and_repeats_nothing(
    stores: Stores, steps: list[tuple[int, str]]
) -> None:
    town = fresh_municipality()
    writers = [Writer(await RecordedCourse(stores, town, reference=f"sag-{number}").starts()) for number in range(2)]
    follower = Follower(writers[0].stored, limit=3)

    for number, act in steps:
        await (follower.looks() if act == "looks" else getattr(writers[number], act)())
    for writer in writers:
        await writer.ends()
    await follower.looks()

    assert len(statements(follower.seen)) == len(set(statements(follower.seen)))
    assert sorted(statements(follower.seen)) == await rows(follower.stored)


async def test_only_what_is_asked_for_is_told(stored: RecordedCourse, other: RecordedCourse) -> None:
    await stored.starts(stored.issued(1, 1))

    async def references(units: frozenset[str] | None = None, **wanted: Any) -> set[tuple[str, str]]:
        entries = await Follower(stored, wanted=FeedFilter(**wanted), units=units).looks()
        return {(entry.reference, entry.kind) for entry in entries}

    assert await references(kinds=frozenset({"briefing_issued"})) == {("sag-1", "briefing_issued")}
    assert {reference for reference, _ in await references(course=other.course)} == {"sag-2"}
    assert {reference for reference, _ in await references(units=frozenset({"job"}))} == {"sag-1"}
    assert await references(units=frozenset({"youth"}), course=stored.course) == set()


async def test_the_feed_ends_at_the_wall_between_municipalities(stored: RecordedCourse, other: RecordedCourse) -> None:
    elsewhere = RecordedCourse(stored.stores, fresh_municipality())
    follower = Follower(stored)
    await follower.looks()

    assert await Follower(elsewhere).looks() == []
    with pytest.raises(PlaceLostError):
        async with elsewhere.store.municipality(elsewhere.municipality) as connection:
            await feed(connection, WHOLE_MUNICIPALITY, EVERYTHING, 10, follower.place)
    assert {entry.reference for entry in follower.seen} == {other.reference}


async def test_an_erased_event_is_told_without_its_detail(stored: RecordedCourse) -> None:
    await stored.starts()
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        await connection.execute(update(t.journal).values(detail=None))
    follower = Follower(stored)
    await follower.looks()

    assert sorted(statements(follower.seen)) == await rows(stored)
    assert {(entry.detail, entry.event) for entry in follower.seen} == {(None, None)}


async def test_a_place_that_a_restored_store_does_not_know_is_refused(stored: RecordedCourse) -> None:
    await stored.starts()
    follower = Follower(stored)
    await follower.looks()
    assert follower.place is not None
    tx, position, _ = follower.place

    for unknown in (Place(tx + 1_000_000, position), Place(tx, position + 1), Place(tx - 1, position)):
        with pytest.raises(PlaceLostError):
            async with stored.store.municipality(stored.municipality) as connection:
                await feed(connection, WHOLE_MUNICIPALITY, EVERYTHING, 10, unknown)


async def test_rows_copied_from_another_server_are_not_told_in_a_wrong_order(
    stored: RecordedCourse, owner: Store
) -> None:
    await stored.starts()
    async with owner.municipality(stored.municipality) as connection:
        row = dict((await connection.execute(select(t.journal).limit(1))).mappings().one())
        del row["position"]
        await connection.execute(insert(t.journal), {**row, "revision": 99, "tx": 2**60})

    with pytest.raises(FeedDisorderedError):
        await Follower(stored).looks()


async def test_rows_copied_from_another_server_are_told_again_once_they_are_renumbered(
    own_postgres: PostgresServer,
) -> None:
    own_postgres.migrate()
    stores = Stores.of(own_postgres)
    stored = await RecordedCourse(stores, fresh_municipality()).starts()
    owner = create_async_engine(database_url(own_postgres.owner_url), isolation_level="AUTOCOMMIT")
    async with owner.connect() as connection:
        await connection.execute(text("ALTER TABLE journal ALTER tx TYPE bigint USING tx + 1000000000"))
        with pytest.raises(FeedDisorderedError):
            await Follower(stored).looks()
        await connection.execute(text("ALTER TABLE journal ALTER tx TYPE bigint USING 0"))
    follower = Follower(stored, limit=2)
    await follower.looks()
    await stored.does(stored.issued(1, 1))
    await follower.looks()

    assert statements(follower.seen) == await rows(stored)
    await owner.dispose()
    await stores.close()


async def test_a_page_of_the_feed_is_found_by_the_index(stored: RecordedCourse) -> None:
    await stored.starts()
    statement = text(
        "EXPLAIN SELECT * FROM journal WHERE (tx, position) > (5, 5)"
        " AND tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ORDER BY tx, position LIMIT 10"
    )
    async with stored.store.municipality(stored.municipality) as connection:
        for other_way in ("seqscan", "bitmapscan", "sort"):  # They are cheaper for the few rows of a test.
            await connection.execute(text(f"SET LOCAL enable_{other_way} = off"))
        plan = "\n".join(await connection.scalars(statement))

    assert "journal_as_feed" in plan
    assert "Sort" not in plan
