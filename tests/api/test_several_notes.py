"""What was talked about at a visit, sent in one command: each note with its own id, and problems named by index."""

import json
from typing import Any

import pytest

from api.courses.commands.notes import MOST_NOTES
from clients.caller import Caller
from tests.api.vocabulary import HOURS, case, expect

VISIT: list[dict[str, Any]] = [
    {"kind": "resource", "text": "God med dyr."},
    {"kind": "resource", "text": "Møder til tiden."},
    {"kind": "resource", "text": "Vant til at løfte."},
    {"kind": "barrier", "text": "Kan ikke stå på stige."},
    {"kind": "agreement", "text": "Begynder klokken ni."},
]


@pytest.fixture
def course(system: Caller) -> str:
    """A course just started."""
    return f"/v1/courses/{system.does('/v1/courses', **case())['course']}"


def test_several_notes_are_one_revision_each_with_its_id_and_a_repeat_says_the_same(bo: Caller, course: str) -> None:
    first, again = (bo.sends(f"{course}/notes", "visit-1", notes=VISIT) for _ in range(2))

    done = first.json()
    assert (again.status_code, again.json()) == (first.status_code, done)
    assert done["revision"] == 2
    read = {note["id"]: (note["kind"], note["text"], note["visit"]) for note in bo.get(course)["notes"]}
    assert [read[note["id"]] for note in done["notes"]] == [(note["kind"], note["text"], 1) for note in VISIT]
    assert [(note["kind"], note["visit"]) for note in done["notes"]] == [(note["kind"], 1) for note in VISIT]


def test_the_other_role_has_one_line_of_them(anna: Caller, bo: Caller, course: str) -> None:
    bo.does(f"{course}/briefings")
    bo.does(f"{course}/notes", notes=VISIT, acknowledge=1)

    briefing = anna.get(f"{course}/briefing")
    assert (briefing["version"], briefing["missing"], len(briefing["notes"])) == (2, ["caseworker"], 5)


def test_facts_and_notes_come_in_one_command(anna: Caller, course: str) -> None:
    done = anna.does(f"{course}/facts", **HOURS, notes=VISIT[:2])

    read = anna.get(course)
    assert (read["revision"], done["applied_revision"]) == (2, 2)
    assert [note["id"] for note in done["notes"]] == [note["id"] for note in read["notes"]]
    assert anna.does(f"{course}/facts", facts={"search_together": True})["notes"] == []


@pytest.mark.parametrize(
    ("notes", "code", "field"),
    [
        ([VISIT[0], {"kind": "resource"}], "request-invalid", "notes.1.text"),
        ([VISIT[0], VISIT[1], {"kind": "resource", "text": " "}], "request-invalid", "notes.2.text"),
        ([{**VISIT[0], "acknowledge": 1}], "request-invalid", "notes.0.acknowledge"),
        ([VISIT[0], {"kind": "barrier", "text": "Spørg 010190-1234"}], "cpr-not-allowed", "notes.1.text"),
        ([VISIT[0], {"kind": "gossip", "text": "x"}], "note-kind-unknown", "notes.1.kind"),
        ([VISIT[0], {"kind": "question", "text": "Hvornår?"}], "field-missing", "notes.1.to"),
        ([VISIT[0], {**VISIT[3], "may_wait": True}], "note-cannot-wait", "notes.1.may_wait"),
        ([], "request-invalid", "notes"),
        ([VISIT[0]] * 21, "request-invalid", "notes"),
        ({}, "request-invalid", "notes"),
    ],
)
@pytest.mark.parametrize("route", ["notes", "facts"])
def test_what_is_wrong_with_a_note_is_named_by_its_index_and_nothing_is_taken(
    anna: Caller, course: str, route: str, notes: Any, code: str, field: str
) -> None:
    if (route, notes) == ("facts", []):
        return
    sent = {"notes": notes, **(HOURS if route == "facts" else {})}

    answer = anna.sends(f"{course}/{route}", **sent).json()

    assert (answer["code"], [wrong["field"] for wrong in answer["errors"]]) == (code, [field])
    assert anna.get(course)["revision"] == 1


def test_what_is_wrong_with_a_note_alone_is_named_without_index(anna: Caller, course: str) -> None:
    for note, code, field in (
        ({"kind": "resource"}, "request-invalid", "text"),
        ({**VISIT[3], "may_wait": True}, "note-cannot-wait", "may_wait"),
        ({**VISIT[3], "visit": 9}, "visit-unknown", "visit"),
    ):
        answer = anna.sends(f"{course}/notes", **note).json()
        assert (answer["code"], [wrong["field"] for wrong in answer["errors"]]) == (code, [field])


def test_as_much_as_the_description_allows_is_taken(anna: Caller, course: str) -> None:
    note = {"kind": "resource", "text": "æ" * 4000}

    body = json.dumps({"notes": [note] * MOST_NOTES})
    answer = anna.http.post(f"{course}/notes/preview", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 200, answer.text[:300]


def test_a_body_that_is_neither_is_refused(anna: Caller, course: str) -> None:
    bodies: list[Any] = [[], "notes", 3, {}]
    for body in bodies:
        expect(anna.http.post(f"{course}/notes", json=body), 422, "request-invalid")
    expect(anna.http.post(f"{course}/notes"), 400, "body-not-json")


def test_a_system_reports_facts_but_no_notes_beside_them(system: Caller, course: str) -> None:
    expect(system.sends(f"{course}/facts", **HOURS, notes=VISIT), 403, "not-permitted")
