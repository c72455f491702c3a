"""What still works when a part is away, line by line of the availability table, over HTTP (P7).

The journeys share one system, for each starts again what it kills.
"""

import time
from itertools import count

import pytest

from clients.caller import Caller
from tests.api.event_stream import listening
from tests.api.vocabulary import HOURS, goals, results
from tests.journeys.vocabulary import (
    CASE,
    SCRIPT,
    VISIT,
    both_acknowledge,
    complete_intake,
    played,
    sees_header,
    steps,
)
from tools.town.town import Town

_references = count(1)
_AT_MOST_SECONDS = 4.0
"""Less than the grace after which the server cuts off whoever is still connected."""
NOBODY = "00000000-0000-5000-8000-000000000000"


@pytest.fixture(scope="module")
def town(frail_town: Town) -> Town:
    """A system that the journeys of this file may hurt."""
    return frail_town


def begin(system: Caller) -> str:
    """Start a course and return its id."""
    case = {**CASE, "reference": f"away-{next(_references)}"}
    return str(system.does("/v1/courses", **case)["course"])


def begun(town: Town) -> tuple[Caller, str]:
    """Return the caseworker and a course that was started."""
    return town.speaks("anna", "caseworker"), f"/v1/courses/{begin(town.speaks('case-system', 'system'))}"


def readiness(town: Town) -> str:
    """Return what the API says about the parts it needs."""
    return town.speaks("anna", "caseworker").http.get("/readyz").text


def test_without_the_store_everything_waits_and_a_repeat_is_applied_once(town: Town) -> None:
    anna, course = begun(town)
    facts = {"search_together": True}
    town.postgres.kill()

    read, answer = anna.http.get(course), anna.sends(f"{course}/facts", "goal", facts=facts)
    assert (read.status_code, answer.status_code) == (503, 503)
    assert read.json()["code"] == answer.json()["code"] == "store-away"
    assert "Retry-After" in answer.headers
    assert "store" in readiness(town)

    town.postgres.start()
    first = anna.insists(f"{course}/facts", "goal", facts=facts)
    again = anna.insists(f"{course}/facts", "goal", facts=facts)
    assert first.is_success, first.text
    assert again.json() == first.json()
    assert anna.get(course)["revision"] == first.json()["revision"]


def test_without_temporal_reads_go_on_marked_with_their_age(town: Town) -> None:
    anna, course = begun(town)
    town.temporal.kill()

    answer = anna.sends(f"{course}/facts", "goal", facts={"search_together": True})
    assert answer.status_code == 503
    assert answer.json()["code"] == "course-away"
    assert sees_header(anna, course, "Fodslag-Stale-Since")
    assert "temporal" in readiness(town)

    town.temporal.start()
    done = anna.insists(f"{course}/facts", "goal", facts={"search_together": True})
    assert done.is_success, done.text
    assert anna.get(course)["revision"] == done.json()["revision"]


def test_without_a_worker_nothing_accepted_is_lost(town: Town) -> None:
    anna, course = begun(town)
    town.worker.kill()

    answer = anna.sends(f"{course}/facts", "goal", facts={"search_together": True})
    assert answer.status_code == 503
    assert anna.http.get(course).is_success

    town.worker.start()
    done = anna.insists(f"{course}/facts", "goal", facts={"search_together": True})
    assert done.is_success, done.text
    assert anna.get(course)["revision"] == 2


def test_of_several_courses_each_that_was_away_is_told_of_and_mended_by_a_repeat(town: Town) -> None:
    anna, path = begun(town)
    course = path.rpartition("/")[2]
    town.worker.kill()

    away = anna.sends("/v1/facts", "visit", courses=[course, NOBODY], **HOURS)
    town.worker.start()
    mended = anna.sends("/v1/facts", "visit", courses=[course, NOBODY], **HOURS)

    assert (away.status_code, mended.status_code) == (200, 200)
    assert results(away.json()) == {course: "course-away", NOBODY: "course-not-found"}
    assert away.json()["results"][0]["problem"]["status"] == 503
    assert results(mended.json()) == {course: 2, NOBODY: "course-not-found"}
    assert goals(anna, course) == [12]


def test_a_restart_of_everything_finds_the_courses_again(town: Town) -> None:
    anna, course = begun(town)
    before = anna.get(course)
    town.stop()

    town.postgres.start()
    town.temporal.start()
    town.worker.start()
    town.api.start()

    assert anna.get(course)["revision"] == before["revision"]
    assert anna.does(f"{course}/facts", facts={"search_together": True})["revision"] == before["revision"] + 1


def test_a_temporal_that_has_forgotten_everything_takes_the_course_up_from_the_store(town: Town) -> None:
    anna, course = begun(town)
    anna.does(f"{course}/facts", facts={"search_together": True})
    town.worker.stop()
    town.temporal.stop()
    for file in town.settings.var.glob("temporal.db*"):
        file.unlink()

    town.temporal.start()
    town.worker.start()

    done = anna.insists(f"{course}/facts", "hours", facts={"goal_paid_hours": 10})
    assert done.json()["revision"] == 3


def test_a_stream_ends_in_good_order_with_the_server_and_is_resumed_with_the_next(town: Town) -> None:
    system = town.speaks("case-system", "system")
    begin(system)

    with listening(system) as listener:
        heard = listener.hears()
        began = time.monotonic()
        town.api.stop()
        assert listener.hears_the_end()
        assert time.monotonic() - began < _AT_MOST_SECONDS
    town.api.start()
    later = begin(system)

    with listening(system, last=listener.last) as listener:
        heard += listener.hears()
    assert heard == system.get("/v1/changes", limit=500)["items"]
    assert heard[-1]["course"] == later


def test_a_stream_waits_while_the_store_is_away_and_then_goes_on(town: Town) -> None:
    system = town.speaks("case-system", "system")
    begin(system)

    with listening(system) as listener:
        heard = listener.hears()
        town.postgres.kill()
        assert listener.hears() == []
        assert system.http.get("/v1/changes").status_code == 503
        town.postgres.start()
        answer = system.insists("/v1/courses", "after", **{**CASE, "reference": "after"})
        assert answer.is_success, answer.text
        while not (news := listener.hears()):
            pass

    assert heard + news == system.get("/v1/changes", limit=500)["items"]
    assert news[-1]["course"] == answer.json()["course"]


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
