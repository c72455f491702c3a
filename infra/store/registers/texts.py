"""Personal text: staged under a random id before a command names it, adopted by a course, or swept away (P10)."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.types import DateTime

from infra.store import tables as t
from infra.store.engine import Connection, Store


class ContentKind(StrEnum):
    """What a text is."""

    CITIZEN_NAME = "citizen_name"
    NOTE = "note"
    REASON = "reason"


_SWEEP: Final = select(func.fodslag_sweep_content(bindparam("before", type_=DateTime(timezone=True))))


async def stage(connection: Connection, kind: ContentKind, text: str, by: str, now: datetime) -> UUID:
    """Keep a text for the command that will name it, and return its id, which says nothing of it."""
    content = uuid4()
    row = {"content_id": content, "kind": kind, "text": text, "staged_by": by, "staged_at": now}
    await connection.execute(insert(t.content), row)
    return content


async def texts(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the texts that are here and not erased."""
    statement = select(t.content.c.content_id, t.content.c.text).where(
        t.content.c.content_id.in_(list(ids)), t.content.c.text.is_not(None)
    )
    return {row.content_id: row.text for row in await connection.execute(statement)}


async def sweep(store: Store, older_than: datetime) -> int:
    """Delete what was staged before `older_than` and never adopted, in every municipality; return how many."""
    async with store.anywhere() as connection:
        swept = await connection.scalar(_SWEEP, {"before": older_than})
    return int(swept or 0)
