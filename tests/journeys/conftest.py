from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.journeys.town import Town


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """A system for the journeys of one file, each with a course of its own; what a journey kills it starts again."""
    with TemporaryDirectory() as folder:
        town = Town.founded(Path(folder))
        try:
            yield town
        finally:
            town.abandoned()
