from datetime import UTC, datetime

from infra.clock import Clock, SystemClock


def test_the_systems_clock_tells_an_aware_instant_in_utc() -> None:
    clock: Clock = SystemClock()

    before, instant, after = datetime.now(UTC), clock.now(), datetime.now(UTC)

    assert before <= instant <= after
    assert instant.tzinfo is UTC
