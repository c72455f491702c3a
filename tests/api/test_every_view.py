"""Whatever was accepted can be read: each view answers after each single fact, whatever the order (P12)."""

from datetime import date
from random import Random
from typing import Final

import pytest

from clients.caller import Caller
from rules.burden.player import usual_group
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from tests.api.leading import TODAY
from tests.api.vocabulary import case
from tests.domain.acts import values_of
from tests.journeys.vocabulary import TRIAL, VISIT, both_acknowledge, complete_intake

VIEWS = ("", "/explanation", f"/as-of?on={TODAY}", "/journal?limit=200", "/rehearsal", "/appointments.ics")
COUNTS = "&counts=cause&counts=step&counts=unit&counts=person"
LISTS = (f"/v1/courses?limit=200{COUNTS}", "/v1/inbox?limit=200", "/v1/inbox/appointments.ics", "/v1/search?q=bad")
OF_SUPERVISORS = ("/v1/escalations?limit=200",)
OTHER_SETS: Final = {rules.id: rules for rules in shipped() if not rules.draft and rules.id != "jobfirst"}
STARTED: Final = date(2026, 3, 2)


def refused_views(course: str, reader: Caller, language: str, *more: str) -> list[str]:
    """Return the views and lists that do not answer, and why."""
    asked = [*(f"{course}{view}" for view in VIEWS), *LISTS, *more]
    answers = [reader.http.get(path, headers={"Accept-Language": language}) for path in asked]
    return [f"{answer.request.url}: {answer.status_code} {answer.text}" for answer in answers if not answer.is_success]


@pytest.fixture
def readers(anna: Caller, bo: Caller, sara: Caller) -> list[tuple[Caller, tuple[str, ...]]]:
    """Who reads, and what they read beyond what all do."""
    return [(anna, ()), (bo, ()), (sara, OF_SUPERVISORS)]


def test_every_view_answers_after_each_fact_of_a_company_visit(
    system: Caller, anna: Caller, bo: Caller, readers: list[tuple[Caller, tuple[str, ...]]]
) -> None:
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    complete_intake(course, anna, bo)
    both_acknowledge(course, anna, bo)
    facts = [*{**VISIT, **TRIAL}.items(), ("citizen_at_company_visit", False), ("caseworker_at_company_visit", False)]
    draw = Random(7)  # noqa: S311 - it draws an order and readers, the same each time
    draw.shuffle(facts)

    for name, value in [("visit_held_on", VISIT["visit_held_on"]), *facts]:
        bo.does(f"{course}/facts", facts={name: value})

        reader, more = draw.choice(readers)
        assert refused_views(course, reader, draw.choice(("da", "en")), *more) == [], f"after {name} = {value}"


@pytest.mark.parametrize("rules", OTHER_SETS.values(), ids=OTHER_SETS)
def test_every_view_answers_after_each_fact_of_the_first_step_of_another_set(
    rules: RuleSet, system: Caller, anna: Caller, bo: Caller, readers: list[tuple[Caller, tuple[str, ...]]]
) -> None:
    started = case(rule_set=rules.id, target_group=usual_group(rules), started_on=STARTED.isoformat())
    course = f"/v1/courses/{system.does('/v1/courses', **started)['course']}"
    by = {"caseworker": anna, "company_consultant": bo, "system": system}
    facts = [fact for fact in rules.facts if fact.step in (None, rules.steps[0].id) and fact.id != "closing_outcome"]
    draw = Random(rules.id)  # noqa: S311 - it draws an order and readers, the same each time
    draw.shuffle(facts)

    for fact in facts:
        speaker = next(by[role] for role in fact.reporters if role in by)
        speaker.does(f"{course}/facts", facts={fact.id: values_of(fact, STARTED)[0]})

        reader, more = draw.choice(readers)
        assert refused_views(course, reader, draw.choice(("da", "en")), *more) == [], f"after {fact.id}"
