"""The whole way once, over HTTP: from intake through company visit to paid hours, the worker killed in the middle."""

from typing import Any

from tests.journeys.town import MUNICIPALITY, Speaker, Town

CASE: dict[str, Any] = {
    "municipality": MUNICIPALITY,
    "unit": "job",
    "reference": "case-42",
    "citizen": {"reference": "citizen-42", "name": "Karla Eksempel"},
    "target_group": "cash_benefit_activity_ready",
    "caseworker": {"person": "anna"},
    "company_consultant": {"person": "bo"},
}


def both_acknowledge(course: str, *roles: Speaker) -> None:
    """Let each role read the briefing and acknowledge what it read."""
    for role in roles:
        briefing = role.get(f"{course}/briefing")
        role.does(f"{course}/acknowledgements", briefing=briefing["briefing"], version=briefing["version"])


def complete_intake(course: str, anna: Speaker, bo: Speaker) -> None:
    """Do what intake asks of each role."""
    interview = {"first_interview_on": "2026-03-02", "job_goal_agreed": True, "goal_paid_hours": 12}
    anna.does(f"{course}/facts", facts=interview)
    anna.does(f"{course}/notes", kind="resource", text="Er god med dyr.")
    anna.does(f"{course}/notes", kind="barrier", text="Kan ikke møde før klokken ti.")
    bo.does(f"{course}/notes", kind="opportunity", text="Planteskolen mangler hænder.")


def steps(course: str, reader: Speaker) -> list[str]:
    """Return the open steps of a course."""
    return [visit["step"]["id"] for visit in reader.get(course)["visits"] if visit["is_open"]]


def test_a_course_goes_the_whole_way_though_its_worker_is_killed(town: Town) -> None:
    system = town.speaks("case-system", "system")
    anna, bo = town.speaks("anna", "caseworker"), town.speaks("bo", "company_consultant")
    course = f"/v1/courses/{system.does('/v1/courses', **CASE)['course']}"
    assert steps(course, anna) == ["intake"]

    complete_intake(course, anna, bo)
    both_acknowledge(course, anna, bo)
    assert steps(course, anna) == ["company_visit"]

    visit = {"company_cvr": "13585628", "company_p_number": "1003388394", "visit_held_on": "2026-03-09"}
    bo.does(f"{course}/facts", facts={**visit, "caseworker_at_company_visit": True})
    bo.does(f"{course}/facts", facts={"paid_hours_agreed": 6, "contract_signed": True})
    town.worker.kill()
    away = bo.says(f"{course}/facts", "match", facts={"visit_outcome": "match"})
    assert away.status_code == 503
    assert away.json()["code"] == "course-away"
    assert steps(course, anna) == ["company_visit"], "reads go on"
    town.worker.start()
    told = bo.insists(f"{course}/facts", "match", facts={"visit_outcome": "match"})
    assert told.is_success, told.text
    assert bo.insists(f"{course}/facts", "match", facts={"visit_outcome": "match"}).json() == told.json()
    both_acknowledge(course, anna, bo)
    assert steps(course, anna) == ["paid_hours"]

    bo.does(f"{course}/facts", facts={"paid_hours_started_on": "2026-03-16", "weekly_hours": 8})
    anna.does(f"{course}/close", outcome="ordinary_job", reason="Ansat i gartneriet.")
    both_acknowledge(course, anna, bo)

    closed = anna.get(course)
    assert closed["status"] == "completed"
    assert closed["outcome"] == "ordinary_job"
    late = bo.says(f"{course}/facts", facts={"weekly_hours": 9})
    assert late.status_code == 409
    assert late.json()["code"] == "course-closed"
