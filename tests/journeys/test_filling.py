"""The front page of a trial fills its empty town by one press, and says how far it is."""

import time
from typing import Final

import pytest

from api.pages.demo_town import COURSES, TownRead
from clients.demo.running import planned_courses, read_cohort
from tests.api.pages.browser import Browser, Page
from tools.town.town import Town
from wording.catalog import catalog

WORDS: Final = catalog("da").pages
FILLING: Final = WORDS["demo_filling"].partition("{")[0]
PATIENCE: Final = 900


def settled(browser: Browser) -> Page:
    """Return the front page once nothing is being filled any more."""
    deadline = time.monotonic() + PATIENCE
    while FILLING in (page := browser.opens("/")).text:
        assert time.monotonic() < deadline, page.text
        time.sleep(0.5)
    return page


def test_the_page_counts_the_courses_that_the_demo_plays() -> None:
    assert len(list(planned_courses(read_cohort()))) == COURSES


def test_a_town_that_broke_off_may_be_filled_again_and_a_full_one_may_not() -> None:
    assert TownRead(courses=9, is_filling=False).lacks
    assert not TownRead(courses=9, is_filling=True).lacks
    assert not TownRead(courses=COURSES, is_filling=False).lacks


def test_everybody_in_the_demo_can_be_called() -> None:
    cohort = read_cohort()

    assert [person["id"] for person in cohort["people"] if not person.get("phone")] == []
    assert [company["name"] for company in cohort["companies"] if not company["contact"]["phone"]] == []


@pytest.mark.verify
def test_an_empty_town_is_filled_by_one_press(frail_town: Town) -> None:
    browser = Browser(frail_town.settings.api_port)
    with browser.http:
        begun = browser.presses(browser.opens("/").form(WORDS["demo_fill"]))
        assert FILLING in begun.text
        again = browser.http.post("/demo/town")
        assert again.is_success

        page = settled(browser)

    assert WORDS["demo_filled"].format(courses=COURSES) in page.text
    assert WORDS["demo_fill"] not in [form.button for form in page.forms]
