"""What the audit looks for in Temporal: workflows that are missing, left over or failing (P5, P7)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from domain.identity import course_workflow_id
from infra.store.engine import SHARED_OWNER, Store
from infra.store.finding_rows import FindingKind, Found
from infra.store.queries import audit
from workflows.courier import COURIER

OFTEN: Final = 3
"""How many attempts at one task of the courier are too many."""

_NO_COURSE: Final = UUID(int=0)
"""The subject of what is found of a workflow that is of no course."""
_COURSE: Final = course_workflow_id(_NO_COURSE).removesuffix(str(_NO_COURSE))
_RUNNING: Final = "WorkflowType = 'Course' AND ExecutionStatus = 'Running' AND FodslagMunicipality = '{}'"
_FAILING: Final = "ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL AND FodslagMunicipality {}"


class WorkflowAudit:
    """Compares the workflows that Temporal has with the courses that the store has; raises RPCError, StoreAwayError."""

    def __init__(self, store: Store, client: Client) -> None:
        self._store = store
        self._client = client

    async def missing_or_left(self, municipality: str, now: datetime) -> list[Found]:
        """Return the open courses that no workflow runs, and the workflows that run although their course does not.

        Temporal's lists lag behind, and courses go on meanwhile, so each difference is asked for by itself.
        """
        before = await self._open_courses(municipality)
        running = {
            _course_of(one): one.start_time async for one in self._client.list_workflows(_RUNNING.format(municipality))
        }
        after = await self._open_courses(municipality)
        async with self._store.municipality(municipality) as connection:
            over = running.keys() - before - after
            since = {course: running[course] for course in over} | await audit.completed_at(connection, over)
        missing = [course for course in (before & after) - running.keys() if not await self._runs(course)]
        left = [course for course, at in since.items() if at < now - audit.LATE and await self._runs(course)]
        return [
            *(Found(FindingKind.WORKFLOW_MISSING, course, course) for course in missing),
            *(Found(FindingKind.WORKFLOW_LEFT, course, course) for course in left),
        ]

    async def failing(self, municipality: str, _now: datetime) -> list[Found]:
        """Return the workflows whose tasks fail; the shared owner's are those that tell no municipality."""
        is_of = "IS NULL" if municipality == SHARED_OWNER else f"= '{municipality}'"
        found = [_failing(one) async for one in self._client.list_workflows(_FAILING.format(is_of))]
        return found + (await self._courier() if municipality == SHARED_OWNER else [])

    async def _courier(self) -> list[Found]:
        """Return whether there is no courier, or whether its task was attempted often and did not succeed."""
        courier = await self._described(COURIER)
        if courier is None:
            return [Found(FindingKind.WORKFLOW_MISSING, _NO_COURSE, what=COURIER)]
        attempts = max((task.attempt for task in courier.raw_description.pending_activities), default=0)
        return [Found(FindingKind.TASK_FAILS, _NO_COURSE, what=COURIER)] if attempts >= OFTEN else []

    async def _open_courses(self, municipality: str) -> set[UUID]:
        async with self._store.municipality(municipality) as connection:
            return await audit.open_courses(connection)

    async def _runs(self, course: UUID) -> bool:
        return await self._described(course_workflow_id(course)) is not None

    async def _described(self, workflow: str) -> WorkflowExecutionDescription | None:
        """Return what Temporal knows of a workflow that runs, None where none does."""
        try:
            description = await self._client.get_workflow_handle(workflow).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        return description if description.status is WorkflowExecutionStatus.RUNNING else None


def _course_of(workflow: WorkflowExecution) -> UUID:
    return UUID(workflow.id.removeprefix(_COURSE))


def _failing(workflow: WorkflowExecution) -> Found:
    if not workflow.id.startswith(_COURSE):
        return Found(FindingKind.TASK_FAILS, _NO_COURSE, what=workflow.id)
    return Found(FindingKind.TASK_FAILS, _course_of(workflow), _course_of(workflow))
