from datetime import timedelta
from uuid import UUID, uuid4

from domain import events as ev
from domain.identity import escalation_id
from domain.state.waiting import WaitingKind
from infra.store.queries.escalations import EscalationFilter, course_of, escalations
from tests.store.vocabulary import MONDAY, RecordedCourse

HOUR = timedelta(hours=1)


async def listed(telling: RecordedCourse, limit: int = 50, **wanted: object) -> list[str]:
    """Return the keys of the escalations, page by page."""
    asked = EscalationFilter(**{"now": MONDAY, **wanted})  # type: ignore[arg-type]
    found: list[str] = []
    after = None
    while True:
        async with telling.store.municipality(telling.municipality) as connection:
            page = await escalations(connection, asked, limit, after)
        found += [row.key for row in page.items]
        if page.next is None:
            return found
        after = page.next


async def takes(telling: RecordedCourse, key: str, hours: int = 24) -> UUID:
    """Let Sara take a wait, and return the escalation."""
    wait = next(waiting for waiting in telling.state.waiting if waiting.key == key)
    escalation = escalation_id(telling.course, key, wait.since)
    taken = ev.EscalationTaken(
        at=telling.now,
        by="sara",
        escalation=escalation,
        waiting=key,
        look_again_at=telling.now + hours * HOUR,
        reason=await telling.stages(),
    )
    await telling.does(taken)
    return escalation


async def begun(telling: RecordedCourse) -> RecordedCourse:
    """Return a course with silent waits, one of which nobody was told."""
    return await telling.starts(
        telling.waits(
            telling.waiting("young", stalled=True, since=MONDAY - HOUR),
            telling.waiting("old", stalled=True, since=MONDAY - 3 * HOUR, days=-1, kind=WaitingKind.DISPUTE),
            telling.waiting("untold", since=MONDAY - 9 * HOUR),
        )
    )


async def test_every_wait_of_which_the_supervisors_were_told_is_listed_the_longest_silent_first(
    telling: RecordedCourse,
) -> None:
    await begun(telling)

    assert await listed(telling) == ["old", "young"]


async def test_they_are_found_by_unit_kind_and_whether_they_are_overdue(telling: RecordedCourse) -> None:
    await begun(telling)

    assert await listed(telling, unit="youth") == []
    assert await listed(telling, units=frozenset({"youth"})) == []
    assert await listed(telling, units=frozenset({"job"}), unit="job") == ["old", "young"]
    assert await listed(telling, kind=WaitingKind.DISPUTE) == ["old"]
    assert await listed(telling, overdue=True) == ["old"]
    assert await listed(telling, overdue=False) == ["young"]


async def test_a_wait_is_taken_until_it_is_time_to_look_again(telling: RecordedCourse) -> None:
    await begun(telling)
    await takes(telling, "old")

    assert await listed(telling, taken=True) == ["old"]
    assert await listed(telling, taken=False) == ["young"]
    assert await listed(telling, taken=False, now=MONDAY + 25 * HOUR) == ["old", "young"]


async def test_the_pages_lose_and_repeat_nothing(telling: RecordedCourse) -> None:
    waits = [telling.waiting(f"wait {n}", stalled=True, since=MONDAY + n % 3 * HOUR) for n in range(7)]
    await telling.starts(telling.waits(*waits))

    found = await listed(telling, limit=2)

    assert found == await listed(telling)
    assert len({*found}) == len(found) == 7


async def test_a_taken_escalation_leads_to_its_course_though_it_is_over(telling: RecordedCourse) -> None:
    await begun(telling)
    escalation = await takes(telling, "old")
    await telling.does(telling.waits(ended=["old"]))

    async with telling.store.municipality(telling.municipality) as connection:
        assert await course_of(connection, escalation) == (telling.course, "job")
        assert await course_of(connection, uuid4()) is None


async def test_another_municipality_knows_nothing_of_it(telling: RecordedCourse) -> None:
    await begun(telling)
    escalation = await takes(telling, "old")

    async with telling.store.municipality("6999") as connection:
        assert await course_of(connection, escalation) is None
        assert (await escalations(connection, EscalationFilter(now=MONDAY), 50)).items == ()
