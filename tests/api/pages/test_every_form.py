"""A form for every step of every shipped set, for each role and in both languages: it renders and never fails."""

from datetime import timedelta
from typing import Final

import pytest

from rules.loading.library import shipped
from tests.api.pages.browser import Browser, Page, logged_in
from tests.api.pages.morning import TODAY
from tests.api.vocabulary import case
from tests.municipalities import fresh_municipality
from tools.town.town import Town

HERE: Final = fresh_municipality()
ROLES: Final = {"anna": "caseworker", "bo": "company_consultant", "sara": "supervisor"}
SETS: Final = {rules.id: rules for rules in shipped() if not rules.draft}
STEPS: Final = [(name, step.id) for name, rules in SETS.items() for step in rules.steps]
PATHS: Final = ("report", "note", "stop")


def at_step(town: Town, rule_set: str, step: str) -> str:
    """Return the page of a course that is taken over at a step."""
    groups = next(fact for fact in SETS[rule_set].facts if fact.id == "target_group").values
    entered = (TODAY - timedelta(days=20)).isoformat()
    body = case(
        municipality=HERE,
        rule_set=rule_set,
        target_group=groups[0].id,
        started_on=entered,
        caseworker={"person": "anna"},
        company_consultant={"person": "bo"},
        taken_over={"visits": [{"step": step, "entered_on": entered}]},
    )
    return f"/courses/{town.speaks('case-system', 'system', municipality=HERE).does('/v1/courses', **body)['course']}"


def forms_of(browser: Browser, address: str) -> list[Page]:
    """Return a form in both languages."""
    pages = []
    for language in ("en", "da"):
        browser.http.post("/language", data={"language": language})
        pages.append(browser.opens(address))
    return pages


@pytest.mark.parametrize(("rule_set", "step"), STEPS)
def test_every_form_renders_and_what_it_shows_is_refused_or_saved(town: Town, rule_set: str, step: str) -> None:
    course = at_step(town, rule_set, step)

    for person, role in ROLES.items():
        browser = logged_in(town, person, role, municipality=HERE)
        with browser.http:
            for page in (page for path in PATHS for page in forms_of(browser, f"{course}/visits/1/{path}")):
                assert page.answer.status_code == 200
                if page.answer.url.path == course:  # Nothing stops at this step.
                    continue
                form = next(form for form in page.forms if form.action.startswith(course))
                for send in ("preview", "save"):
                    assert browser.presses(form, send=send).answer.status_code in {200, 422}
