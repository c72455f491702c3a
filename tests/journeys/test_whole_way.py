"""The whole way over HTTP: intake, company visit, trial, paid hours and closing, the worker killed in the middle."""

import pytest

from clients.caller import Caller
from tests.journeys.vocabulary import both_acknowledge, complete_intake, steps
from tools.town.course import CASE, HOURS, TAUGHT, TRIAL, VISIT
from tools.town.town import Town


@pytest.fixture(scope="module")
def town(frail_town: Town) -> Town:
    """A system that the journeys of this file may hurt."""
    return frail_town


def visit_while_the_worker_is_killed(town: Town, course: str, anna: Caller, bo: Caller) -> None:
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


def try_and_be_hired(course: str, anna: Caller, bo: Caller) -> None:
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
