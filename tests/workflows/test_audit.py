"""The audit finds what has gone asleep in Temporal and store, wakes what it may, and sees when it is gone (P5, P7)."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from temporalio import activity
from temporalio.client import Client, ScheduleOverlapPolicy
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.worker import Worker

from activities.audit import foresight
from activities.audit.foresight import Foresight
from domain import commands as cmd
from domain import events as ev
from domain.calendar import danish_day
from domain.forecast import Rehearsal, rehearse
from domain.identity import Role, course_workflow_id
from domain.state.course import CourseState, Status
from infra.documents.calendars import Calendars
from infra.store import tables as t
from infra.store.engine import SHARED_OWNER
from infra.store.finding_rows import FindingKind, Found
from infra.store.queries import audit
from infra.store.queries import findings as read
from infra.store.registers import absences, findings, office_hours, people, texts
from infra.store.registers.people import Person
from infra.store.registers.texts import TextKind
from rules.calendar.danish_offices import Office
from rules.calendar.data import Absence, NamedCover
from standalone.temporal import TemporalServer
from tests.domain.vocabulary import ANNA, add_note
from tests.store.vocabulary import WHOLE_MUNICIPALITY, RecordedCourse, settled
from tests.workflows.faults import Attempts
from tests.workflows.vocabulary import RunningCourse, Stack
from tools.town.ports import free_port
from tools.town.receiver import Receiver, answer
from workflows import options
from workflows.audit import SCHEDULE, schedule_audit
from workflows.courier import COURIER, CourierWorkflow, start_courier
from workflows.messages import COURIER_QUEUE, COURSE_QUEUE

PATIENCE = 30.0
ALL_BUT_AN_INSTANT = timedelta(days=1) - timedelta(microseconds=1)
"""In which every course has its turn."""


def now() -> datetime:
    return datetime.now(UTC)


async def audited(stack: Stack, at: datetime | None = None) -> set[Found]:
    """Let the municipality be audited, and return what is found now."""
    assert await stack.activities.auditor.audit_municipality(stack.municipality, at or now())
    return await found(stack, stack.municipality)


async def found(stack: Stack, municipality: str) -> set[Found]:
    """Return what is found now, but for who is told of rungs: the directory of most tests is empty."""
    async with stack.stores.api.municipality(municipality) as connection:
        page = await read.findings(connection, WHOLE_MUNICIPALITY, is_mended=False, limit=99)
    rows = (Found(row.kind, row.subject, row.course_id, row.what) for row in page.items)
    return {one for one in rows if one.kind is not FindingKind.RUNG_TO_NOBODY}


def of(kind: FindingKind, course: RunningCourse) -> set[Found]:
    return {Found(kind, course.id, course.id)}


async def rewritten(course: RunningCourse, **values: object) -> None:
    """Let the store say something else of a course than its workflow."""
    async with course.stack.store.municipality(course.stack.municipality) as connection:
        await connection.execute(update(t.course).where(t.course.c.course_id == course.id).values(**values))


async def test_nothing_is_found_of_a_course_that_lives(stack: Stack) -> None:
    async with stack.working():
        await stack.started()

        assert await audited(stack) == set()


async def test_a_course_without_a_workflow_is_found_and_goes_on_from_the_store(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        revision = (await course.state()).revision
        await course.handle.terminate()

        assert await audited(stack) == of(FindingKind.WORKFLOW_MISSING, course)
        assert await audited(stack) == set()
        assert (await course.state()).revision >= revision


async def test_a_workflow_whose_course_is_over_is_found_and_left_alone(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await rewritten(course, status=Status.COMPLETED)
        later = now() + audit.LATE + timedelta(minutes=1)

        assert await audited(stack) == set(), "it may be about to end"
        assert await audited(stack, later) == of(FindingKind.WORKFLOW_LEFT, course)

        await rewritten(course, status=Status.OPEN)
        assert await audited(stack, later + timedelta(minutes=1)) == set()


async def test_a_course_past_its_wake_up_is_woken(stack: Stack) -> None:
    attempts = Attempts()
    async with stack.working(interceptors=[attempts]):
        course = await stack.started()
        attempts.has_begun.clear()
        wakeup = (await course.state()).wakeup
        assert wakeup is not None

        late = wakeup + audit.LATE + timedelta(minutes=1)
        asleep = of(FindingKind.ASLEEP, course)

        assert await audited(stack, late) >= asleep
        assert attempts.has_begun.is_set()

        await rewritten(course, wakeup=late + timedelta(days=1))
        assert asleep.isdisjoint(await audited(stack, late + timedelta(minutes=1)))


async def test_a_course_without_a_wake_up_is_found_and_not_touched(stack: Stack) -> None:
    attempts = Attempts()
    async with stack.working(interceptors=[attempts]):
        course = await stack.started()
        wakeup = (await course.state()).wakeup
        await rewritten(course, wakeup=None)
        attempts.has_begun.clear()

        assert await audited(stack) == of(FindingKind.NO_WAKEUP, course)
        assert not attempts.has_begun.is_set()

        await rewritten(course, wakeup=wakeup)
        assert await audited(stack) == set()


async def until(is_found: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what Temporal tells with a delay."""
    async with asyncio.timeout(PATIENCE):
        while not await is_found():
            pass


