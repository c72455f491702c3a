"""Trying a rule set on a made-up citizen over HTTP: what the rules decide, explained, and nothing kept."""

from typing import Any

import pytest

from clients.caller import Caller
from domain.identity import Role
from rules.language.examples import Example
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from tests.api.vocabulary import CPR, expect
from tools.town.town import Town

SETS: dict[str, RuleSet] = {rules.id: rules for rules in shipped() if not rules.draft}
DECIDED = [(number, example) for number, example in enumerate(SETS["ips"].examples, 1) if example.expect is not None]
TOO_LONG = next(n for n, one in enumerate(SETS["jobfirst"].examples, 1) if one.say.da.startswith("Tretten uger er"))


def tries(caller: Caller, rules: str = "jobfirst", **body: Any) -> dict[str, Any]:
    """Return the visit in question as it is explained."""
    visits = caller.does(f"/v1/rulesets/{rules}/try", **body)["visits"]
    found: dict[str, Any] = visits[-1]
    return found


def outcomes(visit: dict[str, Any]) -> dict[str, str]:
    """Return how each requirement came out."""
    return {one["id"]: one["outcome"] for one in visit["requirements"]}


@pytest.mark.parametrize(("number", "example"), DECIDED, ids=lambda value: str(value) if isinstance(value, int) else "")
def test_an_example_of_the_set_is_decided_as_it_says(anna: Caller, number: int, example: Example) -> None:
    visit = tries(anna, "ips", example=number)

    expected = example.expect
    assert expected is not None
    held = [need["requirement"] for need in visit["would_advance_with"]["needs"]]
    followed = [row for row in visit["routes"] if row["followed"]]
    assert sorted(held) == sorted(expected.holds)
    assert [row["to"] for row in followed if row["to"]] == ([list(expected.to)] if expected.to else [])
    assert [row["closes"] for row in followed if row["closes"]] == ([True] if expected.close else [])


def test_what_is_different_from_the_example_is_decided_anew(anna: Caller) -> None:
    before = tries(anna, example=TOO_LONG)
    after = tries(anna, example=TOO_LONG, facts={"trial_ends_on": "2027-01-03"})
    unknown = tries(anna, example=TOO_LONG, without=["trial_ends_on"])

    assert (before["is_ready"], outcomes(before)["length_planned"]) == (False, "unmet")
    assert (after["is_ready"], outcomes(after)["length_planned"]) == (True, "met")
    assert outcomes(unknown)["length_planned"] == "unknown"


def test_a_citizen_of_whom_nothing_is_known_is_held_by_all_that_is_asked(anna: Caller) -> None:
    visit = tries(anna, target_group="cash_benefit_activity_ready", today="2026-09-07")
    noted = tries(
        anna,
        target_group="cash_benefit_activity_ready",
        notes=[{"note": "resource", "by": "caseworker"}],
        facts={"goal_paid_hours": 5},
    )

    assert visit["step"] == "intake"
    assert {outcomes(visit)[name] for name in ("hours_aimed_at", "resources_shared")} <= {"unmet", "unknown"}
    assert {outcomes(noted)[name] for name in ("hours_aimed_at", "resources_shared")} == {"met"}


@pytest.mark.parametrize("role", Role)
def test_everybody_may_try_and_no_course_comes_of_it(town: Town, role: Role) -> None:
    whole = town.speaks("sara", "supervisor", municipality="0967", units=("*",))

    tries(town.speaks("somebody", role.value, municipality="0967"), example=1)

    assert whole.get("/v1/courses")["items"] == []


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"step": "unheard_of", "target_group": "sickness_benefit"}, "step-unknown", "step"),
        ({"example": 1, "beside": ["0"]}, "step-unknown", "beside"),
        ({"example": 9999}, "not-in-range", "example"),
        ({"example": 0}, "not-in-range", "example"),
        ({}, "field-missing", "target_group"),
        ({"target_group": "0"}, "target-group-unknown", "target_group"),
        ({"example": 1, "facts": {"unheard_of": 1}}, "fact-unknown", "facts.unheard_of"),
        ({"example": 1, "facts": {"goal_paid_hours": "many"}}, "fact-value", "facts.goal_paid_hours"),
        ({"example": 1, "without": ["0"]}, "fact-unknown", "without"),
        ({"example": 1, "without_notes": ["0"]}, "note-kind-unknown", "without_notes"),
        ({"example": 1, "notes": [{"note": "0", "by": "caseworker"}]}, "note-kind-unknown", "notes"),
        ({"example": 1, "today": "1950-01-01"}, "in-the-future", "entered_on"),
        ({"example": 1, "started_on": "2150-01-01"}, "before-the-start", "entered_on"),
    ],
)
def test_what_the_rules_do_not_know_is_refused_by_its_name(
    anna: Caller, body: dict[str, Any], code: str, field: str
) -> None:
    expect(anna.sends("/v1/rulesets/jobfirst/try", **body), 422, code, field)


def test_a_cpr_number_is_refused(anna: Caller) -> None:
    answer = anna.sends("/v1/rulesets/jobfirst/try", example=1, facts={"search_together": CPR})

    expect(answer, 422, "cpr-not-allowed")
    assert CPR not in answer.text


def test_what_a_course_would_refuse_is_refused_here(anna: Caller) -> None:
    answer = anna.sends("/v1/rulesets/jobfirst/try", example=1, facts={"hours_ended_on": "2026-01-01"})

    assert answer.status_code in {409, 422}, answer.text
