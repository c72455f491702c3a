"""Absences over HTTP: what goes to who covers, handing over before, and what a leader sees of them (P4, P5, P14)."""

from typing import Any

import pytest

from clients.caller import Caller
from tests.api.away import Office, day
from tests.api.pages.browser import logged_in
from tests.api.vocabulary import expect, inbox
from tests.journeys.vocabulary import complete_intake
from tools.town.town import Town

SENTENCE = "Karla ringer selv, hvis mødet ikke passer."


@pytest.fixture
def office(town: Town) -> Office:
    """A municipality of its own."""
    return Office(town)


def about(speaker: Caller, what: str) -> list[dict[str, Any]]:
    """Return what is in somebody's list about absences of one kind."""
    return [item for item in inbox(speaker) if item["about"] == what]


def test_what_waits_goes_to_who_covers_on_the_first_day_and_back_after_the_last(office: Office) -> None:
    course = office.starts()
    complete_intake(f"/v1/courses/{course}", office.anna, office.bo)
    mine = {"waiting_for_person": "carl"}
    assert inbox(office.carl) == []

    office.away("carl", since=day(0))

    items = office.until(lambda: [i for i in inbox(office.carl) if i["on_behalf_of"] == "anna"])
    assert {item["course"]["id"] for item in items} == {course}
    assert {item["kind"] for item in items} >= {"acknowledgement"}
    office.until(lambda: [line["id"] for line in office.carl.get("/v1/courses", **mine)["items"]] == [course])

    office.away("carl", since=day(-2), until=day(-1))

    assert [item for item in inbox(office.carl) if item["on_behalf_of"]] == []
    office.until(lambda: office.sara.get("/v1/courses", **mine)["items"] == [])
    assert "acknowledgement" in {item["kind"] for item in inbox(office.anna)}


def test_who_will_be_away_is_told_to_hand_over_and_one_act_hands_over_all_of_it(office: Office) -> None:
    course, _ = office.starts(), office.starts()
    path = f"/v1/people/anna/absences/{day(0)}/hand-over"
    office.away("carl")
    (item,) = office.until(lambda: about(office.anna, "hand_over"))
    assert item["course"] is None
    assert "2 of your 2 courses" in item["text"]
    before = office.anna.get(path.replace(day(0), day(1)))
    assert {line["course"] for line in before["courses"]} >= {course}
    line = next(line for line in before["courses"] if line["course"] == course)
    assert (line["cover"], line["standing"], line["words"]) == ("carl", "covered", [])
    assert "day 1" in line["stands"]
    assert line["falls_due"], "the first deadlines of a course that began today"

    office.away("carl", since=day(0))
    sent = office.anna.does(path, courses=[{"course": course, "text": SENTENCE}])

    assert sent["handed_over_at"] is not None
    office.until(lambda: office.anna.get(f"/v1/bulk-acts/{sent['acts'][-1]}")["done"] == 1)
    (note,) = (note for note in office.bo.get(f"/v1/courses/{course}")["notes"] if note["text"] == SENTENCE)
    assert (note["kind"], note["may_wait"]) == ("observation", True)
    office.looks()
    (told,) = office.until(lambda: about(office.carl, "handed_over"))
    assert told["text"].startswith("Anna Prøve is away")
    read = office.carl.get(path)
    assert sorted(line["words"] for line in read["courses"]) == [[], [SENTENCE]]
    assert about(office.anna, "hand_over") == []
    office.carl.does(f"/v1/inbox/{told['notice']}/seen")
    office.carl.does(f"/v1/inbox/{told['notice']}/seen")
    assert about(office.carl, "handed_over") == []


def test_the_same_hand_over_is_made_once(office: Office) -> None:
    course, key = office.starts(), {"Idempotency-Key": "ferie-1"}
    office.away("carl")
    path = f"/v1/people/anna/absences/{day(1)}/hand-over"
    body = {"courses": [{"course": course, "text": SENTENCE}]}

    first, again = (office.anna.http.post(path, json=body, headers=key) for _ in range(2))

    assert first.json()["acts"] == again.json()["acts"]
    office.until(lambda: office.anna.get(f"/v1/bulk-acts/{first.json()['acts'][-1]}")["done"] == 1)
    notes = [note["text"] for note in office.bo.get(f"/v1/courses/{course}")["notes"]]
    assert notes == [SENTENCE]


