"""What still works when a part is away, line by line of the availability table, over HTTP (P7)."""

from itertools import count

import pytest

from clients.caller import Caller
from tests.journeys.vocabulary import CASE, sees_header
from tools.town.town import Town

_references = count(1)


@pytest.fixture(scope="module")
def town(frail_town: Town) -> Town:
    """A system that the journeys of this file may hurt."""
    return frail_town


def begun(town: Town) -> tuple[Caller, str]:
    """Return the caseworker and a course that was started."""
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    case = {**CASE, "reference": f"case-{next(_references)}"}
    return anna, f"/v1/courses/{system.does('/v1/courses', **case)['course']}"


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
