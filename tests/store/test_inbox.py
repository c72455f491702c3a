from datetime import datetime, timedelta
from typing import Any

from domain import events as ev
from domain.address import Address
from domain.identity import Role
from domain.reach import Reach
from domain.state.waiting import Taken, WaitingKind
from infra.store.page import Page
from infra.store.queries.inbox import inbox
from infra.store.queries.inbox_item import InboxItem
from infra.store.queries.inbox_reader import InboxCursor, InboxReader
from tests.store.vocabulary import MONDAY, WHOLE_MUNICIPALITY, RecordedCourse

BO = (Address.person("bo"), Address.unit("job"))


def reach_of(person: str) -> Reach:
    return WHOLE_MUNICIPALITY.model_copy(update={"person": person})


async def read(
    stored: RecordedCourse,
    *addresses: Address,
    person: str = "bo",
    now: datetime = MONDAY,
    limit: int = 50,
    after: InboxCursor | None = None,
) -> Page[InboxItem, InboxCursor]:
    async with stored.store.municipality(stored.municipality) as connection:
        return await inbox(connection, InboxReader(reach_of(person), addresses or BO, now), limit, after)


def about(page: Page[InboxItem, Any]) -> list[str | None]:
    return [item.about or item.what for item in page.items]


async def test_what_waits_for_somebody_and_what_he_was_told_is_one_list(stored: RecordedCourse) -> None:
    await stored.starts(
        stored.waits(stored.waiting("told"), stored.waiting("untold"), stored.waiting("anna's", persons=("anna",))),
        stored.raised("briefing", Address.person("bo"), waiting="told"),
        stored.raised("to the queue", Address.unit("job")),
        stored.raised("to others", Address.person("anna")),
    )

    page = await read(stored)

    assert sorted(map(str, about(page))) == ["briefing", "to the queue", "untold"]
    briefing = next(item for item in page.items if item.about == "briefing")
    assert (briefing.what, briefing.kind) == ("told", WaitingKind.ACKNOWLEDGEMENT)
    assert (briefing.until, briefing.reference) == (MONDAY + timedelta(days=3), "sag-1")
    untold = next(item for item in page.items if item.what == "untold")
    assert (untold.notice, untold.recipient_kind, untold.visit) == (None, None, 1)


async def test_a_wait_is_listed_once_with_the_newest_that_was_said_of_it(stored: RecordedCourse) -> None:
    await stored.starts(stored.waits(stored.waiting("a")), stored.raised("first", Address.person("bo"), waiting="a"))
    stored.now += timedelta(hours=1)
    await stored.does(stored.raised("second", Address.unit("job"), waiting="a"))

    assert about(await read(stored)) == ["second"]


async def test_the_longest_overdue_comes_first_and_then_the_newest(stored: RecordedCourse) -> None:
    await stored.starts(
        stored.waits(
            stored.waiting("two days over", days=3),
            stored.waiting("one day over", days=4),
            stored.waiting("not yet", days=30),
            stored.waiting("some time", days=None),
        )
    )
    stored.now = MONDAY + timedelta(hours=2)
    await stored.does(stored.raised("newest", Address.person("bo")))

    page = await read(stored, now=MONDAY + timedelta(days=5))

    assert about(page)[:3] == ["two days over", "one day over", "newest"]
    assert len(page.items) == 5


async def test_what_a_supervisor_has_taken_comes_last_for_the_supervisors_and_for_nobody_else(
    stored: RecordedCourse,
) -> None:
    taken = Taken(by="sara", at=MONDAY, look_again_at=MONDAY + timedelta(days=6), reason=stored.course)
    await stored.starts(
        stored.waits(stored.waiting("taken", days=1, is_stalled=True, taken=taken), stored.waiting("untaken", days=2)),
        stored.raised("of the taken", Address.supervisors("job"), waiting="taken"),
        stored.raised("of the untaken", Address.supervisors("job"), waiting="untaken"),
    )

    async def of_sara(days: int) -> list[str | None]:
        return about(await read(stored, Address.supervisors("job"), person="sara", now=MONDAY + timedelta(days=days)))

    assert await of_sara(5) == ["of the untaken", "of the taken"]
    assert await of_sara(7) == ["of the taken", "of the untaken"], "it is time to look again"
    assert about(await read(stored, now=MONDAY + timedelta(days=5))) == ["taken", "untaken"], "Bo is still asked"


async def test_a_notice_that_tells_of_no_wait_goes_when_it_is_seen(stored: RecordedCourse) -> None:
    completed = stored.raised("told", Address.person("bo"))
    asked = stored.raised("asked", Address.person("bo"), waiting="a")
    await stored.starts(stored.waits(stored.waiting("a")), completed, asked)
    for notice in (completed.notice, asked.notice):
        await stored.does(ev.NoticeSeen(at=MONDAY, by="bo", notice=notice))

    assert about(await read(stored)) == ["asked"]

    await stored.does(stored.waits(ended=["a"]))
    assert about(await read(stored)) == []


async def test_a_meeting_is_listed_once_however_often_it_is_moved(stored: RecordedCourse) -> None:
    bo = Address.person("bo")
    made, moved, again = (stored.raised("appointment", bo, visit=1, sequence=count) for count in range(3))
    others = (stored.raised("appointment", bo, visit=2), stored.raised("appointment", Address.person("anna"), visit=1))
    await stored.starts(made, moved, *others)
    await stored.does(again)

    assert {item.notice for item in (await read(stored)).items} == {again.notice, others[0].notice}

    await stored.does(ev.NoticeSeen(at=MONDAY, by="bo", notice=again.notice))
    assert {item.notice for item in (await read(stored)).items} == {others[0].notice}


