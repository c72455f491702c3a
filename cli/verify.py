"""Compares workflows and store course by course, after a backup was restored for instance, and mends the safe cases."""

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
from infra.store.logins import Login
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
"""The epoch, revision and digest of a course in the store or in its workflow."""


class Agreement(StrEnum):
    """How a workflow and the store agree about a course."""

    SAME = "same"
    STORE_BEHIND = "store-behind"
    STORE_MISSING = "store-missing"
    WORKFLOW_BEHIND = "workflow-behind"
    WORKFLOW_MISSING = "workflow-missing"
    FORKED = "forked"
    AWAY = "away"


@dataclass(frozen=True)
class Compared:
    """One course that is not over: the agreement before and, if it was mended, after."""

    course: UUID
    reference: str
    agreement: Agreement
    mended: Agreement | None = None

    @property
    def is_well(self) -> bool:
        """Return whether workflow and store agree now."""
        return Agreement.SAME in (self.agreement, self.mended)


def compare(stored: Place | None, running: Place | None) -> Agreement:
    """Compare the place of a course in the store with that in its workflow."""
    if running is None:
        return Agreement.WORKFLOW_MISSING
    if stored is None:
        return Agreement.STORE_MISSING
    if stored[:2] == running[:2]:
        return Agreement.SAME if stored[2] == running[2] else Agreement.FORKED
    return Agreement.WORKFLOW_BEHIND if stored[:2] > running[:2] else Agreement.STORE_BEHIND


@dataclass
class Verification:
    """Compares Temporal with the store of one municipality."""

    client: Client
    store: Store
    municipality: str

    async def compared(self, *, mend: bool) -> AsyncIterator[Compared]:
        """Yield each course that is not over, by its reference; courses that only Temporal has come last."""
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
            compared = await task
            if compared is not None:
                yield compared

    async def _one(self, course: UUID, reference: str, turn: asyncio.Semaphore, *, mend: bool) -> Compared | None:
        async with turn:
            agreement = await self._compare(course)
            if agreement is None:
                return None
            if not mend or agreement in (Agreement.SAME, Agreement.FORKED, Agreement.AWAY):
                return Compared(course, reference, agreement)
            return Compared(course, reference, agreement, await self._mended(course))

    async def _mended(self, course: UUID) -> Agreement | None:
        """Send the course a command without effect, by which the one that is behind adopts the other (P7)."""
        look = TimePassed(id=uuid4(), actor=ENGINE_ACTOR)
        try:
            answer = await send(self.client, CourseInput(course=course, municipality=self.municipality), look)
        except CourseAwayError:
            return Agreement.AWAY
        if any(problem.code is Code.COURSE_FORKED for problem in answer.refused):
            return Agreement.FORKED
        return await self._compare(course) or Agreement.SAME

    async def _compare(self, course: UUID) -> Agreement | None:
        """Compare one course; None when it is over by now."""
        try:
            running = await self._running_state(course)
        except (RPCError, WorkflowQueryFailedError):
            return Agreement.AWAY
        async with self.store.municipality(self.municipality) as connection:
            stored = await courses.course(connection, course)
        if stored is not None and stored.state is not None and stored.state.is_over:
            return None
        return compare(_place(stored.row) if stored else None, _place(running) if running else None)

    async def _running_state(self, course: UUID) -> CourseState | None:
        """Return the state of a running workflow, None where none runs; raises RPCError."""
        handle = self.client.get_workflow_handle(course_workflow_id(course))
        try:
            if (await handle.describe()).status is not WorkflowExecutionStatus.RUNNING:
                return None  # A workflow that has ended would answer as well.
            state: CourseState = await handle.query(COURSE_QUERY, result_type=CourseState)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        return state if state.revision else None

    async def _running(self) -> AsyncIterator[UUID]:
        async for workflow in self.client.list_workflows(_RUNNING.format(self.municipality)):
            yield UUID(workflow.id.removeprefix(_ID))


def _place(course: CourseRow | CourseState) -> Place:
    return course.epoch, course.revision, course.digest


@asynccontextmanager
async def verification(settings: Settings, municipality: str) -> AsyncIterator[Verification]:
    """Connect to both; raises RuntimeError when Temporal is away, StoreAwayError when the store is."""
    store = Store(create_engine(settings.database_url, Login.WORKER))
    keyring = StoreKeyring(partial(data_keys.fetch, store), settings.master_key_bytes, settings.master_key_id)
    try:
        yield Verification(await connect(keyring), store, municipality)
    finally:
        await store.close()
