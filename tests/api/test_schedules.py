"""A schedule is rows of JSON: no string language has to be written or read."""

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect

ROWS = [{"since": "2026-10-05", "amount": 5.0}, {"since": "2026-11-02", "amount": 8.5}]


@pytest.fixture
def course(system: Caller) -> str:
    """The path of a course that begins."""
    return f"/v1/courses/{system.does('/v1/courses', **case())['course']}"


def test_a_schedule_is_read_as_it_was_written_row_by_row(bo: Caller, course: str) -> None:
    bo.does(f"{course}/facts", facts={"hours_schedule": ROWS})

    (fact,) = (fact for fact in bo.get(course)["facts"] if fact["fact"] == "hours_schedule")
    assert (fact["rows"], fact["unit_of_measure"]) == (ROWS, "hours_per_week")
    assert fact["value"] == "2026-10-05=5 2026-11-02=8.5"


def test_a_schedule_is_rows_in_a_briefing_too(bo: Caller, course: str) -> None:
    bo.does(f"{course}/facts", facts={"hours_schedule": ROWS, "goal_paid_hours": 12})
    bo.does(f"{course}/briefings")

    briefing = bo.get(f"{course}/briefing")
    facts = {fact["fact"]: fact for fact in (*briefing["facts"], *briefing["first_facts"])}
    assert facts["goal_paid_hours"]["rows"] is None
    assert facts["goal_paid_hours"]["unit_of_measure"] == "hours_per_week"
    if "hours_schedule" in facts:
        assert facts["hours_schedule"]["rows"] == ROWS


def test_a_schedule_is_rows_in_the_journal_and_the_feed_too(system: Caller, bo: Caller, course: str) -> None:
    bo.does(f"{course}/facts", facts={"hours_schedule": ROWS, "goal_paid_hours": 12})

    journal = bo.get(f"{course}/journal", limit=200)["items"]
    feed = system.get("/v1/changes", course=course.rpartition("/")[2], limit=200)["items"]
    for lines in (journal, feed):
        line = [line for line in lines if line["kind"] == "facts_reported"][-1]
        rows = {fact["fact"]: fact.get("rows") for fact in line["detail"]["facts"]}
        assert rows == {"hours_schedule": ROWS, "goal_paid_hours": None}


@pytest.mark.parametrize("rows", [[], [{"since": "2026-10-05"}], ROWS[::-1], [{"since": "5/10", "amount": 1}]])
def test_rows_that_are_no_schedule_are_refused(bo: Caller, course: str, rows: list[object]) -> None:
    refused = bo.sends(f"{course}/facts", facts={"hours_schedule": rows})

    assert refused.status_code == 422
    expect(refused, 422, refused.json()["code"])
