from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from domain import events as ev
from domain.address import Address
from domain.identity import Role
from domain.state.notice import APPOINTMENT, CORRECTION
from infra.store import tables as t
from infra.store.courses import deliveries
from infra.store.courses.deliveries import DeliveryAttempt
from infra.store.queries import notices
from infra.store.rows import NoticeRow, Outcome
from tests.store.vocabulary import MONDAY, RecordedCourse, wait_key


async def row_of(stored: RecordedCourse, raised: ev.NoticeRaised) -> NoticeRow:
    async with stored.store.municipality(stored.municipality) as connection:
        result = await notices.notice(connection, raised.notice)
    assert result is not None
    return result


async def test_a_notice_is_kept_as_it_was_raised(stored: RecordedCourse) -> None:
    raised = stored.raised("briefing", Address.person("bo"), level=1, waiting="a")
    await stored.starts(stored.waits(stored.waiting("a")), raised)

    notice = await row_of(stored, raised)

    assert (notice.course_id, notice.address, notice.queued_at) == (stored.course, Address.person("bo"), MONDAY)
    assert (notice.visit, notice.level, notice.waiting, notice.revision) == (1, 1, str(wait_key("a")), 1)
    assert notice.subject == raised.subject
    assert (notice.sent_at, notice.delivered_at, notice.seen_at, notice.done_at) == (None, None, None, None)


async def test_a_notice_is_done_when_what_it_tells_of_is_over_and_no_other_is(stored: RecordedCourse) -> None:
    of_a, of_b = (
        stored.raised("a", Address.person("bo"), waiting="a"),
        stored.raised("b", Address.person("bo"), waiting="b"),
    )
    of_nothing = stored.raised("told", Address.person("bo"))
    await stored.starts(stored.waits(stored.waiting("a"), stored.waiting("b")), of_a, of_b, of_nothing)

    stored.now = MONDAY + timedelta(days=1)
    await stored.does(stored.waits(ended=["a"]))
    assert (await row_of(stored, of_a)).done_at == stored.now
    assert (await row_of(stored, of_b)).done_at is None

    await stored.does(stored.waits(ended=["b"]))
    assert (await row_of(stored, of_b)).done_at == stored.now
    assert (await row_of(stored, of_nothing)).done_at is None


async def test_a_notice_of_a_meeting_is_done_when_its_reader_is_not_to_come_though_nobody_is_told(
    stored: RecordedCourse,
) -> None:
    meeting = {"at": MONDAY, "by": "@fodslag", "visit": 1, "appointment": "meeting", "day": MONDAY.date()}
    made = ev.AppointmentMade.model_validate({**meeting, "sequence": 0, "told": ("anna", "bo", "carl")})
    to_carl, to_bo = (stored.raised(APPOINTMENT, Address.person(person), visit=1) for person in ("carl", "bo"))
    await stored.starts(made, to_carl, to_bo)
    assert (await row_of(stored, to_carl)).done_at is None

    stored.now = MONDAY + timedelta(days=1)
    await stored.does(ev.AppointmentMade.model_validate({**meeting, "sequence": 1, "held": True}))

    assert (await row_of(stored, to_carl)).done_at == stored.now
    assert (await row_of(stored, to_bo)).done_at is None, "he holds a role"


async def test_a_correction_is_listed_until_its_reader_acknowledges_a_version_that_shows_it(
    stored: RecordedCourse,
) -> None:
    to_anna, to_bo = (stored.raised(CORRECTION, Address.person(person)) for person in ("anna", "bo"))
    await stored.starts(stored.issued(1, 1))
    stored.now = MONDAY + timedelta(hours=1)
    to_anna, to_bo = (notice.model_copy(update={"at": stored.now}) for notice in (to_anna, to_bo))
    await stored.does(to_anna, to_bo)

    await stored.does(stored.acknowledged(1, 1, Role.CASEWORKER, "anna"))
    assert (await row_of(stored, to_anna)).done_at is None, "a version from before the correction"
    await stored.does(stored.issued(1, 2))
    await stored.does(stored.acknowledged(1, 2, Role.CASEWORKER, "anna"))
    await stored.does(stored.acknowledged(1, 2, Role.COMPANY_CONSULTANT, "bo", by="sara"))

    assert (await row_of(stored, to_anna)).done_at == stored.now
    assert (await row_of(stored, to_bo)).done_at is None, "acknowledged by somebody else on his behalf"


