"""Webhooks as readers of the feed: each event of a course in order, at least once and under one id (P7, P10, P14)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from standardwebhooks import Webhook as Verifier
from temporalio.testing import ActivityEnvironment

from activities.courier import CourierTurn
from activities.webhooks.sender import CLAIMED_FOR, KEPT_FOR
from domain.identity import Role
from infra.store.courses import record
from infra.store.registers import webhooks
from infra.store.registers.webhook_events import DeliveryOutcome, DeliveryState
from infra.store.registers.webhooks import WebhookState
from tests.municipalities import fresh_municipality
from tests.store.vocabulary import Follower, RecordedCourse
from tests.stores import Stores
from tests.workflows.vocabulary import Stack
from tests.workflows.webhooks import WebhookTown, webhook_town
from tools.town.receiver import Certified, Received, Receiver, answer, certified, listening


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    """The certificate of `receiver.example`."""
    return certified(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def town(stores: Stores, tls: Certified) -> AsyncIterator[WebhookTown]:
    """A municipality of its own, and a server for its receivers."""
    async with (
        listening(Receiver(), tls.served) as receiver,
        webhook_town(stores, fresh_municipality(), receiver, tls.trusted) as town,
    ):
        yield town


async def ids_of(course: RecordedCourse, **what: Any) -> list[str]:
    """Return the ids that the feed gives to what happened, as its reader sees them."""
    follower = Follower(course, **what)
    await follower.looks()
    return [entry.identity for entry in follower.seen]


async def test_what_happens_comes_as_a_signed_cloud_event_of_ids_and_kinds_alone(town: WebhookTown) -> None:
    system = await town.subscribes()
    secret = await system.rotates(town.now)
    course = await town.course().starts()
    town.now = datetime.now(UTC)
    await town.carries()

    assert system.ids == await ids_of(course)
    for request in system.requests:
        Verifier(secret).verify(request.body, request.headers)
        event = from_http_event(HTTPMessage(request.headers, request.body))
        assert event.get_id() == request.headers["webhook-id"]
        assert event.get_source() == f"urn:fodslag:{town.municipality}"
        assert event.get_subject() == str(course.course)
        assert event.get_datacontenttype() == "application/json"
    assert [event["type"] for event in system.events][::3] == ["fodslag.course_started", "fodslag.visit_entered"]
    assert system.events[3]["data"] == {
        "kind": "visit_entered",
        "course": str(course.course),
        "read": f"/v1/courses/{course.course}",
        "revision": 1,
        "visit": 1,
        "out_of_order": False,
    }


async def test_a_final_briefing_is_among_the_events(town: WebhookTown) -> None:
    system = await town.subscribes(kinds=["briefing.final"])
    course = await town.course().starts()
    await course.does(course.issued(1, 1))
    await course.does(course.left(1, 1, "company_visit"))
    await town.carries()

    (event,) = system.events
    assert event["type"] == "fodslag.briefing.final"
    assert event["id"] == f"{course.course}/briefing.final/1/1"


async def test_what_a_killed_worker_has_sent_is_sent_again_under_the_same_id(town: WebhookTown) -> None:
    async def silent(_received: Received) -> bytes:
        await asyncio.Event().wait()
        return b""

    system = await town.subscribes()
    course = await town.course().starts()
    town.receiver.answering = silent
    await town.is_killed_while_it_sends()
    (begun,) = [each for each in await system.deliveries() if each.attempts]
    town.receiver.answering = lambda _: answer(204)
    await town.carries_all()

    assert begun.outcome is DeliveryOutcome.BEGUN
    assert system.ids == [begun.event_id, *await ids_of(course)]
    assert system.requests[0].body == system.requests[1].body


async def test_a_failing_event_holds_its_course_and_no_other_until_it_is_given_up(town: WebhookTown) -> None:
    system = await town.subscribes()
    course, other = await town.course().starts(), await town.course("sag-2").starts()
    first, failing, *_ = own = [each for each in await ids_of(course) if each.startswith(str(course.course))]
    town.receiver.answering = lambda received: answer(500 if received.headers["webhook-id"] == failing else 200)

    for _ in range(6 * 6):
        await town.carries(timedelta(hours=4))
    held = system.ids
    await course.does(course.issued(1, 1))
    await town.carries_all(timedelta(days=3))

    assert set(held) == {first, failing, *(each for each in await ids_of(course) if str(other.course) in each)}
    assert held.count(failing) == 36, "at last every four hours"
    (dead,) = await system.deliveries(DeliveryState.DEAD_LETTER)
    assert (dead.event_id, dead.status) == (failing, 500)
    assert [each for each in system.ids if each in own and each != failing] == [first, *own[2:]]
    assert system.ids[-1] == (await ids_of(course))[-1]


async def test_a_redelivery_says_that_it_is_out_of_order(town: WebhookTown) -> None:
    system = await town.subscribes()
    course = await town.course().starts()
    await town.carries()
    (first,) = [each for each in await system.deliveries() if each.event_id == system.ids[0]]
    await system.redelivers(first)
    await course.does(course.issued(1, 1))
    await town.carries_all()

    told = [(event["id"], event["data"]["out_of_order"]) for event in system.events]
    ids = await ids_of(course)
    assert [each for each, is_late in told if not is_late] == ids
    assert [each for each, is_late in told if is_late] == [ids[0]]


async def test_a_slow_receiver_delays_nobody_else(town: WebhookTown) -> None:
    holding = asyncio.Event()

    async def by_path(received: Received) -> bytes:
        if received.path.endswith("slow"):
            await holding.wait()
        return answer(204)

    slow, fast = await town.subscribes("slow"), await town.subscribes("fast")
    await town.course().starts()
    town.receiver.answering = by_path
    carrying = asyncio.create_task(town.carries())

    async with asyncio.timeout(10):
        while len(fast.ids) < 4:
            await town.receiver.arrivals.get()
    assert len(slow.ids) <= 1
    holding.set()
    await carrying
    assert slow.ids == fast.ids


async def test_each_webhook_has_its_own_place_and_kinds(town: WebhookTown) -> None:
    early = await town.subscribes("early")
    course = await town.course().starts()
    await town.carries()
    late, some = await town.subscribes("late"), await town.subscribes("some", kinds=["briefing_issued"])
    await course.does(course.issued(1, 1))
    await town.carries()

    assert early.ids == late.ids == await ids_of(course)
    assert some.ids == early.ids[-1:]


async def test_what_is_committed_late_is_sent_to_who_asked_for_nothing_that_was_committed_before(
    town: WebhookTown,
) -> None:
    """The webhook moves on behind what is not for it, and never past a transaction that is open still."""
    system = await town.subscribes(kinds=["briefing_issued"])
    course, other = await town.course().starts(), await town.course("sag-2").starts()
    async with town.stores.worker.municipality(town.municipality) as slow:
        await record.record(slow, course.entry(course.issued(1, 1)))
        await other.does(other.left(1, 1))
        await town.carries()
        assert system.ids == []
    await town.carries()

    assert system.ids == [f"{course.course}/1/2/1"]


async def test_secrets_overlap_while_they_are_rotated(town: WebhookTown) -> None:
    town.now = datetime.now(UTC)
    system = await town.subscribes()
    old = await system.rotates(town.now)
    new = await system.rotates(town.now + timedelta(minutes=2))
    course = await town.course().starts()
    await town.carries()
    during = system.requests[0]
    await course.does(course.issued(1, 1))
    await town.carries(timedelta(minutes=3))
    afterwards = system.requests[-1]

    for secret in (old, new):
        Verifier(secret).verify(during.body, during.headers)
    Verifier(new).verify(afterwards.body, afterwards.headers)
    with pytest.raises(Exception, match="No matching signature"):
        Verifier(old).verify(afterwards.body, afterwards.headers)
    assert "webhook-signature" in during.headers


REACHES = [
    ({"owner": "case-system", "units": None}, 8),
    ({"owner": "case-system", "units": {"job"}}, 4),
    ({"owner": "case-system", "units": {"job", "youth"}}, 8),
    ({"owner": "case-system", "units": set()}, 0),
    ({"owner": "bo", "units": set()}, 8),
    ({"owner": "bo", "roles": {Role.OBSERVER}, "units": None}, 0),
    ({"owner": "case-system", "roles": {Role.RULE_EDITOR}, "units": None}, 0),
]


@pytest.mark.parametrize(("reach", "events"), REACHES, ids=range(len(REACHES)))
async def test_a_webhook_is_sent_exactly_what_its_owner_could_read(
    town: WebhookTown, reach: dict[str, Any], events: int
) -> None:
    """Two courses of four events each, in two units; Bo has a role in both."""
    system = await town.subscribes("reader", **reach)
    course = await town.course().starts()
    await town.course("sag-2", unit="youth").starts()
    await town.carries()

    follower = Follower(course)
    follower.reach = (await system.stored()).reach(town.now.date())
    await follower.looks()
    assert sorted(system.ids) == sorted(entry.identity for entry in follower.seen)
    assert len(system.ids) == events


async def test_no_webhook_reaches_over_the_wall(town: WebhookTown, stores: Stores) -> None:
    system = await town.subscribes()
    await RecordedCourse(stores, fresh_municipality()).starts()
    await town.carries()

    assert system.ids == []


async def test_a_receiver_that_is_gone_pauses_its_webhook_and_loses_nothing(town: WebhookTown) -> None:
    system = await town.subscribes()
    course = await town.course().starts()
    town.receiver.answering = lambda _: answer(410)
    await town.carries()
    await town.carries(timedelta(days=30))

    assert (await system.stored()).state is WebhookState.GONE
    assert len(system.ids) == 1
    town.receiver.answering = lambda _: answer(204)
    await system.moves(WebhookState.ACTIVE)
    await town.carries_all()
    assert system.ids[1:] == await ids_of(course)


@pytest.mark.parametrize("status", [429, 503])
async def test_a_receiver_is_left_alone_for_as_long_as_it_asks(town: WebhookTown, status: int) -> None:
    system = await town.subscribes()
    for number in range(12):
        await town.course(f"sag-{number}").starts()
    town.receiver.answering = lambda _: answer(status, retry_after=600)
    await town.carries()
    asked = len(system.ids)
    for _ in range(9):
        await town.carries(timedelta(minutes=1))
    assert len(system.ids) == asked <= 8

    town.receiver.answering = lambda _: answer(204)
    await town.carries_all()
    assert len(set(system.ids)) == 48


async def test_a_paused_webhook_is_sent_nothing_and_then_everything(town: WebhookTown) -> None:
    system = await town.subscribes()
    await system.moves(WebhookState.PAUSED)
    course = await town.course().starts()
    await town.carries(timedelta(days=9))
    assert system.ids == []

    await system.moves(WebhookState.ACTIVE)
    await town.carries()
    assert system.ids == await ids_of(course)


async def test_who_has_lost_the_claim_sends_nothing(town: WebhookTown) -> None:
    system = await town.subscribes()
    await town.course().starts()
    town.now += timedelta(seconds=1)
    stalled = await town.sender.claim(town.now)
    await town.carries(CLAIMED_FOR)
    sent = system.ids
    for claim in stalled:
        await town.sender.serve(claim, town.now)

    assert len(sent) == 4
    assert system.ids == sent


async def test_two_senders_never_claim_the_same(town: WebhookTown) -> None:
    for name in ("one", "two", "three"):
        await town.subscribes(name)
    town.now += timedelta(seconds=1)

    claims = await asyncio.gather(*(town.sender.claim(town.now) for _ in range(4)))

    assert len([claim for of_one in claims for claim in of_one if claim.municipality == town.municipality]) == 3


async def test_a_place_that_the_journal_does_not_know_begins_again_and_repeats_nothing(town: WebhookTown) -> None:
    system = await town.subscribes()
    course = await town.course().starts()
    await town.carries()
    place = await system.stored()
    assert place.tx is not None
    assert place.position is not None
    async with town.stores.worker.municipality(town.municipality) as connection:
        await webhooks.reach_place(connection, system.id, place.tx + 10**6, place.position, 0)
    await course.does(course.issued(1, 1))
    await town.carries()

    assert system.ids == await ids_of(course)


async def test_what_was_sent_long_ago_is_forgotten(town: WebhookTown) -> None:
    system = await town.subscribes()
    course = await town.course().starts()
    await town.carries()
    await course.does(course.issued(1, 1))
    await town.carries(KEPT_FOR + timedelta(days=1))

    assert [each.kind for each in await system.deliveries()] == ["briefing_issued"]


async def test_the_courier_s_turn_serves_webhooks_until_its_worker_stops(stack: Stack, town: WebhookTown) -> None:
    town.now = datetime.now(UTC) - timedelta(minutes=1)
    system = await town.subscribes()
    course = await town.course().starts()

    class Passing:
        def now(self) -> datetime:
            return datetime.now(UTC)

    turn = CourierTurn(stack.activities.courier, town.sender, stack.activities.bulk_runner, stack.store, Passing())
    environment = ActivityEnvironment()
    serving = asyncio.create_task(environment.run(turn.carry_notices))
    async with asyncio.timeout(20):
        while len(system.ids) < 4:
            await town.receiver.arrivals.get()
        environment.worker_shutdown()
        await serving

    assert system.ids == await ids_of(course)
    assert {each.state for each in await system.deliveries()} == {DeliveryState.DELIVERED}
