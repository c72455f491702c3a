"""What is due for one person goes out together, as it was fixed at its first attempt (P7)."""

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from activities.channels import Batch, RejectedError
from activities.placing import Placed
from domain import commands as cmd
from domain.gathering import Gathering
from domain.identity import ENGINE_ACTOR, Role
from infra.store import tables as t
from infra.store.courses.errands import Claim
from infra.store.registers import people
from infra.store.registers.people import Person
from tests.workflows.outward import (
    HALF_PAST_NINE,
    MONDAY,
    NINE,
    NOON,
    Broken,
    Ended,
    Recording,
    covered,
    ended,
    queued,
)
from tests.workflows.vocabulary import Stack
from tools.chaos.notices import doubled

MINUTE = timedelta(minutes=1)


class Rejecting(Recording):
    """Takes nothing from anybody, for good."""

    async def take(self, batch: Batch) -> bool:
        """Reject the batch."""
        raise RejectedError(batch.id)


def gathering() -> Recording:
    """Return a channel that brings lists."""
    return Recording(gathers=True)


async def chooses(
    stack: Stack, person: str, choice: Gathering, roles: Collection[Role] = (Role.CASEWORKER,), unit: str | None = None
) -> None:
    """Let the directory have a person and how he wants what can wait."""
    named = {"person_id": person, "name": person, "unit": unit, "roles": tuple(roles)}
    entry = Person.model_validate({**named, "gathering": choice, "updated_at": MONDAY})
    async with stack.stores.api.municipality(stack.municipality) as connection:
        await people.put(connection, entry)


async def also_ended(told: Ended, reference: str) -> Ended:
    """Return one more course of the same people that has ended, its notices on the same channels."""
    return await ended(told.stack, *told.stack.channels, reference=reference)


async def test_what_is_due_for_one_person_comes_together_and_for_each_by_itself(stack: Stack) -> None:
    channel = Recording()
    told = await ended(stack, channel)
    other = await also_ended(told, "case-2")

    await told.carries()

    assert sorted(batch.recipient for batch in channel.received) == ["anna", "bo"]
    notices = {row.notice_id for row in (*await told.rows(), *await other.rows())}
    assert set(channel.carried) == notices
    assert [len(batch.members) for batch in channel.received] == [2, 2]


async def test_what_may_have_arrived_is_sent_again_as_it_was_and_what_came_since_by_itself(stack: Stack) -> None:
    channel = Broken(breaks=2)
    told = await ended(stack, channel)
    await told.courier().carry(MONDAY)
    other = await also_ended(told, "case-2")

    await told.carries()

    first = {batch.id: batch for batch in channel.received[:2]}
    repeated = [batch for batch in channel.received[2:] if batch.id in first]
    assert repeated == [first[batch.id] for batch in repeated]
    assert len(repeated) == 2
    late = {row.notice_id for row in await other.rows()}
    alone = [batch for batch in channel.received if batch.id not in first]
    assert {member.notice for batch in alone for member in batch.members} == late


async def test_a_message_that_brings_what_is_over_by_now_is_counted_for_that_too(stack: Stack) -> None:
    told = await ended(stack, Broken(breaks=2))
    await also_ended(told, "case-2")
    await told.courier().carry(MONDAY)
    (over, *_) = [row for row in await told.rows() if row.recipient == "anna"]
    async with stack.store.municipality(stack.municipality) as connection:
        await connection.execute(t.notice.update().where(t.notice.c.notice_id == over.notice_id).values(done_at=MONDAY))

    await told.carries()

    assert list(doubled(await told.evidence())) == []


@pytest.mark.parametrize("later", [timedelta(minutes=30), -timedelta(minutes=1)])
async def test_all_that_is_owed_of_a_message_goes_with_it_whenever_each_part_is_due(
    stack: Stack, later: timedelta
) -> None:
    channel = Broken(breaks=2)
    told = await ended(stack, channel)
    await also_ended(told, "case-2")
    await told.courier().carry(MONDAY)
    part = next(row.notice_id for row in await told.rows() if row.recipient == "anna")
    e = t.errand.c
    async with stack.store.municipality(stack.municipality) as connection:
        await connection.execute(t.errand.update().where(e.notice_id == part).values(due_at=e.due_at + later))

    await told.carries()

    assert [len(batch.members) for batch in channel.received] == [2] * 4, "each is brought twice, and neither by itself"
    assert list(doubled(await told.evidence())) == []


