"""What is wrong is named: the field, what was wrong and the remedy, in the caller's language; nothing is kept."""

from typing import Any

import httpx
import pytest

from clients.caller import Caller
from tests.api.vocabulary import CPR, case, expect, results
from tools.town.town import Town


@pytest.fixture
def course(system: Caller) -> str:
    """The path of a course just started."""
    return f"/v1/courses/{system.does('/v1/courses', **case())['course']}"


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"search_togethr": True}, "fact-unknown", "facts.search_togethr"),
        ({"search_together": "true"}, "fact-value", "facts.search_together"),
        ({"first_interview_on": "2026-02-30"}, "fact-value", "facts.first_interview_on"),
        ({"first_interview_on": "in May"}, "fact-value", "facts.first_interview_on"),
        ({"company_p_number": "123"}, "fact-value", "facts.company_p_number"),
        ({"target_group": "nobody"}, "target-group-unknown", "facts.target_group"),
        ({"goal_paid_hours": 999}, "fact-value", "facts.goal_paid_hours"),
    ],
)
def test_a_fact_that_cannot_be_is_named(
    anna: Caller, course: str, facts: dict[str, Any], code: str, field: str
) -> None:
    expect(anna.sends(f"{course}/facts", facts=facts), 422, code, field)


def test_every_wrong_fact_is_named_and_none_is_kept(anna: Caller, course: str) -> None:
    facts = {"search_together": True, "unknown_one": 1, "goal_paid_hours": "many"}

    problem = expect(anna.sends(f"{course}/facts", facts=facts), 422, "fact-value", "facts.goal_paid_hours")

    assert {error["field"] for error in problem["errors"]} == {"facts.unknown_one", "facts.goal_paid_hours"}
    assert anna.get(course)["revision"] == 1


@pytest.mark.parametrize(
    ("changed", "status", "code", "field"),
    [
        ({"target_group": "nobody"}, 422, "target-group-unknown", "target_group"),
        ({"rule_set": "no_such_rules"}, 422, "rule-set-unknown", "rule_set"),
        ({"started_on": "2026-02-30"}, 422, "not-a-date", "started_on"),
        ({"started_on": "1899-12-31"}, 422, "not-in-range", "started_on"),
        ({"started_on": "2199-01-01"}, 422, "in-the-future", "started_on"),
        ({"company_consultant": {"person": "anna"}}, 422, "same-person", "company_consultant.person"),
        ({"caseworkr": {"person": "anna"}}, 422, "field-unknown", "caseworkr"),
        ({"caseworker": {"person": "anna", "unit": "job"}}, 422, "person-or-unit", "caseworker"),
        ({"reference": CPR}, 422, "cpr-not-allowed", "reference"),
        ({"reference": "B0101801234"}, 422, "cpr-not-allowed", "reference"),
        ({"source_event_id": "e010180/1234"}, 422, "cpr-not-allowed", "source_event_id"),
        ({"citizen": {"reference": "c", "name": f"Karla {CPR}"}}, 422, "cpr-not-allowed", "citizen.name"),
        ({"citizen": {"reference": "c", "cpr": "123"}}, 422, "cpr-malformed", "citizen.cpr"),
        ({"citizen": {"reference": "c", "cpr": "999999-1234"}}, 422, "cpr-malformed", "citizen.cpr"),
    ],
)
def test_a_course_that_cannot_be_started_says_why(
    system: Caller, changed: dict[str, Any], status: int, code: str, field: str
) -> None:
    expect(system.sends("/v1/courses", **case(**changed)), status, code, field)


def test_the_rule_sets_there_are_come_with_the_refusal_of_one_there_is_not(system: Caller) -> None:
    problem = expect(system.sends("/v1/courses", **case(rule_set="no_such_rules")), 422, "rule-set-unknown")

    assert "jobfirst" in problem["detail"]


def test_a_course_may_name_the_rules_it_follows(system: Caller, anna: Caller) -> None:
    started = case(rule_set="jobfirst")
    course = system.does("/v1/courses", **started)

    assert anna.get(f"/v1/courses/{course['course']}")["rules"]["id"] == "jobfirst"
    assert system.does("/v1/courses", **started)["differs"] == []


