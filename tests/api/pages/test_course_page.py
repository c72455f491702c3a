"""The page of a course: what is different, the whole briefing, who is informed, and what is missing (P1, P3, P8)."""

import re
from itertools import pairwise
from typing import Final

from api.briefings.sections import Form, Line, Section
from api.pages.course import said_once
from tests.api.pages.browser import Browser, logged_in
from tests.api.pages.morning import HERE, WORDS, Morning, acknowledging
from tools.town.town import Town
from wording.catalog import catalog

SIGNS: Final = re.compile(r"[\s()*·:;,.–]+")


def acknowledges(browser: Browser, morning: Morning, version: int) -> None:
    """Let somebody acknowledge what the page of the course shows."""
    browser.presses(browser.opens(morning.page).form(acknowledging(version)))


def test_the_page_says_every_word_that_the_text_for_both_says(morning: Morning) -> None:
    caller = morning.callers["anna"]
    headers = {"Accept": "text/plain", "Accept-Language": "da"}
    text = caller.http.get(f"/v1/courses/{morning.course}/briefing", headers=headers).text
    lines = [line for line in text.splitlines() if line.startswith("  * ")]

    shown = set(SIGNS.split(morning.anna.opens(morning.page).text))

    assert len(lines) > 3
    assert {word for line in lines for word in SIGNS.split(line)} - shown <= {""}


def test_a_difference_says_what_was_and_what_is_for_those_too_who_see_no_colour(morning: Morning) -> None:
    acknowledges(morning.anna, morning, 1)
    morning.reports("bo", goal_paid_hours=16)

    page = morning.anna.opens(morning.page)

    tags = [tag for tag, _ in page.tags]
    assert tags.count("del") == tags.count("ins") == 1
    assert f"{WORDS['before']} 12 timer om ugen" in page.text
    assert f"{WORDS['after']} 16 timer om ugen" in page.text


def test_a_briefing_that_nobody_read_before_stands_before_its_receipt_and_later_behind_what_is_missing(
    morning: Morning,
) -> None:
    first = morning.anna.opens(morning.page).text
    acknowledges(morning.anna, morning, 1)
    later = morning.anna.opens(morning.page).text
    whole = WORDS["whole_briefing"].format(version=1)

    assert first.index(whole) < first.index(acknowledging(1)) < first.index(WORDS["you_must_acknowledge"])
    assert later.index(WORDS["must_acknowledge"]) < later.index(whole)


def test_what_is_missing_is_said_in_words_of_what_to_do_with_whose_it_is(morning: Morning) -> None:
    acknowledges(morning.bo, morning, 1)

    mine, theirs = morning.anna.opens(morning.page).text, morning.bo.opens(morning.page).text

    assert f"{WORDS['you_must_acknowledge']} {WORDS['you']}" in mine
    assert f"{WORDS['must_acknowledge']} Sagsbehandler · Anna Eksempel" in theirs
    assert re.search(r"\bP\d{1,2}\b", mine) is None


def test_operators_alone_are_led_to_the_course_on_temporal_s_own_page(town: Town, morning: Morning) -> None:
    sara, oda = (logged_in(town, "sara", "supervisor", *more, municipality=HERE) for more in ((), ("operator",)))

    with sara.http, oda.http:
        link = oda.opens(morning.page).links[WORDS["temporal_page"]]
        assert WORDS["temporal_page"] not in sara.opens(morning.page).links

    ui = f"http://127.0.0.1:{town.settings.temporal_ui_port}"
    assert link == f"{ui}/namespaces/{town.temporal.namespace}/workflows/course%2F{morning.course}"


def test_what_two_open_steps_say_in_the_same_words_is_said_once() -> None:
    learned = Section(form=Form.FACTS, heading="Det lærte praktikken:", lines=[Line(label="Timer", text="12")])
    more = Section(form=Form.NOTES, heading="", lines=[Line(text="Møder til tiden")])
    own = Section(form=Form.FACTS, heading="Aftalt:", lines=[Line(label="Timer", text="4")])

    said = said_once([learned, more, own], {"Praktik": [learned, more]}, catalog("da"))

    assert [(part.form, part.heading) for part in said] == [
        (Form.REMARK, "Det lærte praktikken: det samme som under Praktik."),
        (Form.FACTS, "Aftalt:"),
    ]


def test_headings_come_in_order(morning: Morning) -> None:
    page = morning.anna.opens(morning.page)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
