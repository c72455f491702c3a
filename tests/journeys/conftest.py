from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.journeys.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """A system of its own for one journey."""
    with TemporaryDirectory() as folder:
        town = Town.founded(Path(folder))
        try:
            yield town
        finally:
            town.abandoned()
