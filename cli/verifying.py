"""Whether workflows and store agree, course by course, as after a backup was restored; what is safe is mended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final
from uuid import UUID, uuid4

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from domain.commands import TimePassed
from domain.errors import Code
from domain.identity import ENGINE_ACTOR, course_workflow_id
from domain.state.course import CourseState
from infra.settings import Settings
from infra.store.engine import Store, create_engine
from infra.store.queries import courses
from infra.store.registers import data_keys
from infra.store.rows import CourseRow
from infra.temporal.client import connect
from infra.temporal.keyring import StoreKeyring
from workflows.mailbox import CourseAwayError, send
from workflows.messages import COURSE_QUERY, CourseInput

_AT_ONCE: Final = 8
_ID: Final = "course/"
_RUNNING: Final = "WorkflowType = 'Course' AND ExecutionStatus = 'Running' AND FodslagMunicipality = '{}'"

Place = tuple[int, int, str]
"""The epoch, revision and digest at which something knows a course."""


class Standing(StrEnum):
    """How a workflow and the store stand to each other."""

    SAME = "same"
    STORE_BEHIND = "store-behind"
    STORE_MISSING = "store-missing"
    WORKFLOW_BEHIND = "workflow-behind"
    WORKFLOW_MISSING = "workflow-missing"
    FORKED = "forked"
    AWAY = "away"


@dataclass(frozen=True)
class Compared:
    """One course that is not over: how it stood, and how it stands after it was mended, if it was."""

    course: UUID
    reference: str
    standing: Standing
    mended: Standing | None = None

    @property
    def is_well(self) -> bool:
        """Say whether workflow and store agree now."""
        return Standing.SAME in (self.standing, self.mended)


def standing(stored: Place | None, known: Place | None) -> Standing:
    """Return how what is stored stands to what the workflow knows."""
    if known is None:
        return Standing.WORKFLOW_MISSING
    if stored is None:
        return Standing.STORE_MISSING
    if stored[:2] == known[:2]:
        return Standing.SAME if stored[2] == known[2] else Standing.FORKED
    return Standing.WORKFLOW_BEHIND if stored[:2] > known[:2] else Standing.STORE_BEHIND


@dataclass
class Verifying:
    """The two that are compared, for one municipality."""

    client: Client
    store: Store
    municipality: str

    async def compared(self, *, mend: bool) -> AsyncIterator[Compared]:
        """Yield each course that is not over, by its reference; those that only Temporal knows come last."""
        async with self.store.municipality(self.municipality) as connection:
            rows = await courses.not_over(connection)
        references = {row.course_id: row.reference for row in rows}
        unknown = {course: "–" async for course in self._running() if course not in references}
        turn = asyncio.Semaphore(_AT_ONCE)
        tasks = [
            asyncio.ensure_future(self._one(course, reference, turn, mend=mend))
            for course, reference in {**references, **unknown}.items()
        ]
        for task in tasks:
            found = await task
            if found is not None:
                yield found

    async def _one(self, course: UUID, reference: str, turn: asyncio.Semaphore, *, mend: bool) -> Compared | None:
        async with turn:
            found = await self._standing(course)
            if found is None:
                return None
            if not mend or found in (Standing.SAME, Standing.FORKED, Standing.AWAY):
                return Compared(course, reference, found)
            return Compared(course, reference, found, await self._mended(course))

    async def _mended(self, course: UUID) -> Standing | None:
        """Let the course look at itself, by which the one that is behind takes over what the other has (P7)."""
        look = TimePassed(id=uuid4(), actor=ENGINE_ACTOR)
        try:
            answer = await send(self.client, CourseInput(course=course, municipality=self.municipality), look)
        except CourseAwayError:
            return Standing.AWAY
        if any(problem.code is Code.COURSE_FORKED for problem in answer.refused):
            return Standing.FORKED
        return await self._standing(course) or Standing.SAME

    async def _standing(self, course: UUID) -> Standing | None:
        """Return how a course stands; None when it is over by now."""
        try:
            known = await self._known(course)
        except (RPCError, WorkflowQueryFailedError):
            return Standing.AWAY
        async with self.store.municipality(self.municipality) as connection:
            found = await courses.course(connection, course)
        if found is not None and found.state is not None and found.state.is_over:
            return None
        return standing(_place(found.row) if found else None, _place(known) if known else None)

    async def _known(self, course: UUID) -> CourseState | None:
        """Return the course as its workflow knows it, None where none runs; raises RPCError."""
        handle = self.client.get_workflow_handle(course_workflow_id(course))
        try:
            if (await handle.describe()).status is not WorkflowExecutionStatus.RUNNING:
                return None  # A workflow that has ended would answer as well.
            known: CourseState = await handle.query(COURSE_QUERY, result_type=CourseState)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        return known if known.revision else None

    async def _running(self) -> AsyncIterator[UUID]:
        async for found in self.client.list_workflows(_RUNNING.format(self.municipality)):
            yield UUID(found.id.removeprefix(_ID))


def _place(known: CourseRow | CourseState) -> Place:
    return known.epoch, known.revision, known.digest


@asynccontextmanager
async def verifying(settings: Settings, municipality: str) -> AsyncIterator[Verifying]:
    """Connect to both; raises RuntimeError when Temporal is away, StoreAwayError when the store is."""
    store = Store(create_engine(settings.database_url))
    keyring = StoreKeyring(partial(data_keys.fetch, store), settings.master_key_bytes, settings.master_key_id)
    try:
        yield Verifying(await connect(keyring), store, municipality)
    finally:
        await store.close()
