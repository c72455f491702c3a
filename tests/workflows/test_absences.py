"""Who is told of an absence, and when, without waiting for days: each once, and no longer than its cause (P4, P7)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from domain.address import Address
from domain.calendar import danish_day
from domain.identity import Role
from domain.state.notice import HAND_OVER, HANDED_OVER, WITHOUT_COVER
from infra.documents.calendars import Calendars
from infra.store import tables as t
from infra.store.registers import absences, people
from infra.store.registers.people import Person
from infra.store.rows import NoticeRow
from rules.calendar.data import Absence, NamedCover
from tests.workflows.outward import Recording
from tests.workflows.vocabulary import Stack

NOW = datetime.now(UTC)
TODAY = danish_day(NOW)
CARL = (NamedCover(person="carl"),)
ANNA_ALONE = {(HAND_OVER, str(Address.person("anna")))}
TO_CARL = {(HANDED_OVER, str(Address.person("carl")))}
TO_LEADERS = {(WITHOUT_COVER, str(Address.supervisors("job")))}


async def away(stack: Stack, *absences_: Absence, person: str = "anna") -> None:
    """Let somebody of the directory be away."""
    async with Calendars(stack.stores.api, stack.cache).changing(stack.municipality, TODAY) as connection:
        for each in {person, "carl"}:
            await people.put(connection, Person(person_id=each, name="Prøve", updated_at=NOW))
        await absences.replace(connection, person, absences_)


def from_day(days: int, cover: tuple[NamedCover, ...] = CARL, until: int = 30) -> Absence:
    """Return an absence by days counted from today."""
    return Absence(since=TODAY + timedelta(days=days), until=TODAY + timedelta(days=until), covers=cover)


async def told(stack: Stack, now: datetime) -> set[tuple[str, str, int, int]]:
    """Let it be looked, and return about what who is told now: of how many courses, and with a date in how many."""
    await stack.activities.absence_look.look(now)
    n = t.notice.c
    async with stack.store.municipality(stack.municipality) as connection:
        rows = await connection.execute(select(t.notice).where(n.course_id.is_(None), n.done_at.is_(None)))
        notices = [NoticeRow.read(row) for row in rows]
    return {(row.about, str(row.address), row.subject.courses, row.subject.due) for row in notices}  # type: ignore[union-attr]


async def whom(stack: Stack, now: datetime = NOW) -> set[tuple[str, str]]:
    """Return about what who is told."""
    return {(about, to) for about, to, *_ in await told(stack, now)}


async def test_who_will_be_away_is_told_five_working_days_before_until_the_absence_begins(stack: Stack) -> None:
    async with stack.working():
        await stack.started()
    await away(stack, from_day(1))

    assert await whom(stack, NOW - timedelta(days=10)) == set(), "more than five working days before"
    assert await whom(stack) == ANNA_ALONE
    assert await whom(stack) == ANNA_ALONE, "once"
    assert await whom(stack, NOW + timedelta(days=1)) == set(), "it has begun"


async def test_nobody_is_asked_to_hand_over_where_nothing_falls_due(stack: Stack) -> None:
    async with stack.working():
        await stack.started()
    await away(stack, from_day(1, until=1))

    assert await whom(stack) == set()


async def test_who_covers_is_told_once_it_is_handed_over_and_who_leads_where_nobody_covers(stack: Stack) -> None:
    async with stack.working():
        course, _ = await stack.started(), await stack.started("case-2")
    await away(stack, from_day(1, (NamedCover(person="carl", courses=(course.id,)),)))
    assert await whom(stack) == ANNA_ALONE | TO_LEADERS
    assert {(about, number) for about, _, number, _ in await told(stack, NOW)} == {(HAND_OVER, 2), (WITHOUT_COVER, 1)}

    async with stack.stores.api.municipality(stack.municipality) as connection:
        await absences.hand_over(connection, "anna", TODAY + timedelta(days=1), NOW, None)
    assert await whom(stack) == TO_CARL | TO_LEADERS

    await away(stack, from_day(1))
    assert await whom(stack) == TO_CARL, "what was handed over stays so, and now Carl covers everywhere"
    await away(stack, from_day(1, until=30), person="carl")
    assert await whom(stack) == TO_LEADERS, "he is away himself"
    await away(stack, person="carl")
    await away(stack)
    assert await whom(stack) == set(), "it was taken back"


async def test_each_leader_is_told_outward_once(stack: Stack) -> None:
    channel = Recording()
    stack.channels = (channel,)
    async with stack.working():
        await stack.started()
    await away(stack, from_day(0, ()))
    async with stack.stores.api.municipality(stack.municipality) as connection:
        for person in ("sara", "lise"):
            leader = Person(person_id=person, name=person, roles=(Role.SUPERVISOR,), unit="job", updated_at=NOW)
            await people.put(connection, leader)

    for days in range(4):
        await stack.activities.absence_look.look(NOW + timedelta(days=days))
        for hours in range(1, 25):
            await stack.activities.courier.carry(NOW + timedelta(days=days, hours=hours))

    told_of = [(batch.recipient, m.about) for batch in channel.received for m in batch.members if m.course is None]
    assert sorted(told_of) == [("lise", WITHOUT_COVER), ("sara", WITHOUT_COVER)]
