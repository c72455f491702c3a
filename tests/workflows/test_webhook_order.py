"""However receivers and workers fail, each course's events come in order, at least once and under one id (P7)."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.webhooks.retrying import GIVEN_UP_AFTER, REST, after, answered, unanswered
from infra.outward.posting import Answer
from infra.store.registers.webhook_events import DeliveryOutcome, DeliveryState, WebhookDelivery
from tests.municipalities import fresh_municipality
from tests.store.vocabulary import MONDAY, Follower, RecordedCourse, a_delivery, a_webhook
from tests.stores import Stores
from tests.workflows.webhooks import WebhookTown, webhook_town
from tools.town.receiver import Certified, Received, Receiver, answer, certified, listening

COURSES: Final = 3
HOUR: Final = timedelta(hours=1)
FINE: Final = answer(204)
ANSWERS: Final = (
    FINE,
    answer(200),
    answer(302, location="https://receiver.example/other"),
    answer(404),
    answer(429, retry_after=30),
    answer(500),
    answer(503),
    b"",  # The receiver has accepted it, or not, and hangs up.
    b"no HTTP at all\r\n\r\n",
)
ACTS = st.one_of(
    st.integers(0, COURSES - 1),
    st.sampled_from(["looks", "dies", "waits"]),
)


@pytest.fixture(scope="session")
def tls() -> Iterator[Certified]:
    """The certificate of `receiver.example`."""
    with TemporaryDirectory() as folder:
        yield certified(Path(folder))


async def acts(town: WebhookTown, courses: list[RecordedCourse], act: int | str) -> None:
    """Let something happen in a course, or a sender look, die while it sends, or look again an hour later."""
    match act:
        case "looks":
            await town.carries()
        case "dies":
            await town.is_killed_while_it_sends()
        case "waits":
            await town.carries(HOUR)
        case int():
            await courses[act].does(courses[act].issued(1, courses[act].state.revision))


@given(
    steps=st.lists(ACTS, min_size=6, max_size=14),
    answers=st.lists(st.sampled_from(ANSWERS), max_size=30),
)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_however_all_fails_a_receiver_sees_each_course_s_events_in_order_at_least_once_under_one_id(
    stores: Stores, tls: Certified, steps: list[int | str], answers: list[bytes]
) -> None:
    given_answers = chain(answers, repeat(FINE))
    async with (
        listening(Receiver(lambda _: next(given_answers)), tls.served) as receiver,
        webhook_town(stores, fresh_municipality(), receiver, tls.trusted) as town,
    ):
        system = await town.subscribes()
        courses = [await town.course(f"sag-{number}").starts() for number in range(COURSES)]
        for step in steps:
            await acts(town, courses, step)
        await town.carries_all()

        follower = Follower(courses[0])
        await follower.looks()
        wanted = [entry.identity for entry in follower.seen]
        assert set(system.ids) == set(wanted)
        for course in courses:
            own = [wanted.index(each) for each in system.ids if each.startswith(str(course.course))]
            assert own == sorted(own), "a later event came before an earlier one"
        bodies = {(each.headers["webhook-id"], each.body) for each in system.requests}
        assert len(bodies) == len(wanted)
        assert {each.state for each in await system.deliveries()} == {DeliveryState.DELIVERED}


async def test_a_receiver_that_never_answers_keeps_no_later_event_of_the_course_from_its_turn_for_ever(
    stores: Stores, tls: Certified
) -> None:
    """The first one is given up after a week; the receiver answers from then on."""
    async with (
        listening(Receiver(lambda _: b""), tls.served) as receiver,
        webhook_town(stores, fresh_municipality(), receiver, tls.trusted) as town,
    ):
        system = await town.subscribes()
        course = await town.course().starts()
        while not await system.deliveries(DeliveryState.DEAD_LETTER):
            await town.carries(timedelta(hours=4))
        receiver.answering = lambda _: FINE
        await town.carries_all()

        assert town.now - MONDAY < GIVEN_UP_AFTER + timedelta(days=1)
        follower = Follower(course)
        await follower.looks()
        assert list(dict.fromkeys(system.ids)) == [entry.identity for entry in follower.seen]
        assert len(await system.deliveries(DeliveryState.DELIVERED)) == 3


def delivery(**what: object) -> WebhookDelivery:
    """Return a delivery of a course's event that was never attempted, with some of it changed."""
    return a_delivery(a_webhook(), **{"course_id": uuid4(), **what})


@pytest.mark.parametrize(
    ("asked", "rest"),
    [
        (None, REST),
        ("", REST),
        ("soon", REST),
        ("-5", REST),
        ("0", timedelta()),
        ("30", timedelta(seconds=30)),
        ("9" * 400, HOUR),
        ("Mon, 07 Sep 2026 08:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 07 Sep 2026 08:10:00 -0000", timedelta(minutes=10)),
        ("Mon, 07 Sep 2026 07:00:00 GMT", timedelta()),
        ("Fri, 31 Dec 2100 07:00:00 GMT", HOUR),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_that_asks_for_rest_has_it_within_an_hour(status: int, asked: str | None, rest: timedelta) -> None:
    attempted = answered(Answer(status, asked), MONDAY)

    assert attempted.outcome is DeliveryOutcome.REFUSED
    assert attempted.rests_until == MONDAY + rest
    assert answered(Answer(500, asked), MONDAY).rests_until is None


@given(failures=st.integers(0, 10**6))
def test_a_delivery_is_attempted_again_within_four_hours_and_never_at_once(failures: int) -> None:
    failed = after(delivery(failures=failures), unanswered(DeliveryOutcome.NO_ANSWER, MONDAY), MONDAY)

    assert timedelta(minutes=1) <= failed.due_at - MONDAY <= timedelta(hours=4)
    assert failed.state is DeliveryState.FAILING


def test_only_a_2xx_is_a_delivery() -> None:
    delivered = [status for status in range(100, 600) if answered(Answer(status, None), MONDAY).outcome == "delivered"]

    assert delivered == list(range(200, 300))


def test_a_ping_is_attempted_once() -> None:
    failed = after(delivery(course_id=None), answered(Answer(500, None), MONDAY), MONDAY)

    assert failed.state is DeliveryState.DEAD_LETTER


async def test_nothing_of_an_answer_is_kept_but_its_status(stores: Stores, tls: Certified) -> None:
    async def verbose(_received: Received) -> bytes:
        await asyncio.sleep(0)
        return b"HTTP/1.1 400 X\r\nx-name: Karla\r\ncontent-length: 5\r\n\r\nKarla"

    async with (
        listening(Receiver(verbose), tls.served) as receiver,
        webhook_town(stores, fresh_municipality(), receiver, tls.trusted) as town,
    ):
        system = await town.subscribes()
        await town.course().starts()
        await town.carries()

        failing = await system.deliveries(DeliveryState.FAILING)
        assert [each.status for each in failing] == [400]
        assert "Karla" not in str(failing)