def test_a_kind_of_note_that_the_rules_do_not_know_is_named_with_those_they_do(anna: Caller, course: str) -> None:
    problem = expect(anna.sends(f"{course}/notes", kind="gossip", text="x"), 422, "note-kind-unknown", "kind")

    assert "resource" in problem["detail"]


def test_a_question_is_asked_of_somebody(anna: Caller, course: str) -> None:
    expect(anna.sends(f"{course}/notes", kind="question", text="Hvornår?"), 422, "field-missing", "to")


def test_a_person_without_the_role_is_refused_and_one_not_yet_known_is_awaited(town: Town, system: Caller) -> None:
    dagny = {"name": "Dagny Prøve", "roles": ["company_consultant"], "unit": "job"}
    assert town.speaks("sara", "supervisor").http.put("/v1/people/dagny", json=dagny).is_success

    wrong = system.sends("/v1/courses", **case(caseworker={"person": "dagny"}))
    unknown = system.sends("/v1/courses", **case(caseworker={"person": "emil"}))

    expect(wrong, 422, "person-without-role", "caseworker.person")
    assert unknown.status_code == 201


def test_an_unknown_role_is_named(anna: Caller, course: str) -> None:
    answer = anna.http.put(f"{course}/parties/mentor", json={"person": "carl", "reason": "on leave"})

    expect(answer, 422, "value-not-allowed", "role")


def test_an_outdated_version_comes_with_the_current_one(anna: Caller, course: str) -> None:
    anna.does(f"{course}/briefings")
    anna.does(f"{course}/facts", facts={"goal_paid_hours": 7})

    problem = expect(
        anna.sends(f"{course}/acknowledgements", briefing=1, version=1), 409, "version-outdated", "version"
    )

    assert "2" in problem["detail"]


def test_a_briefing_that_is_not_there_says_why(anna: Caller, bo: Caller, course: str) -> None:
    missing = expect(anna.sends(f"{course}/acknowledgements", briefing=1, version=1), 409, "briefing-missing")
    elsewhere = expect(anna.http.get(f"{course}/briefing", params={"visit": 9}), 422, "visit-unknown", "visit")
    anna.does(f"{course}/close", outcome="moved", reason="Borgeren er flyttet.")
    for reader in (anna, bo):
        reader.does(f"{course}/acknowledgements", briefing=1, version=1)

    assert "visit 1" in missing["detail"]
    assert elsewhere["errors"][0]["params"] == {"open": "1"}
    expect(anna.http.get(f"{course}/briefing"), 409, "briefing-over")
    expect(anna.http.get(f"{course}/briefing", params={"visit": 9}), 409, "briefing-over")
    assert anna.get(f"{course}/briefing", visit=1)["standing"] == "final", "a closed course tells what was"


def test_only_the_party_acknowledges(town: Town, anna: Caller, course: str) -> None:
    anna.does(f"{course}/briefings")
    carl = town.speaks("carl", "caseworker")

    stranger = expect(carl.sends(f"{course}/acknowledgements", briefing=1, version=1), 403, "not-the-party")
    assert "on_behalf_of" in stranger["detail"]


def test_a_system_never_acknowledges(system: Caller, anna: Caller, course: str) -> None:
    anna.does(f"{course}/briefings")

    expect(system.sends(f"{course}/acknowledgements", briefing=1, version=1), 403, "system-cannot-acknowledge")


@pytest.mark.parametrize(
    ("field", "instant"),
    [
        ("until", "9999-12-31T23:59:59Z"),
        ("until", "9999-12-31T23:59:59-12:00"),
        ("until", "2200-01-01T00:00:00Z"),
        ("from", "0001-01-01T00:00:00+01:00"),
        ("from", "1899-12-31T23:59:59+01:00"),
    ],
)
def test_an_instant_that_nobody_can_mean_is_refused(anna: Caller, course: str, field: str, instant: str) -> None:
    expect(anna.sends(f"{course}/pause", reason="Ferie", **{field: instant}), 422, "not-in-range", field)


