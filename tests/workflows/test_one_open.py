"""Under one reference at most one course is open, whoever starts and opens again at the same instant (P7)."""

import asyncio
from uuid import UUID, uuid4

from domain import commands as cmd
from domain.errors import Code
from domain.state.course import Status
from infra.security.keyed_digest import course_id
from infra.store.queries import courses
from infra.store.registers import data_keys
from infra.temporal.keyring import new_wrapped_key
from tests.domain.vocabulary import ANNA, BO
from tests.workflows.vocabulary import MASTER_KEY, RunningCourse, Stack


async def closed(stack: Stack, reference: str) -> RunningCourse:
    """Return the first course under a reference, which has ended."""
    course = await stack.started(reference)
    await course.does(cmd.CloseCourse, ANNA, outcome="moved", reason=await stack.stage("Flyttet."))
    for actor in (ANNA, BO):
        await course.does(cmd.Acknowledge, actor, briefing=1, version=1)
    assert (await course.stored()).status is Status.COMPLETED
    return course


async def after(course: RunningCourse, ordinal: int) -> RunningCourse:
    """Return the course that would be the next under the reference of another."""
    stack = course.stack
    following = course_id(MASTER_KEY, stack.municipality, course.reference, ordinal)
    async with stack.stores.api.municipality(stack.municipality) as connection:
        await data_keys.ensure(connection, following, new_wrapped_key(MASTER_KEY, "m1", str(following)))
    return RunningCourse(stack, following, course.reference)


async def open_under(stack: Stack, reference: str) -> list[UUID]:
    """Return the courses that are open under a reference."""
    async with stack.store.municipality(stack.municipality) as connection:
        return [row.course_id for row in await courses.not_over(connection) if row.reference == reference]


async def test_a_start_and_an_opening_at_once_leave_one_course_open(stack: Stack) -> None:
    async with stack.working():
        first = await closed(stack, "case-1")
        second = await after(first, 2)
        reason = await stack.stage("Forkert.")

        answers = await asyncio.gather(
            first.does(cmd.ReopenCourse, ANNA, reason=reason), second.starts(ordinal=2, follows=first.id)
        )

        (opened,) = await open_under(stack, first.reference)
        (problem,) = [problem for answer in answers for problem in answer.refused]
        assert (problem.code, problem.params) == (Code.ANOTHER_IS_OPEN, {"open": str(opened)})


async def test_two_starts_at_once_leave_one_course_open(stack: Stack) -> None:
    async with stack.working():
        course = await stack.new_course("case-1")

        answers = await asyncio.gather(*(course.starts(id=uuid4()) for _ in range(4)))

        assert await open_under(stack, "case-1") == [course.id]
        assert sorted([problem.code for problem in answer.refused] for answer in answers) == [
            [],
            *[[Code.ALREADY_OPEN]] * 3,
        ]
