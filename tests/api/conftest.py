from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.journeys.town import Town


@pytest.fixture(scope="session")
def city() -> Iterator[Town]:
    """One system for all tests of the API, which never hurt it."""
    with TemporaryDirectory() as folder:
        city = Town.founded(Path(folder))
        try:
            yield city
        finally:
            city.abandoned()
