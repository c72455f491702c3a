"""What the audit found, seen again or found no longer, and when it was complete last (P5, P7)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, case, delete, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from domain.state.course import Status
from infra.store import tables as t
from infra.store.engine import SHARED_OWNER, Connection
from infra.store.finding_rows import FindingKind, Found
from infra.store.rows import StoredRow

RETAINED_FOR: Final = timedelta(days=30)
"""How long a finding is kept after it was found no longer."""

_F: Final = t.finding.c
_SEEN = insert(t.finding)
_SEE: Final = _SEEN.on_conflict_do_update(
    constraint=t.finding.primary_key,
    set_={
        "first_seen": case((_F.mended_at.is_(None), _F.first_seen), else_=_SEEN.excluded.first_seen),
        "last_seen": _SEEN.excluded.last_seen,
        "mended_at": None,
    },
    where=func.greatest(_F.last_seen, _F.mended_at) <= _SEEN.excluded.last_seen,
)
_MEND: Final = (
    update(t.finding)
    .where(_F.kind.in_(bindparam("kinds", expanding=True)), _F.mended_at.is_(None), _F.last_seen < bindparam("now"))
    .values(mended_at=bindparam("now"))
)
_OPEN: Final = select(t.course.c.course_id).where(t.course.c.status != Status.COMPLETED)
_COMPLETE = insert(t.audit)
_COMPLETED: Final = _COMPLETE.on_conflict_do_update(
    constraint=t.audit.primary_key,
    set_={
        "completed_at": func.greatest(_COMPLETE.excluded.completed_at, t.audit.c.completed_at),
        "seconds": _COMPLETE.excluded.seconds,
    },
)


class Audited(StoredRow):
    """When a municipality was audited last, and how many seconds that took."""

    completed_at: datetime
    seconds: float


async def municipalities(connection: Connection) -> list[str]:
    """Return the municipalities in which there is something to audit."""
    return list(await connection.scalars(select(func.fodslag_municipalities())))


async def record(
    connection: Connection,
    kinds: Collection[FindingKind],
    found: Collection[Found],
    now: datetime,
    among: Collection[UUID] | None = None,
) -> None:
    """Write what is found of some kinds at `now` (UTC); what was found of them before and is not now, is mended.

    Where only the courses `among` were looked at, what was found of others stays, unless they are not open any more.
    What an audit has written that began later stays: two may overlap when a worker was thought dead.
    """
    if found:
        times = {"first_seen": now, "last_seen": now}
        await connection.execute(_SEE, [{**one._asdict(), **times} for one in found])
    was_looked_at = true() if among is None else or_(_F.course_id.in_(among), _F.course_id.not_in(_OPEN))
    await connection.execute(_MEND.where(was_looked_at), {"kinds": [*kinds], "now": now})


async def complete(connection: Connection, now: datetime, seconds: float = 0) -> None:
    """Note that this municipality, or the shared owner for all of them, is audited; forget what was mended long ago."""
    await connection.execute(_COMPLETED, {"completed_at": now, "seconds": seconds})
    await connection.execute(delete(t.finding).where(_F.mended_at < now - RETAINED_FOR))


async def audited(connection: Connection, municipality: str = SHARED_OWNER) -> Audited | None:
    """Return when a municipality was audited last, or all of them; None when never."""
    statement = select(t.audit).where(t.audit.c.municipality == municipality)
    row = (await connection.execute(statement)).one_or_none()
    return Audited.read(row) if row else None


async def counts(connection: Connection) -> dict[FindingKind, int]:
    """Return how much is found of each kind in all municipalities together, none included."""
    f = func.fodslag_findings().table_valued("kind", "number")
    numbers = {row.kind: row.number for row in await connection.execute(select(f))}
    return {kind: numbers.get(kind, 0) for kind in FindingKind}