async def test_a_message_that_somebody_else_has_taken_is_left_to_him(stack: Stack) -> None:
    told = await ended(stack, Broken(breaks=2))
    await told.courier().carry(MONDAY)
    e, kept = t.errand.c, select(t.batch.c.batch_id).order_by(t.batch.c.batch_id)
    async with stack.store.municipality(stack.municipality) as connection:
        before = [*await connection.scalars(kept)]
        owed = select(e.notice_id, e.person, e.due_at).where(e.batch_id == before[0])
        errand = (await connection.execute(owed)).one()
    lost = Claim(stack.municipality, errand.notice_id, stack.channels[0].name, errand.person, errand.due_at - MINUTE)

    placed = Placed(lost, errand.person, before[0])
    assert await stack.activities.batches.begin([placed], MONDAY, gathers=False) is None

    async with stack.store.municipality(stack.municipality) as connection:
        assert [*await connection.scalars(kept)] == before


async def test_what_was_surely_not_taken_is_gathered_anew(stack: Stack) -> None:
    channel = Recording(refuses=2)
    told = await ended(stack, channel)
    await told.courier().carry(MONDAY)
    await also_ended(told, "case-2")

    told.now = MONDAY + timedelta(minutes=1)
    await told.carries()

    assert [len(batch.members) for batch in channel.received] == [2, 2]


async def test_a_batch_is_forgotten_when_it_is_taken(stack: Stack) -> None:
    told = await ended(stack, Broken(breaks=1))
    await told.carries()

    async with stack.store.municipality(stack.municipality) as connection:
        assert (await connection.execute(t.batch.select())).all() == []
        assert (await connection.execute(t.errand.select())).all() == []


async def test_a_part_that_somebody_else_answers_for_by_now_leaves_a_batch_that_may_have_arrived(stack: Stack) -> None:
    channel = Broken(breaks=2)
    told = await ended(stack, channel)
    await told.courier().carry(MONDAY)
    await covered(stack, "anna", "carl")

    await told.carries()

    assert sorted(batch.recipient for batch in channel.received) == ["anna", "bo", "bo", "carl"]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [(Gathering.AT_ONCE, HALF_PAST_NINE), (Gathering.TWO_LISTS, NOON), (Gathering.ONE_LIST, NINE + timedelta(days=1))],
)
async def test_what_can_wait_comes_with_the_next_list_that_somebody_chose(
    stack: Stack, choice: Gathering, expected: datetime
) -> None:
    channel = gathering()
    await chooses(stack, "anna", choice)
    told = await ended(stack, channel)
    await queued(stack, HALF_PAST_NINE)
    told.now = HALF_PAST_NINE

    rows = await told.carries()

    assert [row.sent_at for row in rows if row.recipient == "anna"] == [expected]


async def test_a_list_has_what_came_until_its_time(stack: Stack) -> None:
    channel = gathering()
    told = await ended(stack, channel)
    await queued(stack, HALF_PAST_NINE)
    await told.courier().carry(HALF_PAST_NINE)
    await also_ended(told, "case-2")
    await queued(stack, MONDAY)

    told.now = MONDAY
    await told.carries()

    assert [len(batch.members) for batch in channel.received] == [2, 2]


async def test_each_supervisor_of_the_unit_hears_of_it_and_nobody_else(stack: Stack) -> None:
    channel = Recording()
    told = await ended(stack, channel)
    for person, unit in (("sara", "job"), ("chief", None), ("other", "elsewhere")):
        await chooses(stack, person, Gathering.TWO_LISTS, roles=[Role.SUPERVISOR], unit=unit)
    lost = (await told.rows())[0]
    unreachable = told.course.command(
        cmd.ReportUnreachable, ENGINE_ACTOR, notice=lost.notice_id, recipient=lost.address
    )
    await told.does(unreachable)

    await told.carries()

    heard = [batch.recipient for batch in channel.received if "unreachable" in {m.about for m in batch.members}]
    assert sorted(heard) == ["chief", "sara"]
    evidence = await told.evidence()
    assert list(doubled(evidence)) == []


async def test_that_a_supervisor_cannot_be_reached_is_reported_to_nobody(stack: Stack) -> None:
    channel = Rejecting()
    told = await ended(stack, channel)
    await chooses(stack, "sara", Gathering.TWO_LISTS, roles=[Role.SUPERVISOR], unit="job")
    lost = (await told.rows())[0]
    await told.does(
        told.course.command(cmd.ReportUnreachable, ENGINE_ACTOR, notice=lost.notice_id, recipient=lost.address)
    )

    rows = await told.carries()

    assert sorted(row.recipient for row in told.unreachable) == sorted(row.recipient for row in rows)
    assert set(told.reported_at) == {MONDAY}, "what is rejected is not offered for three days"