async def test_a_course_whose_tasks_fail_is_found_until_it_is_gone(
    stack: Stack, temporal_server: TemporalServer
) -> None:
    course = uuid4()
    wanted = Found(FindingKind.TASK_FAILS, course, course)
    of_municipality = TypedSearchAttributes([SearchAttributePair(options.MUNICIPALITY, stack.municipality)])
    unsealed = await Client.connect(temporal_server.address)

    async def is_found() -> bool:
        return wanted in await audited(stack)

    async def is_gone() -> bool:
        return not await is_found()

    async with stack.working():
        wedged = await unsealed.start_workflow(
            "Course",
            {"course": "no course"},
            id=course_workflow_id(course),
            task_queue=COURSE_QUEUE,
            search_attributes=of_municipality,
        )
        await until(is_found)

        await wedged.terminate()
        await until(is_gone)


@activity.defn(name="carry_notices")
async def carries_nothing() -> None:
    """Fail whenever it is tried."""
    raise RuntimeError


async def test_a_courier_that_is_not_there_or_whose_turn_fails_is_found(stack: Stack) -> None:
    missing = Found(FindingKind.WORKFLOW_MISSING, UUID(int=0), what=COURIER)
    failing = Found(FindingKind.TASK_FAILS, UUID(int=0), what=COURIER)

    async def seen() -> set[Found]:
        await stack.activities.auditor.audit_shared(now())
        return await found(stack, SHARED_OWNER)

    async def is_failing() -> bool:
        return failing in await seen()

    assert missing in await seen()

    await start_courier(stack.client)
    try:
        assert {missing, failing}.isdisjoint(await seen())

        queue, workflows = COURIER_QUEUE, [CourierWorkflow]
        async with Worker(stack.client, task_queue=queue, workflows=workflows, activities=[carries_nothing]):
            await until(is_failing)
    finally:
        await stack.client.get_workflow_handle(COURIER).terminate()


async def register(stack: Stack, *people_: Person, away: str | None = None, cover: str | None = None) -> None:
    """Put people into the directory; one may be away for a month, for whom nobody waits, and another the cover."""
    today = danish_day(now())
    async with Calendars(stack.stores.api, stack.cache).changing(stack.municipality, today) as connection:
        for person in people_:
            await people.put(connection, person)
        if away is not None:
            await office_hours.put_office(connection, Office(longest_postponement=0))
            covers = (NamedCover(person=cover),) if cover else ()
            month = Absence(since=today, until=today + timedelta(days=30), covers=covers)
            await absences.replace(connection, away, [month])


def person(name: str, *roles: Role, unit: str | None = "job") -> Person:
    return Person(person_id=name, name=name.title(), roles=roles, unit=unit, updated_at=now())


SARA = person("sara", Role.SUPERVISOR, unit=None)
"""Who hears of the rungs that reach supervisors, be they within the two weeks or not."""


async def silent_rungs(stack: Stack, *, all_of_them: bool = True) -> set[str]:
    """Return the waits of which a rung would tell nobody in the next two weeks, in all courses or in those found."""
    activities, at = stack.activities, now() if all_of_them else now() + timedelta(days=1)
    looking = Foresight(stack.store, activities.rulebooks, activities.calendars)
    async with stack.store.municipality(stack.municipality) as connection:
        ids = await audit.to_foresee(connection, at - ALL_BUT_AN_INSTANT if all_of_them else at, at)
    return {one.what for one in await looking.rungs_to_nobody(stack.municipality, ids, now())}


async def test_a_rung_that_would_tell_nobody_is_found_until_somebody_would_hear(stack: Stack) -> None:
    async with stack.working():
        await stack.started()
        assert await silent_rungs(stack), "the directory is empty"
        assert await silent_rungs(stack, all_of_them=False) == set(), "nothing has changed since, nothing was found"

        await audited(stack)
        assert await silent_rungs(stack, all_of_them=False), "what was found is looked at again"

        await register(stack, person("anna", Role.CASEWORKER), person("bo", Role.COMPANY_CONSULTANT), SARA)
        assert await silent_rungs(stack) == set()


