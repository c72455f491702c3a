"""What became of a notice on its way out: every attempt, and the first time it was sent and delivered (P4, P7)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from infra.store import notices
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import NoticeRow


async def due(connection: Connection, notice: UUID) -> NoticeRow | None:
    """Return a notice that is still to be told of, or None when it is unknown or moot."""
    found = await notices.notice(connection, notice)
    return found if found and found.done_at is None else None


async def record_attempt(
    connection: Connection, notice: UUID, channel: str, attempt: str, at: datetime, outcome: str
) -> None:
    """Keep one attempt on one channel; told again of the same attempt, its outcome is the newer and it counts once."""
    row = {"notice_id": notice, "channel": channel, "attempt_id": attempt, "at": at, "outcome": outcome}
    statement = insert(t.delivery)
    over = {"at": statement.excluded.at, "outcome": statement.excluded.outcome}
    await connection.execute(statement.on_conflict_do_update(constraint=t.delivery.primary_key, set_=over), row)
    count = select(func.count()).where(t.delivery.c.notice_id == notice).scalar_subquery()
    await connection.execute(update(t.notice).where(t.notice.c.notice_id == notice).values(attempts=count))


async def mark_sent(connection: Connection, notice: UUID, at: datetime) -> None:
    """Note that a channel took the notice; the first time stands."""
    statement = update(t.notice).where(t.notice.c.notice_id == notice, t.notice.c.sent_at.is_(None))
    await connection.execute(statement.values(sent_at=at))


async def mark_delivered(connection: Connection, notice: UUID, at: datetime) -> None:
    """Note that the notice reached its recipient's side; the first time stands."""
    statement = update(t.notice).where(t.notice.c.notice_id == notice, t.notice.c.delivered_at.is_(None))
    await connection.execute(statement.values(delivered_at=at))
