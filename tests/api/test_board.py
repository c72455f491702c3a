"""The board over HTTP: a leader reads in one look where courses of the own units stand, and why (P5, P14)."""

import json
from datetime import timedelta

import pytest

from tests.api.leading import TODAY, Office
from tests.api.vocabulary import expect
from tools.town.town import Town


@pytest.fixture
def office(town: Town) -> Office:
    """A municipality of its own."""
    return Office(town)


def test_a_leader_reads_why_a_course_stands_who_is_asked_and_who_has_it(office: Office) -> None:
    course = office.falls_silent()
    started = office.starts()

    line = office.line(course)

    assert (line["is_stalled"], line["is_new"], line["is_overdue"]) == (True, True, True)
    assert (line["held_up_by"], line["taken"], line["taken_by"]) == ("unanswered", "nobody", None)
    assert line["missing"]
    assert line["steps"][0]["id"] == "intake"
    assert line["day"] == 61
    assert line["working_days"] > 30
    assert {one["person_name"] for one in line["asked"]} <= {"Anna Prøve", "Bo Prøve"}
    assert {one["phone"] for one in line["asked"]} == {"+45 12 34 56 78"}
    assert line["touched_by"] == {"id": "case-system", "name": None}
    assert line["touched_on"] == TODAY.isoformat()
    assert (office.line(started)["is_stalled"], office.line(started)["escalation"]) == (False, None)

    office.sara.does(f"/v1/escalations/{line['escalation']}/take", comment="Jeg ringer i dag.")
    assert office.line(course)["taken_by"] == {"id": "sara", "name": None}
    assert [one["taken"] for one in office.sara.get("/v1/board", taken_by="me")["items"]] == ["me"]
    assert [one["taken"] for one in office.whole.get("/v1/board", taken_by="others")["items"]] == ["others"]


def test_an_answer_is_the_cause_until_its_day_has_come(office: Office) -> None:
    course = office.falls_silent()
    key = office.line(course)["waiting"]
    until = (TODAY + timedelta(days=19)).isoformat()  # Two weeks have passed in the course.

    asked = office.line(course)["asked"][0]
    speaker = office.speaks(asked["person"], asked["role"], units=())
    speaker.does(f"/v1/courses/{course}/waits/{key}/answer", waiting_on="company", until=until)

    line = office.line(course)
    assert (line["held_up_by"], line["answered_until"] is not None) == ("company", True)
    counts = office.whole.get("/v1/board", counts=True)["counts"]
    assert counts["held_up"] == [{"held_up_by": "company", "count": 1}]
    assert [one["course"] for one in office.whole.get("/v1/board", held_up_by="company")["items"]] == [course]


def test_who_is_away_stands_beside_the_course_with_the_cover_or_the_lack_of_one(office: Office) -> None:
    course = office.falls_silent()
    office.is_away()

    counts = office.whole.get("/v1/board", counts=True)["counts"]
    assert (counts["without_cover"], counts["falls_due"], office.line(course)["away"]) == (1, 1, "without_cover")

    office.is_away("carl")
    counts = office.whole.get("/v1/board", counts=True)["counts"]
    assert (counts["without_cover"], office.line(course)["away"]) == (0, "covered")
    anna = next(one for one in office.line(course)["asked"] if one["person"] == "anna")
    assert (anna["away_since"], anna["cover"], anna["cover_name"]) == (TODAY.isoformat(), "carl", "Carl Prøve")


def test_a_leader_of_another_unit_and_who_leads_nothing_read_nothing_of_it(office: Office) -> None:
    course, elsewhere = office.starts(), office.starts(unit="syd")

    for leader, own, other in ((office.sara, course, elsewhere), (office.sven, elsewhere, course)):
        page = leader.get("/v1/board", counts=True)
        assert [line["course"] for line in page["items"]] == [own]
        assert other not in json.dumps(page)
        assert (page["counts"]["total"], len(page["counts"]["units"])) == (1, 1)
    assert office.sara.get("/v1/board", unit="syd")["items"] == []
    expect(office.anna.http.get("/v1/board"), 403, "not-permitted")


def test_how_often_both_were_informed_stands_above_a_board_that_is_narrowed_to_a_unit_at_most(office: Office) -> None:
    office.falls_silent()

    told = {
        narrowed: office.whole.get(f"/v1/board?{narrowed}")["informed"]
        for narrowed in ("counts=true", "counts=true&unit=job", "counts=true&overdue=true", "unit=job")
    }

    assert told == {"counts=true": [], "counts=true&unit=job": [], "counts=true&overdue=true": None, "unit=job": None}
