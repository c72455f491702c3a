"""Asks which other course is open under a reference, one asker after the other."""

from typing import Final
from uuid import UUID

from sqlalchemy import select, text

from domain.state.course import Status
from infra.store import tables as t
from infra.store.engine import Connection

_ASK_ALONE: Final = text(
    "SELECT pg_advisory_xact_lock("
    "hashtextextended(current_setting('fodslag.municipality') || '/reference/' || :reference, 0))"
)


async def open_beside(connection: Connection, reference: str, course: UUID) -> UUID | None:
    """Return another course than `course` that is open under a reference.

    Until the transaction ends nobody else asks this of the same reference, so that each sees what the others opened.
    """
    await connection.execute(_ASK_ALONE, {"reference": reference})
    c = t.course.c
    is_open = c.status != Status.COMPLETED
    statement = select(c.course_id).where(c.reference == reference, c.course_id != course, is_open).limit(1)
    other: UUID | None = await connection.scalar(statement)
    return other
