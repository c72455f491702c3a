from collections.abc import Iterator

import pytest

from tests.api.pages.browser import Browser
from tools.town.town import Town


@pytest.fixture
def browser(town: Town) -> Iterator[Browser]:
    """The browser of somebody who has not logged in."""
    browser = Browser(town.settings.api_port)
    with browser.http:
        yield browser
