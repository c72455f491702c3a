"""The whole way over HTTP: intake, company visit, trial, paid hours and closing, the worker killed in the middle."""

from typing import Any

import pytest

from tests.journeys.town import MUNICIPALITY, Speaker, Town

CASE: dict[str, Any] = {
    "municipality": MUNICIPALITY,
    "unit": "job",
    "reference": "case-42",
    "citizen": {"reference": "citizen-42", "name": "Karla Eksempel"},
    "target_group": "cash_benefit_activity_ready",
    "started_on": "2026-03-02",
    "caseworker": {"person": "anna"},
    "company_consultant": {"person": "bo"},
}
INTERVIEW: dict[str, Any] = {"first_interview_on": "2026-03-04", "hours_spoken_of": True, "goal_paid_hours": 12}
WORDS = {
    "wish": "Vil gerne arbejde ude.",
    "job_goal": "Gartner.",
    "tasks_wanted": "Plante og passe.",
    "resource": "Er god med dyr.",
    "barrier": "Kan ikke møde før klokken ti.",
}
VISIT: dict[str, Any] = {
    "visit_purpose": "match",
    "visit_held_on": "2026-03-09",
    "company_cvr": "10000009",
    "company_p_number": "1000000001",
    "citizen_at_company_visit": True,
    "caseworker_at_company_visit": True,
}
TRIAL: dict[str, Any] = {
    "trial_p_number": "1000000001",
    "purpose_skills": True,
    "employer_statement": True,
    "employee_statement": "given",
    "trial_starts_on": "2026-03-23",
    "trial_ends_on": "2026-06-21",
    "trial_weekly_hours": 15,
    "ordinary_fte_by_month": "2025-11-01=12 2025-12-01=12 2026-01-01=12 2026-02-01=12",
    "supported_fte": 1,
    "company_consent": "accommodations",
    "company_told": "tasks_and_hours",
}
TAUGHT = {"what_worked": "Mødte hver dag.", "what_did_not": "Tunge løft.", "citizens_view": "Det var godt at være ude."}
HOURS: dict[str, Any] = {"hours_schedule": "2026-06-22=8 2026-08-03=12", "contract_signed": True}


@pytest.fixture(scope="module")
def town(frail_town: Town) -> Town:
    """A system that the journeys of this file may hurt."""
    return frail_town


def both_acknowledge(course: str, *roles: Speaker) -> None:
    """Let each role read the briefing and acknowledge what it read."""
    for role in roles:
        briefing = role.get(f"{course}/briefing")
        role.does(f"{course}/acknowledgements", briefing=briefing["briefing"], version=briefing["version"])


def complete_intake(course: str, anna: Speaker, bo: Speaker) -> None:
    """Do what intake asks of each role."""
    anna.does(f"{course}/facts", facts=INTERVIEW)
    for kind, text in WORDS.items():
        anna.does(f"{course}/notes", kind=kind, text=text)
    bo.does(f"{course}/notes", kind="opportunity", text="Planteskolen mangler hænder.")


def steps(course: str, reader: Speaker) -> list[str]:
    """Return the open steps of a course."""
    return [visit["step"]["id"] for visit in reader.get(course)["visits"] if visit["is_open"]]


def visit_while_the_worker_is_killed(town: Town, course: str, anna: Speaker, bo: Speaker) -> None:
    """Report the visit and the trial that is to follow, the worker gone at the last word."""
    bo.does(f"{course}/facts", facts=VISIT)
    bo.does(f"{course}/facts", facts=TRIAL)
    anna.does(f"{course}/facts", facts={"trial_decision": "granted", "trial_granted_on": "2026-03-16"})
    town.worker.kill()
    away = bo.says(f"{course}/facts", "match", facts={"visit_outcome": "trial"})
    assert away.status_code == 503
    assert away.json()["code"] == "course-away"
    assert steps(course, anna) == ["company_visit"], "reads go on"
    town.worker.start()
    told = bo.insists(f"{course}/facts", "match", facts={"visit_outcome": "trial"})
    assert told.is_success, told.text
    assert bo.insists(f"{course}/facts", "match", facts={"visit_outcome": "trial"}).json() == told.json()


def try_and_be_hired(course: str, anna: Speaker, bo: Speaker) -> None:
    """Go through a trial that leads to paid hours, and tell what it taught."""
    bo.does(f"{course}/facts", facts={"trial_started_on": "2026-03-23", "next_step": "paid_hours"})
    for kind, text in TAUGHT.items():
        anna.does(f"{course}/notes", kind=kind, text=text)
    bo.does(f"{course}/facts", facts={"trial_ended_on": "2026-06-19", "hours_reached": 15, "trial_outcome": "hired"})
    bo.does(f"{course}/facts", facts=HOURS)


def test_a_course_goes_the_whole_way_though_its_worker_is_killed(town: Town) -> None:
    system = town.speaks("case-system", "system")
    anna, bo = town.speaks("anna", "caseworker"), town.speaks("bo", "company_consultant")
    course = f"/v1/courses/{system.does('/v1/courses', **CASE)['course']}"
    assert steps(course, anna) == ["intake"]

    complete_intake(course, anna, bo)
    both_acknowledge(course, anna, bo)
    assert steps(course, anna) == ["company_visit"]

    visit_while_the_worker_is_killed(town, course, anna, bo)
    both_acknowledge(course, anna, bo)
    assert steps(course, anna) == ["trial"]

    try_and_be_hired(course, anna, bo)
    both_acknowledge(course, anna, bo)
    assert steps(course, anna) == ["paid_hours"]

    bo.does(f"{course}/facts", facts={"paid_hours_started_on": "2026-06-22"})
    anna.does(f"{course}/close", outcome="sustained_ordinary_hours", reason="Ansat i gartneriet.")
    both_acknowledge(course, anna, bo)

    closed = anna.get(course)
    assert closed["status"] == "completed"
    assert closed["outcome"] == "sustained_ordinary_hours"
    late = bo.says(f"{course}/facts", facts={"as_planned_on": "2026-10-01"})
    assert late.status_code == 409
    assert late.json()["code"] == "course-closed"
