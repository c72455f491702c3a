"""Taking and pausing chosen courses over the API: a dry run by the decider itself, then a command to each (P7, P14)."""

import pytest

from tests.api.leading import LATER, Office
from tests.api.vocabulary import expect
from tools.town.town import Town


@pytest.fixture
def office(town: Town) -> Office:
    """A municipality of its own."""
    return Office(town)


def test_a_dry_run_says_what_each_course_would_refuse_and_the_order_meets_the_same(office: Office) -> None:
    going, paused = office.starts(), office.starts()
    office.whole.does(f"/v1/courses/{paused}/pause", reason="Ferie.", until=LATER)
    body = {"courses": [going, paused]}

    plan = office.sara.does("/v1/pauses/plan", **body)
    key = {"Idempotency-Key": "sommer"}
    ordered = office.sara.http.post("/v1/pauses", json={**body, "reason": "Sommer."}, headers=key)
    again = office.sara.http.post("/v1/pauses", json={**body, "reason": "Sommer."}, headers=key)

    codes = {line["course"]: line["problem"] and line["problem"]["code"] for line in plan["courses"]}
    assert codes[going] is None
    assert codes[paused] is not None
    assert (ordered.status_code, ordered.json()["kind"], ordered.json()["failed"]) == (202, "pause", 1)
    assert again.json()["id"] == ordered.json()["id"]
    failed = office.sara.get(f"{ordered.headers['Location']}/items", state="failed")["items"]
    assert [(item["course"], item["problem"]["code"]) for item in failed] == [(paused, codes[paused])]


def test_what_nobody_was_told_of_cannot_be_taken_and_no_course_of_another_unit_is_chosen(office: Office) -> None:
    mine, elsewhere = office.starts(), office.starts(unit="syd")

    (line,) = office.sara.does("/v1/takes/plan", courses=[mine])["courses"]
    assert line["problem"]["code"] == "escalation-not-found"
    for path in ("/v1/takes/plan", "/v1/pauses/plan"):
        expect(office.sara.http.post(path, json={"courses": [mine, elsewhere]}), 404, "course-not-found", "courses.1")
    expect(office.anna.http.post("/v1/takes/plan", json={"courses": [mine]}), 403, "not-permitted")
