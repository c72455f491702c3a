"""The store ahead, behind, forked or away: each case is mended or loud, and nothing happens twice (P7)."""

from pathlib import Path

import pytest

from activities.channels.log import LogChannel
from domain import commands as cmd
from domain.errors import Code
from domain.events import Event
from domain.identity import GATE_ROLES
from domain.state.course import CourseState
from infra.store.courses import errands
from infra.store.courses.errands import Errand
from infra.store.queries import journal, notices
from tests.domain.vocabulary import ANNA, BO
from tests.workflows.vocabulary import RunningCourse, Stack, after, applied


async def journal_of(course: RunningCourse) -> list[Event | None]:
    """Return every journal entry of a course."""
    async with course.stack.store.municipality(course.stack.municipality) as connection:
        return [entry.event for entry in await journal.journal(connection, course.id, 1000)]


@pytest.fixture
async def begun(stack: Stack) -> tuple[RunningCourse, CourseState]:
    """A course applied by hand, as its workflow would know it."""
    course = await stack.new_course()
    unborn = CourseState(course=course.id, municipality=stack.municipality)
    result = await applied(stack, unborn, course.start())
    assert not result.answer.refused
    return course, after(unborn, result)


async def test_a_crash_after_the_transaction_adopts_what_was_stored(
    stack: Stack, begun: tuple[RunningCourse, CourseState]
) -> None:
    course, state = begun
    command = course.command(cmd.ReportFacts, ANNA, facts={"search_together": True})
    lost = await applied(stack, state, command)

    again = await applied(stack, state, command)

    assert again.answer == lost.answer
    assert again.events == ()
    assert after(state, again) == after(state, lost) == await course.stored()


async def test_a_workflow_restored_from_an_older_backup_adopts_the_store_and_goes_on(
    stack: Stack, begun: tuple[RunningCourse, CourseState]
) -> None:
    course, old = begun
    state = old
    for hours in (5, 10, 15):
        command = course.command(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": hours})
        state = after(state, await applied(stack, state, command))

    result = await applied(stack, old, course.command(cmd.ReportFacts, BO, facts={"goal_paid_hours": 20}))

    assert result.adopted == state
    assert after(old, result) == await course.stored()
    assert result.revision == state.revision + 1


async def test_a_workflow_that_lost_everything_adopts_the_store(
    stack: Stack, begun: tuple[RunningCourse, CourseState]
) -> None:
    course, state = begun
    nothing = CourseState(course=course.id, municipality=stack.municipality)

    result = await applied(stack, nothing, course.command(cmd.ReportFacts, ANNA, facts={"search_together": True}))

    assert result.adopted == state
    assert result.revision == state.revision + 1


async def test_a_store_restored_from_an_older_backup_is_rewritten_and_says_so(
    stack: Stack, begun: tuple[RunningCourse, CourseState]
) -> None:
    course, state = begun
    ahead = state.model_copy(update={"revision": state.revision + 5, "digest": "of a later day"})

    result = await applied(stack, ahead, course.command(cmd.ReportFacts, ANNA, facts={"search_together": True}))

    assert result.epoch == state.epoch + 1
    assert result.revision == ahead.revision + 1
    assert after(ahead, result) == await course.stored()
    assert None in await journal_of(course), "the entry that tells of the reconciliation"


async def test_a_rewrite_whose_answer_was_lost_is_found_again(
    stack: Stack, begun: tuple[RunningCourse, CourseState]
) -> None:
    course, state = begun
    ahead = state.model_copy(update={"revision": state.revision + 5, "digest": "of a later day"})
    command = course.command(cmd.ReportFacts, ANNA, facts={"search_together": True})
    lost = await applied(stack, ahead, command)

    again = await applied(stack, ahead, command)

    assert again.answer == lost.answer
    assert after(ahead, again) == await course.stored()


async def test_a_store_that_has_lost_the_course_gets_it_again(stack: Stack) -> None:
    course = await stack.new_course()
    elsewhere = CourseState(course=course.id, municipality=stack.municipality)
    state = after(elsewhere, await applied(stack, elsewhere, course.start()))
    other = Stack(stack.stores, stack.client, stack.cache)
    moved = state.model_copy(update={"municipality": other.municipality})

    result = await applied(other, moved, course.command(cmd.ReportFacts, ANNA, facts={"search_together": True}))

    assert result.epoch == state.epoch + 1
    assert not result.answer.refused


@pytest.mark.parametrize("revisions_on", [0, 1])
async def test_two_lines_of_one_course_are_loud_and_change_nothing(
    stack: Stack, begun: tuple[RunningCourse, CourseState], revisions_on: int
) -> None:
    course, state = begun
    for _ in range(revisions_on):
        hours = course.command(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": 5})
        state = after(state, await applied(stack, state, hours))
    before = await course.stored()
    forked = state.model_copy(update={"digest": "another line", "revision": 1})

    with pytest.raises(Exception, match="course forked") as loud:
        await applied(stack, forked, course.command(cmd.ReportFacts, ANNA, facts={"search_together": True}))

    assert loud.value.type == Code.COURSE_FORKED  # type: ignore[attr-defined]
    assert await course.stored() == before


async def test_notices_are_ordered_with_their_cause_and_once_however_often_it_is_applied(
    stack: Stack, begun: tuple[RunningCourse, CourseState]
) -> None:
    course, state = begun
    stack.channels = (LogChannel(),)
    reason = await stack.stage("moved away")
    closing = course.command(cmd.CloseCourse, ANNA, outcome="moved", reason=reason)
    await applied(stack, state, closing)
    ordered = await orders_of(course)

    await applied(stack, state, closing)

    assert await orders_of(course) == ordered
    assert len(ordered) == len(GATE_ROLES)


async def orders_of(course: RunningCourse) -> list[Errand]:
    """Return what channels have to carry of the notices of a course."""
    async with course.stack.store.municipality(course.stack.municipality) as connection:
        raised = await notices.undone_since(connection, course.id, 0)
        owed = [await errands.of_notice(connection, notice.notice_id, ["log"]) for notice in raised]
    return [errand for errands in owed for errand in errands]


async def test_rules_survive_the_release_they_came_with(
    stack: Stack, begun: tuple[RunningCourse, CourseState], tmp_path: Path
) -> None:
    _running_course, state = begun
    assert state.rules is not None
    await stack.activities.rulebooks.publish()
    elsewhere = Stack(stack.stores, stack.client, tmp_path / "elsewhere", stack.municipality)
    rulebooks = elsewhere.activities.rulebooks
    rulebooks._books.clear()  # noqa: SLF001 - a release that ships other rules

    book = await rulebooks.book(stack.municipality, state.rules.sha256)

    assert book.reference == state.rules
