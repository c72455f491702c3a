"""Save and acknowledge: one act, by the digest of what was shown would follow; nothing is lost (P1, P3, P7, P13)."""

from typing import Any

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect
from tests.journeys.vocabulary import complete_intake

NEED: dict[str, Any] = {"kind": "barrier", "text": "Må ikke arbejde alene på en stige."}
GOAL: dict[str, Any] = {"facts": {"goal_paid_hours": 20}, "notes": [NEED]}


@pytest.fixture
def course(system: Caller, anna: Caller, bo: Caller) -> str:
    """The path of a course with a version that nobody has acknowledged."""
    path = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    complete_intake(path, anna, bo)
    return path


def test_a_report_is_saved_and_acknowledged_as_it_was_shown(anna: Caller, bo: Caller, course: str) -> None:
    before = bo.get(course)["revision"]
    shown = bo.does(f"{course}/facts/preview", **GOAL)
    assert bo.get(course)["revision"] == before, "nothing is recorded or issued by looking"
    (briefing,) = shown["briefings"]
    assert [note["text"] for note in briefing["notes"] if note["kind"] == "barrier"][-1] == NEED["text"]
    assert (briefing["issued"], briefing["version"]) == (False, None)

    done = bo.sends(f"{course}/facts", **GOAL, acknowledge=shown["acknowledge"])
    again = bo.sends(f"{course}/facts", **GOAL, acknowledge=shown["acknowledge"])

    assert (done.status_code, again.json()) == (200, done.json())
    after = anna.get(f"{course}/briefing")
    assert (after["version"], after["missing"]) == (2, ["caseworker"])
    assert [note["text"] for note in anna.get(course)["notes"]].count(NEED["text"]) == 1, "a double click is once"


def test_the_repeat_is_answered_the_same_although_the_course_has_gone_on(anna: Caller, bo: Caller, course: str) -> None:
    acknowledge = bo.does(f"{course}/notes/preview", **NEED)["acknowledge"]
    done = bo.sends(f"{course}/notes", **NEED, acknowledge=acknowledge)
    anna.does(f"{course}/acknowledgements", briefing=1, version=2)
    assert anna.get(f"{course}/briefing")["briefing"] == 2

    again = bo.sends(f"{course}/notes", **NEED, acknowledge=acknowledge)

    assert (again.status_code, again.json()["notes"]) == (200, done.json()["notes"])
    assert [note["text"] for note in anna.get(course)["notes"]].count(NEED["text"]) == 1


def test_another_change_in_between_is_told_by_its_words_and_the_report_is_kept(
    anna: Caller, bo: Caller, course: str
) -> None:
    acknowledge = bo.does(f"{course}/notes/preview", **NEED)["acknowledge"]
    anna.does(f"{course}/notes", kind="resource", text="Taler tysk.")

    answer = bo.sends(f"{course}/notes", **NEED, acknowledge=acknowledge)

    problem = expect(answer, 409, "reported-not-acknowledged")
    assert [line for line in problem["changes"] if "Taler tysk." in line] == problem["changes"] != []
    assert expect(bo.sends(f"{course}/notes", **NEED, acknowledge=acknowledge), 409, problem["code"]) is not None
    notes = [note["text"] for note in anna.get(course)["notes"]]
    assert (notes.count(NEED["text"]), anna.get(f"{course}/briefing")["missing"]) == (
        1,
        ["caseworker", "company_consultant"],
    )


def test_what_is_different_from_what_was_read_is_told_with_the_refusal(anna: Caller, bo: Caller, course: str) -> None:
    read = bo.get(f"{course}/briefing")
    anna.does(f"{course}/notes", kind="resource", text="Taler tysk.")

    for named in ({"version": read["version"]}, {"digest": read["digest"]}):
        problem = expect(bo.sends(f"{course}/acknowledgements", briefing=1, **named), 409, "version-outdated")
        assert ["Taler tysk." in line for line in problem["changes"]] == [True]


def test_what_was_read_before_it_was_issued_is_compared_too(system: Caller, anna: Caller, bo: Caller) -> None:
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    read = bo.get(f"{course}/briefing")
    anna.does(f"{course}/notes", kind="resource", text="Taler tysk.")
    anna.does(f"{course}/briefings")

    answer = bo.sends(f"{course}/acknowledgements", briefing=1, digest=read["digest"])

    problem = expect(answer, 409, "version-outdated", "digest")
    assert ["Taler tysk." in line for line in problem["changes"]] == [True]


@pytest.mark.parametrize("wrong", [0, True, "x", 1.5, "F" * 64])
def test_what_was_read_is_a_number_or_a_digest(bo: Caller, course: str, wrong: object) -> None:
    expect(bo.sends(f"{course}/notes", **NEED, acknowledge=wrong), 422, "wrong-type", "acknowledge")


def test_what_is_refused_is_refused_in_the_preview(bo: Caller, course: str) -> None:
    unknown = {**NEED, "kind": "wonder"}

    expect(bo.sends(f"{course}/notes/preview", **unknown), 422, "note-kind-unknown", "kind")
    expect(bo.sends(f"{course}/notes/preview", **NEED, may_wait=True), 422, "note-cannot-wait", "may_wait")
    expect(bo.sends(f"{course}/facts/preview", facts={"wonder": 1}), 422, "fact-unknown", "facts.wonder")
