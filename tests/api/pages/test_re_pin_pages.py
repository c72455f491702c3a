"""A leader moves running courses to other rules by a form: a dry run, the order, its progress, the way back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest

from domain.identity import Role
from tests.api.leading import TODAY
from tests.api.pages.browser import Browser, FormRead, Page, logged_in
from tests.api.ruling import ASKED_TOO, CLOSES, Ruled
from tests.journeys.vocabulary import both_acknowledge
from tools.town.town import Town

TRY: Final = "See what would happen"


class Led(Ruled):
    """A municipality with two courses by a set of which there is a later version by now, with fewer days."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.mine, self.elsewhere = self.begins(), self.begins(unit="syd")
        self.version = self.published("ten", 5, **{'version = "1"': 'version = "2"'})
        self.page = f"/rules/ten/re-pin?sha256={self.version}"

    def browser(self, *roles: Role, units: tuple[str, ...] = ("job",)) -> Browser:
        """Return the browser of somebody who leads."""
        browser = logged_in(self.town, "sara", *roles, municipality=self.municipality, units=units)
        browser.http.cookies.set("fodslag-language", "en", domain="127.0.0.1")
        return browser


@pytest.fixture
def led(town: Town) -> Led:
    """A municipality of its own."""
    return Led(town)


@pytest.fixture
def sara(led: Led) -> Iterator[Browser]:
    """The leader of one unit."""
    browser = led.browser(Role.SUPERVISOR)
    with browser.http:
        yield browser


def asks(page: Page) -> FormRead:
    """Return the form that asks what would happen."""
    return page.form(TRY)


def follows(led: Led, course: str) -> str:
    """Return the version that a course follows."""
    return str(led.whole.get(f"/v1/courses/{course}")["rules"]["sha256"])


def test_a_leader_tries_it_orders_it_sees_it_done_and_takes_it_back(led: Led, sara: Browser) -> None:
    tried = sara.presses(asks(sara.opens(led.page)), mode="day", on=TODAY.isoformat())

    assert f"/courses/{led.mine}" in tried.addresses
    assert f"/courses/{led.elsewhere}" not in tried.addresses
    assert "due:" in tried.text
    assert "Notices a day" in tried.text
    assert follows(led, led.mine) == led.ten, "a dry run writes nothing"
    order = tried.form("Move 1 courses")
    act = sara.presses(order)
    assert sara.presses(order).answer.url == act.answer.url, "twice is once"
    led.over(f"/v1/bulk-acts/{act.answer.url.path.rpartition('/')[2]}")
    assert (follows(led, led.mine), follows(led, led.elsewhere)) == (led.version, led.ten)

    assert "version 2" in act.text, "it says to which rules"
    listed = next(address for address in sara.opens("/board/acts").addresses if address == act.answer.url.path)
    assert "/board/acts" in sara.opens("/board").addresses
    back = sara.presses(sara.opens(listed).form("Take it back"))
    led.over(f"/v1/bulk-acts/{back.answer.url.path.rpartition('/')[2]}")
    assert follows(led, led.mine) == led.ten


def test_what_is_called_off_says_so_and_is_not_taken_back_again(led: Led, sara: Browser) -> None:
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    act = sara.presses(sara.presses(asks(sara.opens(led.page)), mode="day", on=tomorrow).form("Move 1 courses"))
    back = sara.presses(act.form("Take it back"))
    led.over(f"/v1/bulk-acts/{back.answer.url.path.rpartition('/')[2]}")

    called_off = sara.opens(act.answer.url.path)

    assert "1 were called off" in called_off.text
    assert "could not" not in called_off.text
    assert "Take it back" not in {form.button for form in called_off.forms}


def test_no_course_is_moved_to_what_is_not_published(led: Led, sara: Browser) -> None:
    rie = led.rie.does(
        "/v1/rulesets",
        toml=led.rie.get("/v1/rulesets/ten/document", sha256=led.version)["toml"].replace(
            'version = "2"', 'version = "9"'
        ),
    )

    page = sara.opens(f"/rules/ten/re-pin?sha256={rie['sha256']}")

    assert "not published" in page.text
    assert "See what would happen" not in {form.button for form in page.forms}


