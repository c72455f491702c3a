"""The nightly audit sweeps what was staged and never adopted (P10)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from infra.store.registers import texts
from infra.store.registers.texts import TextKind
from tests.domain.vocabulary import ANNA, add_note
from tests.workflows.vocabulary import Stack
from workflows.audit import SCHEDULE, schedule_audit
from workflows.messages import COURIER_QUEUE


async def test_strays_are_swept_and_adopted_texts_kept(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        long_ago = datetime.now(UTC) - timedelta(days=2)
        async with stack.stores.api.municipality(stack.municipality) as connection:
            stray = await texts.stage(connection, TextKind.NOTE, "never adopted", "anna", long_ago)
            adopted = await texts.stage(connection, TextKind.NOTE, "a resource", "anna", long_ago)
        fresh = await stack.stage("just staged")
        await course.does(add_note, ANNA, note=adopted, note_kind="resource")

        swept = await stack.client.execute_workflow("Audit", id=f"audit/{uuid4()}", task_queue=COURIER_QUEUE)

        async with stack.store.municipality(stack.municipality) as connection:
            left = await texts.texts(connection, [stray, adopted, fresh])
    assert swept >= 1
    assert set(left) == {adopted, fresh}


async def test_any_number_of_workers_make_one_schedule(stack: Stack) -> None:
    await schedule_audit(stack.client)
    await schedule_audit(stack.client)

    described = await stack.client.get_schedule_handle(SCHEDULE).describe()

    assert described.info.next_action_times
