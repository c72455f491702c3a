from collections.abc import Iterator

import pytest

from tests.journeys.town import Town, town_of_its_own


@pytest.fixture(scope="session")
def city() -> Iterator[Town]:
    """One system for all tests of the API, which never hurt it."""
    with town_of_its_own() as city:
        yield city
