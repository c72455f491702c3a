"""After a restore, workflows and store are compared course by course, and the one that is behind catches up (P7)."""

import pytest
from sqlalchemy import update

from cli.verify import Agreement, Place, compare
from domain import commands as cmd
from infra.store import tables as t
from tests.domain.vocabulary import ANNA
from tests.workflows.restored import compared, store_forgets_the_last
from tests.workflows.vocabulary import Stack


async def test_courses_that_agree_are_the_same(stack: Stack) -> None:
    async with stack.working():
        await stack.started("case-1")
        await stack.started("case-2")

        assert await compared(stack) == {"case-1": (Agreement.SAME, None), "case-2": (Agreement.SAME, None)}


async def test_a_store_that_is_behind_is_named_and_mended_when_asked(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await course.does(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": 12})
        await store_forgets_the_last(course)

        assert await compared(stack) == {"case-1": (Agreement.STORE_BEHIND, None)}
        assert await compared(stack, mend=True) == {"case-1": (Agreement.STORE_BEHIND, Agreement.SAME)}
        assert await compared(stack) == {"case-1": (Agreement.SAME, None)}


async def test_a_course_that_temporal_has_lost_is_taken_up_from_the_store(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        await course.handle.terminate()

        agreements = await compared(stack, mend=True)

        assert agreements["case-1"][1] is Agreement.SAME
        assert (await course.state()).revision == (await course.stored()).revision


async def test_two_lines_of_one_course_are_left_for_a_person(stack: Stack) -> None:
    async with stack.working():
        course = await stack.started()
        async with stack.store.municipality(stack.municipality) as connection:
            await connection.execute(
                update(t.course).where(t.course.c.course_id == course.id).values(digest="of another line")
            )

        assert await compared(stack, mend=True) == {"case-1": (Agreement.FORKED, None)}


@pytest.mark.parametrize(
    ("stored", "running", "agreement"),
    [
        ((1, 4, "d"), (1, 4, "d"), Agreement.SAME),
        ((1, 4, "d"), (1, 4, "e"), Agreement.FORKED),
        ((1, 4, "d"), (1, 5, "e"), Agreement.STORE_BEHIND),
        ((1, 5, "e"), (1, 4, "d"), Agreement.WORKFLOW_BEHIND),
        ((2, 3, "e"), (1, 9, "d"), Agreement.WORKFLOW_BEHIND),
        (None, (1, 1, "d"), Agreement.STORE_MISSING),
        ((1, 1, "d"), None, Agreement.WORKFLOW_MISSING),
    ],
)
def test_the_one_that_is_behind_is_the_one_of_the_older_epoch_or_revision(
    stored: Place | None, running: Place | None, agreement: Agreement
) -> None:
    assert compare(stored, running) is agreement
