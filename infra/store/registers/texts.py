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


class TextKind(StrEnum):
    """What a text is."""

    CITIZEN_NAME = "citizen_name"
    NOTE = "note"
    REASON = "reason"
    STORY = "story"
    COMPANY_SHEET = "company_sheet"


_SWEEP: Final = select(func.fodslag_sweep_texts(bindparam("before", type_=DateTime(timezone=True))))


async def stage(connection: Connection, kind: TextKind, text: str, by: str, now: datetime) -> UUID:
    """Keep a text for the command that will name it, and return its id, which reveals nothing of it."""
    text_id = uuid4()
    row = {"text_id": text_id, "kind": kind, "text": text, "staged_by": by, "staged_at": now}
    await connection.execute(insert(t.personal_text), row)
    return text_id


async def texts(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the texts that are here and not erased."""
    statement = select(t.personal_text.c.text_id, t.personal_text.c.text).where(
        t.personal_text.c.text_id.in_(list(ids)), t.personal_text.c.text.is_not(None)
    )
    return {row.text_id: row.text for row in await connection.execute(statement)}


async def sweep(store: Store, older_than: datetime) -> int:
    """Delete what was staged before `older_than` and never adopted, in every municipality; return how many."""
    async with store.anywhere() as connection:
        swept = await connection.scalar(_SWEEP, {"before": older_than})
    return int(swept or 0)
