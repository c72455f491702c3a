"""Personal text: staged under a random id before a command names it, adopted by a course, or swept away (P10)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from pydantic_core import to_json
from sqlalchemy import bindparam, func, select
from sqlalchemy import text as sql
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


_STAGE: Final = sql(
    "SELECT fodslag_stage(coalesce(:municipality, current_setting('fodslag.municipality', true)), :kind,"
    " CAST(:texts AS jsonb), :by, :at)"
)
_SWEEP: Final = select(func.fodslag_sweep_texts(bindparam("before", type_=DateTime(timezone=True))))


async def stage(connection: Connection, kind: TextKind, text: str, by: str, now: datetime) -> UUID:
    """Keep a text, in a municipality's transaction, for the command that will name it, and return its id.

    The id reveals nothing of the text.
    """
    return (await stage_each(connection, None, kind, [text], by, now))[0]


async def stage_each(
    connection: Connection, municipality: str | None, kind: TextKind, words: Sequence[str], by: str, now: datetime
) -> list[UUID]:
    """Keep texts and return their ids, in their order; one round trip where each statement commits by itself.

    None is the municipality of the transaction.
    """
    ids = [uuid4() for _ in words]
    named = to_json(dict(zip(map(str, ids), words, strict=True))).decode()
    asked = {"municipality": municipality, "kind": kind, "texts": named, "by": by, "at": now}
    await connection.execute(_STAGE, asked)
    return ids


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
