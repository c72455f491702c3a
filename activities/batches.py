"""Begins attempts: what a batch brings is fixed in the transaction that writes its first attempt (P7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from activities.channels import Batch, Member
from activities.placing import Carried, Placed, covers_now, responsible, still_due
from activities.writing import Writer
from domain.calendar import Calendar, Span, TimeUnit, danish_day
from domain.gathering import arrival
from domain.identity import batch_id
from infra.documents.calendars import Calendars
from infra.store.courses import batches, deliveries, errands
from infra.store.courses.deliveries import DeliveryAttempt
from infra.store.courses.errands import Errand
from infra.store.engine import Connection, Store
from infra.store.rows import Outcome

_UNREACHABLE_AFTER: Final = Span(amount=3, unit=TimeUnit.WORKING_DAYS)


@dataclass(frozen=True)
class Attempt:
    """An attempt that is written down and about to be made."""

    id: UUID
    channel: str
    batch: Batch
    carried: Sequence[Carried]
    at: datetime
    calendar: Calendar

    @property
    def told(self) -> tuple[str, UUID, date] | None:
        """Return whom it tells which good story, and on which day, if any."""
        story = self.batch.mail.story if self.batch.mail is not None else None
        return (self.batch.recipient, story, danish_day(self.batch.at)) if story is not None else None

    def has_failed_long(self, errand: Errand) -> bool:
        """Whether a channel has failed for so long by this attempt that its recipient counts as unreachable."""
        since = errand.failing_since
        if since is None:
            return False
        return self.calendar.after(since, _UNREACHABLE_AFTER, person=self.batch.recipient) <= self.at

    def deliveries(self, notices: Iterable[UUID]) -> list[DeliveryAttempt]:
        """Return the attempt as that of each of some notices."""
        whole = (self.channel, self.batch.recipient, self.id, self.batch.id, self.at)
        return [DeliveryAttempt(notice, *whole) for notice in notices]


class Batches:
    """Begins an attempt for what goes out together."""

    def __init__(self, store: Store, calendars: Calendars, writer: Writer) -> None:
        self._store = store
        self._calendars = calendars
        self._writer = writer

    async def begin(self, placed: Sequence[Placed], now: datetime, *, gathers: bool) -> Attempt | None:
        """Write an attempt down before it is made; None when it is not to be made now."""
        claim, claims = placed[0].claim, [each.claim for each in placed]
        async with self._store.municipality(claim.municipality) as connection:
            if (fixed := placed[0].batch) is not None:
                claims = await errands.take_batch(connection, claims, fixed)
            if not claims:
                return None
            due = await still_due(connection, await errands.held(connection, claims))
            if fixed is not None:
                batch, carried = await self._fixed_before(connection, due, fixed, now)
            else:
                batch, carried = await self._fixed(connection, due, placed[0].person, now, gathers=gathers), due
            if batch is None:
                return None
            calendar = await self._calendars.in_force(connection)
            attempt = Attempt(uuid4(), claim.channel, batch, carried, now, calendar)
            # Also of what is over or somebody else's by now: the message brings it all.
            members = attempt.deliveries(member.notice for member in batch.members)
            await deliveries.record_attempts(connection, members, Outcome.BEGUN)
            return attempt

    async def _fixed(
        self, connection: Connection, carried: Sequence[Carried], person: str, now: datetime, *, gathers: bool
    ) -> Batch | None:
        """Fix what one batch brings of what is due for a person."""
        if not carried:
            return None
        claim, rows = carried[0].claim, [one.row for one in carried]
        writing = self._writer.mail(connection, claim.municipality, person, rows, now) if gathers else None
        batch = Batch(
            id=batch_id((row.notice_id for row in rows), claim.channel, person),
            municipality=claim.municipality,
            recipient=person,
            at=now,
            members=tuple(Member(notice=r.notice_id, about=r.about, course=r.course_id) for r in rows),
            mail=await writing if writing else None,
        )
        await batches.fix(connection, batch.id, batch.model_dump(mode="json"))
        await errands.put_off(connection, (one.held.put_off(batch_id=batch.id) for one in carried))
        return batch

    async def _fixed_before(
        self, connection: Connection, carried: Sequence[Carried], fixed: UUID, now: datetime
    ) -> tuple[Batch | None, list[Carried]]:
        """Return a batch that may have arrived, to be sent as it was, with what of it is still for the same person.

        What is for somebody else by now leaves it, and what is not to be sent while that person is away is put off.
        """
        batch = Batch.model_validate(await batches.content_of(connection, fixed))
        opening = arrival(now, await self._calendars.in_force(connection), batch.recipient).at
        covers = await covers_now(connection, (one.row for one in carried), now)
        remaining, changed = [], []
        for one in carried:
            if responsible(covers, one.row, one.errand.person) != batch.recipient:
                changed.append(one.held.put_off(due_at=now, batch_id=None))
            elif opening > now:
                changed.append(one.held.put_off(due_at=opening))
            else:
                remaining.append(one)
        await errands.put_off(connection, changed)
        if not remaining and opening <= now:
            await batches.dissolve(connection, fixed)
        return (batch if remaining else None), remaining
