"""A store as a restored backup leaves it, and how it then stands beside the workflows."""

from sqlalchemy import update

from cli.verify import Agreement, Compared, Verification
from infra.store import tables as t
from infra.store.courses import record
from tests.workflows.vocabulary import RunningCourse, Stack


async def compared(stack: Stack, *, mend: bool = False) -> dict[str, tuple[Agreement, Agreement | None]]:
    """Return how each course of the stack stands, by its reference."""
    verification = Verification(stack.client, stack.store, stack.municipality)
    courses: list[Compared] = [one async for one in verification.compared(mend=mend)]
    return {one.reference: (one.agreement, one.mended) for one in courses}


async def store_forgets_the_last(course: RunningCourse) -> None:
    """Leave the store as it was one revision ago, as a restored backup does."""
    before = (await course.stored()).revision - 1
    its_row = t.course.c.course_id == course.id
    async with course.stack.store.municipality(course.stack.municipality) as connection:
        digest = await record.digest_at(connection, course.id, 1, before)
        await connection.execute(update(t.course).where(its_row).values(revision=before, digest=digest))
