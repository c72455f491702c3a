"""The synthetic courses whose histories are kept: each takes another way through the workflows."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from unittest.mock import patch

from temporalio.testing import TimeSkipper

from activities.channels.log import LogChannel
from domain import commands as cmd
from domain.address import AddressKind
from domain.identity import Role, course_id, course_workflow_id, notice_workflow_id
from infra.store.queries import notices as notices_of
from tests.domain.vocabulary import ANNA, BO, CARL, CASE_SYSTEM
from tests.workflows.vocabulary import RunningCourse, Stack
from workflows import options

EVENTS_PER_SHORT_RUN: Final = 60

VISIT: Final = {
    "visit_purpose": "match",
    "company_cvr": "10000009",
    "company_p_number": "1000000001",
    "citizen_at_company_visit": True,
    "caseworker_at_company_visit": True,
}

TRIAL: Final = {
    "trial_p_number": "1000000001",
    "purpose_skills": True,
    "employer_statement": True,
    "employee_statement": "given",
    "trial_weekly_hours": 15,
    "supported_fte": 2,
    "company_consent": "accommodations",
    "company_told": "tasks_and_hours",
}


@dataclass(frozen=True)
class Run:
    """Which run of which workflow to keep, and the length at which it was told to continue as new."""

    workflow_id: str
    run_id: str | None = None
    events_per_run: int = options.EVENTS_PER_RUN


Telling = Callable[[Stack], Awaitable[Run]]
"""Tells one course to a house and returns the run to keep."""


async def does(told: RunningCourse, kind: type[Any], actor: Any, **what: Any) -> None:
    """Let `actor` give a command that must not be refused."""
    answer = await told.does(kind, actor, **what)
    assert not answer.refused, answer


async def both_acknowledge(told: RunningCourse, version: int = 1) -> None:
    """Let Anna and Bo acknowledge the newest open visit."""
    visit = (await told.state()).open_visits[-1]
    for actor in (ANNA, BO):
        await does(told, cmd.Acknowledge, actor, briefing=visit.number, version=version)


async def straight_through(house: Stack) -> Run:
    """Take every step in order and close, with notices going outward."""
    house.channels = (LogChannel(),)
    async with house.working():
        told = await house.started("straight-through")
        await told.completes_intake()
        await both_acknowledge(told)
        today = datetime.now(UTC).date().isoformat()
        await does(told, cmd.ReportFacts, BO, facts={**VISIT, "visit_held_on": today})
        hours = {"hours_schedule": f"{today}=6", "contract_signed": True}
        await does(told, cmd.ReportFacts, BO, facts=hours)
        await does(told, cmd.ReportFacts, ANNA, facts={"visit_outcome": "paid_hours"})
        await both_acknowledge(told)
        await does(told, cmd.ReportFacts, CASE_SYSTEM, facts={"paid_hours_started_on": today, "hours_in_week": 6})
        reason = await house.stage("works in a garden")
        await does(told, cmd.CloseCourse, ANNA, outcome="ordinary_job", reason=reason)
        await both_acknowledge(told)
        await told.handle.result()
    return Run(told.handle.id)


def twelve_before(today: date) -> str:
    """Return twelve ordinary staff in each of the four months before a day."""
    months = [today.year * 12 + today.month - 1 - ago for ago in range(4, 0, -1)]
    return " ".join(f"{month // 12}-{month % 12 + 1:02}-01=12" for month in months)


async def branched(house: Stack) -> Run:
    """Plan a company visit, try, and open a search beside the trial that is ended again."""
    async with house.working():
        told = await house.started("branched")
        await told.completes_intake()
        await both_acknowledge(told)
        today = datetime.now(UTC).date()
        begins, ends = today.isoformat(), (today + timedelta(days=90)).isoformat()
        await does(told, cmd.ReportFacts, BO, facts={"visit_planned_on": begins, "visit_planned_at": "10:00"})
        visited = {**VISIT, "visit_held_on": begins, "visit_outcome": "trial"}
        await does(told, cmd.ReportFacts, BO, facts=visited)
        dated = {"trial_starts_on": begins, "trial_ends_on": ends, "ordinary_fte_by_month": twelve_before(today)}
        await does(told, cmd.ReportFacts, BO, facts={**TRIAL, **dated})
        await does(told, cmd.ReportFacts, ANNA, facts={"trial_decision": "granted", "trial_granted_on": begins})
        await both_acknowledge(told)
        await does(told, cmd.ReportFacts, BO, facts={"trial_started_on": begins, "next_step": "new_company"})
        await both_acknowledge(told)
        assert [visit.step for visit in (await told.state()).open_visits] == ["trial", "company_visit"]
        await does(told, cmd.ReportFacts, BO, facts={"next_step": "other"})
        await does(told, cmd.ReportFacts, BO, facts={"visit_outcome": "search_ended"})
        await both_acknowledge(told)
        assert [visit.step for visit in (await told.state()).open_visits] == ["trial"]
    return Run(told.handle.id)


async def argued_over(house: Stack) -> Run:
    """Be too late with a receipt, hand the role over, dispute and agree."""
    async with house.working():
        told = await house.started("argued-over")
        await told.completes_intake()
        await does(told, cmd.ReportFacts, BO, facts={"goal_paid_hours": 20})
        late = await told.does(cmd.Acknowledge, ANNA, briefing=1, version=1)
        assert late.refused
        claim = cmd.PartyClaim(person="carl")
        reason = await house.stage("on leave")
        await does(told, cmd.AssignParty, ANNA, role=Role.CASEWORKER, to=claim, reason=reason)
        reason = await house.stage("twenty hours is too much")
        await does(told, cmd.Dispute, CARL, briefing=1, version=2, reason=reason)
        for actor in (BO, CARL):
            await does(told, cmd.Acknowledge, actor, briefing=1, version=2)
    return Run(told.handle.id)


async def silent(house: Stack) -> Run:
    """Wait in silence up a ladder, pause, wait on, and resume by time alone."""
    async with house.working():
        told = await house.started("silent")
        await told.completes_intake()
        await told.time_passes(timedelta(days=12))
        reason = await house.stage("abroad")
        await does(told, cmd.PauseCourse, ANNA, reason=reason, until=datetime.now(UTC) + timedelta(days=60))
        await told.time_passes(timedelta(days=80))
        assert not (await told.state()).is_paused
    return Run(told.handle.id)


async def long(house: Stack) -> Run:
    """Report so much that the run continues as new, and go on; keep the first run."""
    with patch.object(options, "EVENTS_PER_RUN", EVENTS_PER_SHORT_RUN):
        async with house.working():
            told = await house.started("long")
            first = (await told.handle.describe()).run_id
            hours = 0
            while (await told.handle.describe()).run_id == first:
                hours += 1
                await does(told, cmd.ReportFacts, ANNA, facts={"goal_paid_hours": hours})
            await told.completes_intake()
    return Run(told.handle.id, first, EVENTS_PER_SHORT_RUN)


async def continued(house: Stack) -> Run:
    """Return the run that goes on after the one before."""
    return Run(course_workflow_id(course_id(house.municipality, "long", 1)), None, EVENTS_PER_SHORT_RUN)


async def overtaken(house: Stack) -> Run:
    """Let reality go ahead of the informing by two steps."""
    async with house.working():
        told = await house.started("overtaken")
        today = datetime.now(UTC).date().isoformat()
        await does(told, cmd.ReportFacts, BO, facts={"visit_held_on": today, "paid_hours_started_on": today})
        assert (await told.state()).ahead
        await told.completes_intake()
        await both_acknowledge(told)
    return Run(told.handle.id)


async def notice_beside(house: Stack) -> Run:
    """Carry the first notice of the straight course outward."""
    course = course_id(house.municipality, "straight-through", 1)
    async with house.store.municipality(house.municipality) as connection:
        rows = (await notices_of.of_visits(connection, course, [1]))[1]
    workflow_id = notice_workflow_id(next(row.notice_id for row in rows if row.recipient_kind is AddressKind.PERSON))
    handle = house.client.get_workflow_handle(workflow_id)
    async with house.working():
        if (await handle.describe()).close_time is None:
            await TimeSkipper(house.client).fast_forward(handle)
        await handle.result()
    return Run(workflow_id)


COURSES: Final[tuple[Telling, ...]] = (
    straight_through,
    branched,
    argued_over,
    silent,
    long,
    continued,
    overtaken,
    notice_beside,
)
"""In this order, for some tell of what an earlier one left."""
