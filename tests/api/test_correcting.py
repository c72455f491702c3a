"""What was wrong is put right over HTTP; what was of another citizen is gone, and told of to who protects data."""

from typing import Any
from uuid import uuid4

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect, inbox
from tests.journeys.vocabulary import both_acknowledge, complete_intake
from tools.town.town import Town

SECRET = "Noget om en helt anden borger."


@pytest.fixture
def anna(town: Town) -> Caller:
    return town.speaks("anna", "caseworker")


@pytest.fixture
def course(town: Town) -> str:
    return f"/v1/courses/{town.speaks('case-system', 'system').does('/v1/courses', **case())['course']}"


def fact(speaker: Caller, course: str, name: str) -> dict[str, Any]:
    result: dict[str, Any] = next(f for f in speaker.get(course)["facts"] if f["fact"] == name)
    return result


@pytest.mark.parametrize("act", ["retract", "supersede"])
def test_what_was_put_right_is_answered_the_same_when_it_is_sent_again(anna: Caller, course: str, act: str) -> None:
    anna.does(f"{course}/facts", facts={"goal_paid_hours": 3})
    path = f"{course}/facts/{fact(anna, course, 'goal_paid_hours')['id']}/{act}"
    body = {"reason": "Det var tolv.", **({"value": 12} if act == "supersede" else {})}

    first, again = anna.sends(path, f"right-{act}", **body), anna.sends(path, f"right-{act}", **body)

    assert first.is_success, first.text
    assert (again.status_code, again.json()) == (first.status_code, first.json())


def test_a_correction_leaves_the_inbox_of_who_acknowledges_it(town: Town, anna: Caller, course: str) -> None:
    bo = town.speaks("bo", "company_consultant")
    complete_intake(course, anna, bo)
    both_acknowledge(course, anna, bo)
    anna.does(f"{course}/facts/{fact(anna, course, 'goal_paid_hours')['id']}/supersede", value=7, reason="Syv.")
    note = anna.get(course)["notes"][0]
    anna.does(f"{course}/notes/{note['id']}/retract", reason="Passede ikke.")
    assert [corrections(reader, course) for reader in (anna, bo)] == [2, 2]
    anna.does(f"{course}/briefings", visit=2)

    briefing = anna.get(f"{course}/briefing")
    assert [(made["fact"], made["note"]) for made in briefing["corrections"]] == [
        ("goal_paid_hours", None),
        (None, note["id"]),
    ]
    assert note["text"] in briefing["corrections"][1]["text"]
    assert {(made["fact"], made["note"]) for made in anna.get(course)["visits"][0]["gate"]["corrections"]} == {
        ("goal_paid_hours", None),
        (None, note["id"]),
    }
    anna.does(f"{course}/acknowledgements", briefing=2, version=briefing["version"])

    assert [corrections(reader, course) for reader in (anna, bo)] == [0, 2]


def corrections(reader: Caller, course: str) -> int:
    """Return how many corrections of a course are in somebody's inbox."""
    return sum(line["about"] == "correction" and course.endswith(line["course"]["id"]) for line in inbox(reader))


def test_a_second_click_on_taking_back_is_answered_as_done(anna: Caller, course: str) -> None:
    anna.does(f"{course}/facts", facts={"goal_paid_hours": 3})
    anna.does(f"{course}/notes", kind="barrier", text="Møder først klokken ti.")
    for path in (
        f"{course}/facts/{fact(anna, course, 'goal_paid_hours')['id']}/retract",
        f"{course}/notes/{anna.get(course)['notes'][0]['id']}/retract",
    ):
        first = anna.does(path, reason="Skrevet to gange.")

        again = anna.does(path, reason="Skrevet to gange.")

        assert again == first
    expect(anna.sends(path.replace("notes", "facts"), reason="x", wrong_citizen=True), 404, "nothing-to-retract")