async def test_a_notice_of_a_wait_that_comes_again_is_to_be_done_again(stored: RecordedCourse) -> None:
    raised = stored.raised("a", Address.person("bo"), waiting="a")
    await stored.starts(stored.waits(stored.waiting("a")), raised)
    await stored.does(stored.waits(ended=["a"]))
    revision = stored.state.revision

    stored.now = MONDAY + timedelta(days=1)
    again = stored.raised("a", Address.person("bo"), waiting="a")
    await stored.does(stored.waits(stored.waiting("a")), again)

    notice = await row_of(stored, raised)
    assert (notice.done_at, notice.queued_at) == (None, MONDAY)
    async with stored.store.municipality(stored.municipality) as connection:
        assert await notices.undone_since(connection, stored.course, revision) == [notice]


async def test_a_notice_is_seen_once_by_the_first_who_sees_it(stored: RecordedCourse) -> None:
    raised = stored.raised("briefing", Address.unit("job"))
    await stored.starts(raised)
    for who, hours in (("bo", 1), ("mia", 2)):
        at = MONDAY + timedelta(hours=hours)
        await stored.does(ev.NoticeSeen(at=at, by=who, notice=raised.notice))

    notice = await row_of(stored, raised)

    assert (notice.seen_at, notice.seen_by, notice.done_at) == (MONDAY + timedelta(hours=1), "bo", None)


async def test_only_undone_notices_raised_later_are_still_to_be_sent(stored: RecordedCourse) -> None:
    await stored.starts(stored.raised("first", Address.person("bo")))
    done = stored.raised("done", Address.person("bo"), waiting="a")
    later = stored.raised("later", Address.person("bo"))
    await stored.does(stored.waits(stored.waiting("a")), done)
    await stored.does(stored.waits(ended=["a"]), later)

    async with stored.store.municipality(stored.municipality) as connection:
        since = await notices.undone_since(connection, stored.course, 1)

    assert [notice.about for notice in since] == ["later"]


async def test_every_notice_of_a_visit_can_be_read_done_ones_too(stored: RecordedCourse) -> None:
    first, other = (
        stored.raised("first", Address.person("bo"), waiting="a"),
        stored.raised("x", Address.person("bo"), visit=2),
    )
    await stored.starts(stored.waits(stored.waiting("a")), first, other)
    stored.now += timedelta(hours=1)
    await stored.does(stored.waits(ended=["a"]), stored.raised("second", Address.person("anna"), visit=1))

    async with stored.store.municipality(stored.municipality) as connection:
        result = (await notices.of_visits(connection, stored.course, [1]))[1]

    assert [(notice.about, notice.done_at is None) for notice in result] == [("first", False), ("second", True)]


async def test_sent_and_delivered_are_two_facts_and_the_first_time_of_each_stands(stored: RecordedCourse) -> None:
    raised = stored.raised("briefing", Address.person("bo"))
    await stored.starts(raised)
    first, second, third = (
        DeliveryAttempt(raised.notice, "mail", "bo", uuid4(), uuid4(), at)
        for at in (MONDAY + timedelta(hours=hour) for hour in range(3))
    )
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        await deliveries.record_attempts(connection, [first], Outcome.BEGUN)
        assert (await row_of(stored, raised)).sent_at is None
        await deliveries.record_attempts(connection, [first], Outcome.SENT)
    assert (await row_of(stored, raised)).delivered_at is None

    async with stored.stores.worker.municipality(stored.municipality) as connection:
        await deliveries.record_attempts(connection, [second], Outcome.DELIVERED)
        await deliveries.record_attempts(connection, [third], Outcome.DELIVERED)

    notice = await row_of(stored, raised)
    assert (notice.sent_at, notice.delivered_at, notice.seen_at) == (first.at, second.at, None)


async def test_an_attempt_is_counted_once_however_often_it_is_told_of(stored: RecordedCourse) -> None:
    raised = stored.raised("briefing", Address.person("bo"))
    await stored.starts(raised)
    batch = uuid4()
    first, second = (DeliveryAttempt(raised.notice, "mail", "bo", UUID(int=number), batch, MONDAY) for number in (1, 2))
    elsewhere = replace(first, channel="log")
    attempts = [(first, Outcome.BEGUN), (first, Outcome.SENT), (second, Outcome.BEGUN), (elsewhere, Outcome.SENT)]
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        for attempted, outcome in attempts:
            await deliveries.record_attempts(connection, [attempted], outcome)
        rows = (await connection.execute(t.delivery.select().order_by(*t.delivery.primary_key))).all()

    assert (await row_of(stored, raised)).attempts == 3
    assert [(row.channel, row.attempt_id, row.outcome) for row in rows] == [
        ("log", str(first.attempt), "sent"),
        ("mail", str(first.attempt), "sent"),
        ("mail", str(second.attempt), "begun"),
    ]
