"""The whole way over HTTP: intake, company visit, trial, paid hours and closing, the worker killed in the middle."""

import pytest

from clients.caller import Caller
from tests.journeys.vocabulary import (
    CASE,
    SCRIPT,
    VISIT,
    both_acknowledge,
    complete_intake,
    played,
    steps,
)
from tools.town.town import Town


@pytest.fixture(scope="module")
def town(frail_town: Town) -> Town:
    """A system that the journeys of this file may hurt."""
    return frail_town


def visit_while_the_worker_is_killed(town: Town, course: str, anna: Caller, bo: Caller) -> None:
    """Report the visit and the trial that is to follow, the worker gone at the last word."""
    bo.does(f"{course}/facts", facts=VISIT)
    played(course, anna, bo).does(*SCRIPT.acts("visit_words"), *SCRIPT.acts("grant"))
    town.worker.kill()
    away = bo.sends(f"{course}/facts", "match", facts={"visit_outcome": "trial"})
    assert away.status_code == 503
    assert away.json()["code"] == "course-away"
    assert steps(course, anna) == ["company_visit"], "reads go on"
    town.worker.start()
    answer = bo.insists(f"{course}/facts", "match", facts={"visit_outcome": "trial"})
    assert answer.is_success, answer.text
    assert bo.insists(f"{course}/facts", "match", facts={"visit_outcome": "trial"}).json() == answer.json()


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

    played(course, anna, bo).does(*SCRIPT.step("trial"))
    both_acknowledge(course, anna, bo)
    assert steps(course, anna) == ["paid_hours"]

    played(course, anna, bo).does(*SCRIPT.step("paid_hours"))
    both_acknowledge(course, anna, bo)

    closed = anna.get(course)
    assert closed["status"] == "completed"
    assert closed["outcome"] == "ordinary_job"
    late = bo.sends(f"{course}/facts", facts={"hours_in_week": 8})
    assert late.status_code == 409
    assert late.json()["code"] == "course-closed"
