"""A rule editor changes a number and words by forms, and a colleague reads and approves: nobody writes TOML."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import pytest

from api.pages.rendering import linked
from clients.caller import Caller
from domain.calendar import danish_day
from domain.identity import Role
from infra.clock import SystemClock
from rules.language.formats import written_day
from rules.loading.library import shipped_library
from tests.api.pages.browser import Browser, FormRead, Page, logged_in
from tests.api.vocabulary import case
from tests.municipalities import fresh_municipality
from tools.town.town import Town

TODAY: Final = danish_day(SystemClock().now())
SOON: Final = TODAY + timedelta(days=30)
SHIPPED: Final = shipped_library().by_name["ips"]
NUMBER: Final = "first_contact_days"
LOCAL: Final = next(number for number in SHIPPED.parameters if number.kind == "local")
ASKED: Final = SHIPPED.steps[0].requirements[0]
PREVIEW: Final = "See what it changes"
AGAIN: Final = "See again what it changes"


class Editors:
    """A municipality with two rule editors, a leader, and browsers for them."""

    def __init__(self, town: Town, municipality: str) -> None:
        self.town, self.municipality = town, municipality
        self.rie, self.ruth = (self.browser(person, Role.RULE_EDITOR) for person in ("rie", "ruth"))

    def browser(self, person: str, *roles: Role, units: tuple[str, ...] = ()) -> Browser:
        """Return somebody's browser."""
        browser = logged_in(self.town, person, *roles, municipality=self.municipality, units=units)
        browser.http.cookies.set("fodslag-language", "en", domain="127.0.0.1")
        return browser

    def caller(self, person: str = "rie", role: str = "rule_editor") -> Caller:
        """Return somebody who uses the API."""
        return self.town.speaks(person, role, municipality=self.municipality, units=("*",))

    def number(self, name: str = NUMBER) -> str:
        """Return the address of the form for a number."""
        return f"/rules/ips/numbers/{name}/change"

    def words(self) -> str:
        """Return the address of the form for the words of a requirement."""
        return f"/rules/ips/requirements/{ASKED.id}/change"

    def proposes(self, browser: Browser, address: str, **fields: str) -> Page:
        """Fill in a form, see what it changes, and send it."""
        page = browser.presses(form_of(browser.opens(address)), **fields, send="preview")
        assert page.answer.status_code == 200, page.text
        return browser.presses(form_of(page), **fields, send="propose")


def form_of(page: Page) -> FormRead:
    """Return the form of a change."""
    return next(form for form in page.forms if "onto" in form.fields)


@contextmanager
def editing(town: Town, municipality: str) -> Iterator[Editors]:
    """Open the browsers of a municipality."""
    editors = Editors(town, municipality)
    with editors.rie.http, editors.ruth.http:
        yield editors


@pytest.fixture
def editors(town: Town) -> Iterator[Editors]:
    """A municipality of its own."""
    with editing(town, fresh_municipality()) as editors:
        yield editors


def test_a_number_is_changed_by_one_and_approved_by_another_from_the_book_to_the_courses(editors: Editors) -> None:
    rie, ruth = editors.rie, editors.ruth
    began = case(
        municipality=editors.municipality, rule_set="ips", target_group=_group(), started_on=TODAY.isoformat(), facts={}
    )
    editors.caller("case-system", "system").does("/v1/courses", **{**began, "unit": "job"})

    book = rie.opens("/rules/ips")
    page = rie.opens(next(address for address in book.addresses if address == editors.number(LOCAL.id)))
    assert "The municipality decides it." in page.text
    assert "job: 1" in page.text
    typed = {"value-0": "7", "since": SOON.isoformat(), "source": "Byrådet, november 2026"}
    seen = rie.presses(form_of(page), **typed, send="preview")
    assert written_day(SOON, "en") in seen.text
    assert "→ 7" in seen.text
    sent = rie.presses(form_of(seen), **typed, send="propose")

    assert "The proposal is sent." in sent.text
    assert "Approve and publish" not in {form.button for form in sent.forms}, "the author does not decide"
    assert _version(ruth.opens("/list")) == sent.answer.url.path
    assert sent.answer.url.path not in rie.opens("/list").addresses, "it waits for another"
    read = ruth.opens(_version(ruth.opens("/rules")))
    assert "→ 7" in read.text
    assert "job: 1" in read.text
    done = ruth.presses(read.form("Approve and publish"))

    assert "The rules are published." in done.text
    assert sent.answer.url.path not in ruth.opens("/list").addresses
    line = next(one for one in editors.caller().get("/v1/rulesets")["items"] if one["is_own"])
    assert (line["status"], line["proposed_by"], line["approved_by"]) == ("published", "rie", "ruth")
    assert line["valid_from"] == SOON.isoformat()
    numbers = editors.caller().get("/v1/rulesets/ips/book", sha256=line["sha256"])["numbers"]
    changed = next(one for one in numbers if one["id"] == LOCAL.id)
    assert [row["since"] for row in changed["rows"]] == ["2020-01-01", SOON.isoformat()]
    assert changed["source"] == "Byrådet, november 2026"


