"""The pages of absences: who is away, who covers, what goes to whom before it is saved, and handing over (P5, P14)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.api.away import Office, day
from tests.api.pages.browser import Browser, Page, logged_in
from tests.api.pages.morning import WORDS
from tools.town.town import Town

SENTENCE = "Karla ringer selv, hvis mødet ikke passer."


@pytest.fixture
def office(town: Town) -> Office:
    """A municipality of its own."""
    return Office(town)


@contextmanager
def at_browser(office: Office, person: str, role: str) -> Iterator[Browser]:
    """Let somebody of the office have a browser."""
    browser = logged_in(office.town, person, role, municipality=office.municipality)
    with browser.http:
        yield browser


def registered(office: Office) -> list[tuple[str, str, list[str]]]:
    """Return when Anna is away, and who covers."""
    every = office.anna.get("/v1/people/anna/absences")["absences"]
    return [(one["from"], one["until"], [cover["person"] for cover in one["cover"]]) for one in every]


def names_nobody(page: Page) -> bool:
    """Say whether no address of a page has anybody's id."""
    return not [link for link in page.addresses if "anna" in link or "carl" in link]


def test_what_goes_to_whom_is_shown_before_an_absence_is_saved(office: Office) -> None:
    course = office.starts()
    days = {"from": day(1), "until": day(20)}
    body = {"absences": [{**days, "cover": [{"person": "carl"}]}]}
    dry = office.anna.http.put("/v1/people/anna/absences", params={"dry_run": "true"}, json=body).json()

    with at_browser(office, "anna", "caseworker") as anna:
        page = anna.opens("/absences")
        assert WORDS["absences_none"] in page.text
        shown = anna.presses(page.form(WORDS["absence_check"]), **days, cover="carl")

        waits = sum(dry["concerns"][0]["waits"].values())
        assert WORDS["absence_goes_to"].format(name="Carl Prøve", courses=1, waits=waits) in shown.text
        assert f"/courses/{course}" in shown.addresses
        assert registered(office) == []

        saved = anna.presses(shown.form(WORDS["absence_save"]))
        assert WORDS["done_registered"] in saved.text
        assert registered(office) == [(day(1), day(20), ["carl"])]

        changing = anna.presses(saved.form(WORDS["change"]))
        form = changing.form(WORDS["absence_check"])
        assert (form.fields["from"], form.fields["until"]) == (day(1), day(20))
        shown = anna.presses(form, **{"from": day(-2)}, cover="")
        assert WORDS["absence_goes_nowhere"].format(courses=1, waits=waits) in shown.text
        saved = anna.presses(shown.form(WORDS["absence_save"]))
        assert registered(office) == [(day(-2), day(20), [])]

        ended = anna.presses(saved.form(WORDS["absence_end"]))
        assert WORDS["done_ended"] in ended.text
        assert registered(office) == [(day(-2), day(-1), [])]
        office.away(since=day(-9), until=day(-5))
        anna.presses(saved.form(WORDS["absence_end"]), first_day=day(-9))
        assert registered(office) == [(day(-9), day(-5), [])], "what is over is not lengthened"
        assert all(map(names_nobody, (page, shown, changing, saved, ended)))


def test_an_absence_that_has_not_begun_is_removed_and_one_that_meets_another_is_refused(office: Office) -> None:
    office.away("carl", since=day(3), until=day(9))

    with at_browser(office, "anna", "caseworker") as anna:
        page = anna.opens("/absences")
        overlapping = anna.presses(page.form(WORDS["absence_check"]), **{"from": day(9), "until": day(12)})
        assert overlapping.answer.status_code == 422
        assert "/absences" in overlapping.addresses

        anna.presses(page.form(WORDS["absence_remove"]))

    assert registered(office) == []


def test_who_covers_in_some_courses_stays_when_the_days_are_changed(office: Office) -> None:
    course = office.starts()
    some = {"from": day(1), "until": day(3), "cover": [{"person": "carl", "courses": [course]}]}
    assert office.anna.http.put("/v1/people/anna/absences", json={"absences": [some]}).is_success

    with at_browser(office, "anna", "caseworker") as anna:
        changing = anna.presses(anna.opens("/absences").form(WORDS["change"]))
        shown = anna.presses(changing.form(WORDS["absence_check"]), until=day(5))
        anna.presses(shown.form(WORDS["absence_save"]))

    (away,) = office.anna.get("/v1/people/anna/absences")["absences"]
    assert (away["until"], away["cover"][0]["courses"]) == (day(5), [course])


def test_all_of_it_is_handed_over_by_one_button_and_who_covers_reads_it(office: Office) -> None:
    course = office.starts()
    office.away("carl", since=day(0))

    with at_browser(office, "anna", "caseworker") as anna:
        page = anna.opens(anna.opens("/absences").links[WORDS["hand_over"]])
        form = page.form(WORDS["hand_over_all"])
        done = anna.presses(form, **{f"words-{course}": SENTENCE})
        assert WORDS["done_handed"] in done.text
        assert SENTENCE in done.text
        twice = anna.presses(form, **{f"words-{course}": SENTENCE})
        assert twice.text.count(SENTENCE) == 1

    with at_browser(office, "carl", "caseworker") as carl:
        page = carl.opens("/absences")
        assert "Anna Prøve" in page.text
        assert WORDS["handed_over"] in page.text
        read = carl.presses(page.form(WORDS["hand_over_read"]))
        assert SENTENCE in read.text
        assert WORDS["hand_over_all"] not in [form.button for form in read.forms]
        assert names_nobody(read)


def test_a_leader_sees_where_nobody_covers_and_registers_for_others(office: Office) -> None:
    course = office.starts()
    entry = {"name": "Sara Prøve", "roles": ["supervisor"], "unit": "job"}
    assert office.speaks("lise", "supervisor", units=("*",)).http.put("/v1/people/sara", json=entry).is_success

    with at_browser(office, "sara", "supervisor") as sara:
        page = sara.opens("/absences")
        form = sara.presses(page.form(WORDS["absence_go_on"]), person="anna").form(WORDS["absence_check"])
        shown = sara.presses(form, **{"from": day(1), "until": day(30)})
        saved = sara.presses(shown.form(WORDS["absence_save"]))
        assert registered(office) == [(day(1), day(30), [])]

        assert WORDS["absence_without_cover"].format(count=1, courses=1) in saved.text
        (led,) = office.sara.get("/v1/absences")["items"]
        assert f"/courses/{course}" in saved.addresses
        assert led["without_cover"][0]["falls_due"][0].split(",")[0]
        covering = sara.presses(saved.form(WORDS["absence_change_cover"])).form(WORDS["absence_check"])
        shown = sara.presses(covering, cover="carl")
        saved = sara.presses(shown.form(WORDS["absence_save"]))
        assert WORDS["absence_all_covered"].format(courses=1) in saved.text
        assert names_nobody(saved)


def test_who_comes_back_to_what_a_form_showed_comes_to_the_forms(office: Office) -> None:
    with at_browser(office, "anna", "caseworker") as anna:
        for address in ("/absences/check", "/absences/form", "/absences/hand-over/read"):
            assert anna.opens(address).answer.url.path == "/absences"