def test_each_sentence_reaches_who_covers_until_it_is_taken_back(office: Office) -> None:
    one, other = office.starts(), office.starts()
    office.away("carl", since=day(0))
    path = f"/v1/people/anna/absences/{day(0)}/hand-over"

    def read() -> dict[str, list[str]]:
        return {line["course"]: line["words"] for line in office.carl.get(path)["courses"] if line["words"]}

    office.anna.does(path, courses=[{"course": one, "text": SENTENCE}])
    office.anna.does(path, courses=[{"course": other, "text": "Mød op i god tid."}])
    sent = office.anna.does(path, courses=[{"course": one, "text": "Bo har nøglen."}])
    office.anna.does(path, courses=[])

    assert len(sent["acts"]) == 3
    assert read() == {one: [SENTENCE, "Bo har nøglen."], other: ["Mød op i god tid."]}

    office.until(lambda: all(office.anna.get(f"/v1/bulk-acts/{act}")["done"] == 1 for act in sent["acts"]))
    notes = office.anna.get(f"/v1/courses/{one}")["notes"]
    (wrong,) = (note["id"] for note in notes if note["text"] == SENTENCE)
    office.anna.does(f"/v1/courses/{one}/notes/{wrong}/retract", reason="Mødet er flyttet.")
    assert read() == {one: ["Bo har nøglen."], other: ["Mød op i god tid."]}

    twice = {"courses": [{"course": one, "text": SENTENCE}, {"course": one, "text": "Bo har nøglen."}]}
    expect(office.anna.http.post(path, json=twice), 422, "not-in-range", "courses.1.course")


def test_an_absence_without_cover_is_one_line_to_who_leads_until_somebody_covers(office: Office) -> None:
    course, _ = office.starts(), office.starts()
    office.away()
    (item,) = office.until(lambda: about(office.sara, "without_cover"))
    assert item["text"].startswith("Anna Prøve is away from")
    assert "without cover in 2 courses" in item["text"]

    browser = logged_in(office.town, "sara", "supervisor", municipality=office.municipality)
    with browser.http:
        page = browser.opens("/list")
        assert page.answer.status_code == 200
        assert "uden afløser i 2 forløb" in page.text, "the page of the list has lines of no course too"

    (away,) = office.sara.get("/v1/absences")["items"]
    assert (away["person_name"], away["from"], away["until"], away["courses"]) == ("Anna Prøve", day(1), day(30), 2)
    line = next(line for line in away["without_cover"] if line["course"] == course)
    assert line["standing"] == "uncovered"
    assert line["falls_due"]

    office.away("carl")
    office.until(lambda: about(office.sara, "without_cover") == [])
    (away,) = office.sara.get("/v1/absences")["items"]
    assert (away["courses"], away["without_cover"]) == (2, [])


def test_a_leader_enters_the_days_of_another_who_sees_and_changes_them(office: Office) -> None:
    office.starts()
    office.away(by=office.sara)
    path = "/v1/people/anna/absences"
    assert office.anna.get(path)["absences"] == [{"from": day(1), "until": day(30), "cover": []}]

    office.away("carl", by=office.anna, until=day(10))

    assert [away["until"] for away in office.sara.get("/v1/absences")["items"]] == [day(10)]
    reason = {"absences": [{"from": day(1), "reason": "Syg."}]}
    expect(office.sara.http.put(path, json=reason), 422, "field-unknown", "absences.0.reason")


def test_only_who_is_away_or_leads_hands_over_and_nobody_reads_what_does_not_exist_for_him(office: Office) -> None:
    course = office.starts()
    office.away("carl")
    path = f"/v1/people/anna/absences/{day(1)}/hand-over"
    body = {"courses": [{"course": course, "text": SENTENCE}]}
    stranger = office.speaks("sven", "caseworker", units=("nord",))
    elsewhere = office.speaks("siri", "supervisor", units=("nord",))

    for away in (path, f"/v1/people/anna/absences/{day(2)}/hand-over"):
        expect(stranger.http.get(away), 403, "elsewhere", "person")
        expect(elsewhere.http.get(away), 403, "elsewhere", "person")
        expect(elsewhere.http.post(away, json=body), 403, "not-governed", "person")
    assert office.carl.get(path)["courses"] == [], "not before the first day"
    assert elsewhere.get("/v1/absences")["items"] == []
    expect(stranger.http.post(path, json=body), 403, "not-governed", "person")
    expect(elsewhere.http.post(path, json=body), 403, "not-governed", "person")
    expect(office.anna.http.get(f"/v1/people/anna/absences/{day(2)}/hand-over"), 404, "absence-not-found")
    expect(office.speaks("bo", "company_consultant").http.get(path), 403, "elsewhere", "person")
    there = office.starts(unit="nord")
    assert [line["course"] for line in elsewhere.get(path)["courses"]] == [there], "she leads a course of Anna's now"
    assert elsewhere.get("/v1/people/anna/absences")["absences"] != []
    expect(elsewhere.http.post(path, json={"courses": []}), 403, "not-governed", "person")
    assert office.sara.does(path, **body)["handed_over_at"] is not None
    office.looks()
    notice = office.until(lambda: about(office.carl, "handed_over"))[0]["notice"]
    expect(office.bo.http.post(f"/v1/inbox/{notice}/seen"), 404, "notice-not-found")
