"""Finds out of an errand that is due whether it is still to be run, to whom now, and whether it comes with a list."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.address import AddressKind
from domain.calendar import Calendar, danish_day
from domain.gathering import Gathering, Listed, arrival, is_for_today, is_invitation, list_for
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.store.courses import deliveries, errands
from infra.store.courses.errands import UNRESOLVED, Claim, Errand
from infra.store.engine import Connection, Store
from infra.store.queries import courses
from infra.store.queries.covers import covers_in
from infra.store.registers import people
from infra.store.rows import NoticeRow


@dataclass(frozen=True)
class Placed:
    """An errand that is to be run now, and to whom; as part of a batch where that may have arrived already.

    An invitation goes `apart` from what else is for the person.
    """

    claim: Claim
    person: str
    batch: UUID | None = None
    apart: UUID | None = None


class Placing:
    """Places errands, each in a transaction of its own, so that one that breaks keeps no other from its turn."""

    def __init__(self, store: Store, calendars: Calendars, rulebooks: Rulebooks) -> None:
        self._store = store
        self._calendars = calendars
        self._rulebooks = rulebooks

    async def place(self, claim: Claim, now: datetime, *, gathers: bool) -> Placed | None:
        """Return to whom an errand is to be run now, None when it is not to be: it is put off then, or over."""
        async with self._store.municipality(claim.municipality) as connection:
            for errand in await errands.held(connection, [claim]):
                if errand.batch_id is not None:
                    return Placed(claim, claim.person, errand.batch_id)
                row = (await errands.due_notices(connection, [claim.notice])).get(claim.notice)
                if row is None or await is_taken(connection, row, errand):
                    await errands.end(connection, claim.notice, claim.channel, claim.person)
                elif claim.person == UNRESOLVED:
                    supervisors = await people.supervisors(connection, row.recipient)
                    await errands.resolve(connection, claim, supervisors, now)
                else:
                    return await self._placed(connection, claim, errand, row, now, gathers=gathers)
        return None

    async def _placed(
        self, connection: Connection, claim: Claim, errand: Errand, row: NoticeRow, now: datetime, *, gathers: bool
    ) -> Placed | None:
        calendar = await self._calendars.in_force(connection)
        person = await responsible(connection, row, claim.person, now)
        is_listed = gathers and not errand.failures
        listed = await self._listed(connection, row, person, calendar, now) if is_listed else None
        arrives = arrival(now, calendar, person, listed)
        if arrives.at <= now:
            return Placed(claim, person, apart=row.notice_id if gathers and is_invitation(row) else None)
        await errands.put_off(connection, claim, errand.model_copy(update={"due_at": arrives.at}))
        return None

    async def _listed(
        self, connection: Connection, row: NoticeRow, person: str, calendar: Calendar, now: datetime
    ) -> Listed | None:
        """Return the list that has a notice; None for what waits for none, as what is to be dealt with today."""
        known = await people.get(connection, person)
        gathering = known.gathering if known else Gathering.TWO_LISTS
        listed = list_for(row, row.queued_at, gathering, calendar, person)
        if listed is None or listed.at <= now or row.course_id is None:
            return listed
        stored = await courses.course(connection, row.course_id)
        if stored is None or stored.state is None:
            return listed
        book = await self._rulebooks.book(stored.state.municipality, stored.row.rules_sha256)
        return None if is_for_today(row, stored.state, book, calendar, now) else listed


async def responsible(connection: Connection, row: NoticeRow, person: str, now: datetime) -> str:
    """Return who is told today in a person's place: he himself, or who covers for him in this course.

    To a meeting the course has invited who covers on its day (P1).
    """
    is_own = row.recipient_kind is not AddressKind.PERSON or is_invitation(row)
    if is_own or row.course_id is None:
        return person
    covers = await covers_in(connection, row.course_id, danish_day(now))
    return covers.get(person, person)


async def is_taken(connection: Connection, row: NoticeRow, errand: Errand) -> bool:
    """Whether the channel has taken a notice for the one whom an errand is for, or for who covered for him."""
    return errand.channel in await _channels_that_took(connection, row, errand.person)


async def is_told(connection: Connection, row: NoticeRow, person: str) -> bool:
    """Whether any channel has taken a notice for a person, or for who covered for him."""
    return bool(await _channels_that_took(connection, row, person))


async def _channels_that_took(connection: Connection, row: NoticeRow, person: str) -> set[str]:
    """Return the channels that have taken a notice; of one to supervisors, for this one of them."""
    taken = await deliveries.handed_over(connection, row.notice_id)
    is_to_one = row.recipient_kind is AddressKind.PERSON
    return {channel for channel, recipient in taken if is_to_one or recipient == person}
