"""A second method on the same engine: nothing of JobFirst is wired in, IPS is a file and a name."""

from typing import Any

from tests.journeys.vocabulary import both_acknowledge, steps
from tools.town.town import MUNICIPALITY, Town

CASE: dict[str, Any] = {
    "municipality": MUNICIPALITY,
    "unit": "job",
    "reference": "ips-7",
    "rule_set": "ips",
    "citizen": {"reference": "citizen-7"},
    "target_group": "sickness_benefit",
    "started_on": "2026-03-02",
    "caseworker": {"person": "anna"},
    "company_consultant": {"person": "bo"},
}
JOB = {"job_hours": "2026-04-06=6 2026-05-04=10", "job_p_number": "1000000001"}


def test_an_ips_course_goes_its_own_way_and_finds_a_second_job(town: Town) -> None:
    system = town.speaks("case-system", "system")
    anna, bo = town.speaks("anna", "caseworker"), town.speaks("bo", "company_consultant")
    course = f"/v1/courses/{system.does('/v1/courses', **CASE)['course']}"
    assert steps(course, bo) == ["engagement"]

    foreign = anna.sends(f"{course}/facts", facts={"first_interview_on": "2026-03-04"})
    assert foreign.json()["code"] == "fact-unknown", "the facts of another method are not known here"
    bo.does(f"{course}/facts", facts={"profile_begun_on": "2026-03-05", "hours_wanted": 10})
    bo.does(f"{course}/notes", kind="preference", text="Et lille køkken, sene morgener.")
    both_acknowledge(course, anna, bo)
    assert steps(course, bo) == ["job_search"]

    bo.does(f"{course}/facts", facts={"employer_contacted_on": "2026-03-12", "job_offered": True, **JOB})
    both_acknowledge(course, anna, bo)
    assert steps(course, bo) == ["job"]

    bo.does(f"{course}/notes", kind="support_plan", text="Et opkald hver onsdag.")
    bo.does(f"{course}/facts", facts={"job_started_on": "2026-04-06", "job_ended_on": "2026-06-30"})
    bo.does(f"{course}/notes", kind="job_taught", text="Små hold er bedst.")
    bo.does(f"{course}/facts", facts={"after_job": "search_again"})
    both_acknowledge(course, anna, bo)
    assert steps(course, bo) == ["job_search"]
    bo.does(f"{course}/briefings")
    learned = bo.http.get(f"{course}/briefing", headers={"Accept": "text/plain"}).text
    assert "Små hold er bedst." in learned, "what the first job taught is told on top of the next search"

    bo.does(f"{course}/facts", facts={"employer_contacted_on": "2026-07-06", "job_offered": True, **JOB})
    both_acknowledge(course, anna, bo)
    bo.does(f"{course}/notes", kind="support_plan", text="Efter behov.")
    bo.does(f"{course}/facts", facts={"job_started_on": "2026-07-20"})
    bo.does(f"{course}/close", outcome="steady_employment", reason="Klarer det selv.")
    both_acknowledge(course, anna, bo)
    assert anna.get(course)["outcome"] == "steady_employment"
