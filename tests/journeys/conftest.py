from collections.abc import Iterator

import pytest

from tools.town.town import Town, own_town


@pytest.fixture(scope="module")
def frail_town() -> Iterator[Town]:
    """A system for the journeys of one file that kill its parts; what a journey kills it starts again."""
    with own_town() as town:
        yield town
