"""What a command costs without Temporal around it: `apply` called straight, its statements counted."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event
from temporalio.testing import ActivityEnvironment

from activities.apply import CommandApplier
from activities.decided import asks_beside
from domain.evolve import replay
from domain.state.course import CourseState
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.store.engine import Store, create_engine
from infra.store.logins import Login
from tools.bench.life import Straight, course_of
from tools.town.town import MUNICIPALITY
from workflows.messages import ApplyRequest
from workflows.state_holder import STATES, Key


@dataclass
class Applied:
    """How many commands were applied, in how many statements and in how much of this process's time.

    `round_trips` to the store were made for each plain command.
    """

    commands: int = 0
    statements: list[str] = field(default_factory=list)
    cpu_seconds: float = 0.0
    round_trips: list[int] = field(default_factory=list)


class Wire:
    """What is sent to PostgreSQL, as its client library traces it."""

    def __init__(self, file: Path) -> None:
        """Trace into a file, which is read again as it grows."""
        self._traced, self._read = file.open("w"), file.open()

    def watch(self, connection: Any, *_of_pool: object) -> None:  # noqa: ANN401 - psycopg's, behind SQLAlchemy's adapter.
        """Trace a connection from now on."""
        connection.driver_connection.pgconn.trace(self._traced.fileno())

    def leave(self, connection: Any, *_of_pool: object) -> None:  # noqa: ANN401 - As above.
        """Trace a connection no more, which writes out what was traced."""
        connection.driver_connection.pgconn.untrace()

    def round_trips(self) -> int:
        """Return how often an answer was waited for since the last time."""
        return sum(line.rstrip().split("\t")[3:4] in (["Sync"], ["Query"]) for line in self._read if "\tF\t" in line)

    def close(self) -> None:
        """End it, after the last connection is closed."""
        self._traced.close()
        self._read.close()


@asynccontextmanager
async def _applying(url: str, folder: Path, applied: Applied, wire: Wire) -> AsyncIterator[CommandApplier]:
    engine = create_engine(url, Login.WORKER)
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *call: applied.statements.append(call[2]))
    event.listen(engine.sync_engine, "checkout", wire.watch)
    event.listen(engine.sync_engine, "checkin", wire.leave)
    store = Store(engine)
    yield CommandApplier(store, Rulebooks(store, folder / "r"), Calendars(store, folder / "c"))
    await store.close()


async def measured(straight: Straight, url: str, folder: Path, references: list[str]) -> Applied:
    """Live courses by `apply` alone, one after the other; the first is not counted, for it reads what others keep."""
    applied, wire = Applied(), Wire(folder / "wire")
    async with _applying(url, folder, applied, wire) as applying:
        for number, reference in enumerate(references):
            if number == 1:
                applied.commands, applied.cpu_seconds = 0, 0.0
                applied.statements.clear()
                applied.round_trips.clear()
            await _live(straight, applying, reference, applied, wire)
    wire.close()
    return applied


async def _live(straight: Straight, applying: CommandApplier, reference: str, applied: Applied, wire: Wire) -> None:
    state = CourseState(course=course_of(reference), municipality=MUNICIPALITY)
    environment = ActivityEnvironment()
    async for command in straight.commands(reference):
        wire.round_trips()
        request = ApplyRequest(revision=state.revision, command=command, now=datetime.now(UTC))
        begun = time.process_time()
        with STATES.holding(Key(environment.info.workflow_run_id or "", state.revision, command.id), state):
            done = await environment.run(applying.apply, request)
        applied.cpu_seconds += time.process_time() - begun
        if not asks_beside(command):
            applied.round_trips.append(wire.round_trips())
        if done.answer.refused:
            raise RuntimeError(f"{command.kind} was refused: {done.answer.refused}")
        place = {"revision": done.revision, "epoch": done.epoch, "digest": done.digest}
        state = replay(state, done.events).model_copy(update=place)
        applied.commands += 1
