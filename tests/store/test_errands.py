"""What channels have still to carry: ordered with its notice, claimed by one, due again when nobody ends it (P7)."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from domain import events as ev
from domain.address import Address
from domain.state.notice import NEWS
from infra.store.courses import errands
from infra.store.courses.errands import UNRESOLVED, Claim, Errand
from infra.store.engine import Store
from infra.store.errors import StoreAwayError
from tests.store.vocabulary import MONDAY, RecordedCourse
from tests.stores import Stores

SOON = MONDAY + timedelta(minutes=2)
LATER = SOON + timedelta(minutes=2)


@pytest.fixture
def channel(stored: RecordedCourse) -> str:
    """A channel that no other test has, by which the course's notices go outward."""
    stored.channels = (f"channel-{uuid4()}",)
    return stored.channels[0]


async def claimed(
    store: Store, channel: str, now: datetime = MONDAY, until: datetime = SOON, at_most: int = 10
) -> list[Claim]:
    async with store.anywhere() as connection:
        return await errands.claim(connection, channel, now, until, at_most)


async def errands_of(stored: RecordedCourse, notice: UUID) -> list[Errand]:
    async with stored.store.municipality(stored.municipality) as connection:
        return await errands.of_notice(connection, notice, stored.channels)


async def test_a_notice_is_an_errand_of_each_channel_for_its_person_or_queue(
    stored: RecordedCourse,
) -> None:
    stored.channels = ("mail", "log")
    to = (Address.person("bo"), Address.supervisors("job"), Address.unit("job"))
    raised = [stored.raised("told", address) for address in to]
    await stored.starts(*raised)

    owed = [sorted((e.channel, e.person) for e in await errands_of(stored, notice.notice)) for notice in raised]

    queue = [("log", "unit/job"), ("mail", "unit/job")]
    assert owed == [[("log", "bo"), ("mail", "bo")], [("log", UNRESOLVED), ("mail", UNRESOLVED)], queue]


async def test_news_is_due_on_its_morning(stored: RecordedCourse, channel: str) -> None:
    raised, settled = stored.news("bo", MONDAY + timedelta(days=1))
    await stored.starts(raised, settled)

    assert raised.about == NEWS
    assert await claimed(stored.stores.worker, channel, now=raised.queued_at - timedelta(seconds=1)) == []
    assert len(await claimed(stored.stores.worker, channel, now=raised.queued_at)) == 1


async def test_an_errand_is_claimed_once_until_its_time_is_over(stored: RecordedCourse, channel: str) -> None:
    raised = stored.raised("told", Address.person("bo"))
    await stored.starts(raised)
    worker = stored.stores.worker

    first = await claimed(worker, channel)
    meanwhile = await claimed(worker, channel, now=SOON - timedelta(seconds=1))
    again = await claimed(worker, channel, now=SOON, until=LATER)

    assert first == [Claim(stored.municipality, raised.notice, channel, "bo", SOON)]
    assert meanwhile == []
    assert again == [first[0]._replace(until=LATER)]


async def test_two_couriers_never_claim_the_same_and_leave_each_other_something(
    stored: RecordedCourse, channel: str
) -> None:
    raised = [stored.raised(f"told-{number}", Address.person("bo")) for number in range(20)]
    await stored.starts(*raised)
    worker = stored.stores.worker

    taken = await asyncio.gather(*(claimed(worker, channel, at_most=5) for _ in range(4)))

    notices = [claim.notice for claims in taken for claim in claims]
    assert len(notices) == len(set(notices))
    while claims := await claimed(worker, channel, at_most=5):
        notices += [claim.notice for claim in claims]
    assert sorted(notices) == sorted(notice.notice for notice in raised)


async def test_a_municipality_with_a_backlog_keeps_no_other_from_its_turn(stored: RecordedCourse, channel: str) -> None:
    await stored.starts(*(stored.raised(f"told-{number}", Address.person("bo")) for number in range(9)))
    other = RecordedCourse(stored.stores, f"{stored.municipality[:1]}999", reference=str(uuid4()))
    other.channels, other.now = (channel,), MONDAY + timedelta(hours=1)
    late = replace_at(other.raised("late", Address.person("bo")), other.now)
    await other.starts(late)

    claims = await claimed(stored.stores.worker, channel, now=other.now, at_most=3)

    assert [claim.municipality for claim in claims].count(stored.municipality) == 3
    assert late.notice in {claim.notice for claim in claims}


def replace_at(raised: ev.NoticeRaised, at: datetime) -> ev.NoticeRaised:
    return raised.model_copy(update={"at": at})


