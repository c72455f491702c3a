from datetime import timedelta

from infra.store.engine import Store
from infra.store.queries import courses
from tests.store.vocabulary import MONDAY, RecordedCourse

LONG_AGO = MONDAY - timedelta(days=20_000)
HOUR = timedelta(hours=1)


async def asleep(store: Store) -> int:
    async with store.anywhere() as connection:
        return await courses.asleep(connection, LONG_AGO)


async def test_a_course_that_slept_past_its_wake_up_is_counted_once_from_outside_every_municipality(
    store: Store, stored: RecordedCourse
) -> None:
    before = await asleep(store)

    await stored.starts(
        stored.waits(
            stored.waiting("one", next_rung_at=LONG_AGO - HOUR),
            stored.waiting("another", next_rung_at=LONG_AGO - HOUR),
        )
    )

    assert await asleep(store) == before + 1


async def test_a_course_whose_wake_up_is_to_come_or_that_has_none_is_not_asleep(
    store: Store, stored: RecordedCourse
) -> None:
    before = await asleep(store)

    await stored.starts(stored.waits(stored.waiting("soon", next_rung_at=LONG_AGO + HOUR), stored.waiting("paused")))

    assert await asleep(store) == before
