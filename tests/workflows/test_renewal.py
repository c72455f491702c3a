"""A changed calendar renews the courses whose waits it moves, although nobody touches them (P5, P6)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from domain import commands as cmd
from domain.calendar import danish_day
from domain.state.waiting import WaitingKind
from infra.documents.calendars import Calendars
from infra.store.queries import courses
from infra.store.registers import absences, people
from infra.store.registers.people import Person
from rules.calendar.data import Absence, NamedCover
from tests.domain.vocabulary import ANNA
from tests.workflows.vocabulary import RunningCourse, Stack
from workflows.messages import COURIER_QUEUE

A_LONG_TIME = Absence(since=danish_day(datetime.now(UTC)) - timedelta(days=1), until=None)


async def away(stack: Stack, *absences_: Absence, person: str = "anna") -> None:
    """Let somebody of the directory be away."""
    now = datetime.now(UTC)
    async with Calendars(stack.stores.api, stack.cache).changing(stack.municipality, danish_day(now)) as connection:
        await people.put(connection, Person(person_id=person, name="Prøve", updated_at=now))
        await absences.replace(connection, person, absences_)


async def renewal(stack: Stack) -> int:
    """Let a renewal run and return how many courses it renewed."""
    renewed: int = await stack.client.execute_workflow("Renewal", id=f"renewal/{uuid4()}", task_queue=COURIER_QUEUE)
    return renewed


async def until(course: RunningCourse, person: str) -> datetime:
    """Return until when a receipt of a person is waited for, which workflow and store agree on."""
    waits = (await course.state()).waiting
    wait = next(w for w in waits if w.kind is WaitingKind.ACKNOWLEDGEMENT and person in w.persons)
    async with course.stack.store.municipality(course.stack.municipality) as connection:
        rows = {row.key: row.until for row in await courses.waiting(connection, course.id)}
    assert wait.until is not None
    assert rows[str(wait.key)] == wait.until
    return wait.until


async def test_an_absence_moves_the_waits_of_its_person_and_of_nobody_else(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        others = await stack.started("case-2", caseworker=cmd.PartyClaim(person="carl"))
        for one, actor in ((course, ANNA), (others, ANNA.model_copy(update={"person": "carl"}))):
            await one.does(cmd.BriefNow, actor)
        before, revision = await until(course, "anna"), (await others.state()).revision

        await away(stack, A_LONG_TIME)
        assert await until(course, "anna") == before, "never in the request"
        renewed = await renewal(stack)

        postponed = await until(course, "anna")
        assert renewed >= 1
        assert postponed > before
        assert await until(course, "bo") == before
        assert (await others.state()).revision == revision

        await away(stack)
        await renewal(stack)
        assert await until(course, "anna") == before
        revision = (await course.state()).revision
        await renewal(stack)
        assert (await course.state()).revision == revision


async def test_a_cover_who_goes_away_himself_moves_what_he_is_asked(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await course.does(cmd.BriefNow, ANNA)
        before = await until(course, "anna")
        await away(stack, person="carl")
        await away(stack, A_LONG_TIME.model_copy(update={"covers": (NamedCover(person="carl"),)}))
        await renewal(stack)
        assert await until(course, "carl") == before

        await away(stack, A_LONG_TIME, person="carl")
        await renewal(stack)

        assert await until(course, "anna") > before
        assert "carl" not in (await course.state()).awaited


async def test_what_was_moved_and_moved_back_is_renewed_too(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await course.does(cmd.BriefNow, ANNA)
        before = await until(course, "anna")
        await away(stack, A_LONG_TIME)
        await course.does(cmd.ReportFacts, ANNA, facts={"search_together": True})
        assert await until(course, "anna") > before

        await away(stack)
        await renewal(stack)

        assert await until(course, "anna") == before
