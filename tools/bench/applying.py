"""What a command costs without Temporal around it: `apply` called straight, its statements counted."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event
from temporalio.testing import ActivityEnvironment

from activities.apply import CommandApplier
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
    """How many commands were applied, in how many statements and in how much of this process's time."""

    commands: int = 0
    statements: list[str] = field(default_factory=list)
    cpu_seconds: float = 0.0


@asynccontextmanager
async def _applying(url: str, folder: Path, applied: Applied) -> AsyncIterator[CommandApplier]:
    engine = create_engine(url, Login.WORKER)
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *call: applied.statements.append(call[2]))
    store = Store(engine)
    yield CommandApplier(store, Rulebooks(store, folder / "r"), Calendars(store, folder / "c"))
    await store.close()


async def measured(straight: Straight, url: str, folder: Path, references: list[str]) -> Applied:
    """Live courses by `apply` alone, one after the other; the first is not counted, for it reads what others keep."""
    applied = Applied()
    async with _applying(url, folder, applied) as applying:
        for number, reference in enumerate(references):
            if number == 1:
                applied.commands, applied.cpu_seconds = 0, 0.0
                applied.statements.clear()
            await _live(straight, applying, reference, applied)
    return applied


async def _live(straight: Straight, applying: CommandApplier, reference: str, applied: Applied) -> None:
    state = CourseState(course=course_of(reference), municipality=MUNICIPALITY)
    environment = ActivityEnvironment()
    async for command in straight.commands(reference):
        request = ApplyRequest(revision=state.revision, command=command, now=datetime.now(UTC))
        begun = time.process_time()
        with STATES.holding(Key(environment.info.workflow_run_id or "", state.revision, command.id), state):
            done = await environment.run(applying.apply, request)
        applied.cpu_seconds += time.process_time() - begun
        if done.answer.refused:
            raise RuntimeError(f"{command.kind} was refused: {done.answer.refused}")
        place = {"revision": done.revision, "epoch": done.epoch, "digest": done.digest}
        state = replay(state, done.events).model_copy(update=place)
        applied.commands += 1