def _group() -> str:
    return str(next(fact for fact in SHIPPED.facts if fact.id == "target_group").values[0].id)


def _version(page: Page) -> str:
    return next(address for address in page.addresses if re.fullmatch(r"/rules/ips/versions/[^/]+", address))


def test_words_go_into_the_proposal_that_waits(editors: Editors) -> None:
    first = editors.proposes(editors.rie, editors.number(LOCAL.id), **_typed())

    page = editors.ruth.opens(editors.words())
    assert "goes into it" in page.text
    assert "since" not in form_of(page).fields
    words = {"text_da": "Helt på plads.", "missing_da": "Gør\r\ndet.", "text_en": "All set.", "missing_en": "Do it."}
    second = editors.proposes(editors.ruth, editors.words(), **words)

    assert str(second.answer.url) == str(first.answer.url)
    assert "All set." in second.text
    assert "Do it." in second.text
    assert "→ 7" in second.text, "what the other changed is still there"
    assert "Approve and publish" not in {form.button for form in second.forms}
    assert "Approve and publish" in {form.button for form in editors.rie.opens(_path(first)).forms}


def _typed(**other: str) -> dict[str, str]:
    return {"value-0": "7", "since": SOON.isoformat(), "source": "Byrådet, november 2026", **other}


def _path(page: Page) -> str:
    return page.answer.url.path


def test_what_is_wrong_names_the_field_and_what_was_typed_stays(editors: Editors) -> None:
    form = form_of(editors.rie.opens(editors.number(LOCAL.id)))
    wrong = {
        "value-0": ("mange", "-1", "1e9", "", "1;2", "9" * 40, "١٢", "7,5"),
        "since": ("", "i morgen", "2026-02-30", (TODAY - timedelta(days=1)).isoformat(), "0001-01-01"),
        "source": ("", " \u202eLAB", "120690-1234"),
    }

    for field, values in wrong.items():
        for value in values:
            page = editors.rie.presses(form, **{**_typed(), field: value}, send="preview")
            assert page.answer.status_code == 422, (field, value)
            assert f"#{field}" in page.addresses, (field, value)
            if field != "source":
                assert form_of(page).fields[field] == value
            kept = {**_typed(), field: form_of(page).fields[field]}
            assert {name: form_of(page).fields[name] for name in kept} == kept
            assert 'name="send" value="propose"' not in page.answer.text


def test_the_law_is_marked_and_asks_where_the_new_number_stands(editors: Editors) -> None:
    law = next(n for n in shipped_library().by_name["jobfirst"].parameters if n.kind == "law")
    address = f"/rules/jobfirst/numbers/{law.id}/change"

    page = editors.rie.opens(address)
    assert "Change it only when the law has changed" in page.text
    assert form_of(page).fields["source"] == ""
    refused = editors.rie.presses(form_of(page), **{"value-0": "5", "since": SOON.isoformat()}, send="preview")

    assert refused.answer.status_code == 422
    assert "#source" in refused.addresses


def test_nothing_changed_is_said_and_what_reminders_cannot_be_is_said_in_words(editors: Editors) -> None:
    form = form_of(editors.rie.opens(editors.number(LOCAL.id)))
    same = editors.rie.presses(form, since=SOON.isoformat(), send="preview")
    assert same.answer.status_code == 422
    assert "#value-0" in same.addresses

    soon = form_of(editors.rie.opens(editors.number("soon")))
    flawed = editors.rie.presses(soon, **_typed(**{"value-0": "500"}), send="propose")
    assert flawed.answer.status_code == 422
    assert flawed.text.count("a working day after both roles") == 1
    assert [one for one in editors.caller().get("/v1/rulesets")["items"] if one["is_own"]] == []


