"""What the audit finds in the store: each kind seeded once, found once, and gone when its cause is (P5, P7)."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.address import Address
from domain.identity import Role
from infra.store.bulk_rows import BulkAct, BulkKind
from infra.store.courses import batches, deliveries, errands
from infra.store.courses.deliveries import DeliveryAttempt
from infra.store.engine import Store
from infra.store.finding_rows import FindingKind, Found
from infra.store.queries import audit
from infra.store.queries import findings as read
from infra.store.registers import bulk_acts, findings, webhooks
from infra.store.registers.bulk_acts import Order
from infra.store.registers.webhooks import WebhookState
from infra.store.rows import Outcome
from tests.domain.vocabulary import ANNA
from tests.store.vocabulary import MONDAY, WHOLE_MUNICIPALITY, RecordedCourse, a_webhook, settled

SOON = timedelta(minutes=1)
LATER = MONDAY + timedelta(days=1)
WELL = LATER + timedelta(days=1)


@pytest.fixture
async def course(stored: RecordedCourse) -> RecordedCourse:
    """A course with which all is well: it waits for Bo, and wakes in time."""
    await stored.starts()
    await stored.does(settled(stored, WELL).model_copy(update={"opened": (stored.waiting("a", next_rung_at=WELL),)}))
    return stored


async def found(stored: RecordedCourse, now: datetime = LATER) -> list[Found]:
    """Return all that is found in a municipality."""
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        return [one for kind in audit.CHECKS for one in await audit.look(connection, kind, now)]


async def test_nothing_is_found_where_all_is_well(course: RecordedCourse) -> None:
    assert await found(course) == []


async def test_a_course_that_will_not_wake_is_found_until_it_will(course: RecordedCourse) -> None:
    await course.does(settled(course, None))
    assert await found(course) == [Found(FindingKind.NO_WAKEUP, course.course, course.course)]

    await course.does(settled(course, WELL))
    assert await found(course) == []


async def test_a_course_past_its_wake_up_is_found_until_it_has_woken(course: RecordedCourse) -> None:
    await course.does(settled(course, LATER - audit.LATE))
    assert await found(course) == []

    assert await found(course, LATER + SOON) == [Found(FindingKind.ASLEEP, course.course, course.course)]

    await course.does(settled(course, WELL))
    assert await found(course, LATER + SOON) == []


async def test_a_rung_past_its_time_is_found_where_the_course_would_sleep_on(course: RecordedCourse) -> None:
    late = course.waiting("a", next_rung_at=LATER - audit.LATE - SOON)
    await course.does(settled(course, WELL).model_copy(update={"opened": (late,)}))
    assert await found(course) == [Found(FindingKind.RUNG_OVERDUE, course.course, course.course, str(late.key))]

    await course.does(settled(course, WELL).model_copy(update={"opened": (course.waiting("a", next_rung_at=WELL),)}))
    assert await found(course) == []


async def test_a_course_that_asks_nobody_is_found_until_it_asks_a_person_or_a_queue(course: RecordedCourse) -> None:
    nobody = course.waiting("a", persons=(), roles=(Role.CASEWORKER,), next_rung_at=WELL)
    for opened, ended in (((nobody,), ()), ((), (nobody.key,))):
        await course.does(settled(course, WELL).model_copy(update={"opened": opened, "ended": ended}))
        assert await found(course) == [Found(FindingKind.NAMES_NOBODY, course.course, course.course)]

    await course.does(settled(course, WELL).model_copy(update={"opened": (nobody,)}))
    await course.does(course.assigned(Role.CASEWORKER, unit="job"))
    assert await found(course) == []


async def test_a_completed_course_needs_neither_a_wake_up_nor_anybody(course: RecordedCourse) -> None:
    gone = settled(course, None).model_copy(update={"ended": (course.waiting("a").key,)})
    await course.does(ev.CourseCompleted(at=MONDAY, by="anna", outcome="ordinary_job"), gone)

    assert await found(course) == []


async def a_notice(course: RecordedCourse) -> UUID:
    """Raise a notice that a channel is to carry on Monday."""
    course.channels = ("mail",)
    raised = course.raised("told", Address.person("bo"))
    await course.does(raised)
    return raised.notice


async def test_an_errand_that_nobody_runs_is_found_until_it_is_run(course: RecordedCourse) -> None:
    notice = await a_notice(course)
    assert await found(course, MONDAY + audit.LATE) == []

    assert await found(course) == [Found(FindingKind.ERRAND_OVERDUE, notice, course.course, "mail")]

    async with course.stores.worker.municipality(course.municipality) as connection:
        await errands.end(connection, [(notice, "mail", "bo")])
    assert await found(course) == []


async def test_an_attempt_without_an_end_is_found_until_a_later_one_has_ended(course: RecordedCourse) -> None:
    notice, batch, worker = await a_notice(course), uuid4(), course.stores.worker
    async with worker.anywhere() as connection:
        claims = await errands.claim(connection, "mail", MONDAY, WELL, 1000)
    async with worker.municipality(course.municipality) as connection:
        (held,) = await errands.held(connection, claims)
        await batches.fix(connection, batch, {"members": []})
        await errands.put_off(connection, [held.put_off(batch_id=batch)])

    async def attempt(at: datetime, outcome: Outcome) -> None:
        async with worker.municipality(course.municipality) as connection:
            begun = DeliveryAttempt(notice, "mail", "bo", uuid4(), batch, at)
            await deliveries.record_attempts(connection, [begun], outcome)

    await attempt(MONDAY, Outcome.BEGUN)
    assert await found(course, MONDAY + audit.LATE) == []
    assert await found(course) == [Found(FindingKind.ATTEMPT_HANGS, notice, course.course, "mail")]

    await attempt(MONDAY + SOON, Outcome.SENT)
    assert await found(course) == []


async def test_a_notice_to_several_persons_is_found_once(course: RecordedCourse) -> None:
    notice = await a_notice(course)
    async with course.stores.worker.municipality(course.municipality) as connection:
        (errand,) = await errands.of_notice(connection, notice, ["mail"])
        claim = errands.Claim(course.municipality, notice, "mail", errand.person, MONDAY)
        await errands.resolve(connection, claim, ["sara", "tove"], MONDAY)

    assert await found(course) == [Found(FindingKind.ERRAND_OVERDUE, notice, course.course, "mail")]


async def test_a_webhook_that_nobody_serves_is_found_unless_it_is_paused(course: RecordedCourse) -> None:
    webhook = a_webhook()
    async with course.store.municipality(course.municipality) as connection:
        await webhooks.add(connection, webhook)
    assert await found(course, MONDAY + audit.LATE) == []

    assert await found(course) == [Found(FindingKind.WEBHOOK_OVERDUE, webhook.webhook_id)]

    async with course.store.municipality(course.municipality) as connection:
        await webhooks.move(connection, webhook.webhook_id, WebhookState.PAUSED, LATER)
    assert await found(course) == []


async def test_a_bulk_act_that_nobody_carries_out_is_found_until_it_is_done(course: RecordedCourse) -> None:
    act = BulkAct(bulk_id=uuid4(), kind=BulkKind.PAUSE, digest="d", ordered_by="sara", ordered_at=MONDAY)
    command = cmd.ResumeCourse(id=uuid4(), actor=ANNA)
    async with course.store.municipality(course.municipality) as connection:
        await bulk_acts.order(connection, act, [Order(course=course.course, command=command)])
    assert await found(course, MONDAY + audit.LATE) == []

    assert await found(course) == [Found(FindingKind.BULK_ACT_OVERDUE, act.bulk_id)]

    async with course.stores.worker.anywhere() as connection:
        (claim,) = await bulk_acts.claim(connection, LATER, WELL, 1)
    async with course.stores.worker.municipality(course.municipality) as connection:
        await bulk_acts.put_off(connection, claim, WELL, 1)
    assert await found(course) == []
    assert await found(course, LATER + SOON) == [Found(FindingKind.BULK_ACT_OVERDUE, act.bulk_id)]

    async with course.stores.worker.municipality(course.municipality) as connection:
        await bulk_acts.end(connection, claim._replace(until=WELL), WELL, revision=2)
    assert await found(course, LATER + SOON) == []


async def test_a_bulk_act_for_a_later_day_is_not_owed_before(course: RecordedCourse) -> None:
    act = BulkAct(bulk_id=uuid4(), kind=BulkKind.RE_PIN, digest="d", ordered_by="sara", ordered_at=MONDAY)
    command, due_at = cmd.ResumeCourse(id=uuid4(), actor=ANNA), WELL + timedelta(days=7)
    async with course.store.municipality(course.municipality) as connection:
        await bulk_acts.order(connection, act, [Order(course=course.course, command=command, due_at=due_at)])

    assert await found(course, LATER + SOON) == []


async def shown(course: RecordedCourse, *units: str, is_mended: bool = False) -> list[tuple[Found, datetime, datetime]]:
    """Return what somebody who governs units is shown, with when it was seen first and last or mended."""
    reach = WHOLE_MUNICIPALITY.model_copy(update={"units": frozenset(units) or None})
    async with course.store.municipality(course.municipality) as connection:
        page = await read.findings(connection, reach, is_mended=is_mended, limit=9)
    return [
        (Found(row.kind, row.subject, row.course_id, row.what), row.first_seen, row.mended_at or row.last_seen)
        for row in page.items
    ]


async def recorded(course: RecordedCourse, now: datetime, *seen: Found) -> None:
    """Record that this and nothing else is found."""
    async with course.stores.worker.municipality(course.municipality) as connection:
        await findings.record(connection, [*FindingKind], seen, now)
        await findings.complete(connection, now)


async def test_what_is_found_again_is_one_finding_and_begins_anew_after_it_was_mended(course: RecordedCourse) -> None:
    asleep = Found(FindingKind.ASLEEP, course.course, course.course)
    await recorded(course, MONDAY, asleep)
    await recorded(course, LATER, asleep)
    assert await shown(course) == [(asleep, MONDAY, LATER)]

    await recorded(course, WELL)
    assert await shown(course) == []
    assert await shown(course, is_mended=True) == [(asleep, MONDAY, WELL)]

    await recorded(course, WELL + SOON, asleep)
    assert await shown(course) == [(asleep, WELL + SOON, WELL + SOON)]

    await recorded(course, WELL + 2 * SOON)
    await recorded(course, WELL + findings.RETAINED_FOR + 3 * SOON)
    assert await shown(course, is_mended=True) == []


async def test_an_audit_that_ends_after_a_later_one_changes_nothing_of_what_that_found(course: RecordedCourse) -> None:
    asleep, other = (Found(FindingKind.ASLEEP, course.course, course.course, what) for what in ("", "other"))
    await recorded(course, MONDAY, asleep)
    await recorded(course, WELL, other)

    await recorded(course, LATER, asleep)

    assert await shown(course) == [(other, WELL, WELL)]
    assert await shown(course, is_mended=True) == [(asleep, MONDAY, WELL)]
    async with course.stores.worker.municipality(course.municipality) as connection:
        audited = await findings.audited(connection, course.municipality)
    assert audited is not None
    assert audited.completed_at == WELL


async def test_a_finding_is_shown_to_who_governs_its_unit_and_one_of_no_course_to_who_governs_all(
    course: RecordedCourse,
) -> None:
    of_course = Found(FindingKind.ASLEEP, course.course, course.course)
    of_none = Found(FindingKind.WORKFLOW_LEFT, uuid4())
    await recorded(course, MONDAY, of_course, of_none)

    assert {found for found, *_ in await shown(course)} == {of_course, of_none}
    assert [found for found, *_ in await shown(course, "job")] == [of_course]
    assert await shown(course, "youth") == []


async def test_another_municipality_is_neither_looked_at_nor_named(course: RecordedCourse) -> None:
    await course.does(settled(course, None))

    async with course.stores.worker.municipality("6999") as connection:
        assert await audit.look(connection, FindingKind.NO_WAKEUP, LATER) == []
    async with course.stores.worker.anywhere() as connection:
        assert course.municipality in await findings.municipalities(connection)


async def test_the_kinds_are_counted_from_outside_every_municipality(course: RecordedCourse, store: Store) -> None:
    async def number() -> int:
        async with store.anywhere() as connection:
            return (await findings.counts(connection))[FindingKind.RUNG_TO_NOBODY]

    before, kind = await number(), FindingKind.RUNG_TO_NOBODY
    async with course.stores.worker.municipality(course.municipality) as connection:
        await findings.record(connection, [kind], [Found(kind, course.course, course.course, "a")], MONDAY)
    assert await number() == before + 1

    async with course.stores.worker.municipality(course.municipality) as connection:
        await findings.record(connection, [kind], [], LATER)
    assert await number() == before
