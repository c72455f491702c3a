"""Trying the rules on pages: one press on an example, the decision beside the form, and another answer at once."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, Final, cast
from urllib.parse import urlencode

import pytest

from api.http.dependencies import Services
from api.pages.made_up import MadeUp
from api.pages.report.fields import WAS, Field, Shape
from api.rulesets.trying import TryBody, body_of, circumstances_of
from domain.identity import Role
from rules.engine.book import Book
from rules.language.examples import Circumstances
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from tests.api.pages.browser import logged_in
from tools.town.town import Town
from wording.catalog import catalog
from wording.labels import Labels

WORDS: Final = catalog("da").rule_book
SERVICES: Final = cast("Services", SimpleNamespace(clock=SimpleNamespace(now=lambda: datetime.now(UTC))))
JOBFIRST: Final = next(rules for rules in shipped() if rules.id == "jobfirst" and not rules.draft)
TOO_LONG: Final = next(n for n, one in enumerate(JOBFIRST.examples, 1) if one.say.da.startswith("Tretten uger er"))


def posted(field: Field) -> dict[str, str]:
    """Return what a browser posts of a field that nobody touched."""
    was = {} if field.was is None else {f"{field.name}{WAS}": field.was}
    if field.shape is Shape.ROWS:
        rows = enumerate(field.rows)
        return was | {f"{field.name}.{n}.{name}": text for n, row in rows for name, text in zip(ROW, row, strict=True)}
    return was if field.shape is Shape.TICK and not field.value else {**was, field.name: field.value}


ROW: Final = ("since", "amount")


@pytest.mark.parametrize("rules", shipped(), ids=lambda rules: rules.version + rules.id)
def test_a_form_that_nobody_touched_is_the_very_citizen_of_the_example(rules: RuleSet) -> None:
    book = Book(rules)
    differing = []
    for number in range(1, len(rules.examples) + 1):
        begun = circumstances_of(book, TryBody(example=number), SERVICES)
        made_up = MadeUp(Labels(book, "da"), begun)
        form: dict[str, Any] = {"example": str(number), "step": begun.step}
        for group in (*made_up.groups, *made_up.more):
            for field in group.fields:
                form |= posted(field)
        if circumstances_of(book, TryBody.model_validate(made_up.body(form)), SERVICES) != begun:
            differing.append(number)

    assert differing == []


def test_an_example_is_tried_by_one_press_and_another_answer_decides_anew(town: Town) -> None:
    browser = logged_in(town, "editor", Role.RULE_EDITOR)
    with browser.http:
        book = browser.opens(f"/rules/jobfirst?sha256={JOBFIRST.sha256}")
        page = browser.opens(next(link for link in book.addresses if link.endswith(f"&example={TOO_LONG}")))
        form = page.form(WORDS["decide"])
        ready = browser.presses(form, **{"facts.trial_ends_on": "2027-01-03"})
        wrong = browser.presses(form, **{"facts.trial_ends_on": "3. januar"})
        missing = browser.presses(form, **{"facts.trial_ends_on": ""})
        english = browser.presses(page.form("English"))

    assert WORDS["held_by_one"] in page.text
    assert "Virksomhedspraktik varer 92 dage" in page.text
    assert WORDS["held_by_one"] not in ready.text
    assert WORDS["ready"].format(way=WORDS["leads_on"].format(steps="Virksomhedspraktik")) in ready.text
    assert ready.form(WORDS["decide"]).fields["facts.trial_ends_on"] == "2027-01-03"
    assert (wrong.answer.status_code, WORDS["decided_nothing"] in wrong.text) == (422, True)
    assert WORDS["is_unknown"] in missing.text
    assert "2027" not in str(ready.answer.url), "nothing that was typed stands in the address"
    assert english.answer.is_success


@pytest.mark.parametrize("step", [step.id for step in JOBFIRST.steps])
def test_a_new_citizen_stands_at_the_step_that_was_chosen(town: Town, step: str) -> None:
    browser = logged_in(town, "editor", Role.CASEWORKER)
    with browser.http:
        page = browser.opens(f"/rules/jobfirst/try?step={step}")
        again = browser.presses(page.form(WORDS["decide"]))

    assert page.answer.is_success
    assert (again.answer.status_code, again.text) == (200, page.text)


def test_the_citizen_who_shows_a_fault_is_opened_as_she_is_told_of(town: Town) -> None:
    citizen = Circumstances(
        step="company_visit",
        target_group="flex_job",
        started_on=date(2026, 9, 7),
        entered_on=date(2026, 9, 14),
        today=date(2026, 9, 23),
        facts={"visit_outcome": "search_ended"},
        ahead={"trial_decision": "rejected"},
    )
    typed = body_of(citizen).model_dump_json(exclude_defaults=True)
    browser = logged_in(town, "editor", Role.RULE_EDITOR)
    with browser.http:
        page = browser.opens(f"/rules/jobfirst/try?{urlencode({'sha256': JOBFIRST.sha256, 'citizen': typed})}")
        unreadable = browser.http.get(f"/rules/jobfirst/try?{urlencode({'citizen': '[1'})}")

    form = page.form(WORDS["decide"])
    assert (form.fields["facts.visit_outcome"], form.fields["facts.trial_decision"]) == ("search_ended", "rejected")
    assert form.fields["target_group"] == "flex_job"
    assert WORDS["would_move"] not in page.text, "nothing is missing, and no way is open"
    assert unreadable.status_code == 422
