"""Notices on their way outward: each has one identity, within working hours, and nobody is silently lost (P4, P7)."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

import activities
from activities.channels import ChannelAwayError, Message
from domain import commands as cmd
from domain.address import Address
from domain.events import RecipientUnreachable
from domain.identity import notice_workflow_id
from infra.store.queries import journal
from infra.store.queries import notices as notices_of
from infra.store.rows import NoticeRow
from tests.domain.vocabulary import ANNA
from tests.workflows.faults import LateStarter
from tests.workflows.vocabulary import RunningCourse, Stack


@dataclass
class Recording:
    """A channel that keeps what it carried, and refuses as often as it is told to."""

    name: str = "recording"
    refuses: int = 0
    carried: list[UUID] = field(default_factory=list)

    async def carry(self, message: Message) -> bool:
        """Keep the message, or refuse it."""
        if self.refuses:
            self.refuses -= 1
            raise ChannelAwayError
        self.carried.append(message.notice)
        return True


async def close(course: RunningCourse) -> list[UUID]:
    """Record that the course ends, which tells both roles; return the notices."""
    reason = await course.stack.stage("moved away")
    await course.does(cmd.CloseCourse, ANNA, outcome="moved", reason=reason)
    async with course.stack.store.municipality(course.stack.municipality) as connection:
        rows = (await notices_of.of_visits(connection, course.id, [1]))[1]
    return [row.notice_id for row in rows]


async def delivered(course: RunningCourse, notice: UUID) -> NoticeRow:
    """Wait until the notice's workflow has ended, its clock run ahead into working hours, and return the row."""
    handle = course.stack.client.get_workflow_handle(notice_workflow_id(notice))
    with suppress(RPCError):  # it may have ended already, within working hours
        await TimeSkipper(course.stack.client).fast_forward(handle)
    await handle.result()
    async with course.stack.store.municipality(course.stack.municipality) as connection:
        row = await notices_of.notice(connection, notice)
    assert row is not None
    return row


async def notices_of_the_end(stack: Stack) -> list[NoticeRow]:
    """Let a course end, and return its notices once their workflows have ended."""
    async with stack.working():
        course = await stack.started()
        notices = await close(course)
        return [await delivered(course, notice) for notice in notices]


async def test_a_notice_goes_out_once_within_working_hours_and_says_when(stack: Stack) -> None:
    channel = Recording()
    stack.channels = (channel,)
    rows = await notices_of_the_end(stack)

    assert sorted(channel.carried) == sorted(row.notice_id for row in rows)
    for row in rows:
        assert row.delivered_at is not None
        assert row.sent_at is not None
        assert row.seen_at is None
        assert opens_by_nine(row.delivered_at)


def opens_by_nine(instant: datetime) -> bool:
    """Say whether an instant lies within office hours."""
    local = instant.astimezone(ZoneInfo("Europe/Copenhagen"))
    return local.isoweekday() <= 5 and 9 <= local.hour < 15


async def test_a_channel_that_is_away_is_offered_the_same_notice_again(stack: Stack) -> None:
    channel = Recording(refuses=3)
    stack.channels = (channel,)
    rows = await notices_of_the_end(stack)

    assert sorted(channel.carried) == sorted(row.notice_id for row in rows)
    assert sum(row.attempts for row in rows) == len(rows) + 3


@pytest.mark.parametrize("order", [0, 1])
async def test_each_channel_is_tried_until_it_has_the_notice_and_never_again(stack: Stack, order: int) -> None:
    away, there = Recording("away", refuses=3), Recording("there")
    stack.channels = (away, there) if order else (there, away)
    rows = await notices_of_the_end(stack)

    for channel in (away, there):
        assert sorted(channel.carried) == sorted(row.notice_id for row in rows)


async def test_who_was_reached_by_one_channel_is_not_reported_as_unreachable(stack: Stack) -> None:
    stack.channels = (Recording("away", refuses=10_000), Recording("there"))
    async with stack.working():
        course = await stack.started()
        notices = await close(course)
        await delivered(course, notices[0])
        async with stack.store.municipality(stack.municipality) as connection:
            entries = await journal.journal(connection, course.id, 1000)

    assert not [entry.event for entry in entries if isinstance(entry.event, RecipientUnreachable)]


async def test_a_channel_that_breaks_keeps_no_other_from_the_notice(stack: Stack) -> None:
    broken, there = Broken("broken", refuses=1), Recording("there")
    stack.channels = (broken, there)
    rows = await notices_of_the_end(stack)

    assert sorted(there.carried) == sorted(row.notice_id for row in rows)
    assert set(broken.carried) == set(there.carried)


class Broken(Recording):
    """A channel that fails after it has carried, as when its answer is lost, as often as it is told to."""

    async def carry(self, message: Message) -> bool:
        """Carry the message, and perhaps fail."""
        self.carried.append(message.notice)
        if self.refuses:
            self.refuses -= 1
            raise RuntimeError
        return True


async def test_an_attempt_that_may_have_arrived_is_counted_and_followed_by_one_under_the_same_identity(
    stack: Stack,
) -> None:
    channel = Broken(refuses=1)
    stack.channels = (channel,)
    rows = await notices_of_the_end(stack)

    assert sum(row.attempts for row in rows) == len(channel.carried) == len(rows) + 1
    assert set(channel.carried) == {row.notice_id for row in rows}


async def test_who_cannot_be_reached_is_told_of_to_the_supervisors(stack: Stack) -> None:
    stack.channels = (Recording(refuses=10_000),)
    async with stack.working():
        course = await stack.started()
        notices = await close(course)
        await delivered(course, notices[0])
        async with stack.store.municipality(stack.municipality) as connection:
            told_of = await journal.journal(connection, course.id, 1000)

    unreachable = [entry.event for entry in told_of if isinstance(entry.event, RecipientUnreachable)]
    assert [event.notice for event in unreachable] == [notices[0]]


async def test_a_notice_whose_cause_has_gone_is_not_sent(stack: Stack) -> None:
    channel = Recording(refuses=2)
    stack.channels = (channel,)
    async with stack.working():
        course = await stack.started()
        notices = await close(course)
        await course.does(cmd.Acknowledge, ANNA, briefing=1, version=1)
        rows = [await delivered(course, notice) for notice in notices]

    moot = [row for row in rows if row.done_at is not None]
    assert [row.address for row in moot] == [Address.person("anna")]
    assert channel.carried == [row.notice_id for row in rows if row.done_at is None]


async def test_a_notice_that_could_not_be_started_at_once_is_started_later(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities, "NoticeStarter", LateStarter)
    monkeypatch.setattr(LateStarter, "refuses", 2)
    channel = Recording()
    stack.channels = (channel,)
    rows = await notices_of_the_end(stack)

    assert LateStarter.refuses == 0
    assert sorted(channel.carried) == sorted(row.notice_id for row in rows)
    assert all(row.delivered_at is not None for row in rows)
