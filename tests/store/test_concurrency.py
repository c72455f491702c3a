import asyncio
from uuid import uuid4

import pytest

from domain import commands as cmd
from domain.identity import Role
from infra.store import tables as t
from infra.store.courses import record
from infra.store.courses.entry import Entry
from infra.store.courses.record import Entered, Head
from infra.store.engine import Connection
from infra.store.errors import CommandRecordedError, ForkError
from tests.store.vocabulary import ANNA, RecordedCourse


async def test_who_waited_for_a_course_sees_the_command_that_held_it(stored: RecordedCourse) -> None:
    await stored.starts()
    entry = stored.entry(stored.issued(1, 1))

    async def enter(connection: Connection) -> Entered:
        return await record.enter(connection, stored.municipality, stored.course, entry.command.id)

    async def repeat() -> Entered:
        async with stored.stores.worker.anywhere() as connection:
            waiting.set()
            return await enter(connection)

    waiting = asyncio.Event()
    async with stored.stores.worker.anywhere() as connection:
        await enter(connection)
        repeated = asyncio.create_task(repeat())
        await waiting.wait()
        await record.record(connection, entry)

    entered = await repeated
    assert entered.head == Head(1, 2, "digest 2")
    assert entered.recorded is not None
    assert entered.recorded.answer == entry.answer


async def _begin(stored: RecordedCourse, entry: Entry) -> None:
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        await record.record(connection, entry)


async def test_a_course_started_twice_at_once_by_one_command_is_started_once(stored: RecordedCourse) -> None:
    entry = stored.entry(*stored.start())

    results = await asyncio.gather(*(_begin(stored, entry) for _ in range(4)), return_exceptions=True)

    assert [type(result) for result in results if result] == [CommandRecordedError] * 3
    assert len((await stored.rows(t.journal))["journal"]) == len(entry.events)


async def test_a_course_started_twice_at_once_by_two_commands_is_started_once(stored: RecordedCourse) -> None:
    entries = [
        stored.entry(*stored.start(), command=cmd.BriefNow(id=uuid4(), actor=ANNA, digest="body")) for _ in range(2)
    ]

    results = await asyncio.gather(*(_begin(stored, entry) for entry in entries), return_exceptions=True)

    assert [type(result) for result in results if result] == [ForkError]
    assert len((await stored.rows(t.command))["command"]) == 1


async def test_what_fails_halfway_leaves_nothing(stored: RecordedCourse) -> None:
    await stored.starts()
    before = await stored.rows(t.course, t.party, t.journal, t.revision)

    async def fail_halfway() -> None:
        async with stored.stores.worker.municipality(stored.municipality) as connection:
            await record.record(connection, stored.entry(stored.assigned(Role.CASEWORKER, person="carl")))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_halfway()

    assert await stored.rows(t.course, t.party, t.journal, t.revision) == before
