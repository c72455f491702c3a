"""Who is asked answers on whom he waits, and everybody who reads the course reads it (P5)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.caller import Caller
from domain.calendar import danish_day
from tests.api.vocabulary import case, expect, inbox

TODAY = danish_day(datetime.now(UTC))
ANSWER = {"waiting_on": "company", "until": (TODAY + timedelta(days=4)).isoformat(), "note": "De ringer fredag."}


@pytest.fixture
def course(system: Caller, anna: Caller) -> str:
    """The path of a course in which both are asked to acknowledge."""
    path = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    anna.does(f"{path}/briefings")
    return path


def asked(course: str, reader: Caller) -> dict[str, Any]:
    """Return the receipt that Bo is asked for."""
    waits = reader.get(course)["waiting"]
    return next(w for w in waits if w["kind"] == "acknowledgement" and [p["id"] for p in w["persons"]] == ["bo"])


def test_who_is_asked_answers_on_whom_he_waits_and_all_read_it(course: str, anna: Caller, bo: Caller) -> None:
    key = asked(course, bo)["key"]

    bo.does(f"{course}/waits/{key}/answer", **ANSWER)

    answer = asked(course, anna)["answer"]
    assert (answer["waiting_on"], answer["by"], answer["note"]) == ("company", "bo", ANSWER["note"])
    items = [i for i in inbox(bo) if course.endswith(i["course"]["id"])]
    (item,) = [i for i in items if i["kind"] == "acknowledgement"]
    assert (item["waiting_on"], item["answered_until"]) == ("company", answer["until"])
    lines = [line for line in anna.get(f"{course}/journal", limit=200)["items"] if line["kind"] == "wait_answered"]
    assert [line["words"] for line in lines] == [ANSWER["note"]]
    assert "waits on the company until" in lines[0]["text"]
    (explained,) = anna.get(f"{course}/explanation")["answers"]
    assert (explained["kind"], explained["visit"], explained["roles"]) == ("acknowledgement", 1, ["company_consultant"])
    assert {name: explained[name] for name in ("waiting_on", "until", "by", "at")} == {
        name: answer[name] for name in ("waiting_on", "until", "by", "at")
    }


def test_what_cannot_be_answered_is_refused_by_its_reason(course: str, bo: Caller) -> None:
    path = f"{course}/waits/{asked(course, bo)['key']}/answer"

    expect(bo.sends(f"{course}/waits/1/nothing/answer", **ANSWER), 404, "wait-unknown", "key")
    expect(bo.sends(path, **{**ANSWER, "until": TODAY.isoformat()}), 422, "wait-period", "until")
    for on in ("company", "citizen"):
        bo.does(path, **{**ANSWER, "waiting_on": on})
    expect(bo.sends(path, **ANSWER), 409, "answered-too-often", "key")


def test_the_same_words_sent_again_change_nothing_and_other_words_are_kept(
    course: str, anna: Caller, bo: Caller
) -> None:
    path = f"{course}/waits/{asked(course, bo)['key']}/answer"
    bo.does(path, **ANSWER)
    revision = anna.get(course)["revision"]

    bo.does(path, **ANSWER)
    assert anna.get(course)["revision"] == revision

    bo.does(path, **{**ANSWER, "note": "De ringer fredag eller mandag."})
    assert asked(course, anna)["answer"]["note"] == "De ringer fredag eller mandag."
