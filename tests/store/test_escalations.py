from datetime import timedelta
from uuid import UUID, uuid4

from domain import events as ev
from domain.identity import escalation_id
from domain.reach import Reach
from domain.state.waiting import WaitingKind
from infra.store.queries.escalations import EscalationFilter, course_of, escalations
from tests.store.vocabulary import MONDAY, WHOLE_MUNICIPALITY, RecordedCourse

HOUR = timedelta(hours=1)


def governing(units: frozenset[str] | None) -> Reach:
    return WHOLE_MUNICIPALITY.model_copy(update={"units": units})


async def listed(
    stored: RecordedCourse, limit: int = 50, units: frozenset[str] | None = None, **wanted: object
) -> list[str]:
    """Return the keys of the escalations, page by page."""
    asked = EscalationFilter(**{"now": MONDAY, **wanted})  # type: ignore[arg-type]
    names: list[str] = []
    after = None
    while True:
        async with stored.store.municipality(stored.municipality) as connection:
            page = await escalations(connection, governing(units), asked, limit, after)
        names += [row.what for row in page.items]
        if page.next is None:
            return names
        after = page.next


async def takes(stored: RecordedCourse, name: str, hours: int = 24) -> UUID:
    """Let Sara take a wait, and return the escalation."""
    wait = next(waiting for waiting in stored.state.waiting if waiting.what == name)
    escalation = escalation_id(stored.course, wait.key, wait.since)
    taken = ev.EscalationTaken(
        at=stored.now,
        by="sara",
        escalation=escalation,
        waiting=wait.key,
        look_again_at=stored.now + hours * HOUR,
        reason=await stored.stages(),
    )
    await stored.does(taken)
    return escalation


async def begun(stored: RecordedCourse) -> RecordedCourse:
    """Return a course with silent waits, one of which nobody was told."""
    return await stored.starts(
        stored.waits(
            stored.waiting("young", is_stalled=True, since=MONDAY - HOUR),
            stored.waiting("old", is_stalled=True, since=MONDAY - 3 * HOUR, days=-1, kind=WaitingKind.DISPUTE),
            stored.waiting("untold", since=MONDAY - 9 * HOUR),
        )
    )


async def test_every_wait_of_which_the_supervisors_were_told_is_listed_the_longest_silent_first(
    stored: RecordedCourse,
) -> None:
    await begun(stored)

    assert await listed(stored) == ["old", "young"]


async def test_they_are_found_by_unit_kind_and_whether_they_are_overdue(stored: RecordedCourse) -> None:
    await begun(stored)

    assert await listed(stored, unit="youth") == []
    assert await listed(stored, units=frozenset({"youth"})) == []
    assert await listed(stored, units=frozenset({"job"}), unit="job") == ["old", "young"]
    assert await listed(stored, kind=WaitingKind.DISPUTE) == ["old"]
    assert await listed(stored, overdue=True) == ["old"]
    assert await listed(stored, overdue=False) == ["young"]


async def test_a_wait_is_taken_until_it_is_time_to_look_again(stored: RecordedCourse) -> None:
    await begun(stored)
    await takes(stored, "old")

    assert await listed(stored, taken=True) == ["old"]
    assert await listed(stored, taken=False) == ["young"]
    assert await listed(stored, taken=False, now=MONDAY + 25 * HOUR) == ["old", "young"]


async def test_the_pages_lose_and_repeat_nothing(stored: RecordedCourse) -> None:
    waits = [stored.waiting(f"wait {n}", is_stalled=True, since=MONDAY + n % 3 * HOUR) for n in range(7)]
    await stored.starts(stored.waits(*waits))

    names = await listed(stored, limit=2)

    assert names == await listed(stored)
    assert len({*names}) == len(names) == 7


async def test_a_taken_escalation_leads_to_its_course_though_it_is_over(stored: RecordedCourse) -> None:
    await begun(stored)
    escalation = await takes(stored, "old")
    await stored.does(stored.waits(ended=["old"]))

    async with stored.store.municipality(stored.municipality) as connection:
        assert await course_of(connection, WHOLE_MUNICIPALITY, escalation) == stored.course
        assert await course_of(connection, governing(frozenset({"youth"})), escalation) is None
        assert await course_of(connection, WHOLE_MUNICIPALITY, uuid4()) is None


async def test_another_municipality_knows_nothing_of_it(stored: RecordedCourse) -> None:
    await begun(stored)
    escalation = await takes(stored, "old")

    async with stored.store.municipality("6999") as connection:
        assert await course_of(connection, WHOLE_MUNICIPALITY, escalation) is None
        assert (await escalations(connection, WHOLE_MUNICIPALITY, EscalationFilter(now=MONDAY), 50)).items == ()
