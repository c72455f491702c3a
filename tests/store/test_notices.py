from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from domain import events as ev
from infra.store import tables as t
from infra.store.courses import deliveries
from infra.store.courses.deliveries import Outcome, Tried
from infra.store.queries import notices
from infra.store.rows import NoticeRow
from tests.store.vocabulary import MONDAY, RecordedCourse


async def told(telling: RecordedCourse, raised: ev.NoticeRaised) -> NoticeRow:
    async with telling.store.municipality(telling.municipality) as connection:
        found = await notices.notice(connection, raised.notice)
    assert found is not None
    return found


async def test_a_notice_is_kept_as_it_was_raised(telling: RecordedCourse) -> None:
    raised = telling.raised("briefing", "person/bo", visit=1, version=2, level=1, waiting="a")
    await telling.starts(telling.waits(telling.waiting("a")), raised)

    notice = await told(telling, raised)

    assert (notice.course_id, notice.recipient, notice.queued_at) == (telling.course, "person/bo", MONDAY)
    assert (notice.visit, notice.version, notice.level, notice.waiting, notice.revision) == (1, 2, 1, "a", 1)
    assert (notice.sent_at, notice.delivered_at, notice.seen_at, notice.done_at) == (None, None, None, None)


async def test_a_notice_is_done_when_what_it_tells_of_is_over_and_no_other_is(telling: RecordedCourse) -> None:
    of_a, of_b = telling.raised("a", "person/bo", waiting="a"), telling.raised("b", "person/bo", waiting="b")
    of_nothing = telling.raised("completed", "person/bo")
    await telling.starts(telling.waits(telling.waiting("a"), telling.waiting("b")), of_a, of_b, of_nothing)

    telling.now = MONDAY + timedelta(days=1)
    await telling.does(telling.waits(ended=["a"]))
    assert (await told(telling, of_a)).done_at == telling.now
    assert (await told(telling, of_b)).done_at is None

    await telling.does(telling.waits(ended=["b"]))
    assert (await told(telling, of_b)).done_at == telling.now
    assert (await told(telling, of_nothing)).done_at is None


async def test_a_notice_of_a_wait_that_comes_again_is_to_be_done_again(telling: RecordedCourse) -> None:
    raised = telling.raised("a", "person/bo", waiting="a")
    await telling.starts(telling.waits(telling.waiting("a")), raised)
    await telling.does(telling.waits(ended=["a"]))
    revision = telling.state.revision

    telling.now = MONDAY + timedelta(days=1)
    again = telling.raised("a", "person/bo", waiting="a")
    await telling.does(telling.waits(telling.waiting("a")), again)

    notice = await told(telling, raised)
    assert (notice.done_at, notice.queued_at) == (None, MONDAY)
    async with telling.store.municipality(telling.municipality) as connection:
        assert await notices.undone_since(connection, telling.course, revision) == [notice]


async def test_a_notice_is_seen_once_by_the_first_who_sees_it(telling: RecordedCourse) -> None:
    raised = telling.raised("briefing", "unit/job")
    await telling.starts(raised)
    for who, hours in (("bo", 1), ("mia", 2)):
        at = MONDAY + timedelta(hours=hours)
        await telling.does(ev.NoticeSeen(at=at, by=who, notice=raised.notice))

    notice = await told(telling, raised)

    assert (notice.seen_at, notice.seen_by, notice.done_at) == (MONDAY + timedelta(hours=1), "bo", None)


async def test_only_undone_notices_raised_later_are_still_to_be_sent(telling: RecordedCourse) -> None:
    await telling.starts(telling.raised("first", "person/bo"))
    done = telling.raised("done", "person/bo", waiting="a")
    later = telling.raised("later", "person/bo")
    await telling.does(telling.waits(telling.waiting("a")), done)
    await telling.does(telling.waits(ended=["a"]), later)

    async with telling.store.municipality(telling.municipality) as connection:
        since = await notices.undone_since(connection, telling.course, 1)

    assert [notice.about for notice in since] == ["later"]


async def test_every_notice_of_a_visit_can_be_read_done_ones_too(telling: RecordedCourse) -> None:
    first, other = telling.raised("first", "person/bo", visit=1, waiting="a"), telling.raised("x", "person/bo", visit=2)
    await telling.starts(telling.waits(telling.waiting("a")), first, other)
    telling.now += timedelta(hours=1)
    await telling.does(telling.waits(ended=["a"]), telling.raised("second", "person/anna", visit=1))

    async with telling.store.municipality(telling.municipality) as connection:
        found = (await notices.of_visits(connection, telling.course, [1]))[1]

    assert [(notice.about, notice.done_at is None) for notice in found] == [("first", False), ("second", True)]


async def test_sent_and_delivered_are_two_facts_and_the_first_time_of_each_stands(telling: RecordedCourse) -> None:
    raised = telling.raised("briefing", "person/bo")
    await telling.starts(raised)
    first, second, third = (Tried(raised.notice, "mail", uuid4(), MONDAY + timedelta(hours=hour)) for hour in range(3))
    async with telling.store.municipality(telling.municipality) as connection:
        await deliveries.record_attempt(connection, first, Outcome.BEGUN)
        assert (await told(telling, raised)).sent_at is None
        await deliveries.record_attempt(connection, first, Outcome.SENT)
    assert (await told(telling, raised)).delivered_at is None

    async with telling.store.municipality(telling.municipality) as connection:
        await deliveries.record_attempt(connection, second, Outcome.DELIVERED)
        await deliveries.record_attempt(connection, third, Outcome.DELIVERED)

    notice = await told(telling, raised)
    assert (notice.sent_at, notice.delivered_at, notice.seen_at) == (first.at, second.at, None)


async def test_an_attempt_is_counted_once_however_often_it_is_told_of(telling: RecordedCourse) -> None:
    raised = telling.raised("briefing", "person/bo")
    await telling.starts(raised)
    first, second = (Tried(raised.notice, "mail", UUID(int=number), MONDAY) for number in (1, 2))
    elsewhere = replace(first, channel="log")
    attempts = [(first, Outcome.BEGUN), (first, Outcome.SENT), (second, Outcome.BEGUN), (elsewhere, Outcome.SENT)]
    async with telling.store.municipality(telling.municipality) as connection:
        for tried, outcome in attempts:
            await deliveries.record_attempt(connection, tried, outcome)
        rows = (await connection.execute(t.delivery.select().order_by(*t.delivery.primary_key))).all()

    assert (await told(telling, raised)).attempts == 3
    assert [(row.channel, row.attempt_id, row.outcome) for row in rows] == [
        ("log", str(first.attempt), "sent"),
        ("mail", str(first.attempt), "sent"),
        ("mail", str(second.attempt), "begun"),
    ]


async def test_a_notice_that_is_done_or_unknown_is_not_due(telling: RecordedCourse) -> None:
    done, due = telling.raised("a", "person/bo", waiting="a"), telling.raised("b", "person/bo")
    await telling.starts(telling.waits(telling.waiting("a")), done, due)
    await telling.does(telling.waits(ended=["a"]))

    async with telling.store.municipality(telling.municipality) as connection:
        assert await notices.due(connection, done.notice) is None
        assert await notices.due(connection, uuid4()) is None
        found = await notices.due(connection, due.notice)

    assert found is not None
    assert found.about == "b"
