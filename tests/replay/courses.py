"""The scenarios whose histories are recorded: each takes other paths through the workflows, as its docstring says."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from unittest.mock import patch

from domain import commands as cmd
from domain.identity import Role, course_workflow_id
from tests.domain.vocabulary import ANNA, BO, CARL, CASE_SYSTEM
from tests.workflows.faults import Attempts
from tests.workflows.vocabulary import RunningCourse, Stack, course_of
from workflows import options
from workflows.courier import COURIER, start_courier
from workflows.messages import COURIER_QUEUE

EVENTS_PER_SHORT_RUN: Final = 25


@dataclass(frozen=True)
class Run:
    """A run of a workflow whose history is recorded, and the length at which it had to continue as new."""

    workflow_id: str
    run_id: str | None = None
    events_per_run: int = options.EVENTS_PER_RUN


Scenario = Callable[[Stack], Awaitable[Run]]
"""Plays a course and returns the run to record."""


async def does(course: RunningCourse, kind: type[Any], actor: Any, **what: Any) -> None:
    """Let `actor` give a command that must not be refused."""
    answer = await course.does(kind, actor, **what)
    assert not answer.refused, answer


async def both_acknowledge(course: RunningCourse, version: int = 1) -> None:
    """Let Anna and Bo acknowledge the newest open visit."""
    visit = (await course.state()).open_visits[-1]
    for actor in (ANNA, BO):
        await does(course, cmd.Acknowledge, actor, briefing=visit.number, version=version)


async def straight_through(stack: Stack) -> Run:
    """Every step in order, to the end of the workflow."""
    async with stack.working():
        course = await stack.started("straight-through")
        await course.completes_intake()
        await both_acknowledge(course)
        await course.reports("visit")
        await course.reports("visit_words")
        await course.reports("hours")
        await course.reports("agreement", visit_outcome="paid_hours")
        await both_acknowledge(course)
        hours = {**course.script.facts("hours_start"), "hours_in_week": 6}
        await does(course, cmd.ReportFacts, CASE_SYSTEM, facts=hours)
        reason = await stack.stage("works in a garden")
        await does(course, cmd.CloseCourse, ANNA, outcome="ordinary_job", reason=reason)
        await both_acknowledge(course)
        await course.handle.result()
    return Run(course.handle.id)


async def courier(stack: Stack) -> Run:
    """A turn of the courier that ends with its worker; another worker goes on in a new run."""
    await start_courier(stack.client)
    handle = stack.client.get_workflow_handle(COURIER)
    first = (await handle.describe()).run_id
    while (await handle.describe()).run_id == first:
        async with stack.working():
            await asyncio.sleep(1)
    await handle.terminate()
    return Run(COURIER, first)


async def crooked(stack: Stack) -> Run:
    """Reality ahead of the informing, an outdated receipt, a hand-over, a dispute, and a visit that branches."""
    async with stack.working():
        course = await stack.started("crooked")
        await does(course, cmd.ReportFacts, BO, facts={"visit_held_on": course.script.day(0)})
        assert (await course.state()).ahead_of_informing
        await course.completes_intake()
        await does(course, cmd.ReportFacts, BO, facts={"goal_paid_hours": 20})
        late = await course.does(cmd.Acknowledge, ANNA, briefing=1, version=1)
        assert late.refused
        reason = await stack.stage("on leave")
        await does(course, cmd.AssignParty, ANNA, role=Role.CASEWORKER, to=cmd.PartyClaim(person="carl"), reason=reason)
        reason = await stack.stage("twenty hours is too much")
        await does(course, cmd.Dispute, CARL, briefing=1, version=2, reason=reason)
        for actor in (BO, CARL):
            await does(course, cmd.Acknowledge, actor, briefing=1, version=3)
        reason = await stack.stage("back again")
        await does(course, cmd.AssignParty, CARL, role=Role.CASEWORKER, to=cmd.PartyClaim(person="anna"), reason=reason)
        await course.reports("visit", visit_outcome="trial")
        await course.reports("visit_words")
        await course.reports("grant")
        await both_acknowledge(course)
        await does(course, cmd.ReportFacts, BO, facts={"trial_outcome": "no_job"})
        await both_acknowledge(course)
        assert [visit.step for visit in (await course.state()).open_visits] == ["trial", "company_visit"]
    return Run(course.handle.id)


async def silent(stack: Stack) -> Run:
    """Silence up a ladder, a pause, and its end by time alone: timers that ring and timers set anew."""
    async with stack.working():
        course = await stack.started("silent")
        await course.completes_intake()
        await course.time_passes(timedelta(days=12))
        reason = await stack.stage("abroad")
        await does(course, cmd.PauseCourse, ANNA, reason=reason, until=datetime.now(UTC) + timedelta(days=30))
        await course.time_passes(timedelta(days=40))
        assert not (await course.state()).is_paused
    return Run(course.handle.id)


async def troubled(stack: Stack) -> Run:
    """The store away for a command and for the passing of time."""
    attempts = Attempts()
    async with stack.working(interceptors=[attempts]):
        course = await stack.started("troubled")
        attempts.fail(1, is_retried=False)
        assert (await course.does(cmd.ReportFacts, ANNA, facts={"search_together": True})).refused
        await course.completes_intake()
        attempts.fail(1, is_retried=False)
        await course.time_passes(timedelta(days=7))
    assert not attempts.failing
    return Run(course.handle.id)


async def long(stack: Stack) -> Run:
    """A run so long that it continues as new."""
    with patch.object(options, "EVENTS_PER_RUN", EVENTS_PER_SHORT_RUN):
        async with stack.working():
            course = await stack.started("long")
            first = (await course.handle.describe()).run_id
            hours = 0
            while (await course.handle.describe()).run_id == first:
                hours += 1
                await does(course, cmd.ReportFacts, ANNA, facts={"goal_paid_hours": hours})
            await does(course, cmd.ReportFacts, ANNA, facts={"search_together": True})
    return Run(course.handle.id, first, EVENTS_PER_SHORT_RUN)


async def continued(stack: Stack) -> Run:
    """The run that continues the one before, with its state."""
    return Run(course_workflow_id(course_of(stack.municipality, "long")), None, EVENTS_PER_SHORT_RUN)


async def audit(stack: Stack) -> Run:
    """One audit."""
    workflow_id = "audit/recorded"
    async with stack.working():
        await stack.client.execute_workflow("Audit", id=workflow_id, task_queue=COURIER_QUEUE)
    return Run(workflow_id)


async def renewal(stack: Stack) -> Run:
    """One renewal of the courses that changed calendars move."""
    workflow_id = "renewal/recorded"
    async with stack.working():
        await stack.client.execute_workflow("Renewal", id=workflow_id, task_queue=COURIER_QUEUE)
    return Run(workflow_id)


SCENARIOS: Final[tuple[Scenario, ...]] = (
    straight_through,
    courier,
    crooked,
    silent,
    troubled,
    long,
    continued,
    audit,
    renewal,
)
"""In this order, because `continued` records a run that the one before has made."""
