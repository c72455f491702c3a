"""A timer that comes due while the store is away waits, and takes effect once when it is back (P6, P7)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from temporalio.client import Client

from domain import commands as cmd
from domain.errors import Code
from domain.events import NoticeRaised
from infra.store.queries import journal
from infra.temporal.converter import data_converter
from standalone.postgres import PostgresServer
from standalone.temporal import TemporalServer
from tests.domain.vocabulary import ANNA
from tests.stores import Stores
from tests.workflows.vocabulary import Stack, keyring_of
from tools.town.ports import free_port

A_WHILE = timedelta(minutes=30)


@pytest.fixture
async def fragile(temporal_server: TemporalServer, tmp_path: Path) -> AsyncIterator[tuple[Stack, PostgresServer]]:
    """A stack whose store may be killed."""
    with TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder) / "postgres", free_port(), {"fsync": "off"})
        server.start()
        server.migrate()
        stores = Stores.of(server)
        client = await Client.connect(temporal_server.address, data_converter=data_converter(keyring_of(stores.worker)))
        yield Stack(stores, client, tmp_path), server
        await stores.close()
        server.stop()


async def test_a_timer_due_while_the_store_is_away_fires_once_afterwards(
    fragile: tuple[Stack, PostgresServer],
) -> None:
    stack, server = fragile
    async with stack.working():
        course = await stack.started()
        wakeup = (await course.state()).wakeup
        assert wakeup is not None
        server.kill()

        goal = course.command(cmd.ReportFacts, ANNA, facts={"search_together": True})
        away = await course.send(goal)
        await course.time_passes(wakeup - datetime.now(UTC) + timedelta(seconds=10))
        assert [problem.code for problem in away.refused] == [Code.STORE_AWAY]
        assert (await course.state()).wakeup == wakeup, "nothing has happened yet"

        server.start()
        await course.time_passes(A_WHILE)
        assert not (await course.send(goal)).refused, "the same command is done when the store is back"
        state = await course.state()

        assert state.wakeup is not None
        assert state.wakeup > wakeup
        assert state == await course.stored()
        async with stack.store.municipality(stack.municipality) as connection:
            entries = await journal.journal(connection, course.id, 1000)
    escalations = [
        (event.waiting, event.level, event.recipient)
        for entry in entries
        if isinstance(event := entry.event, NoticeRaised) and event.about == "escalation"
    ]
    assert escalations
    assert len(escalations) == len(set(escalations)), "told once"
