"""A silent wait climbs in the working time of the one who is asked, as it is known when the rung comes (P6)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.calendar import danish_day
from domain.identity import Role
from domain.state.waiting import Waiting, WaitingKind
from infra.documents.calendars import Calendars
from infra.store.registers import absences, people
from infra.store.registers.people import Person
from rules.calendar.danish_offices import Office, OwnTime, calendar_of
from rules.calendar.data import Absence, NamedCover
from rules.calendar.working_time import WorkingTime
from tests.domain.vocabulary import ANNA, MONDAY, Story
from tests.workflows.vocabulary import RunningCourse, Stack

PART_TIME = OwnTime(days=(1, 2, 3), absences=(Absence(since=date(2026, 9, 8), until=date(2026, 9, 14)),))
FOR_GOOD = OwnTime(absences=(Absence(since=date(2026, 9, 7)),))


def asked_by(story: Story) -> list[tuple[date, str]]:
    """Return when who was told that the caseworker has not acknowledged."""
    raised = [event for event in story.events if isinstance(event, ev.NoticeRaised) and event.about == "escalation"]
    of_anna = (e for e in raised if e.waiting and e.waiting.role is Role.CASEWORKER and e.recipient.name != "bo")
    return [(danish_day(e.at), e.recipient.kind) for e in of_anna]


@pytest.mark.parametrize(
    ("anna", "longest_postponement", "reminded", "supervised"),
    [
        (OwnTime(), 10, date(2026, 9, 8), date(2026, 9, 9)),
        (PART_TIME, 10, date(2026, 9, 15), date(2026, 9, 16)),
        (PART_TIME, 3, date(2026, 9, 11), date(2026, 9, 14)),
        (FOR_GOOD, 10, date(2026, 9, 22), date(2026, 9, 23)),
        (FOR_GOOD, 0, date(2026, 9, 8), date(2026, 9, 9)),
    ],
    ids=["at work", "part time and a week away", "at most three days later", "away for good", "never later"],
)
def test_who_is_away_is_reminded_later_and_so_is_the_supervisor_within_the_municipal_maximum(
    anna: OwnTime, longest_postponement: int, reminded: date, supervised: date
) -> None:
    office = Office(longest_postponement=longest_postponement)
    story = Story(calendar=WorkingTime(calendar_of(office)).with_own_times({"anna": anna})).starts()
    story.reports(ANNA, agreed=True, way="again")

    story.time_passes_to(MONDAY + timedelta(days=30))

    assert asked_by(story) == [(reminded, "person"), (supervised, "supervisors")]


async def register(stack: Stack, *away: Absence) -> None:
    """Let Anna be in the directory, and away, with who covers for her."""
    now = datetime.now(UTC)
    async with Calendars(stack.stores.api, stack.cache).changing(stack.municipality, danish_day(now)) as connection:
        for person in ("anna", *(cover.person for absence in away for cover in absence.covers)):
            await people.put(connection, Person(person_id=person, name=person, updated_at=now))
        await absences.replace(connection, "anna", away)


async def receipts(course: RunningCourse) -> dict[str, Waiting]:
    """Return the missing receipts of a course by the person who is asked."""
    waiting = (await course.state()).waiting
    return {w.persons[-1]: w for w in waiting if w.kind is WaitingKind.ACKNOWLEDGEMENT}


async def test_an_absence_registered_meanwhile_counts_when_the_next_rung_comes(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await course.does(cmd.BriefNow, ANNA)
        customary = (await course.state()).calendar
        due = (await receipts(course))["anna"].next_rung_at
        assert due is not None
        assert due == (await receipts(course))["bo"].next_rung_at

        await register(stack, Absence(since=danish_day(datetime.now(UTC)) - timedelta(days=1)))
        await course.time_passes(due - datetime.now(UTC) + timedelta(hours=1))

        silent = await receipts(course)
        assert (silent["anna"].level, silent["bo"].level) == (0, 1)
        assert silent["anna"].next_rung_at is not None
        assert silent["anna"].next_rung_at > due
        assert (await course.state()).calendar == customary, "the calendar of the offices names nobody"

        await course.time_passes(timedelta(days=30))
        assert (await receipts(course))["anna"].level > 0, "the municipal maximum has passed"


async def test_a_course_wakes_by_itself_when_somebody_begins_to_cover_and_when_he_ends(stack: Stack) -> None:
    async with stack.working():
        today = danish_day(datetime.now(UTC))
        since, until = today + timedelta(days=3), today + timedelta(days=4)
        await register(stack, Absence(since=since, until=until, covers=(NamedCover(person="carl"),)))
        course = await stack.started()
        await course.does(cmd.BriefNow, ANNA)

        asked = []
        noon_before = datetime.combine(since - timedelta(days=1), time(12), UTC)
        for passing in (noon_before - datetime.now(UTC), *[timedelta(days=1)] * 3):
            await course.time_passes(passing)
            asked.append((await receipts(course))["anna"].persons)

    assert asked == [("anna",), ("carl", "anna"), ("carl", "anna"), ("anna",)]


async def test_a_course_that_begins_after_an_absence_was_registered_knows_of_it(stack: Stack) -> None:
    async with stack.working():
        await register(stack, Absence(since=danish_day(datetime.now(UTC)) - timedelta(days=1)))
        course = await stack.started()
        await course.does(cmd.BriefNow, ANNA)

        silent = await receipts(course)

    reminded, other = silent["anna"].next_rung_at, silent["bo"].next_rung_at
    assert reminded is not None
    assert other is not None
    assert reminded > other
