"""Notices on their way outward without Temporal: channels that fail as a test wants, and a course that has ended."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from activities.carry import Courier
from activities.channels import Batch, Channel, ChannelAwayError
from activities.placing import Placing
from domain import commands as cmd
from domain.identity import Role
from domain.state.course import CourseState
from infra.documents.calendars import Calendars
from infra.store import tables as t
from infra.store.queries import notices as notices_of
from infra.store.registers import absences, people
from infra.store.registers.people import Person
from infra.store.rows import NoticeRow
from rules.calendar.data import Absence, NamedCover
from tests.domain.vocabulary import ANNA
from tests.workflows.vocabulary import RunningCourse, Stack, after, applied
from tools.chaos.evidence import Evidence, nowhere

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MONDAY = datetime(2030, 9, 2, 10, tzinfo=COPENHAGEN).astimezone(UTC)
"""A working hour behind everything that happens in a test."""

NINE = MONDAY - timedelta(hours=1)
"""When the office opens, which is when the morning's list comes."""

HALF_PAST_NINE = MONDAY - timedelta(minutes=30)
NOON = MONDAY + timedelta(hours=2, minutes=30)


def new_name() -> str:
    """Return the name of a channel that no other test has, so that no courier runs another's errands."""
    return f"channel-{uuid4()}"


@dataclass
class Recording:
    """A channel that keeps what it carried, and refuses as often as it is told to."""

    name: str = field(default_factory=new_name)
    gathers: bool = False
    refuses: int = 0
    received: list[Batch] = field(default_factory=list)
    arrivals: asyncio.Queue[Batch] = field(default_factory=asyncio.Queue)
    """What the receiver has accepted, for a test that waits for it."""

    @property
    def carried(self) -> list[UUID]:
        """Return the notices that reached the receiver."""
        return [member.notice for batch in self.received for member in batch.members]

    async def carry(self, batch: Batch) -> bool:
        """Keep the message, or refuse it."""
        if self.refuses:
            self.refuses -= 1
            raise ChannelAwayError
        return await self.take(batch)

    async def take(self, batch: Batch) -> bool:
        """Keep the message; it is delivered."""
        self.received.append(batch)
        self.arrivals.put_nowait(batch)
        return True


@dataclass
class Broken(Recording):
    """Fails after the receiver has accepted, as often as it is told to: an answer 5xx, or a connection that is cut."""

    breaks: int = 1

    async def take(self, batch: Batch) -> bool:
        """Keep the message, and perhaps fail."""
        await super().take(batch)
        if self.breaks:
            self.breaks -= 1
            raise RuntimeError
        return True


@dataclass
class Slow(Recording):
    """Answers too late after the receiver has accepted, as often as it is told to."""

    stalls: int = 1

    async def take(self, batch: Batch) -> bool:
        """Keep the message, and perhaps answer nothing."""
        await super().take(batch)
        if self.stalls:
            self.stalls -= 1
            await asyncio.Event().wait()
        return True


@dataclass
class Repeating(Recording):
    """Brings every message twice, as a proxy that repeats a request."""

    async def take(self, batch: Batch) -> bool:
        """Keep the message twice."""
        await super().take(batch)
        return await super().take(batch)


class Ended:
    """A course that has ended without Temporal, which told both roles; and the couriers that may carry it outward."""

    def __init__(self, course: RunningCourse, state: CourseState) -> None:
        self.course, self.state, self.stack = course, state, course.stack
        self.unreachable: list[NoticeRow] = []
        self.reported_at: list[datetime] = []
        self.now = MONDAY

    def courier(self) -> Courier:
        """Return one more courier, as of another worker."""
        activities = self.stack.activities
        placing = Placing(self.stack.store, activities.calendars, activities.rulebooks)
        return Courier(self.stack.store, placing, activities.batches, self.stack.channels, self.report)

    async def report(self, municipality: str, row: NoticeRow) -> None:
        """Keep who could not be reached."""
        assert municipality == self.stack.municipality
        self.unreachable.append(row)
        self.reported_at.append(self.now)

    async def carries(self, until: datetime | None = None) -> list[NoticeRow]:
        """Let a courier work with skipped time, from one errand that is due to the next; return the notices."""
        async for now in times_of_work(self.courier(), self.now, until):
            self.now = now
        return await self.rows()

    async def rows(self) -> list[NoticeRow]:
        """Return the notices to the two roles."""
        async with self.stack.store.municipality(self.stack.municipality) as connection:
            return (await notices_of.of_visits(connection, self.course.id, [1]))[1]

    async def does(self, command: cmd.Command) -> None:
        """Apply one more command."""
        self.state = after(self.state, await applied(self.stack, self.state, command))

    async def evidence(self) -> Evidence:
        """Return what the chaos compares of the notices of this course."""
        async with self.stack.store.municipality(self.stack.municipality) as connection:
            rows = {
                table.name: [dict(row) for row in (await connection.execute(table.select())).mappings()]
                for table in (t.notice, t.errand, t.delivery, t.journal)
            }
        evidence = nowhere(str(self.course.id), [])
        evidence.notices, evidence.journal = (
            [row for row in rows[name] if row["course_id"] == self.course.id] for name in ("notice", "journal")
        )
        own = {row["notice_id"] for row in evidence.notices}
        evidence.errands, evidence.deliveries = (
            [row for row in rows[name] if row["notice_id"] in own] for name in ("errand", "delivery")
        )
        for channel in self.stack.channels:
            assert isinstance(channel, Recording)
            for batch in channel.received:
                for member in (member for member in batch.members if member.notice in own):
                    key = (str(member.notice), channel.name, batch.recipient)
                    evidence.sent = {**evidence.sent, key: [*evidence.sent.get(key, ()), str(batch.id)]}
        return evidence


async def times_of_work(courier: Courier, now: datetime, until: datetime | None = None) -> AsyncIterator[datetime]:
    """Let a courier work whenever something is due, as long as anything is; yield each instant before it does."""
    while True:
        yield now
        await courier.carry(now)
        due = [due for channel in courier.channels if (due := await courier.next_due(channel))]
        if not due or (until is not None and min(due) > until):
            return
        now = max(now, min(due))


async def ended(stack: Stack, *channels: Channel, reference: str = "case-1") -> Ended:
    """Return a course that has ended, its notices ordered on some channels."""
    stack.channels = channels
    course = await stack.new_course(reference)
    state = CourseState(course=course.id, municipality=stack.municipality)
    state = after(state, await applied(stack, state, course.start()))
    told = Ended(course, state)
    reason = await stack.stage("moved away")
    await told.does(course.command(cmd.CloseCourse, ANNA, outcome="moved", reason=reason))
    return told


async def queued(stack: Stack, at: datetime) -> None:
    """Let every notice have been raised at an instant."""
    async with stack.store.municipality(stack.municipality) as connection:
        await connection.execute(t.notice.update().values(queued_at=at))
        await connection.execute(t.errand.update().values(due_at=at))


async def covered(stack: Stack, person: str, *covers: str) -> None:
    """Let somebody be away, covered for or not."""
    away = Absence(since=date(2030, 9, 1), covers=tuple(NamedCover(person=cover) for cover in covers))
    async with Calendars(stack.stores.api, stack.cache).changing(stack.municipality, MONDAY.date()) as connection:
        for each in (person, *covers):
            roles = (Role.CASEWORKER, Role.COMPANY_CONSULTANT)
            await people.put(connection, Person(person_id=each, name=each, roles=roles, updated_at=MONDAY))
        await absences.replace(connection, person, [away])
