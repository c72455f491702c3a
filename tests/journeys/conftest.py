from collections.abc import Iterator

import pytest

from tests.journeys.town import Town, town_of_its_own


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """A system for the journeys of one file, each with a course of its own; what a journey kills it starts again."""
    with town_of_its_own() as town:
        yield town