def test_a_second_click_on_steering_is_answered_as_done(anna: Caller, course: str) -> None:
    for path, body in (
        ("pause", {"reason": "Barsel."}),
        ("resume", {}),
        ("reopen", {"reason": "x"}),
        ("visits/1/reopen", {"reason": "x"}),
        ("observers/olga/remove", {"reason": "x"}),
        ("close", {"outcome": "ordinary_job", "reason": "Ansat."}),
    ):
        anna.does(f"{course}/{path}", **body)
        done = acts_of(anna, course)

        anna.does(f"{course}/{path}", **body)

        assert acts_of(anna, course) == done


def acts_of(anna: Caller, course: str) -> list[str]:
    """Return what Anna has done in the course, of all that happened."""
    lines = anna.get(f"{course}/journal", limit=200)["items"]
    return [line["kind"] for line in lines if line["by"] == "anna"]


def test_a_fact_is_superseded_by_the_right_one(anna: Caller, course: str) -> None:
    anna.does(f"{course}/facts", facts={"goal_paid_hours": 2}, occurred_on="2026-03-02")
    wrong = fact(anna, course, "goal_paid_hours")

    anna.does(f"{course}/facts/{wrong['id']}/supersede", value=12, reason="Det var tolv, ikke to.")

    right = fact(anna, course, "goal_paid_hours")
    assert (right["value"], right["occurred_on"]) == (12, "2026-03-02")
    journal = anna.get(f"{course}/journal", limit=200)["items"]
    retracted = next(entry for entry in journal if entry["kind"] == "fact_retracted")
    assert retracted["detail"]["superseded_by"] == right["id"]
    assert retracted["words"] == "Det var tolv, ikke to."


@pytest.mark.parametrize(
    ("body", "field"),
    [({"value": "twelve", "reason": "x"}, "value"), ({"value": 12}, "reason"), ({"reason": "x"}, "value")],
)
def test_a_correction_that_cannot_be_is_refused_by_field(
    anna: Caller, course: str, body: dict[str, Any], field: str
) -> None:
    anna.does(f"{course}/facts", facts={"goal_paid_hours": 2})

    refused = anna.sends(f"{course}/facts/{fact(anna, course, 'goal_paid_hours')['id']}/supersede", **body)

    assert refused.status_code == 422
    assert field in {error["field"] for error in refused.json()["errors"]}


P_NUMBER_LIKE_A_CPR_NUMBER = "1012003456"


def test_a_workplace_is_superseded_by_one_whose_number_looks_like_a_cpr_number(anna: Caller, course: str) -> None:
    anna.does(f"{course}/facts", facts={"trial_p_number": "1000000001"})
    wrong = fact(anna, course, "trial_p_number")

    anna.does(f"{course}/facts/{wrong['id']}/supersede", value=P_NUMBER_LIKE_A_CPR_NUMBER, reason="Den anden afdeling.")

    assert fact(anna, course, "trial_p_number")["value"] == P_NUMBER_LIKE_A_CPR_NUMBER


def test_no_correction_holds_a_cpr_number(anna: Caller, course: str) -> None:
    anna.does(f"{course}/facts", facts={"goal_paid_hours": 2})
    stated = fact(anna, course, "goal_paid_hours")["id"]

    anna.does(f"{course}/facts", facts={"trial_p_number": "1000000001"})
    workplace = fact(anna, course, "trial_p_number")["id"]
    no_p_number = anna.sends(f"{course}/facts/{workplace}/supersede", value="1812991234", reason="x")
    expect(no_p_number, 422, "fact-value", "value")
    for number in (stated, uuid4()):
        body = {"value": P_NUMBER_LIKE_A_CPR_NUMBER, "reason": "x"}
        refused = anna.sends(f"{course}/facts/{number}/supersede", **body)

        assert refused.status_code == 422
        assert ("cpr-not-allowed", "value") in {(e["code"], e["field"]) for e in refused.json()["errors"]}


def test_what_was_never_said_is_not_found(anna: Caller, course: str) -> None:
    refused = anna.sends(f"{course}/facts/{uuid4()}/supersede", value=1, reason="x")

    assert (refused.status_code, refused.json()["code"]) == (404, "nothing-to-retract")


