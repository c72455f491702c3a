from datetime import UTC, datetime

from infra.clock import Clock, SystemClock


def test_the_systems_clock_tells_an_aware_instant_in_utc() -> None:
    clock: Clock = SystemClock()

    before, told, after = datetime.now(UTC), clock.now(), datetime.now(UTC)

    assert before <= told <= after
    assert told.tzinfo is UTC
