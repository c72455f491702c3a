from datetime import timedelta

from sqlalchemy import text

from domain.identity import Role
from infra.store.queries.journal import journal, manifests
from tests.store.vocabulary import MONDAY, RecordedCourse


async def test_every_event_is_read_as_it_happened(stored: RecordedCourse) -> None:
    first = await stored.does(*stored.start(citizen_key="hash"), stored.waits(stored.waiting("a")))
    stored.now = MONDAY + timedelta(hours=1, microseconds=7)
    second = await stored.does(stored.issued(1, 1), stored.acknowledged(1, 1, Role.CASEWORKER, "anna"))

    async with stored.store.municipality(stored.municipality) as connection:
        entries = await journal(connection, stored.course, 100)

    assert tuple(entry.event for entry in entries) == first.events + second.events
    assert [(entry.revision, entry.seq) for entry in entries] == [(1, n) for n in range(1, 6)] + [(2, 1), (2, 2)]


async def test_the_journal_is_read_on_from_where_one_was(stored: RecordedCourse) -> None:
    await stored.starts(stored.issued(1, 1))
    async with stored.store.municipality(stored.municipality) as connection:
        everything = await journal(connection, stored.course, 100)
        first = await journal(connection, stored.course, 2)
        rest = await journal(connection, stored.course, 100, after=first[-1].position)

    assert first + rest == everything
    assert len(first) == 2


async def test_an_erased_event_leaves_its_envelope(stored: RecordedCourse) -> None:
    await stored.starts(stored.issued(1, 1))
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        await connection.execute(text("UPDATE journal SET detail = NULL"))
        entries = await journal(connection, stored.course, 100)
        versions = await manifests(connection, stored.course, 1)

    last = entries[-1]
    assert (last.event, last.kind, last.actor, last.visit, last.at) == (None, "briefing_issued", "@fodslag", 1, MONDAY)
    assert versions == []


async def test_the_versions_of_one_visits_briefing_are_read_in_order(stored: RecordedCourse) -> None:
    issued = [stored.issued(1, 1), stored.issued(1, 2)]
    await stored.starts(issued[0], stored.entered(2, "trial"), stored.issued(2, 1))
    await stored.does(issued[1])

    async with stored.store.municipality(stored.municipality) as connection:
        assert await manifests(connection, stored.course, 1) == issued
        assert await manifests(connection, stored.course, 3) == []