async def test_somebody_without_addresses_still_sees_what_waits_for_him(stored: RecordedCourse) -> None:
    await stored.starts(stored.waits(stored.waiting("a")))
    async with stored.store.municipality(stored.municipality) as connection:
        page = await inbox(connection, InboxReader(reach_of("bo"), (), MONDAY), 10)

    assert about(page) == ["a"]


async def test_the_pages_of_an_inbox_hold_each_item_once_while_others_write(stored: RecordedCourse) -> None:
    waits = [stored.waiting(f"wait {number}", days=number % 4) for number in range(7)]
    await stored.starts(stored.waits(*waits), *(stored.raised(f"note {n}", Address.person("bo")) for n in range(6)))
    now = MONDAY + timedelta(days=2)
    expected = about(await read(stored, now=now))

    subjects: list[str | None] = []
    page = await read(stored, now=now, limit=3)
    while page.next is not None:
        subjects += about(page)
        await stored.does(stored.raised(f"meanwhile {len(subjects)}", Address.person("bo")))
        page = await read(stored, now=now, limit=3, after=page.next)
    subjects += about(page)

    assert [item for item in subjects if not str(item).startswith("meanwhile")] == expected
    assert len(subjects) == len(set(subjects))


async def test_news_is_listed_from_its_morning_on_until_it_is_seen(stored: RecordedCourse) -> None:
    morning = MONDAY + timedelta(days=1)
    raised, settled = stored.news("bo", morning)
    await stored.starts(raised, settled)

    assert about(await read(stored)) == []
    assert about(await read(stored, now=morning)) == ["news"]

    stored.now = morning
    gone = ev.Settled(at=morning, by="@fodslag", news_ended=(raised.notice,))
    await stored.does(ev.NoticeSeen(at=morning, by="bo", notice=raised.notice), gone)
    assert about(await read(stored, now=morning)) == []


async def test_news_that_a_briefing_shows_is_listed_no_more(stored: RecordedCourse) -> None:
    raised, settled = stored.news("bo", MONDAY)
    await stored.starts(raised, settled)
    assert about(await read(stored)) == ["news"]

    await stored.does(ev.Settled(at=MONDAY, by="@fodslag", news_ended=(raised.notice,)))

    assert about(await read(stored)) == []


async def test_what_was_told_to_who_holds_a_role_is_not_his_once_somebody_else_does(stored: RecordedCourse) -> None:
    bo, carl = Address.person("bo"), Address.person("carl")
    told = (
        stored.raised("appointment", bo, visit=1),
        stored.raised("correction", bo),
        stored.raised("told", bo),
        stored.raised("escalation", bo, waiting="goes on"),
    )
    taken = (stored.raised("look_again", Address.person("sara"), waiting="goes on"), stored.raised("taken_over", bo))
    await stored.starts(stored.waits(stored.waiting("goes on")), *told, *stored.news("bo", MONDAY), *taken[:1])
    assert len((await read(stored)).items) == 5

    await stored.does(
        stored.assigned(Role.COMPANY_CONSULTANT, person="carl"),
        stored.waits(stored.waiting("goes on", persons=("carl",))),
        stored.raised("appointment", carl, visit=1),
        taken[1],
    )

    assert about(await read(stored)) == ["taken_over"], "he supervises, and took a wait"
    assert about(await read(stored, Address.person("sara"), person="sara")) == ["look_again"]
    assert sorted(map(str, about(await read(stored, carl, person="carl")))) == ["appointment", "goes on"]

    stored.now += timedelta(hours=1)
    await stored.does(stored.assigned(Role.COMPANY_CONSULTANT, person="bo"), stored.waits(stored.waiting("goes on")))
    await stored.does(told[0])
    assert sorted(map(str, about(await read(stored)))) == ["appointment", "goes on", "taken_over"]


async def test_who_keeps_the_other_role_is_not_asked_any_more_what_the_one_given_away_was(
    stored: RecordedCourse,
) -> None:
    anna, kind = Address.person("anna"), WaitingKind.QUESTION
    silent = stored.raised("escalation", anna, waiting="asked", kind=kind, level=1)
    wait = stored.waiting("asked", kind=kind, persons=("anna",))
    await stored.starts(stored.waits(wait), stored.raised("question", anna, waiting="asked", kind=kind), silent)

    given = stored.assigned(Role.COMPANY_CONSULTANT, person="bo")
    await stored.does(given, stored.waits(stored.waiting("asked", kind=kind, persons=("bo",))))

    assert about(await read(stored, anna, person="anna")) == ["escalation"], "it tells both roles"


async def test_what_a_queue_was_asked_is_asked_of_who_takes_the_role_from_it(stored: RecordedCourse) -> None:
    queue = Address.unit("job")
    asked = stored.raised("question", queue, waiting="asked", kind=WaitingKind.QUESTION)
    silent = stored.raised("escalation", queue, waiting="asked", kind=WaitingKind.QUESTION, level=1)
    wait = stored.waiting("asked", kind=WaitingKind.QUESTION, persons=())
    await stored.starts(stored.assigned(Role.COMPANY_CONSULTANT, unit="job"), stored.waits(wait), asked)
    assert about(await read(stored, queue)) == ["question"]

    await stored.does(
        stored.assigned(Role.COMPANY_CONSULTANT, person="bo"),
        stored.waits(stored.waiting("asked", kind=WaitingKind.QUESTION)),
    )
    assert about(await read(stored, queue, person="carl")) == []

    await stored.does(silent)
    assert about(await read(stored, queue, person="carl")) == ["escalation"], "the ladder tells the unit"
