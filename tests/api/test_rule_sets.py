"""The rule sets over HTTP: enough to build a form from, without a line of the rules in it."""

from typing import Any

import pytest

from clients.caller import Caller
from domain.identity import Role
from rules.loading.library import shipped
from tests.api.vocabulary import case, expect
from tools.town.town import Town


def one(items: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """Return the item of this id."""
    return next(item for item in items if item["id"] == name)


def test_every_version_is_listed_and_one_of_each_id_is_in_force(anna: Caller) -> None:
    items = anna.get("/v1/rulesets")["items"]

    assert {item["sha256"] for item in items} == {rules.sha256 for rules in shipped()}
    assert [item["id"] for item in items if item["is_in_force"]] == ["ips", "jobfirst", "jobfirst-vitas"]


@pytest.mark.parametrize("role", Role)
def test_anybody_reads_what_a_fact_is(town: Town, role: Role) -> None:
    rules = town.speaks("anna", role.value).get("/v1/rulesets/jobfirst")

    goal = one(rules["facts"], "goal_paid_hours")
    assert (goal["type"], goal["unit"]) == ("decimal", {"id": "hours_per_week", "label": "hours a week"})
    assert "caseworker" in goal["reporters"]
    group = one(rules["facts"], "target_group")
    assert group["step"] is None
    assert one(group["values"], "sickness_benefit")["label"] == "Sickness benefit"
    assert one(rules["note_kinds"], "question")["needs_addressee"]
    assert one(rules["outcomes"], "ordinary_job")["label"]


def test_each_requirement_says_what_would_meet_it(anna: Caller) -> None:
    rules = anna.get("/v1/rulesets/jobfirst")
    intake = one(rules["steps"], "intake")

    (aimed,) = one(intake["requirements"], "hours_aimed_at")["met_by"]
    assert [(asked["id"], asked["at_least"]) for asked in aimed] == [("goal_paid_hours", 1)]
    (shared,) = one(intake["requirements"], "resources_shared")["met_by"]
    assert [(asked["kind"], asked["id"], asked["by"]) for asked in shared] == [
        ("note", "resource", "caseworker"),
    ]
    told = one(intake["requirements"], "opportunities_shared")
    assert [[asked["id"] for asked in way] for way in told["met_by"]] == [
        ["opportunity"],
        ["search_together"],
        ["opportunity_reused"],
    ]
    assert told["missing"] not in ("", told["text"]), "it says what to do, and not what is done"


def test_a_requirement_that_can_be_refused_says_what_is_done_then_by_whom_and_what_refuses_it(anna: Caller) -> None:
    requirements = [one for step in anna.get("/v1/rulesets/jobfirst")["steps"] for one in step["requirements"]]

    refused = one(requirements, "trial_granted")["refused"]

    assert refused["missing"].startswith("The trial was rejected. Agree on another way")
    assert refused["roles"] == ["caseworker", "company_consultant"]
    ((said,),) = refused["said_by"]
    assert (said["id"], [value["id"] for value in said["values"]]) == ("trial_decision", ["rejected"])
    assert one(requirements, "resources_shared")["refused"] is None


def test_a_step_that_stops_says_which_facts_and_note_take_it(anna: Caller) -> None:
    steps = anna.get("/v1/rulesets/jobfirst")["steps"]

    assert {step["id"]: step["stop"] for step in steps if step["stop"]} == {
        "trial": {"last_day": "trial_ended_on", "by": "trial_stopped_by", "note": "why_stopped"},
        "paid_hours": {"last_day": "paid_hours_ended_on", "by": "paid_hours_stopped_by", "note": "why_stopped"},
    }


def test_the_step_that_asks_for_a_good_story_says_what_may_be_told(anna: Caller) -> None:
    steps = anna.get("/v1/rulesets/jobfirst")["steps"]

    assert [step["id"] for step in steps if step["story"]] == ["paid_hours"]
    story = one(steps, "paid_hours")["story"]
    assert (story["ask"], story["hours"]) == ("company_consultant", "hours_schedule")
    assert one(story["worked"], "visited_together")["label"] == "We visited the company together"
    assert one(story["branches"], "farming")["label"] == "Farming, forestry and fishing"


def test_a_step_says_what_a_company_that_calls_may_say(anna: Caller) -> None:
    calls = one(anna.get("/v1/rulesets/jobfirst")["steps"], "trial")["call_ins"]

    said = {"label": "Did not come", "facts": {"absence_kind": "unknown"}, "day": "absent_on", "words": None}
    assert one(calls, "not_there") == {"id": "not_there", "note": "observation", **said}
    assert one(calls, "hours")["words"] == "The company wants to talk about hours."


def test_what_is_built_from_it_meets_the_requirements_of_intake(system: Caller, anna: Caller, bo: Caller) -> None:
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    intake = one(anna.get("/v1/rulesets/jobfirst")["steps"], "intake")
    typed = {"asked_for_help_on": "2026-03-02", "first_interview_on": "2026-03-02"}

    for requirement in intake["requirements"]:
        teller = {"caseworker": anna, "company_consultant": bo}[requirement["roles"][0]]
        for asked in requirement["met_by"][0]:
            if asked["kind"] == "note":
                teller.does(f"{course}/notes", kind=asked["id"], text="Som aftalt.")
            else:
                value = asked["values"][0]["id"] if asked["values"] else asked["at_least"]
                teller.does(f"{course}/facts", facts={asked["id"]: typed.get(asked["id"], value)})

    outcomes = {r["id"]: r["outcome"] for r in anna.get(course)["visits"][0]["gate"]["requirements"]}
    assert {outcomes[requirement["id"]] for requirement in intake["requirements"]} <= {"met", "not_applicable"}


def test_a_course_names_the_version_by_which_its_form_is_built(system: Caller, anna: Caller) -> None:
    course = system.does("/v1/courses", **case())["course"]
    followed = anna.get(f"/v1/courses/{course}")["rules"]

    rules = anna.get(f"/v1/rulesets/{followed['id']}", sha256=followed["sha256"])

    assert (rules["sha256"], rules["version"]) == (followed["sha256"], followed["version"])


def test_who_has_it_is_not_sent_it_again_and_in_another_language_it_is_another(anna: Caller) -> None:
    first = anna.http.get("/v1/rulesets/jobfirst")
    again = {"If-None-Match": first.headers["etag"]}

    assert anna.http.get("/v1/rulesets/jobfirst", headers=again).status_code == 304
    assert anna.http.get("/v1/rulesets/jobfirst", headers={**again, "Accept-Language": "da"}).is_success


@pytest.mark.parametrize("path", ["unheard-of", "ips?sha256=" + "0" * 64])
def test_what_is_no_rule_set_is_not_found(anna: Caller, path: str) -> None:
    expect(anna.http.get(f"/v1/rulesets/{path}"), 404, "rule-set-not-found")


def test_a_version_of_another_set_is_not_found(anna: Caller) -> None:
    other = anna.get("/v1/rulesets/ips")["sha256"]

    expect(anna.http.get(f"/v1/rulesets/jobfirst?sha256={other}"), 404, "rule-set-not-found")
