"""Up to where somebody said that the journal of a course was copied into another, and when.

A copy holds what its audience reads, so one without what is for caseworkers only is none for who reads that too.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from domain.state.facts import Audience
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow

_HOLD_IT: Final[dict[Audience, Collection[Audience]]] = {
    Audience.BOTH: tuple(Audience),
    Audience.CASEWORKER_ONLY: (Audience.CASEWORKER_ONLY,),
}
"""Whose copies hold all that somebody of an audience reads."""


class JournalCopy(StoredRow):
    """The last copy."""

    position: int
    copied_by: str
    copied_at: datetime


async def last(connection: Connection, course: UUID, audience: Audience) -> JournalCopy | None:
    """Return how far all that an audience reads of a course's journal was copied, None while it never was."""
    c = t.journal_copy.c
    statement = select(t.journal_copy).where(c.course_id == course, c.audience.in_(_HOLD_IT[audience]))
    row = (await connection.execute(statement.order_by(c.position.desc(), c.copied_at).limit(1))).one_or_none()
    return JournalCopy.read(row) if row else None


async def remember(
    connection: Connection, course: UUID, audience: Audience, position: int, by: str, at: datetime
) -> JournalCopy:
    """Write a copy up to a position or the last line before it; one that goes no further changes nothing."""
    end = select(func.max(t.journal.c.position)).where(t.journal.c.course_id == course)
    up_to = min(position, await connection.scalar(end) or position)
    values = {"position": up_to, "copied_by": by, "copied_at": at}
    statement = insert(t.journal_copy).values(course_id=course, audience=audience, **values)
    over = statement.on_conflict_do_update(
        constraint=t.journal_copy.primary_key, set_=values, where=t.journal_copy.c.position < up_to
    )
    await connection.execute(over)
    return await last(connection, course, audience) or JournalCopy.model_validate(values)