def test_who_was_overtaken_by_another_keeps_what_was_typed_and_sees_the_new_number(editors: Editors) -> None:
    late = form_of(editors.ruth.opens(editors.number(LOCAL.id)))
    editors.proposes(editors.rie, editors.number(LOCAL.id), **_typed())

    page = editors.ruth.presses(late, **_typed(**{"value-0": "9"}), send="propose")

    assert page.answer.status_code == 409
    assert "Somebody else has changed the rules meanwhile" in page.text
    assert form_of(page).fields["value-0"] == "9"
    seen = editors.ruth.presses(form_of(page), send="preview")
    assert "→ 9" in seen.text
    sent = editors.ruth.presses(form_of(seen), send="propose")
    assert "→ 9" in sent.text


def test_a_proposal_that_was_changed_since_it_was_read_is_not_approved(editors: Editors) -> None:
    sent = editors.proposes(editors.rie, editors.number(LOCAL.id), **_typed())
    read = editors.ruth.opens(_path(sent)).form("Approve and publish")
    editors.proposes(editors.rie, editors.number(LOCAL.id), **_typed(**{"value-0": "8"}))

    late = editors.ruth.presses(read)

    assert late.answer.status_code == 409
    assert "Somebody else has changed the rules meanwhile" in late.text
    assert "→ 8" in late.text
    assert "The rules are published." in editors.ruth.presses(late.form("Approve and publish")).text


def test_only_another_decides_and_only_who_may(editors: Editors) -> None:
    sent = editors.proposes(editors.rie, editors.number(LOCAL.id), **_typed())
    form = editors.ruth.opens(_path(sent)).form("Approve and publish")
    roles = ((Role.CASEWORKER, ("job",)), (Role.SUPERVISOR, ("job",)))

    assert editors.rie.presses(form).answer.status_code == 403, "the author"
    for role, units in roles:
        other = editors.browser("other", role, units=units)
        with other.http:
            assert "Approve and publish" not in {one.button for one in other.opens(_path(sent)).forms}
            assert other.presses(form).answer.status_code == 403
            assert other.opens(editors.number(LOCAL.id)).answer.status_code == 403
    leader = editors.browser("lise", Role.SUPERVISOR, units=("*",))
    with leader.http:
        assert "The rules are published." in leader.presses(leader.opens(_path(sent)).form("Approve and publish")).text


def test_what_has_not_begun_is_withdrawn_by_one_press_and_stands_among_the_former(editors: Editors) -> None:
    sent = editors.proposes(editors.rie, editors.number(LOCAL.id), **_typed())

    withdrawn = editors.rie.presses(sent.form("Withdraw"))

    assert "It is withdrawn." in withdrawn.text
    assert {form.button for form in withdrawn.forms}.isdisjoint({"Withdraw", "Approve and publish"})
    assert "Waits for approval" not in editors.rie.opens("/rules").text


def test_two_versions_are_compared_in_sentences(editors: Editors) -> None:
    sent = editors.proposes(editors.rie, editors.number(LOCAL.id), **_typed())
    sha256 = form_of(editors.rie.opens(editors.number(LOCAL.id))).fields["onto"]

    page = editors.rie.opens(f"/rules/ips/changes?before={SHIPPED.sha256}&after={sha256}")
    default = editors.rie.opens("/rules/ips/changes")

    assert "→ 7" in page.text
    assert "→ 7" in default.text
    assert editors.rie.opens(f"/rules/ips/changes?before={SHIPPED.sha256}&after=x").answer.status_code == 422
    assert editors.rie.opens("/rules/nowhere/changes").answer.status_code == 404
    assert sent.answer.status_code == 200


@pytest.mark.parametrize("address", ["numbers/nothing/change", "requirements/nothing/change", "versions/9/approve"])
def test_what_there_is_not_is_said(editors: Editors, address: str) -> None:
    assert editors.rie.opens(f"/rules/ips/{address}").answer.status_code in {404, 405}


def test_an_address_in_a_source_is_a_link_and_nothing_else_of_it_is_markup() -> None:
    shown = linked('Byrådet <b>11/2026</b>, se https://kommune.example/sag?nr=1&b="2". Og javascript:alert(1)')

    assert shown.count("<a ") == 1
    assert '<a href="https://kommune.example/sag?nr=1&amp;b=" rel="external noreferrer">' in shown
    assert "<b>" not in shown
