"""After a restore, workflows and store are compared course by course, and the one that is behind catches up (P7)."""

import pytest
from sqlalchemy import update

from cli.verify import Agreement, Compared, Place, Verification, compare
from domain import commands as cmd
from infra.store import tables as t
from infra.store.courses import record
from tests.domain.vocabulary import ANNA
from tests.workflows.vocabulary import RunningCourse, Stack


async def compared(house: Stack, *, mend: bool = False) -> dict[str, tuple[Agreement, Agreement | None]]:
    """Return how each course of the house stands, by its reference."""
    verification = Verification(house.client, house.store, house.municipality)
    courses: list[Compared] = [one async for one in verification.compared(mend=mend)]
    return {one.reference: (one.agreement, one.mended) for one in courses}


async def store_forgets_the_last(told: RunningCourse) -> None:
    """Leave the store as it was one revision ago, as a restored backup does."""
    before = (await told.stored()).revision - 1
    course = t.course.c.course_id == told.course
    async with told.house.store.municipality(told.house.municipality) as connection:
        digest = await record.digest_at(connection, told.course, 1, before)
        await connection.execute(update(t.course).where(course).values(revision=before, digest=digest))


async def test_courses_that_agree_are_the_same(house: Stack) -> None:
    async with house.working():
        await house.started("case-1")
        await house.started("case-2")

        assert await compared(house) == {"case-1": (Agreement.SAME, None), "case-2": (Agreement.SAME, None)}


async def test_a_store_that_is_behind_is_named_and_mended_when_asked(house: Stack) -> None:
    async with house.working():
        told = await house.started()
        await told.does(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": 12})
        await store_forgets_the_last(told)

        assert await compared(house) == {"case-1": (Agreement.STORE_BEHIND, None)}
        assert await compared(house, mend=True) == {"case-1": (Agreement.STORE_BEHIND, Agreement.SAME)}
        assert await compared(house) == {"case-1": (Agreement.SAME, None)}


async def test_a_course_that_temporal_has_lost_is_taken_up_from_the_store(house: Stack) -> None:
    async with house.working():
        told = await house.started()
        await told.handle.terminate()

        found = await compared(house, mend=True)

        assert found["case-1"][1] is Agreement.SAME
        assert (await told.state()).revision == (await told.stored()).revision


async def test_two_lines_of_one_course_are_left_for_a_person(house: Stack) -> None:
    async with house.working():
        told = await house.started()
        async with house.store.municipality(house.municipality) as connection:
            await connection.execute(
                update(t.course).where(t.course.c.course_id == told.course).values(digest="of another line")
            )

        assert await compared(house, mend=True) == {"case-1": (Agreement.FORKED, None)}


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