def test_new_courses_alone_need_nothing_and_the_next_visit_is_foreseen(led: Led, sara: Browser) -> None:
    nothing = sara.presses(asks(sara.opens(led.page)), mode="new")
    planned = sara.presses(asks(sara.opens(led.page)), mode="visit")

    assert "There is nothing more to do" in nothing.text
    assert {form.button for form in nothing.forms}.isdisjoint({"Move 1 courses"})
    assert f"/courses/{led.mine}" in planned.addresses


def test_what_is_new_in_steps_that_are_left_is_named_and_asked_for_only_when_it_is_chosen(led: Led) -> None:
    bo = led.speaks("bo", "company_consultant", units=())
    led.anna.does(f"/v1/courses/{led.mine}/facts", facts={"agreed": True, "way": "trial"})
    both_acknowledge(f"/v1/courses/{led.mine}", led.anna, bo)
    later = led.published("ten", 10, **{'version = "1"': 'version = "3"', CLOSES: ASKED_TOO})
    sara = led.browser(Role.SUPERVISOR)

    with sara.http:
        form = asks(sara.opens(f"/rules/ten/re-pin?sha256={later}"))
        chosen = {"mode": "day", "on": TODAY.isoformat(), "instead_of": led.ten}
        left_out, asked = sara.presses(form, **chosen), sara.presses(form, **chosen, ask_left="on")
        act = sara.presses(asked.form("Move 1 courses"))
    order = f"/v1/bulk-acts/{act.answer.url.path.rpartition('/')[2]}"
    led.over(order)

    assert "so it is not asked for: Sig vejen" in left_out.text
    assert "Asked for in the next step, because the step is left: Sig vejen" in asked.text
    (item,) = led.whole.get(f"{order}/items")["items"]
    assert item["asked_left"] == ["is_told"]


def test_what_is_wrong_names_the_field_and_keeps_what_was_chosen(led: Led, sara: Browser) -> None:
    form = asks(sara.opens(led.page))

    for on in ("", "i morgen", (TODAY - timedelta(days=1)).isoformat()):
        page = sara.presses(form, **{"mode": "day", "on": on, "unit-job": "on"})
        assert page.answer.status_code == 422, on
        assert "#on" in page.addresses, on
        kept = {"mode": "day", "on": on, "unit-job": "on"}
        assert {name: asks(page).fields.get(name) for name in kept} == kept
    assert sara.presses(form, rules="0" * 64).answer.status_code == 404
    assert sara.presses(form, instead_of="0" * 64).answer.status_code == 422


def test_only_who_leads_moves_courses(led: Led) -> None:
    for role in (Role.RULE_EDITOR, Role.CASEWORKER):
        other = led.browser(role)
        with other.http:
            assert other.opens(led.page).answer.status_code == 403
            refused = other.http.post("/rules/ten/re-pin", data={"rules": led.version, "instead_of": led.ten})
            assert refused.status_code == 403


def test_list_and_board_say_what_is_new_for_how_many_courses(led: Led, sara: Browser) -> None:
    anna = logged_in(led.town, "anna", Role.CASEWORKER, municipality=led.municipality, units=())
    anna.http.cookies.set("fodslag-language", "en", domain="127.0.0.1")
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    sara.presses(sara.presses(asks(sara.opens(led.page)), mode="day", on=tomorrow).form("Move 1 courses"))

    with anna.http:
        for page in (anna.opens("/list"), sara.opens("/board")):
            assert "New from " in page.text
            assert "go over to the new rules: 1" in page.text
            assert "10 working days → 5 working days" in page.text


def test_another_language_shows_the_same_version(led: Led, sara: Browser) -> None:
    page = sara.opens(led.page)

    danish = sara.presses(page.form("Dansk"))

    assert danish.answer.url.query == page.answer.url.query
    assert "Se, hvad der ville ske" in {form.button for form in danish.forms}


def test_another_language_after_a_refusal_leads_to_the_page_of_the_button(led: Led, sara: Browser) -> None:
    refused = sara.presses(asks(sara.opens(led.page)), mode="day", on="")

    danish = sara.presses(refused.form("Dansk"))

    assert danish.answer.status_code == 200
    assert danish.answer.url.path == "/rules/ten/re-pin"
