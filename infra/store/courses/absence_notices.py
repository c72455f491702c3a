"""Notice rows about absences, which are of no course: raised once, and done when their cause is over (P4, P7)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, cast, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import Date

from domain.address import Address, AddressKind
from domain.state.notice import AbsenceSubject
from infra.store import tables as t
from infra.store.courses.errands import UNRESOLVED
from infra.store.engine import Connection

_N = t.notice.c


class AbsenceNotice(NamedTuple):
    """A notice that is to stand as long as its cause does."""

    id: UUID
    about: str
    recipient: Address
    subject: AbsenceSubject


async def settle(
    connection: Connection,
    person: str,
    since: date,
    wanted: Iterable[AbsenceNotice],
    channels: Collection[str],
    now: datetime,
) -> None:
    """Let just these notices of an absence stand: a new one is raised, and one that stands says what is so now."""
    wanted = tuple(wanted)
    for notice in wanted:
        subject = notice.subject.model_dump(mode="json", exclude_none=True)
        if not await _raised(connection, notice, subject, channels, now):
            stands = update(t.notice).where(_N.notice_id == notice.id)
            await connection.execute(stands.values(subject=subject, done_at=None))
    others = _N.notice_id.not_in([notice.id for notice in wanted])
    of_absence = (_N.subject["person"].astext == person, _N.subject["since"].astext == since.isoformat())
    await connection.execute(update(t.notice).where(_is_open(), *of_absence, others).values(done_at=now))


async def end_those_over(connection: Connection, today: date, now: datetime) -> None:
    """Mark the notices done of absences that are over or were taken back."""
    a = t.absence.c
    begins = cast(_N.subject["since"].astext, Date)
    lasts = or_(a.until.is_(None), a.until >= today)
    stands = exists(select(a.person_id).where(a.person_id == _N.subject["person"].astext, a.since == begins, lasts))
    await connection.execute(update(t.notice).where(_is_open(), ~stands).values(done_at=now))


def _is_open() -> ColumnElement[bool]:
    return and_(_N.course_id.is_(None), _N.done_at.is_(None))


async def _raised(
    connection: Connection,
    notice: AbsenceNotice,
    subject: dict[str, object],
    channels: Collection[str],
    now: datetime,
) -> bool:
    """Write a notice with an errand for each outward channel, unless there is one of this identity already."""
    row = {
        "notice_id": notice.id,
        "about": notice.about,
        "recipient_kind": notice.recipient.kind,
        "recipient": notice.recipient.name,
        "subject": subject,
        "queued_at": now,
    }
    raising = insert(t.notice).on_conflict_do_nothing().returning(_N.notice_id)
    if await connection.scalar(raising, row) is None:
        return False
    person = notice.recipient.name if notice.recipient.kind is AddressKind.PERSON else UNRESOLVED
    errands = [{"notice_id": notice.id, "channel": channel, "person": person, "due_at": now} for channel in channels]
    if errands:
        await connection.execute(insert(t.errand), errands)
    return True
