"""Bulk acts without a courier: each course has its command once, whatever dies or is away in between (P7)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from activities.bulk import CLAIMED_FOR
from domain import commands as cmd
from domain.errors import Code
from domain.identity import Role
from infra.store.bulk_rows import BulkAct, BulkItem, BulkKind, ItemState
from infra.store.registers import bulk_acts, texts
from infra.store.registers.bulk_acts import ItemClaim, Order
from tests.domain.vocabulary import SARA
from tests.workflows.vocabulary import RunningCourse, Stack

ANNA, CARL, DINA = (cmd.PartyClaim(person=person) for person in ("anna", "carl", "dina"))


async def ordered(stack: Stack, courses: Sequence[RunningCourse], now: datetime) -> UUID:
    """Order as the API does that Anna's courses are Carl's."""
    act = BulkAct(bulk_id=uuid4(), kind=BulkKind.HAND_OVER, digest="d", ordered_by="sara", ordered_at=now)
    orders = []
    for course in courses:
        reason = await stack.stage("Andre opgaver.")
        what = {"role": Role.CASEWORKER, "to": CARL, "held_by": ANNA, "reason": reason, "digest": "d"}
        orders.append(Order(course=course.id, command=course.command(cmd.AssignParty, SARA, **what), text=reason))
    async with stack.stores.api.municipality(stack.municipality) as connection:
        await bulk_acts.order(connection, act, orders)
        await bulk_acts.order(connection, act, orders)
    return act.bulk_id


async def items(stack: Stack, bulk: UUID, number: int) -> list[BulkItem]:
    """Return the items of an act while they wait, as whoever claims them for a moment reads them."""
    async with stack.store.municipality(stack.municipality) as connection:
        rows = await connection.exec_driver_sql(
            "SELECT due_at FROM bulk_item WHERE bulk_id = %s ORDER BY ordinal", (bulk,)
        )
        claims = [ItemClaim(stack.municipality, bulk, place, row.due_at) for place, row in enumerate(rows)]
        held = [await bulk_acts.held(connection, claim) for claim in claims]
    assert len(claims) == number, "the same act is kept once"
    return [item for item in held if item is not None]


async def states(stack: Stack, bulk: UUID) -> list[tuple[ItemState, list[str]]]:
    """Return how each item stands, and the codes with which it was refused."""
    async with stack.store.municipality(stack.municipality) as connection:
        rows = await connection.exec_driver_sql(
            "SELECT state, problems FROM bulk_item WHERE bulk_id = %s ORDER BY ordinal", (bulk,)
        )
        return [(ItemState(row.state), [problem["code"] for problem in row.problems or ()]) for row in rows]


async def holder(course: RunningCourse) -> str | None:
    """Return who is the caseworker."""
    return (await course.state()).holder(Role.CASEWORKER)


async def test_who_dies_in_the_middle_leaves_the_rest_to_another_and_nothing_is_done_twice(stack: Stack) -> None:
    now = datetime.now(UTC)
    async with stack.working():
        first, second = await stack.started(), await stack.started("case-2")
        bulk = await ordered(stack, (first, second), now)
        waiting = await items(stack, bulk, 2)
        async with stack.store.anywhere() as connection:
            claims = await bulk_acts.claim(connection, now, now + CLAIMED_FOR, 10)
        assert {claim.bulk for claim in claims} >= {bulk}
        assert waiting[0].command is not None
        assert not (await first.send(waiting[0].command)).refused, "given, and never written down"
        revision = (await first.state()).revision

        await stack.activities.bulk_runner.carry(now + timedelta(minutes=1))
        assert await states(stack, bulk) == [(ItemState.WAITING, []), (ItemState.WAITING, [])], "still claimed"
        await stack.activities.bulk_runner.carry(now + CLAIMED_FOR)

        assert await states(stack, bulk) == [(ItemState.DONE, []), (ItemState.DONE, [])]
        assert (await first.state()).revision == revision
        assert [await holder(course) for course in (first, second)] == ["carl", "carl"]


async def test_what_is_away_is_given_its_command_later_and_its_words_are_not_swept(stack: Stack) -> None:
    now = datetime.now(UTC)
    async with stack.working():
        course = await stack.started()
    bulk = await ordered(stack, (course,), now)

    await stack.activities.bulk_runner.carry(now)
    (item,) = await items(stack, bulk, 1)
    assert (item.state, item.failures) == (ItemState.WAITING, 1)
    await texts.sweep(stack.store, now + timedelta(days=2))

    async with stack.working():
        await stack.activities.bulk_runner.carry(item.due_at)
        assert await states(stack, bulk) == [(ItemState.DONE, [])]
        assert await holder(course) == "carl"


async def test_a_role_that_was_given_to_another_meanwhile_is_taken_from_nobody(stack: Stack) -> None:
    now = datetime.now(UTC)
    async with stack.working():
        course = await stack.started()
        bulk = await ordered(stack, (course,), now)
        reason = await stack.stage("Hun kender borgeren.")
        await course.does(cmd.AssignParty, SARA, role=Role.CASEWORKER, to=DINA, reason=reason)

        await stack.activities.bulk_runner.carry(now)

        assert await states(stack, bulk) == [(ItemState.FAILED, [Code.HELD_BY_ANOTHER])]
        assert await holder(course) == "dina"