def test_a_day_that_nobody_can_mean_is_refused(anna: Caller, course: str) -> None:
    reported = anna.sends(f"{course}/facts", facts={"goal_paid_hours": 3}, occurred_on="2200-01-01")

    expect(reported, 422, "not-in-range", "occurred_on")


def test_an_empty_reason_is_no_reason(anna: Caller, course: str) -> None:
    expect(anna.sends(f"{course}/pause", reason="   "), 422, "text-empty", "reason")


def test_a_cpr_number_is_refused_wherever_it_does_not_belong_and_never_logged(
    town: Town, anna: Caller, course: str
) -> None:
    for answer in (
        anna.sends(f"{course}/notes", kind="resource", text=f"Spørg {CPR}"),
        anna.sends(f"{course}/facts", facts={"goal_paid_hours": CPR}),
        anna.sends(f"{course}/facts", facts={"goal_paid_hours": -101801234}),
        anna.http.get("/v1/courses", params={"q": CPR}),
        anna.http.get("/v1/courses", params={"company": "1812991234"}),
        anna.http.put("/v1/companies/1812991234", json={"name": "Bageriet"}),
        anna.http.post(f"{course}/briefings", json={}, headers={"Idempotency-Key": f"key_{CPR}"}),
        anna.http.get(f"/v1/people/{CPR}"),
    ):
        assert answer.status_code == 422, answer.text
        assert CPR not in answer.text

    logs = "".join(part.log.read_text() for part in (town.api, town.worker))
    assert CPR not in logs
    assert "http" in logs or "request" in logs


def test_a_body_too_large_is_refused_before_it_is_read(anna: Caller, course: str) -> None:
    expect(anna.sends(f"{course}/notes", kind="resource", text="x" * 600_000), 413, "body-too-large")


def test_words_come_in_danish_unless_english_is_asked_for(anna: Caller, course: str) -> None:
    wrong = {"facts": {"unknown_one": 1}}
    danish = anna.http.post(f"{course}/facts", json=wrong, headers={"Accept-Language": "da"}).json()
    english = anna.http.post(f"{course}/facts", json=wrong, headers={"Accept-Language": "en"}).json()

    assert danish["code"] == english["code"]
    assert danish["detail"] != english["detail"]


def test_another_revision_than_expected_is_refused(anna: Caller, course: str) -> None:
    def report(tag: str) -> httpx.Response:
        return anna.http.post(f"{course}/facts", json={"facts": {"goal_paid_hours": 5}}, headers={"If-Match": tag})

    assert report('"1"').is_success
    expect(report('"1"'), 412, "revision-mismatch")


def test_the_same_key_with_another_body_is_refused(anna: Caller, course: str) -> None:
    first = anna.sends(f"{course}/facts", "same", facts={"goal_paid_hours": 5})
    again = anna.sends(f"{course}/facts", "same", facts={"goal_paid_hours": 5})
    other = anna.sends(f"{course}/facts", "same", facts={"goal_paid_hours": 6})

    assert first.json() == again.json()
    expect(other, 422, "idempotency-key-reused")


def test_the_same_source_event_is_once(system: Caller, course: str) -> None:
    event: dict[str, Any] = {"facts": {"first_interview_on": "2026-03-02"}, "source": "case", "source_event_id": "e-1"}

    first, again = system.sends(f"{course}/facts", **event), system.sends(f"{course}/facts", **event)

    assert first.json()["revision"] == again.json()["revision"]
    expect(
        system.sends(f"{course}/facts", **{**event, "facts": {"first_interview_on": "2026-03-03"}}),
        422,
        "source-event-reused",
    )


def test_an_event_is_its_own_systems_and_nobody_reports_it_first(
    town: Town, system: Caller, anna: Caller, course: str
) -> None:
    event = {"source": "case", "source_event_id": "e-7"}
    other = town.speaks("another-system", "system")
    for named in (event, {"source": "case"}, {"source_event_id": "e-7"}):
        for path, body in ((f"{course}/facts", {}), ("/v1/facts", {"courses": [course.rpartition("/")[2]]})):
            refused = anna.sends(path, **body, facts={"goal_paid_hours": 4}, **named)
            expect(refused, 403, "not-permitted", next(iter(named)))
    expect(anna.sends("/v1/courses", **case(source="case")), 403, "not-permitted", "source")
    other.does(f"{course}/facts", facts={"asked_for_help_on": "2026-03-02"}, **event)

    system.does(f"{course}/facts", facts={"first_interview_on": "2026-03-02"}, **event)


