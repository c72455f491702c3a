from collections.abc import Iterator

import pytest

from tests.journeys.town import Town, town_of_its_own


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    """One system for all journeys that hurt nothing, each with courses of its own."""
    with town_of_its_own() as town:
        yield town


@pytest.fixture(scope="module")
def frail_town() -> Iterator[Town]:
    """A system for the journeys of one file that kill its parts; what a journey kills it starts again."""
    with town_of_its_own() as town:
        yield town
