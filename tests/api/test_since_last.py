"""What is new since somebody was last at work: a few lines for each course, and nothing that was taken back (P13)."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.caller import Caller
from domain.calendar import danish_day
from tests.api.away import Office, day
from tests.api.vocabulary import expect
from tests.journeys.vocabulary import complete_intake
from tools.town.town import Town

MENTOR = {"kind": "mentor", "reason": "Aftalt med borgeren."}


@pytest.fixture
def office(town: Town) -> Office:
    """A municipality of its own."""
    return Office(town)


def read(speaker: Caller, course: str) -> dict[str, Any]:
    """Return what is told of a course."""
    return next(line for line in speaker.get("/v1/since-last")["courses"] if line["course"] == course)


def told(speaker: Caller, course: str) -> str:
    """Return all that is told of a course as one text."""
    return str(next((one for one in speaker.get("/v1/since-last")["courses"] if one["course"] == course), ""))


def test_who_comes_back_reads_what_changed_who_acted_and_what_waits(office: Office) -> None:
    course, waiting = office.starts(), office.starts()
    path = f"/v1/courses/{course}"
    office.away("carl", since=day(-9), until=day(0))
    complete_intake(path, office.anna, office.bo)
    office.bo.does(f"{path}/facts", facts={"goal_paid_hours": 14})
    office.bo.does(f"{path}/facts", facts={"goal_paid_hours": 15})
    office.carl.does(f"{path}/notes", kind="observation", text="Karla glæder sig.\nHun begynder mandag.")
    version = office.bo.get(f"{path}/briefing")["version"]
    office.carl.does(f"{path}/acknowledgements", briefing=1, version=version, on_behalf_of="anna", reason="on_leave")
    office.bo.does(f"{path}/acknowledgements", briefing=1, version=version)

    back = office.anna.get("/v1/since-last")
    line = read(office.anna, course)

    assert danish_day(datetime.fromisoformat(back["since"])) < danish_day(datetime.now(UTC)) - timedelta(days=9)
    assert line["stands"] == "Company visit, day 1"
    assert line["changes"][0].startswith("Started the course"), "the course itself comes first"
    assert line["changes"][1].startswith("Intake no. 1 was left")
    (hours,) = (text for text in line["changes"] if "15" in text)
    assert hours.endswith("(Bo Prøve)")
    assert "14" not in str(line["changes"]), "the newest alone"
    (carl,) = line["for_you"]
    assert carl["person_name"] == "Carl Prøve"
    assert any("Karla glæder sig. Hun begynder mandag." in act for act in carl["acts"])
    assert any(f"version {version}" in act for act in carl["acts"])
    assert [one["course"] for one in back["courses"]] == [waiting, course], "by what is due for her"
    assert {wait["kind"] for wait in back["courses"][0]["waits"]} == {"requirement"}


def test_what_was_taken_back_or_put_right_is_told_without_its_words(office: Office) -> None:
    course = office.starts()
    path = f"/v1/courses/{course}"
    office.bo.does(f"{path}/facts", facts={"goal_paid_hours": 36})
    office.bo.does(f"{path}/notes", kind="barrier", text="Om en anden.")
    office.bo.does(f"{path}/notes", kind="observation", text="Møder klokkn otte.")
    goal = next(fact["id"] for fact in office.bo.get(path)["facts"] if fact["fact"] == "goal_paid_hours")
    barrier, slip = (note["id"] for note in office.bo.get(path)["notes"])
    office.bo.does(f"{path}/notes/{barrier}/retract", reason="En anden borger.", wrong_citizen=True)
    office.bo.does(f"{path}/notes/{slip}/supersede", text="Møder klokken otte.")
    office.anna.does(f"{path}/facts/{goal}/retract", reason="Var en misforståelse.")

    words = told(office.anna, course)

    assert "klokken otte" in words
    for gone in ("Om en anden", "klokkn", "misforståelse", "En anden borger"):
        assert gone not in words
    assert not re.search(r"\b36\b(?!:)(?<!:36)", words), "No number, whatever the time of day and the ids."


def test_what_was_known_and_is_taken_back_is_named(office: Office) -> None:
    course = office.starts()
    path = f"/v1/courses/{course}"
    office.anna.does(f"{path}/facts", facts={"goal_paid_hours": 13})
    office.anna.does(f"{path}/notes", kind="barrier", text="Rygsmerter.")
    goal = next(fact["id"] for fact in office.bo.get(path)["facts"] if fact["fact"] == "goal_paid_hours")
    (barrier,) = (note["id"] for note in office.anna.get(path)["notes"])
    office.sara.does(f"{path}/facts/{goal}/retract", reason="Var en misforståelse.")
    office.sara.does(f"{path}/notes/{barrier}/retract", reason="Er væk.")

    changes = read(office.anna, course)["changes"]

    assert len([text for text in changes if "taken back" in text]) == 2
    assert "Rygsmerter" not in str(changes)
    assert "13" not in str(changes)


def test_nobody_is_told_of_what_does_not_exist_for_him_and_each_reads_what_his_role_reads(office: Office) -> None:
    course = office.starts(citizen={"reference": "c", "name": "Karla Prøve", "protected": True})
    path = f"/v1/courses/{course}"
    hidden = {"kind": "observation", "text": "Kun for sagsbehandlere.", "audience": "caseworker_only"}
    office.sara.does(f"{path}/notes", **hidden)
    assert office.sara.http.put(f"{path}/observers/mille", json=MENTOR).is_success
    mille = office.speaks("mille", "observer", "caseworker", units=("nord",))
    dina = office.speaks("dina", "caseworker", units=("nord",))

    assert "Kun for sagsbehandlere" in told(office.anna, course)
    assert told(office.bo, course), "of the course he is told"
    assert "Observation" not in told(office.bo, course), "and not even that there is such a note"
    assert mille.get("/v1/since-last")["courses"] == []
    assert office.sara.get("/v1/since-last")["courses"] == [], "it is of those in which one holds a role"
    expect(office.speaks("mille", "observer").http.get("/v1/since-last"), 403, "not-permitted")
    whole = office.speaks("lise", "supervisor", units=("*",))
    entry = {"name": "Dina Prøve", "roles": ["caseworker"], "unit": "job"}
    assert whole.http.put("/v1/people/dina", json=entry).is_success
    to_dina = {"person": "dina", "reason": "Nye opgaver."}
    assert office.sara.http.put(f"{path}/parties/caseworker", json=to_dina).is_success

    assert told(office.anna, course) == ""
    assert "Dina Prøve" in told(office.bo, course)
    assert "Kun for sagsbehandlere" in told(dina, course)


def test_another_instant_may_be_named_at_most_eight_weeks_back(office: Office) -> None:
    course = office.starts()
    office.bo.does(f"/v1/courses/{course}/facts", facts={"goal_paid_hours": 14})
    now = datetime.now(UTC)

    before, after = ((now + timedelta(minutes=sign * 5)).isoformat() for sign in (-1, 1))
    assert [line["course"] for line in office.anna.get("/v1/since-last", since=before)["courses"]] == [course]
    assert office.anna.get("/v1/since-last", since=after)["courses"] == []
    assert office.anna.get("/v1/since-last", since=after)["quiet"] == 1
    long_ago = (now - timedelta(weeks=9)).isoformat()
    expect(office.anna.http.get("/v1/since-last", params={"since": long_ago}), 422, "not-in-range", "since")
