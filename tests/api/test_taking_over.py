from typing import Any

from tools.town.town import Town

HEAD = {
    "municipality": "0990",
    "unit": "job",
    "citizen": {"reference": "citizen-brought", "name": "Karla Eksempel"},
    "target_group": "cash_benefit_activity_ready",
    "started_on": "2026-03-02",
    "caseworker": {"person": "anna"},
    "company_consultant": {"person": "bo"},
}
VISITS = [
    {"step": "intake", "entered_on": "2026-03-02", "left_on": "2026-03-20"},
    {"step": "company_visit", "entered_on": "2026-03-20"},
]


def brought(town: Town, reference: str, query: str = "", **more: Any) -> Any:
    body = {**HEAD, "reference": reference, "taken_over": {"visits": VISITS}, **more}
    return town.speaks("case-system", "system").http.post(f"/v1/courses{query}", json=body)


def test_a_course_is_taken_over_where_it_stands_and_says_until_when_it_is_quiet(town: Town) -> None:
    started = brought(town, "brought-1", facts={"goal_paid_hours": 10, "search_together": True})

    course = town.speaks("anna", "caseworker").get(f"/v1/courses/{started.json()['course']}")
    assert started.status_code == 201
    assert [(v["step"]["id"], v["is_open"], v["entered_on"]) for v in course["visits"]] == [
        ("intake", False, "2026-03-02"),
        ("company_visit", True, "2026-03-20"),
    ]
    assert course["quiet_until"] is not None
    assert {fact["visit"] for fact in course["facts"] if fact["fact"] == "search_together"} == {1}


def test_a_dry_run_tells_what_would_be_and_records_nothing(town: Town) -> None:
    answer = brought(town, "brought-2", "?dry_run=true")

    assert answer.status_code == 200
    assert answer.json()["dry_run"] is True
    assert [step["id"] for step in answer.json()["steps"]] == ["company_visit"]
    assert [wait["kind"] for wait in answer.json()["waiting"]]
    listed = town.speaks("sara", "supervisor").get("/v1/courses", q="brought-2")
    assert listed["items"] == []


def test_a_dry_run_of_a_course_that_is_open_tells_how_it_differs(town: Town) -> None:
    brought(town, "brought-3")

    answer = brought(town, "brought-3", "?dry_run=true", target_group="cash_benefit_job_ready")

    assert (answer.status_code, answer.json()["differs"]) == (200, ["target_group"])


def test_what_cannot_be_taken_over_is_refused_by_field_in_a_dry_run_as_in_earnest(town: Town) -> None:
    wrong = {"visits": [{"step": "dance", "entered_on": "2026-03-20"}], "quiet_until": "2026-03-20"}

    for query in ("?dry_run=true", ""):
        refused = brought(town, "brought-4", query, taken_over=wrong)

        assert refused.status_code == 422
        assert [(e["field"], e["code"]) for e in refused.json()["errors"]] == [
            ("taken_over.visits.0.step", "step-unknown"),
            ("taken_over.quiet_until", "quiet-period"),
        ]


def test_the_journal_tells_that_it_was_taken_over(town: Town) -> None:
    course = brought(town, "brought-5").json()["course"]

    journal = town.speaks("anna", "caseworker").get(f"/v1/courses/{course}/journal")

    started = next(entry for entry in journal["items"] if entry["kind"] == "course_started")
    assert started["detail"]["quiet_until"]
