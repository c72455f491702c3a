from collections.abc import Iterator

import pytest

from tests.api.pages.browser import Browser
from tests.api.pages.morning import Morning, a_morning
from tests.api.pages.workplaces import Workplace, a_workplace
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


@pytest.fixture
def workplace(town: Town) -> Iterator[Workplace]:
    """A company with somebody in a trial."""
    with a_workplace(town) as workplace:
        yield workplace
