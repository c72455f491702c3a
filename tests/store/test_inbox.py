from datetime import datetime, timedelta
from typing import Any

from domain import events as ev
from domain.state.waiting import Taken, WaitingKind
from infra.store.page import Page
from infra.store.queries.inbox import InboxCursor, InboxItem, inbox
from tests.store.vocabulary import MONDAY, RecordedCourse

BO = ("person/bo", "unit/job")


async def read(
    telling: RecordedCourse,
    *addresses: str,
    person: str = "bo",
    now: datetime = MONDAY,
    limit: int = 50,
    after: InboxCursor | None = None,
) -> Page[InboxItem, InboxCursor]:
    async with telling.store.municipality(telling.municipality) as connection:
        return await inbox(connection, addresses or BO, person, now, limit, after)


def said(page: Page[InboxItem, Any]) -> list[str | None]:
    return [item.about or item.waiting for item in page.items]


async def test_what_waits_for_somebody_and_what_he_was_told_is_one_list(telling: RecordedCourse) -> None:
    await telling.starts(
        telling.waits(telling.waiting("told"), telling.waiting("untold"), telling.waiting("anna's", persons=("anna",))),
        telling.raised("briefing", "person/bo", waiting="told", visit=1, version=2),
        telling.raised("to the queue", "unit/job"),
        telling.raised("to others", "person/anna"),
    )

    page = await read(telling)

    assert sorted(map(str, said(page))) == ["briefing", "to the queue", "untold"]
    briefing = next(item for item in page.items if item.about == "briefing")
    assert (briefing.waiting, briefing.kind, briefing.version) == ("told", WaitingKind.ACKNOWLEDGEMENT, 2)
    assert (briefing.until, briefing.reference) == (MONDAY + timedelta(days=3), "sag-1")
    untold = next(item for item in page.items if item.waiting == "untold")
    assert (untold.notice, untold.recipient, untold.visit) == (None, None, 1)


async def test_a_wait_is_listed_once_with_the_newest_that_was_said_of_it(telling: RecordedCourse) -> None:
    await telling.starts(telling.waits(telling.waiting("a")), telling.raised("first", "person/bo", waiting="a"))
    telling.now += timedelta(hours=1)
    await telling.does(telling.raised("second", "unit/job", waiting="a"))

    assert said(await read(telling)) == ["second"]


async def test_the_longest_overdue_comes_first_and_then_the_newest(telling: RecordedCourse) -> None:
    await telling.starts(
        telling.waits(
            telling.waiting("two days over", days=3),
            telling.waiting("one day over", days=4),
            telling.waiting("not yet", days=30),
            telling.waiting("some time", days=None),
        )
    )
    telling.now = MONDAY + timedelta(hours=2)
    await telling.does(telling.raised("newest", "person/bo"))

    page = await read(telling, now=MONDAY + timedelta(days=5))

    assert said(page)[:3] == ["two days over", "one day over", "newest"]
    assert len(page.items) == 5


async def test_what_a_supervisor_has_taken_comes_last_for_the_supervisors_and_for_nobody_else(
    telling: RecordedCourse,
) -> None:
    taken = Taken(by="sara", at=MONDAY, look_again_at=MONDAY + timedelta(days=6), reason=telling.course)
    await telling.starts(
        telling.waits(telling.waiting("taken", days=1, stalled=True, taken=taken), telling.waiting("untaken", days=2)),
        telling.raised("of the taken", "supervisors/job", waiting="taken"),
        telling.raised("of the untaken", "supervisors/job", waiting="untaken"),
    )

    async def of_sara(days: int) -> list[str | None]:
        return said(await read(telling, "supervisors/job", person="sara", now=MONDAY + timedelta(days=days)))

    assert await of_sara(5) == ["of the untaken", "of the taken"]
    assert await of_sara(7) == ["of the taken", "of the untaken"], "it is time to look again"
    assert said(await read(telling, now=MONDAY + timedelta(days=5))) == ["taken", "untaken"], "Bo is still asked"


async def test_a_notice_that_tells_of_no_wait_goes_when_it_is_seen(telling: RecordedCourse) -> None:
    completed = telling.raised("completed", "person/bo")
    asked = telling.raised("asked", "person/bo", waiting="a")
    await telling.starts(telling.waits(telling.waiting("a")), completed, asked)
    for notice in (completed.notice, asked.notice):
        await telling.does(ev.NoticeSeen(at=MONDAY, by="bo", notice=notice))

    assert said(await read(telling)) == ["asked"]

    await telling.does(telling.waits(ended=["a"]))
    assert said(await read(telling)) == []


async def test_somebody_without_addresses_still_sees_what_waits_for_him(telling: RecordedCourse) -> None:
    await telling.starts(telling.waits(telling.waiting("a")))
    async with telling.store.municipality(telling.municipality) as connection:
        page = await inbox(connection, (), "bo", MONDAY, 10)

    assert said(page) == ["a"]


async def test_the_pages_of_an_inbox_hold_each_item_once_while_others_write(telling: RecordedCourse) -> None:
    waits = [telling.waiting(f"wait {number}", days=number % 4) for number in range(7)]
    await telling.starts(telling.waits(*waits), *(telling.raised(f"note {n}", "person/bo") for n in range(6)))
    now = MONDAY + timedelta(days=2)
    expected = said(await read(telling, now=now))

    found: list[str | None] = []
    page = await read(telling, now=now, limit=3)
    while page.next is not None:
        found += said(page)
        await telling.does(telling.raised(f"meanwhile {len(found)}", "person/bo"))
        page = await read(telling, now=now, limit=3, after=page.next)
    found += said(page)

    assert [item for item in found if not str(item).startswith("meanwhile")] == expected
    assert len(found) == len(set(found))
