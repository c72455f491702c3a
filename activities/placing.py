"""Finds out of errands that are due whether each is still to be run, to whom now, and whether it comes with a list."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.address import AddressKind
from domain.calendar import Calendar, danish_day
from domain.gathering import Gathering, Listed, arrival, is_for_today, is_invitation, list_for
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.store.courses import deliveries, errands
from infra.store.courses.errands import UNRESOLVED, Claim, Errand, Held
from infra.store.engine import Connection, Store
from infra.store.queries import courses
from infra.store.queries.covers import covers_in_each
from infra.store.registers import people
from infra.store.rows import NoticeRow

Covers = Mapping[UUID, Mapping[str, str]]
"""Who covers for whom today, by course and by who is away."""


@dataclass(frozen=True)
class Placed:
    """An errand that is to be run now, and to whom; as part of a batch where that may have arrived already.

    An invitation goes `apart` from what else is for the person.
    """

    claim: Claim
    person: str
    batch: UUID | None = None
    apart: UUID | None = None


@dataclass(frozen=True)
class Carried:
    """An errand that a claim holds, and its notice."""

    held: Held
    row: NoticeRow

    @property
    def claim(self) -> Claim:
        """Return the claim."""
        return self.held.claim

    @property
    def errand(self) -> Errand:
        """Return the errand."""
        return self.held.errand


class Placing:
    """Places what is due in a municipality in one transaction."""

    def __init__(self, store: Store, calendars: Calendars, rulebooks: Rulebooks) -> None:
        self._store = store
        self._calendars = calendars
        self._rulebooks = rulebooks

    async def place(self, claims: Sequence[Claim], now: datetime, *, gathers: bool) -> list[Placed]:
        """Return which errands of one municipality are to be run now, and to whom; the others are put off, or over."""
        async with self._store.municipality(claims[0].municipality) as connection:
            held = await errands.held(connection, claims)
            begun = [Placed(claim, claim.person, errand.batch_id) for claim, errand in held if errand.batch_id]
            due = await still_due(connection, [each for each in held if each.errand.batch_id is None])
            for one in due:
                if one.claim.person == UNRESOLVED:
                    supervisors = await people.supervisors(connection, one.row.recipient)
                    await errands.resolve(connection, one.claim, supervisors, now)
            named = [one for one in due if one.claim.person != UNRESOLVED]
            return begun + await self._arriving(connection, named, now, gathers=gathers)

    async def _arriving(
        self, connection: Connection, due: Sequence[Carried], now: datetime, *, gathers: bool
    ) -> list[Placed]:
        """Return what reaches its person now, and put off what does later."""
        if not due:
            return []
        calendar = await self._calendars.in_force(connection)
        covers = await covers_now(connection, (one.row for one in due), now)
        to = [(one, responsible(covers, one.row, one.claim.person)) for one in due]
        gathered = [(one, person) for one, person in to if gathers and not one.errand.failures]
        lists = await self._lists(connection, gathered, calendar, now)
        placed, later = [], []
        for one, person in to:
            arrives = arrival(now, calendar, person, lists.get(one.claim.key))
            if arrives.at <= now:
                apart = one.row.notice_id if gathers and is_invitation(one.row) else None
                placed.append(Placed(one.claim, person, apart=apart))
            else:
                later.append(one.held.put_off(due_at=arrives.at))
        await errands.put_off(connection, later)
        return placed

    async def _lists(
        self, connection: Connection, to: Sequence[tuple[Carried, str]], calendar: Calendar, now: datetime
    ) -> dict[tuple[UUID, str, str], Listed]:
        """Return the lists that have notices; none for what waits for none, as what is to be dealt with today."""
        if not to:
            return {}
        known = await people.some(connection, {person for _, person in to})
        lists: dict[tuple[UUID, str, str], Listed] = {}
        for one, person in to:
            gathering = known[person].gathering if person in known else Gathering.TWO_LISTS
            listed = list_for(one.row, one.row.queued_at, gathering, calendar, person)
            if listed is not None:
                lists[one.claim.key] = listed
        waiting = [one.row for one, _ in to if one.claim.key in lists and lists[one.claim.key].at > now]
        pressing = await self._pressing(connection, waiting, calendar, now)
        return {key: listed for key, listed in lists.items() if key[0] not in pressing}

    async def _pressing(
        self, connection: Connection, rows: Iterable[NoticeRow], calendar: Calendar, now: datetime
    ) -> set[UUID]:
        """Return those of some notices that must be dealt with today."""
        by_course = [(row.course_id, row) for row in rows if row.course_id is not None]
        stored = await courses.several(connection, {course for course, _ in by_course}) if by_course else {}
        pressing = set()
        for course, row in by_course:
            known = stored.get(course)
            if known is not None and known.state is not None:
                book = await self._rulebooks.book(known.state.municipality, known.row.rules_sha256)
                if is_for_today(row, known.state, book, calendar, now):
                    pressing.add(row.notice_id)
        return pressing


async def still_due(connection: Connection, held: Collection[Held]) -> list[Carried]:
    """Return the errands whose notices are still to be carried, and end the others.

    One whose notice is done, but is written just now, is due again when its claim is over.
    """
    if not held:
        return []
    notices = {each.errand.notice_id for each in held}
    rows = await errands.due_notices(connection, notices)
    done = await errands.surely_done(connection, notices - rows.keys())
    taken = await deliveries.handed_over(connection, rows)
    due, over = [], []
    for each in held:
        row = rows.get(each.errand.notice_id)
        if row is not None and each.errand.channel not in _took(taken, one := Carried(each, row)):
            due.append(one)
        elif row is not None or each.errand.notice_id in done:
            over.append(each.claim.key)
    await errands.end(connection, over)
    return due


async def covers_now(connection: Connection, rows: Iterable[NoticeRow], now: datetime) -> Covers:
    """Return who covers for whom today in the courses of some notices."""
    return await covers_in_each(connection, {row.course_id for row in rows if row.course_id}, danish_day(now))


def responsible(covers: Covers, row: NoticeRow, person: str) -> str:
    """Return who is told today in a person's place: he himself, or who covers for him in this course.

    To a meeting the course has invited who covers on its day (P1).
    """
    is_own = row.recipient_kind is not AddressKind.PERSON or is_invitation(row)
    if is_own or row.course_id is None:
        return person
    return covers[row.course_id].get(person, person)


async def is_told(connection: Connection, one: Carried) -> bool:
    """Whether any channel has taken a notice for a person, or for who covered for him."""
    return bool(_took(await deliveries.handed_over(connection, [one.row.notice_id]), one))


def _took(taken: Mapping[UUID, set[tuple[str, str]]], one: Carried) -> set[str]:
    """Return the channels that have taken a notice; of one to supervisors, for this one of them."""
    is_to_one = one.row.recipient_kind is AddressKind.PERSON
    return {channel for channel, recipient in taken[one.row.notice_id] if is_to_one or recipient == one.errand.person}