async def test_each_course_is_rehearsed_once_and_not_by_the_thread_that_serves_all_others(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsed: list[UUID] = []
    threads = set()

    def counting(state: CourseState, *given: Any) -> Rehearsal:
        rehearsed.append(state.course)
        threads.add(threading.get_ident())
        return rehearse(state, *given)

    monkeypatch.setattr(foresight, "rehearse", counting)
    async with stack.working():
        courses = [await stack.started(reference=f"case-{number}") for number in range(3)]

        await audited(stack)
        assert sorted(rehearsed) == sorted(course.id for course in courses)
        assert threading.get_ident() not in threads


async def test_who_is_away_hears_nothing_but_by_a_cover(stack: Stack) -> None:
    anna = person("anna", Role.CASEWORKER, Role.COMPANY_CONSULTANT, unit="elsewhere")
    async with stack.working():
        await stack.started(
            caseworker=cmd.PartyClaim(person="anna"),
            company_consultant=cmd.PartyClaim(person="anna"),
            shared_role=True,
            shared_role_reason=await stack.stage("few people"),
        )
        await register(stack, anna, SARA, away="anna")
        assert await silent_rungs(stack)

        await register(stack, person("carl", Role.CASEWORKER, unit="elsewhere"), away="anna", cover="carl")
        assert await silent_rungs(stack) == set()


async def test_a_queue_and_the_supervisors_are_those_of_the_unit(stack: Stack) -> None:
    async with stack.working():
        await stack.started(caseworker=cmd.PartyClaim(unit="job"), company_consultant=cmd.PartyClaim(unit="job"))
        await register(
            stack, person("gert", Role.CASEWORKER, unit="youth"), person("sara", Role.SUPERVISOR, unit="youth")
        )
        assert await silent_rungs(stack)

        await register(stack, person("gert", Role.CASEWORKER))
        of_supervisors = await silent_rungs(stack)
        await register(stack, SARA)

        assert of_supervisors >= await silent_rungs(stack) == set()


@asynccontextmanager
async def monitor(status: int) -> AsyncIterator[tuple[str, Receiver]]:
    """Let a server listen on loopback that answers every call with a status."""
    receiver = Receiver(lambda _: answer(status))
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/ping", receiver


@pytest.mark.parametrize("status", [204, 500])
async def test_a_complete_audit_calls_an_address_outside_whether_it_is_heard_or_not(stack: Stack, status: int) -> None:
    async with monitor(status) as (url, receiver):
        auditor = replace(stack.activities, heartbeat_url=url).auditor

        assert await auditor.audit_each([stack.municipality], now())

    assert [call.path for call in receiver.received] == ["/ping"]


async def test_an_audit_is_complete_although_nobody_listens(stack: Stack) -> None:
    assert await replace(stack.activities, heartbeat_url=f"http://127.0.0.1:{free_port()}/").auditor.audit_each(
        [stack.municipality], now()
    )


async def test_a_check_that_fails_keeps_no_other_from_its_turn_and_the_heart_from_beating(stack: Stack) -> None:
    unforeseeable = await RecordedCourse(stack.stores, stack.municipality, now=now()).starts()
    await unforeseeable.does(settled(unforeseeable, now() + timedelta(days=1)))

    async with stack.working(), monitor(204) as (url, receiver):
        at = now()
        assert not await replace(stack.activities, heartbeat_url=url).auditor.audit_each([stack.municipality], at)

        seen = {one.kind for one in await found(stack, stack.municipality) if one.subject == unforeseeable.course}
        async with stack.store.municipality(SHARED_OWNER) as connection:
            complete = await findings.audited(connection)
    assert seen == {FindingKind.NAMES_NOBODY, FindingKind.WORKFLOW_MISSING}
    assert receiver.received == []
    assert complete is None or complete.completed_at < at

    await unforeseeable.does(ev.CourseCompleted(at=unforeseeable.now, by="anna", outcome="ordinary_job"))


async def test_strays_are_swept_and_adopted_texts_kept(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        long_ago = now() - timedelta(days=2)
        async with stack.stores.api.municipality(stack.municipality) as connection:
            stray = await texts.stage(connection, TextKind.NOTE, "never adopted", "anna", long_ago)
            adopted = await texts.stage(connection, TextKind.NOTE, "a resource", "anna", long_ago)
        fresh = await stack.stage("just staged")
        await course.does(add_note, ANNA, note=adopted, note_kind="resource")

        swept = await stack.activities.auditor.sweep(now())

        async with stack.store.municipality(stack.municipality) as connection:
            left = await texts.texts(connection, [stray, adopted, fresh])
    assert swept >= 1
    assert set(left) == {adopted, fresh}


async def test_any_number_of_workers_make_one_schedule(stack: Stack) -> None:
    await schedule_audit(stack.client)
    await schedule_audit(stack.client)

    described = await stack.client.get_schedule_handle(SCHEDULE).describe()

    assert described.info.next_action_times
    assert described.schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
