"""The same facts to several courses: reported once, decided by each course for itself, and harmless when repeated."""

import pytest

from clients.caller import Caller
from tests.api.vocabulary import HOURS, case, expect, goals, results
from tools.town.town import Town

NOBODY = "00000000-0000-5000-8000-000000000000"


@pytest.fixture
def courses(system: Caller) -> list[str]:
    """Two courses just started."""
    return [str(system.does("/v1/courses", **case())["course"]) for _ in range(2)]


def test_one_visit_is_reported_once_for_several_citizens(anna: Caller, courses: list[str]) -> None:
    note = {"kind": "opportunity", "text": "Planteskolen mangler hænder."}

    reply = anna.does("/v1/facts", courses=[*courses, courses[0]], **HOURS, note=note)

    assert [result["course"] for result in reply["results"]] == courses
    assert results(reply) == dict.fromkeys(courses, 3)
    for course in courses:
        assert goals(anna, course) == [12]
        (stored_note,) = anna.get(f"/v1/courses/{course}")["notes"]
        assert (stored_note["kind"], stored_note["text"]) == ("opportunity", "Planteskolen mangler hænder.")


def test_what_one_course_refuses_the_others_take(anna: Caller, town: Town, courses: list[str]) -> None:
    youth = town.speaks("case-system", "system", units=("youth",))
    elsewhere = youth.does("/v1/courses", **case(unit="youth", caseworker={"unit": "youth"}))["course"]
    named = [elsewhere, courses[0], NOBODY, courses[1]]

    reply = anna.does("/v1/facts", courses=named, **HOURS)

    assert results(reply) == {elsewhere: "course-not-found", courses[0]: 2, NOBODY: "course-not-found", courses[1]: 2}
    assert [result["course"] for result in reply["results"]] == named
    assert reply["results"][2]["problem"]["status"] == 404


def test_every_course_judges_the_facts_by_its_own_rules(anna: Caller, courses: list[str]) -> None:
    reply = anna.does("/v1/facts", courses=courses, facts={"goal_paid_hours": "many"})

    for result in reply["results"]:
        assert result["applied_revision"] is None
        assert result["problem"]["code"] == "fact-value"
        assert result["problem"]["errors"][0]["field"] == "facts.goal_paid_hours"


def test_a_repeat_does_nothing_twice_and_reaches_who_was_missing(anna: Caller, courses: list[str]) -> None:
    first, second = courses
    only = anna.sends("/v1/facts", "visit", courses=[first], **HOURS).json()

    both = anna.sends("/v1/facts", "visit", courses=courses, **HOURS).json()
    noted = anna.sends("/v1/facts", "visit", courses=courses, **HOURS, note={"kind": "resource", "text": "Dyr."}).json()
    again = anna.sends("/v1/facts", "visit", courses=courses, **HOURS, note={"kind": "resource", "text": "Dyr."}).json()

    assert results(only) == {first: 2}
    assert results(both) == {first: 2, second: 2}
    assert results(noted) == results(again) == {first: 3, second: 3}
    for course in courses:
        assert goals(anna, course) == [12]
        assert len(anna.get(f"/v1/courses/{course}")["notes"]) == 1


def test_the_same_key_with_other_facts_is_refused_by_each_course(anna: Caller, courses: list[str]) -> None:
    anna.sends("/v1/facts", "reused", courses=courses[:1], **HOURS)

    reply = anna.sends("/v1/facts", "reused", courses=courses, facts={"goal_paid_hours": 13}).json()

    assert results(reply) == {courses[0]: "idempotency-key-reused", courses[1]: 2}


def test_an_event_told_to_one_course_and_to_several_is_once(system: Caller, courses: list[str]) -> None:
    event = {"facts": {"first_interview_on": "2026-03-02"}, "source": "fag", "source_event_id": "several-1"}
    alone = system.does(f"/v1/courses/{courses[0]}/facts", **event)

    reply = system.does("/v1/facts", courses=courses, **event)
    again = system.does("/v1/facts", courses=courses, **event)

    assert results(reply) == results(again) == {courses[0]: alone["applied_revision"], courses[1]: 2}


def test_a_note_that_is_refused_leaves_the_facts_taken(anna: Caller, courses: list[str]) -> None:
    secret = {"kind": "agreement", "text": "x", "audience": "caseworker_only", "changes_the_agreement": True}

    reply = anna.does("/v1/facts", courses=courses, **HOURS, note=secret)

    for result in reply["results"]:
        assert result["applied_revision"] == 2
        assert result["problem"]["code"] == "material-note-hidden"


def test_a_kind_of_note_that_nobody_knows_keeps_the_facts_back_too(anna: Caller, courses: list[str]) -> None:
    reply = anna.does("/v1/facts", courses=courses, **HOURS, note={"kind": "gossip", "text": "x"})

    assert set(results(reply).values()) == {"note-kind-unknown"}
    assert reply["results"][0]["problem"]["errors"][0]["field"] == "note.kind"
    assert goals(anna, courses[0]) == []


def test_a_system_reports_facts_to_several_courses_but_no_notes(system: Caller, courses: list[str]) -> None:
    facts = {"first_interview_on": "2026-03-02"}
    noted = system.sends("/v1/facts", courses=courses, facts=facts, note={"kind": "resource", "text": "x"})

    expect(noted, 403, "not-permitted")
    assert all(system.get(f"/v1/courses/{course}")["revision"] == 1 for course in courses)


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ([], "text-empty", "courses"),
        ([NOBODY] * 51, "list-too-long", "courses"),
        (["x"], "wrong-type", "courses.0"),
    ],
)
def test_a_list_of_courses_that_cannot_be_is_named(anna: Caller, wrong: list[str], code: str, field: str) -> None:
    expect(anna.sends("/v1/facts", courses=wrong, **HOURS), 422, code, field)


def test_a_cpr_number_in_a_note_for_several_is_refused(anna: Caller, courses: list[str]) -> None:
    answer = anna.sends("/v1/facts", courses=courses, **HOURS, note={"kind": "resource", "text": "Spørg 010190-1234"})

    expect(answer, 422, "cpr-not-allowed", "note.text")
