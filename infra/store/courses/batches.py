"""Batches: what a channel brings a person at once, as at its first attempt, until it is taken or refused (P7)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from infra.store import tables as t
from infra.store.engine import Connection

_B: Final = t.batch.c
_TOLD = insert(t.story_told)
_TELL: Final = _TOLD.on_conflict_do_update(
    constraint=t.story_told.primary_key, set_={"story": _TOLD.excluded.story, "told_on": _TOLD.excluded.told_on}
)


async def fix(connection: Connection, batch: UUID, content: Mapping[str, Any]) -> None:
    """Write a batch; what it brings does not change any more."""
    await connection.execute(t.batch.insert(), {"batch_id": batch, "content": content})


async def content_of(connection: Connection, batch: UUID) -> Mapping[str, Any]:
    """Return what a batch of the store brings."""
    content: Mapping[str, Any] = (await connection.execute(select(_B.content).where(_B.batch_id == batch))).scalar_one()
    return content


async def note_story(connection: Connection, person: str, story: UUID, today: date) -> None:
    """Remember with which good story a person's list ended."""
    await connection.execute(_TELL, {"person_id": person, "story": story, "told_on": today})


async def dissolve(connection: Connection, batch: UUID) -> None:
    """Forget a batch that is taken or surely was not; what is left of its errands may be part of another."""
    errand = t.errand.c
    await connection.execute(update(t.errand).where(errand.batch_id == batch).values(batch_id=None))
    await connection.execute(delete(t.batch).where(_B.batch_id == batch))
