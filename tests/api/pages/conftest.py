from collections.abc import Iterator

import pytest

from tests.api.pages.browser import Browser
from tests.api.pages.morning import Morning, a_morning
from tools.town.town import Town


@pytest.fixture
def browser(town: Town) -> Iterator[Browser]:
    """The browser of somebody who has not logged in."""
    browser = Browser(town.settings.api_port)
    with browser.http:
        yield browser


@pytest.fixture
def morning(town: Town) -> Iterator[Morning]:
    """A briefing that both must acknowledge."""
    with a_morning(town) as morning:
        yield morning
