import asyncio
from uuid import uuid4

import pytest

from domain import commands as cmd
from domain.identity import Role
from infra.store import tables as t
from infra.store.courses import record
from infra.store.courses.record import Entered, Entry, Head
from infra.store.engine import Connection
from infra.store.errors import CommandRecordedError, ForkError
from tests.store.vocabulary import ANNA, RecordedCourse


async def test_who_waited_for_a_course_sees_the_command_that_held_it(telling: RecordedCourse) -> None:
    await telling.starts()
    entry = telling.entry(telling.issued(1, 1))

    async def enter(connection: Connection) -> Entered:
        return await record.enter(connection, telling.municipality, telling.course, entry.command.id)

    async def repeat() -> Entered:
        async with telling.store.anywhere() as connection:
            waiting.set()
            return await enter(connection)

    waiting = asyncio.Event()
    async with telling.store.anywhere() as connection:
        await enter(connection)
        repeated = asyncio.create_task(repeat())
        await waiting.wait()
        await record.record(connection, entry)

    entered = await repeated
    assert entered.head == Head(1, 2, "digest 2")
    assert entered.recorded is not None
    assert entered.recorded.answer == entry.answer


async def _begin(telling: RecordedCourse, entry: Entry) -> None:
    async with telling.store.municipality(telling.municipality) as connection:
        await record.record(connection, entry)


async def test_a_course_started_twice_at_once_by_one_command_is_started_once(telling: RecordedCourse) -> None:
    entry = telling.entry(*telling.start())

    results = await asyncio.gather(*(_begin(telling, entry) for _ in range(4)), return_exceptions=True)

    assert [type(result) for result in results if result] == [CommandRecordedError] * 3
    assert len((await telling.rows(t.journal))["journal"]) == len(entry.events)


async def test_a_course_started_twice_at_once_by_two_commands_is_started_once(telling: RecordedCourse) -> None:
    entries = [
        telling.entry(*telling.start(), command=cmd.BriefNow(id=uuid4(), actor=ANNA, digest="body")) for _ in range(2)
    ]

    results = await asyncio.gather(*(_begin(telling, entry) for entry in entries), return_exceptions=True)

    assert [type(result) for result in results if result] == [ForkError]
    assert len((await telling.rows(t.command))["command"]) == 1


async def test_what_fails_halfway_leaves_nothing(telling: RecordedCourse) -> None:
    await telling.starts()
    before = await telling.rows(t.course, t.party, t.journal, t.revision)

    async def fail_halfway() -> None:
        async with telling.store.municipality(telling.municipality) as connection:
            await record.record(connection, telling.entry(telling.assigned(Role.CASEWORKER, person="carl")))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_halfway()

    assert await telling.rows(t.course, t.party, t.journal, t.revision) == before