def test_an_event_that_was_refused_while_the_course_was_closed_is_judged_anew(
    town: Town, system: Caller, anna: Caller, bo: Caller, course: str
) -> None:
    event = {"facts": {"first_interview_on": "2026-03-02"}, "source": "case", "source_event_id": "while-closed"}
    anna.does(f"{course}/close", outcome="moved", reason="Borgeren er flyttet.")
    for reader in (anna, bo):
        reader.does(f"{course}/acknowledgements", briefing=1, version=1)
    expect(system.sends(f"{course}/facts", **event), 409, "course-closed")
    id_ = course.rpartition("/")[2]
    assert results(system.does("/v1/facts", courses=[id_], **event)) == {id_: "course-closed"}

    town.speaks("sara", "supervisor").does(f"{course}/reopen", reason="Borgeren blev boende.")

    assert system.sends(f"{course}/facts", **event).is_success
    other = {**event, "facts": {"first_interview_on": "2026-03-03"}}
    expect(system.sends(f"{course}/facts", **other), 422, "source-event-reused")


def test_a_start_that_means_the_same_does_not_differ(system: Caller) -> None:
    facts = {"trial_weekly_hours": 7.5, "hours_schedule": "2026-05-04=5", "first_interview_on": "2026-03-02"}
    wanted = case(target_group="cash_benefit_job_ready", facts=facts)
    system.does("/v1/courses", **wanted)

    again = {
        **wanted,
        "target_group": "jobparat",
        "facts": {
            "trial_hours_per_week": "7.50",
            "hours_schedule": "2026-05-04=5.0",
            "first_conversation_on": "2026-03-02",
        },
    }

    assert system.does("/v1/courses", **again)["differs"] == []
    other = {**again, "facts": {"trial_hours_per_week": "7.51", "first_conversation_on": "2026-03-03"}}
    assert system.does("/v1/courses", **other)["differs"] == [
        "facts.trial_hours_per_week",
        "facts.first_conversation_on",
    ]


def test_the_same_reference_is_the_same_course(system: Caller) -> None:
    wanted = case()
    first = system.sends("/v1/courses", **wanted)
    again = system.sends("/v1/courses", **{**wanted, "target_group": "sickness_benefit"})
    other = system.sends("/v1/courses", **{**wanted, "citizen": {"reference": "somebody-else"}})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["course"] == first.json()["course"]
    assert "target_group" in again.json()["differs"]
    expect(other, 409, "reference-taken", "reference")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"facts": {"goal_paid_hours": 1, "goal_paid_hours": 2}}', "goal_paid_hours"),
        ('{"facts": {"goal_paid_hours": 1}, "facts": {}}', "facts"),
        ('{"facts": {"goal_paid_hours": 1}, "010190-1234": 1, "010190-1234": 2}', "…"),
    ],
)
def test_a_field_that_is_named_twice_is_refused_and_neither_value_is_lost(
    anna: Caller, course: str, body: str, field: str
) -> None:
    answer = anna.http.post(f"{course}/facts", content=body, headers={"Content-Type": "application/json"})

    expect(answer, 422, "field-twice", field)
    assert anna.get(course)["revision"] == 1


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("stepp=trial", "field-unknown", "stepp"),
        ("Limit=1", "field-unknown", "Limit"),
        ("step=trial&step=intake", "field-twice", "step"),
        ("limit=1&limit=2", "field-twice", "limit"),
    ],
)
def test_a_misspelt_or_repeated_filter_is_refused_instead_of_answered_with_another_list(
    anna: Caller, query: str, code: str, field: str
) -> None:
    expect(anna.http.get(f"/v1/courses?{query}"), 422, code, field)
    assert anna.http.get("/v1/courses?counts=step&counts=unit&limit=1").is_success
