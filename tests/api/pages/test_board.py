"""The board with a browser: the numbers lead to their rows, one line is taken, and several are acted on at once."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import pytest
from playwright.async_api import ViewportSize, async_playwright, expect

from tests.api.leading import LATER, Office
from tests.api.pages.browser import Browser, FormRead, Page, logged_in
from tests.api.pages.keyboard import CHROMIUM, PHONE, reach
from tests.journeys.vocabulary import ANSWER_WITHIN
from tools.town.town import Town
from wording.catalog import catalog

WORDS = catalog("da").pages
FIGURE = re.compile(r'<a href="([^"]*)"[^>]*><strong>(\d+)</strong> ([^<]*)</a>')


@pytest.fixture
def office(town: Town) -> Office:
    """A municipality of its own."""
    return Office(town)


@pytest.fixture
def silent(office: Office) -> str:
    """A course in which nobody does anything until the leaders hear of it."""
    return office.falls_silent()


@contextmanager
def browsing(office: Office, person: str = "sara", units: tuple[str, ...] = ("job",)) -> Iterator[Browser]:
    """Open the browser of a leader."""
    browser = logged_in(office.town, person, "supervisor", municipality=office.municipality, units=units)
    with browser.http:
        yield browser


def rows(page: Page) -> list[str]:
    """Return the courses that stand on a page."""
    return [str(given["id"]).removeprefix("course-") for tag, given in page.tags if tag == "tr" and given.get("id")]


def chosen(page: Page, *courses: str) -> dict[str, str]:
    """Return the marks of some courses as a form sends them."""
    assert set(courses) <= set(rows(page))
    return {f"course-{course}": "on" for course in courses}


def over(browser: Browser, page: Page) -> Page:
    """Return the page of an act when nothing of it waits any more."""
    deadline = time.monotonic() + ANSWER_WITHIN
    while WORDS["board_again"] in page.links:
        assert time.monotonic() < deadline
        page = browser.opens(page.links[WORDS["board_again"]])
    return page


def test_every_number_above_leads_to_as_many_rows(office: Office, silent: str) -> None:
    started = office.starts()
    office.is_away()

    with browsing(office) as sara:
        page = sara.opens("/board")
        figures = {text: (unescape(address), int(count)) for address, count, text in FIGURE.findall(page.answer.text)}
        shown = {text: rows(sara.opens(address)) for text, (address, _) in figures.items()}
        english = sara.presses(sara.opens("/board").form("English"))

    assert set(rows(page)) == set(rows(english)) == {silent, started}
    assert catalog("en").pages["board_look"] in english.text
    assert {text: len(found) for text, found in shown.items()} == {text: count for text, (_, count) in figures.items()}
    assert (
        shown[WORDS["board_stalled"]] == shown[WORDS["board_unanswered"]] == shown[WORDS["board_untaken"]] == [silent]
    )
    assert len(shown[WORDS["board_without_cover"]]) == 2
    assert WORDS["board_no_cover"] in page.text
    assert ("/board?away=without_cover", 2) in figures.values(), "an address says codes alone"


def test_a_course_is_taken_on_its_line_and_the_line_says_who_has_it(office: Office, silent: str) -> None:
    with browsing(office) as sara:
        page = sara.opens("/board?stalled=true")
        after = sara.presses(page.form(WORDS["board_take_it"]), comment="Jeg ringer til Bo.")
        mine = rows(sara.opens("/board?taken_by=me&unit="))

    assert (rows(after), str(after.answer.url.query, "ascii")) == ([silent], "stalled=true")
    assert WORDS["board_take_it"] not in {form.button for form in after.forms}
    assert mine == [silent]


def test_several_are_paused_after_a_dry_run_and_the_progress_is_shown(office: Office) -> None:
    courses = [office.starts(), office.starts()]
    office.whole.does(f"/v1/courses/{courses[1]}/pause", reason="Ferie.", until=LATER)

    with browsing(office) as sara:
        board = sara.opens("/board")
        plan = sara.presses(FormRead("/board/pauses/plan", "post"), **chosen(board, *courses))
        assert office.line(courses[0])["held_up_by"] == "unanswered", "nothing is written yet"
        order = plan.form(WORDS["board_do_pause"].format(count=1))
        done = over(sara, sara.presses(order, words="Kurset holder ferie."))
        again = sara.presses(order, words="Kurset holder ferie.")

    assert plan.text.count(WORDS["board_works"]) == 1
    assert WORDS["board_progress"].format(done=1, total=1) in done.text
    assert again.answer.url == done.answer.url, "the same form orders once"
    assert {office.line(course)["held_up_by"] for course in courses} == {"paused"}


def test_several_are_taken_and_handed_over(office: Office, silent: str) -> None:
    started = office.starts()

    with browsing(office) as sara:
        board = sara.opens("/board")
        plan = sara.presses(FormRead("/board/takes/plan", "post"), **chosen(board, silent, started))
        over(sara, sara.presses(plan.form(WORDS["board_do_take"].format(count=1)), words="Jeg ringer."))
        asked = sara.presses(FormRead("/board/hand-overs/plan", "post"), **chosen(board, silent, started))
        way = {"from": "person:anna", "to": "person:carl"}
        plan = sara.presses(asked.form(WORDS["board_try"]), **way)
        done = over(sara, sara.presses(plan.form(WORDS["board_do_hand_over"].format(count=2)), words="Nye opgaver."))

    assert office.line(silent)["taken_by"]["id"] == "sara"
    assert WORDS["board_progress"].format(done=2, total=2) in done.text
    held = {
        one["person"] for course in (silent, started) for one in office.whole.get(f"/v1/courses/{course}")["parties"]
    }
    assert held == {"bo", "carl"}


def test_nobody_acts_on_courses_of_another_unit(office: Office) -> None:
    course = office.starts()

    with browsing(office, "sven", ("syd",)) as sven:
        board = sven.opens("/board")
        for act in ("takes", "pauses"):
            refused = sven.presses(FormRead(f"/board/{act}/plan", "post"), **{f"course-{course}": "on"})
            assert refused.answer.status_code == 404
        asked = sven.presses(FormRead("/board/hand-overs/plan", "post"), **{f"course-{course}": "on"})
        nothing = sven.presses(FormRead("/board/takes/plan", "post"))

    assert rows(board) == []
    assert course not in board.text
    assert "person:anna" not in asked.answer.text
    assert WORDS["board_none_chosen"] in nothing.text


def test_what_no_form_of_ours_sends_is_refused(office: Office) -> None:
    course = office.starts()

    with browsing(office) as sara:
        for address, sent in (
            ("/board/hand-overs/plan", {"course-x": "on"}),
            ("/board/hand-overs/plan", {f"course-{course}": "on", "from": "person:anna", "to": "carl"}),
            ("/board/takes", {f"course-{course}": "on", "words": "", "order": "1"}),
            ("/board/pauses", {f"course-{course}": "on", "words": "Ferie."}),
            ("/board/pauses", {f"course-{course}": "on", "words": "Ferie.", "order": "1", "until": "31-12-2099"}),
        ):
            assert sara.presses(FormRead(address, "post"), **sent).answer.status_code in {400, 422}, address


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing; on Debian and Ubuntu: apt install chromium")
@pytest.mark.parametrize("size", [PHONE, ViewportSize(width=1600, height=900)], ids=["phone", "wide"])
async def test_a_line_is_taken_by_keyboard_and_nothing_is_wider_than_the_window(
    office: Office, silent: str, size: ViewportSize
) -> None:
    wrong = list[str]()
    with browsing(office) as sara:
        base, secret = str(sara.http.base_url), sara.http.cookies["fodslag-session"]

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(base_url=base, viewport=size, locale="da-DK")
        await context.add_cookies([{"name": "fodslag-session", "value": secret, "url": base}])
        page = await context.new_page()
        page.on("console", lambda message: wrong.append(message.text))
        await page.goto("/board")
        widest = await page.evaluate("document.documentElement.scrollWidth")
        line = page.locator(f"#course-{silent}")
        await reach(page, line.locator("summary"))
        await page.keyboard.press("Enter")
        await reach(page, line.locator("textarea"))
        await page.keyboard.type("Jeg ringer til Bo.")
        await reach(page, line.locator("form button"))
        await page.keyboard.press("Enter")
        await expect(line.locator("summary")).to_have_count(0)
        await browser.close()

    assert widest <= size["width"]
    assert office.line(silent)["taken_by"]["id"] == "sara"
    assert wrong == []
