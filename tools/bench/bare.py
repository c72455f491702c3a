"""What Temporal alone costs: a workflow that takes as many updates, each with one local activity that writes one row.

`python -m tools.bench.bare` is its worker, in a process of its own as the product's is.
"""

import asyncio
import os
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from temporalio import activity, workflow
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.envconfig import ClientConfig
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

with workflow.unsafe.imports_passed_through():
    from infra.store.engine import Store, create_engine
    from infra.store.logins import Login
    from tools.bench.life import COMMANDS, Lived

QUEUE: Final = "bench-bare"
TABLE: Final = """
    CREATE TABLE IF NOT EXISTS bench_row (
        course uuid NOT NULL, number integer NOT NULL, body text NOT NULL, PRIMARY KEY (course, number)
    );
    GRANT SELECT, INSERT ON bench_row TO fodslag_app
"""
_INSERT: Final = "INSERT INTO bench_row VALUES (%(course)s, %(number)s, %(body)s)"
_WITHIN: Final = timedelta(seconds=5)
_READY: Final = "bare worker ready"


@workflow.defn(name="Bare")
class BareWorkflow:
    """Takes so many updates and ends."""

    def __init__(self) -> None:
        self._done = 0

    @workflow.run
    async def run(self, updates: int) -> None:
        """Wait for the last update."""
        await workflow.wait_condition(lambda: self._done >= updates and workflow.all_handlers_finished())

    @workflow.update
    async def command(self, row: dict[str, Any]) -> int:
        """Write one row and answer."""
        written: int = await workflow.execute_local_activity("write", row, start_to_close_timeout=_WITHIN)
        self._done += 1
        return written


class Writing:
    """The activity."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @activity.defn
    async def write(self, row: dict[str, Any]) -> int:
        """Write one row in a transaction of its own."""
        async with self._store.anywhere() as connection:
            await connection.exec_driver_sql(_INSERT, {**row, "course": UUID(row["course"])})
        return int(row["number"])


class Bare:
    """The way of the bare workflow."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def live(self, reference: str, lived: Lived, *, only_start: bool = False) -> None:
        """Send as many updates as a course has commands."""
        course = str(uuid4())
        for number in range(1 if only_start else COMMANDS):
            row = {"course": course, "number": number, "body": f"{reference} says something"}
            begun = time.perf_counter()
            await self._send(course, row)
            lived.note("", time.perf_counter() - begun)

    async def _send(self, course: str, row: Mapping[str, Any]) -> None:
        if row["number"]:
            await self._client.get_workflow_handle(f"bare/{course}").execute_update("command", row)
            return
        start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            "Bare",
            COMMANDS,
            id=f"bare/{course}",
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        await self._client.execute_update_with_start_workflow("command", row, start_workflow_operation=start)


async def connect() -> Client:
    """Return a client that encrypts nothing."""
    return await Client.connect(**ClientConfig.load_client_connect_config())


async def work() -> None:
    """Work until the process is ended."""
    store = Store(create_engine(os.environ["FODSLAG_DATABASE_URL"], Login.WORKER))
    worker = Worker(
        await connect(),
        task_queue=QUEUE,
        workflows=[BareWorkflow],
        activities=[Writing(store).write],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    print(_READY, flush=True)  # noqa: T201 - Whoever started it waits for this line.
    await worker.run()


if __name__ == "__main__":
    asyncio.run(work())