def removals(town: Town, **query: Any) -> list[dict[str, Any]]:
    dorte = town.speaks("dorte", "data_protection")
    result, page = [], dorte.get("/v1/data-protection/removals", limit=50, **query)
    result += page["items"]
    while page["next"]:
        page = dorte.get("/v1/data-protection/removals", limit=50, cursor=page["next"])
        result += page["items"]
    return result


def test_a_note_of_another_citizen_is_gone_from_every_answer_and_is_erased_when_a_second_person_agrees(
    town: Town, anna: Caller, course: str
) -> None:
    anna.does(f"{course}/notes", kind="barrier", text=SECRET)
    note = anna.get(course)["notes"][0]["id"]
    removal = {"reason": "Hører til en anden sag.", "wrong_citizen": True}

    for _click in range(2):
        anna.does(f"{course}/notes/{note}/retract", **removal)

    for part in ("", "/journal?limit=200", "/briefing", "/explanation"):
        assert SECRET not in anna.http.get(f"{course}{part}").text
    (removed,) = [row for row in removals(town) if row["id"] == note]
    assert (removed["entry"], removed["name"], removed["removed_by"]) == ("note", "barrier", "anna")
    assert removed["reason"] == "Hører til en anden sag."
    assert (removed["content"], removed["agreed_by"]) == (SECRET, None)

    town.speaks("bo", "company_consultant").does(f"{course}/notes/{note}/retract", **removal)

    (removed,) = [row for row in removals(town) if row["id"] == note]
    assert (removed["content"], removed["agreed_by"]) == (None, "bo")


@pytest.mark.parametrize("wrong_citizen", [False, True])
def test_nobody_takes_back_a_note_that_he_may_not_read(
    town: Town, anna: Caller, course: str, *, wrong_citizen: bool
) -> None:
    anna.does(f"{course}/notes", kind="observation", text=SECRET, audience="caseworker_only")
    note = anna.get(course)["notes"][0]["id"]

    bo = town.speaks("bo", "company_consultant")
    refused = bo.sends(f"{course}/notes/{note}/retract", reason="x", wrong_citizen=wrong_citizen)

    expect(refused, 404, "nothing-to-retract")
    assert anna.get(course)["notes"][0]["text"] == SECRET


def test_a_fact_of_another_citizen_is_blank_in_the_journal(town: Town, anna: Caller, course: str) -> None:
    anna.does(f"{course}/facts", facts={"goal_paid_hours": 37})
    wrong = fact(anna, course, "goal_paid_hours")

    anna.does(f"{course}/facts/{wrong['id']}/retract", reason="Forkert borger.", wrong_citizen=True)

    journal = anna.get(f"{course}/journal", limit=200)["items"]
    stated = [f for e in journal if e["kind"] == "facts_reported" for f in e["detail"]["facts"]]
    assert [f["value"] for f in stated if f["id"] == wrong["id"]] == [""]
    assert "37" not in str([f["value"] for f in anna.get(course)["facts"]])
    assert [(row["name"], row["content"]) for row in removals(town) if row["id"] == wrong["id"]] == [
        ("goal_paid_hours", 37)
    ]


def test_an_ordinary_correction_removes_nothing(town: Town, anna: Caller, course: str) -> None:
    anna.does(f"{course}/notes", kind="barrier", text="En fejl.")
    note = anna.get(course)["notes"][0]["id"]

    anna.does(f"{course}/notes/{note}/retract", reason="Skrevet to gange.")

    assert "En fejl." in anna.http.get(f"{course}/journal?limit=200").text
    anna.does(f"{course}/notes/{note}/retract", reason="Skrevet to gange.")
    otherwise = anna.sends(f"{course}/notes/{note}/retract", reason="Skrevet to gange.", ground="no_longer_true")
    expect(otherwise, 404, "nothing-to-retract", "note")
    assert [row for row in removals(town) if row["id"] == note] == []
