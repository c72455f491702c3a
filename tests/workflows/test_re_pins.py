"""Re-pins without a courier: each course follows the other rules once, whatever dies in the middle (P7)."""

from asyncio import create_task, gather
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from activities.bulk import CLAIMED_FOR
from domain import commands as cmd
from infra.store.bulk_rows import BulkAct, BulkKind
from infra.store.registers import bulk_acts, documents
from infra.store.registers.bulk_acts import Order
from rules.loading.library import from_canonical
from tests.domain.vocabulary import SARA, default_rules
from tests.workflows.vocabulary import RunningCourse, Stack

RULES = default_rules()
OTHER = from_canonical(RULES.canonical.replace(b'"version":"2026-11"', b'"version":"2026-12"'))


async def ordered(
    stack: Stack, courses: Sequence[RunningCourse], now: datetime, due_at: datetime | None = None
) -> UUID:
    """Order as the API does that some courses follow the other rules."""
    act = BulkAct(bulk_id=uuid4(), kind=BulkKind.RE_PIN, digest="d", ordered_by="sara", ordered_at=now)
    what = {"rules": OTHER.sha256, "instead_of": RULES.sha256, "act": act.bulk_id, "digest": "d"}
    orders = [
        Order(course=course.id, command=course.command(cmd.RePinCourse, SARA, **what), due_at=due_at)
        for course in courses
    ]
    async with stack.stores.api.municipality(stack.municipality) as connection:
        await documents.put_rule_set(connection, OTHER)
        await bulk_acts.order(connection, act, orders)
    return act.bulk_id


async def re_pins(stack: Stack, course: RunningCourse) -> int:
    """Return how often the journal says that a course was moved."""
    async with stack.store.municipality(stack.municipality) as connection:
        rows = await connection.exec_driver_sql(
            "SELECT count(*) FROM journal WHERE course_id = %s AND kind = 'course_re_pinned'", (course.id,)
        )
        return int(rows.scalar_one())


async def test_who_dies_in_the_middle_leaves_the_rest_and_each_course_is_moved_once(stack: Stack) -> None:
    now = datetime.now(UTC)
    async with stack.working():
        first, second = await stack.started(), await stack.started("case-2")
        await ordered(stack, (first, second), now)
        runner = stack.activities.bulk_runner
        async with stack.store.anywhere() as connection:
            await bulk_acts.claim(connection, now, now + CLAIMED_FOR, 1)

        await runner.carry(now + timedelta(seconds=30))
        await runner.carry(now + CLAIMED_FOR)
        await runner.carry(now + 2 * CLAIMED_FOR)

        for course in (first, second):
            state = await course.state()
            assert state.rules is not None
            assert (state.rules.sha256, await re_pins(stack, course)) == (OTHER.sha256, 1)


async def test_nothing_is_moved_before_the_day_and_a_worker_that_begins_anew_reads_the_rules_by_their_hash(
    stack: Stack,
) -> None:
    now = datetime.now(UTC)
    async with stack.working():
        course = await stack.started()
        await ordered(stack, (course,), now, now + timedelta(days=1))
        await stack.activities.bulk_runner.carry(now)
        assert (await course.state()).rules == RULES.reference

    async with stack.working():
        await stack.activities.bulk_runner.carry(now + timedelta(days=1))
        state = await course.state()

    assert state.rules == OTHER.reference


async def moved(stack: Stack, act: UUID) -> list[int]:
    """Return how often the journal says that each course of an act was moved, of those that were."""
    async with stack.store.municipality(stack.municipality) as connection:
        rows = await connection.exec_driver_sql(
            "SELECT count(*) FROM journal WHERE kind = 'course_re_pinned' AND detail->>'act' = %s GROUP BY course_id",
            (str(act),),
        )
        return [*rows.scalars()]


COURSES: Final = 12
DEATHS: Final = 2


async def test_each_of_many_courses_is_moved_once_though_workers_die_again_and_again(stack: Stack) -> None:
    now = datetime.now(UTC)
    async with stack.working():
        started = [await stack.started(f"many-{number}") for number in range(COURSES)]
        act = await ordered(stack, started, now)

    for _ in range(DEATHS):
        async with stack.working():
            carrying = create_task(stack.activities.bulk_runner.carry(now))
            before = len(await moved(stack, act))
            while len(await moved(stack, act)) == before:
                assert not carrying.done()
            carrying.cancel()
            await gather(carrying, return_exceptions=True)
        now += CLAIMED_FOR
    async with stack.working():
        while await stack.activities.bulk_runner.carry(now):
            now += CLAIMED_FOR

    assert await moved(stack, act) == [1] * COURSES