async def test_who_has_lost_a_claim_can_neither_hold_nor_put_off_the_errand(
    stored: RecordedCourse, channel: str
) -> None:
    raised = stored.raised("told", Address.person("bo"))
    await stored.starts(raised)
    worker = stored.stores.worker
    (lost,) = await claimed(worker, channel)
    (mine,) = await claimed(worker, channel, now=SOON, until=LATER)

    async with worker.municipality(stored.municipality) as connection:
        assert await errands.held(connection, [lost]) == []
        (held,) = await errands.held(connection, [mine])
        await errands.put_off(connection, [held._replace(claim=lost).put_off(failures=7)])

    (owed,) = await errands_of(stored, raised.notice)
    assert (owed.due_at, owed.failures) == (LATER, 0)


async def test_who_holds_the_errand_for_one_person_keeps_nobody_from_that_for_another(
    stored: RecordedCourse, channel: str
) -> None:
    await stored.starts(stored.raised("told", Address.supervisors("job")))
    worker = stored.stores.worker
    (claim,) = await claimed(worker, channel)
    async with worker.municipality(stored.municipality) as connection:
        await errands.resolve(connection, claim, ["lise", "sara"], MONDAY)
    first, second = await claimed(worker, channel)

    async with worker.municipality(stored.municipality) as one, worker.municipality(stored.municipality) as other:
        (held,) = await errands.held(one, [first])
        await other.execute(text("SET LOCAL lock_timeout = '1ms'"))

        assert (held.claim, [held.claim for held in await errands.held(other, [second])]) == (first, [second])


async def test_the_next_errand_is_known_from_outside_every_municipality(stored: RecordedCourse, channel: str) -> None:
    worker = stored.stores.worker
    async with worker.anywhere() as connection:
        assert await errands.next_due(connection, channel) is None
    await stored.starts(stored.raised("told", Address.person("bo")))

    async with worker.anywhere() as connection:
        assert await errands.next_due(connection, channel) == MONDAY


async def test_a_notice_that_is_raised_again_is_ordered_again_and_once(stored: RecordedCourse, channel: str) -> None:
    raised = stored.raised("told", Address.person("bo"), waiting="a")
    await stored.starts(stored.waits(stored.waiting("a")), raised, raised)
    worker = stored.stores.worker
    assert len(await claimed(worker, channel)) == 1
    async with worker.municipality(stored.municipality) as connection:
        await errands.end(connection, [(raised.notice, channel, "bo")])
    await stored.does(stored.waits(ended=["a"]))

    await stored.does(stored.waits(stored.waiting("a")), raised)

    assert len(await errands_of(stored, raised.notice)) == 1


async def test_a_notice_that_is_done_or_unknown_is_not_due(stored: RecordedCourse) -> None:
    done, due = stored.raised("a", Address.person("bo"), waiting="a"), stored.raised("b", Address.person("bo"))
    await stored.starts(stored.waits(stored.waiting("a")), done, due)
    await stored.does(stored.waits(ended=["a"]))

    async with stored.stores.worker.municipality(stored.municipality) as connection:
        result = await errands.due_notices(connection, [done.notice, uuid4(), due.notice])

    assert {notice: row.about for notice, row in result.items()} == {due.notice: "b"}


async def test_a_notice_that_is_raised_again_while_its_errand_is_ended_is_ordered_all_the_same(
    stored: RecordedCourse, channel: str
) -> None:
    raised = stored.raised("told", Address.person("bo"), waiting="a")
    await stored.starts(stored.waits(stored.waiting("a")), raised)
    await stored.does(stored.waits(ended=["a"]))
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        assert await errands.due_notices(connection, [raised.notice]) == {}
        assert await errands.surely_done(connection, [raised.notice]) == {raised.notice}

        raising = asyncio.create_task(stored.does(stored.waits(stored.waiting("a")), raised))
        await asyncio.wait([raising], timeout=0.3)
        await errands.end(connection, [(raised.notice, channel, "bo")])
    await raising

    assert len(await errands_of(stored, raised.notice)) == 1


async def test_the_api_can_claim_nothing(stored: RecordedCourse) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        await claimed(stored.stores.api, "log")


async def test_a_new_errand_wakes_who_listens(stored: RecordedCourse, channel: str) -> None:
    heard: asyncio.Queue[None] = asyncio.Queue()
    listening = asyncio.create_task(stored.stores.worker.listen(errands.WAKE, lambda: heard.put_nowait(None)))
    async with asyncio.timeout(5):
        await heard.get()  # It has begun to listen.

        await stored.starts(stored.raised("told", Address.person("bo")))

        await heard.get()
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
    del channel


async def test_who_listens_hears_when_the_store_goes_away(stores: Stores) -> None:
    heard: asyncio.Queue[None] = asyncio.Queue()
    name = f"wake_{uuid4().hex}"
    listening = asyncio.create_task(stores.worker.listen(name, lambda: heard.put_nowait(None)))
    async with asyncio.timeout(5):
        await heard.get()
        async with stores.worker.anywhere() as connection:
            ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE %s"
            await connection.exec_driver_sql(ends, (f'LISTEN "{name}"',))
        with pytest.raises(StoreAwayError):
            await listening
