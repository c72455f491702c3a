"""Notices on their way outward: each has one identity, within working hours, and nobody is silently lost (P4, P7)."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from temporalio.testing import ActivityEnvironment

from activities import carry, placing
from activities.carry import Courier
from activities.channels import Batch
from activities.courier import CourierTurn
from activities.placing import Placed
from domain import commands as cmd
from domain.address import Address
from domain.calendar import Calendar
from domain.events import RecipientUnreachable
from domain.gathering import Arrival, Listed, arrival
from infra.store.courses import errands
from infra.store.queries import journal
from infra.store.queries import notices as notices_of
from infra.store.rows import NoticeRow
from tests.domain.vocabulary import ANNA
from tests.workflows.outward import COPENHAGEN, MONDAY, Broken, Recording, Repeating, Slow, covered, ended
from tests.workflows.vocabulary import Stack
from tools.chaos.notices import doubled, uncarried


def is_working_time(instant: datetime) -> bool:
    """Say whether an instant lies within office hours."""
    local = instant.astimezone(COPENHAGEN)
    return local.isoweekday() <= 5 and 9 <= local.hour < 15


async def test_a_notice_goes_out_once_within_working_hours_and_says_when(stack: Stack) -> None:
    channel = Recording()
    told = await ended(stack, channel)
    told.now = datetime(2030, 9, 6, 22, tzinfo=COPENHAGEN).astimezone(UTC)
    rows = await told.carries()

    assert sorted(channel.carried) == sorted(row.notice_id for row in rows)
    for row in rows:
        assert row.delivered_at == row.sent_at == told.now
        assert row.seen_at is None
    assert is_working_time(told.now)
    assert told.now.astimezone(COPENHAGEN).isoweekday() == 1


async def test_a_channel_that_is_away_is_offered_the_same_notice_again(stack: Stack) -> None:
    channel = Recording(refuses=3)
    rows = await (await ended(stack, channel)).carries()

    assert sorted(channel.carried) == sorted(row.notice_id for row in rows)
    assert sum(row.attempts for row in rows) == len(rows) + 3


@pytest.mark.parametrize("order", [0, 1])
async def test_each_channel_is_tried_until_it_has_the_notice_and_never_again(stack: Stack, order: int) -> None:
    away, there = Recording(refuses=3), Recording()
    rows = await (await ended(stack, *((away, there) if order else (there, away)))).carries()

    for channel in (away, there):
        assert sorted(channel.carried) == sorted(row.notice_id for row in rows)


async def test_a_channel_that_does_not_answer_keeps_no_other_from_its_notices(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carry, "ATTEMPT_WITHIN", timedelta(minutes=5))
    stuck, there = Slow(stalls=99), Recording()
    told = await ended(stack, stuck, there)
    courier = told.courier()

    carrying = asyncio.create_task(courier.carry_over(stuck.name, MONDAY))
    await stuck.arrivals.get()
    assert await courier.carry_over(there.name, MONDAY) == 2
    carrying.cancel()

    assert len(there.carried) == 2


async def test_who_was_reached_by_one_channel_is_not_reported_as_unreachable(stack: Stack) -> None:
    away, there = Recording(refuses=10_000), Recording()
    told = await ended(stack, away, there)
    await told.carries()

    assert told.unreachable == []
    assert told.now > MONDAY + timedelta(days=2), "the other channel was tried for three working days"
    assert list(uncarried(await told.evidence())) == []


async def test_who_cannot_be_reached_by_any_channel_for_three_working_days_is_reported(stack: Stack) -> None:
    told = await ended(stack, Recording(refuses=10_000), Broken(breaks=10_000))
    rows = await told.carries()

    assert {row.notice_id for row in told.unreachable} == {row.notice_id for row in rows}
    thursday = (MONDAY + timedelta(days=3)).date()
    assert {at.astimezone(COPENHAGEN).date() for at in told.reported_at} == {thursday}
    assert list(doubled(await told.evidence())) == []


async def test_nobody_is_unreachable_while_a_channel_has_not_failed_for_three_working_days(stack: Stack) -> None:
    first, second = Recording(refuses=10_000), Recording(refuses=10_000)
    told = await ended(stack, first, second)
    await told.courier().carry_over(first.name, MONDAY)
    told.now = MONDAY + timedelta(days=1)
    await told.carries()

    assert {at.astimezone(COPENHAGEN).date() for at in told.reported_at} == {(MONDAY + timedelta(days=4)).date()}


async def test_a_courier_that_was_away_for_weeks_tries_once_more_before_it_gives_up(stack: Stack) -> None:
    channel = Recording(refuses=2)
    told = await ended(stack, channel)
    await told.carries(until=MONDAY)
    assert channel.carried == []

    told.now = MONDAY + timedelta(weeks=3)
    rows = await told.carries()

    assert told.unreachable == []
    assert sorted(channel.carried) == sorted(row.notice_id for row in rows)


async def test_an_unreachable_recipient_is_one_event_of_the_course_and_its_supervisors_are_told(stack: Stack) -> None:
    stack.channels = (Recording(),)
    async with stack.working():
        course = await stack.started()
        await course.does(cmd.CloseCourse, ANNA, outcome="moved", reason=await stack.stage("moved away"))
        async with stack.store.municipality(stack.municipality) as connection:
            row = (await notices_of.of_visits(connection, course.id, [1]))[1][0]
        for _ in range(2):
            await stack.activities.courier._report(stack.municipality, row)  # noqa: SLF001 - what a failed attempt calls
        async with stack.store.municipality(stack.municipality) as connection:
            entries = await journal.journal(connection, course.id, 1000)
            raised = await notices_of.undone_since(connection, course.id, 0)

    unreachable = [entry.event for entry in entries if isinstance(entry.event, RecipientUnreachable)]
    assert [event.notice for event in unreachable] == [row.notice_id]
    assert [row.address for row in raised if row.about == "unreachable"] == [Address.supervisors("job")]


async def test_a_notice_whose_cause_has_gone_is_not_sent(stack: Stack) -> None:
    channel = Recording(refuses=2)
    told = await ended(stack, channel)
    await told.carries(until=MONDAY)
    await told.does(told.course.command(cmd.Acknowledge, ANNA, briefing=1, version=1))
    rows = await told.carries()

    moot = [row for row in rows if row.done_at is not None]
    assert [row.address for row in moot] == [Address.person("anna")]
    assert channel.carried == [row.notice_id for row in rows if row.done_at is None]


async def test_a_cover_is_told_for_who_is_absent_and_each_has_a_message_of_its_own(stack: Stack) -> None:
    channel = Recording(refuses=2)
    told = await ended(stack, channel)
    await told.carries(until=MONDAY)
    await covered(stack, "anna", "carl")
    rows = await told.carries()

    recipients = {member.notice: batch.recipient for batch in channel.received for member in batch.members}
    assert {row.recipient: recipients[row.notice_id] for row in rows} == {"anna": "carl", "bo": "bo"}
    assert len({batch.id for batch in channel.received}) == 2
    evidence = await told.evidence()
    assert list(doubled(evidence)) == []
    assert sorted({delivery["person"] for delivery in evidence.deliveries}) == ["anna", "bo", "carl"]


async def test_a_cover_who_is_named_while_a_notice_waits_is_told_within_the_day(stack: Stack) -> None:
    channel = Recording()
    told = await ended(stack, channel)
    await covered(stack, "anna")
    await told.carries(until=MONDAY)
    assert [batch.recipient for batch in channel.received] == ["bo"]

    await covered(stack, "anna", "carl")
    await told.carries(until=MONDAY + timedelta(hours=1))

    assert [batch.recipient for batch in channel.received] == ["bo", "carl"]


SHAPES = {
    "a time-out after acceptance": (Slow, 1),
    "an error after acceptance": (Broken, 1),
    "a request that is repeated on its way": (Repeating, 0),
    "a courier that dies between sending and recording": (Slow, 2),
}
"""How a channel fails when the receiver has accepted, and how many attempts nobody knows the end of."""


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside another channel"])
@pytest.mark.parametrize("shape", SHAPES)
async def test_whatever_happens_behind_the_acceptance_each_person_has_each_message_once(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, shape: str, *, beside: bool
) -> None:
    (kind, ambiguous), other = SHAPES[shape], Recording()
    channel = kind()
    told = await ended(stack, *([channel, other] if beside else [channel]))
    if ambiguous == len(await told.rows()):
        await dies_between(told.courier(), channel)
    monkeypatch.setattr(carry, "ATTEMPT_WITHIN", timedelta(seconds=0.2))
    rows = await told.carries()

    expect_each_once(channel, rows)
    if beside:
        expect_each_once(other, rows)
        assert len(other.received) == len(rows), "the trouble of one channel is none of the other's"
    evidence = await told.evidence()
    if kind is not Repeating:  # What is repeated on its way no sender can know.
        assert list(doubled(evidence)) == []
    assert list(uncarried(evidence)) == []
    outcomes = [delivery["outcome"] for delivery in evidence.deliveries]
    assert outcomes.count("begun") == ambiguous
    assert sum(row.attempts for row in rows) == len(outcomes)


async def dies_between(courier: Courier, channel: Recording) -> None:
    """Let a courier die after both its messages were accepted and before it could say so."""
    assert isinstance(channel, Slow)
    channel.stalls = 2
    carrying = asyncio.create_task(courier.carry_over(channel.name, MONDAY))
    for _ in range(2):
        await channel.arrivals.get()
    carrying.cancel()


def expect_each_once(channel: Recording, rows: Sequence[NoticeRow]) -> None:
    """Expect that a receiver who drops what he has already has each notice once, and was sent nothing else."""
    by_id: dict[UUID, Batch] = {}
    for batch in channel.received:
        assert by_id.setdefault(batch.id, batch) == batch, "a repeat is the same message"
    members = [member.notice for batch in by_id.values() for member in batch.members]
    assert sorted(members) == sorted(row.notice_id for row in rows)


async def test_what_was_claimed_waits_for_its_claim_and_then_another_courier_goes_on(stack: Stack) -> None:
    channel = Slow()
    told = await ended(stack, channel)
    await dies_between(told.courier(), channel)

    assert await told.courier().carry(MONDAY + carry.CLAIMED_FOR - timedelta(seconds=1)) == 0
    assert await told.courier().carry(MONDAY + carry.CLAIMED_FOR) == 2

    rows = await told.rows()
    assert all(row.delivered_at == MONDAY + carry.CLAIMED_FOR for row in rows)


async def test_who_stalls_beyond_his_claim_sends_nothing(stack: Stack) -> None:
    channel = Recording()
    told = await ended(stack, channel)
    async with stack.store.anywhere() as connection:
        lost = await errands.claim(connection, channel.name, MONDAY, MONDAY + carry.CLAIMED_FOR, 10)
        later = MONDAY + carry.CLAIMED_FOR
        held = await errands.claim(connection, channel.name, later, later + carry.CLAIMED_FOR, 10)

    for claim in (*lost, *held):
        at = MONDAY if claim in lost else later
        await told.courier()._run([Placed(claim, claim.person)], at)  # noqa: SLF001 - as the rest of a turn

    assert len(channel.carried) == len(lost) == len(held) == 2
    assert all(row.delivered_at == later for row in await told.rows())


async def test_an_errand_that_breaks_keeps_no_other_from_its_turn(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Recording()
    told = await ended(stack, channel)

    def breaks_for_one(now: datetime, calendar: Calendar, person: str, listed: Listed | None) -> Arrival:
        if person == "bo":
            raise ZeroDivisionError
        return arrival(now, calendar, person, listed)

    with monkeypatch.context() as broken:
        broken.setattr(placing, "arrival", breaks_for_one)
        await told.courier().carry(MONDAY)
    assert {batch.recipient for batch in channel.received} == {"anna"}

    rows = await told.carries()

    assert sorted(channel.carried) == sorted(row.notice_id for row in rows)


class Standing:
    """A clock that stands still within office hours."""

    def now(self) -> datetime:
        return MONDAY


async def test_a_turn_serves_until_its_worker_stops_and_wakes_for_a_new_errand(stack: Stack) -> None:
    channel = Recording()
    stack.channels = (channel,)
    activities = stack.activities
    turn = CourierTurn(activities.courier, activities.webhooks, activities.bulk_runner, stack.store, Standing())
    environment = ActivityEnvironment()
    serving = asyncio.create_task(environment.run(turn.carry_notices))
    await asyncio.sleep(0.3)  # It sleeps now, and nothing is due.
    told = await ended(stack, channel)

    async with asyncio.timeout(5):
        for _ in range(2):
            await channel.arrivals.get()
        environment.worker_shutdown()
        await serving

    assert sorted(channel.carried) == sorted(row.notice_id for row in await told.rows())
