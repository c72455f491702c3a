"""One click, one request: a command's answer has the course as it stands after it, for who prefers that (RFC 7240)."""

import json

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case
from tests.architecture.files import ROOT
from tools.town.town import Town

PREFER = {"Prefer": "return=representation"}
DESCRIBED = json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"]


@pytest.fixture
def course(system: Caller) -> str:
    """The path of a course that begins."""
    return f"/v1/courses/{system.does('/v1/courses', **case())['course']}"


@pytest.mark.parametrize("header", ["return=representation", "respond-async, Return=representation; foo=1"])
def test_who_prefers_it_is_answered_the_course(anna: Caller, course: str, header: str) -> None:
    note = {"kind": "barrier", "text": "Møder først klokken ti."}

    answer = anna.http.post(f"{course}/notes", json=note, headers={"Prefer": header})

    assert answer.is_success, answer.text
    assert answer.headers["preference-applied"] == "return=representation"
    read = anna.http.get(course)
    assert answer.json()["state"] == read.json()
    assert read.headers["etag"].startswith(answer.headers["etag"].rstrip(chr(34)))
    assert answer.json()["state"]["notes"][0]["text"] == "Møder først klokken ti."


def test_without_it_the_answer_is_short(anna: Caller, course: str) -> None:
    answer = anna.http.post(f"{course}/briefings", json={}, headers={"Prefer": "return=minimal"})

    assert set(answer.json()) == {"course", "revision", "applied_revision"}
    assert "preference-applied" not in answer.headers


def test_a_start_answers_the_course_and_where_it_is(system: Caller) -> None:
    answer = system.http.post("/v1/courses", json=case(), headers=PREFER)

    assert answer.status_code == 201
    assert answer.json()["state"] == system.get(answer.headers["location"])


def test_a_refusal_and_a_dry_run_are_answered_as_ever(system: Caller, anna: Caller, course: str) -> None:
    refused = anna.http.post(f"{course}/acknowledgements", json={"briefing": 1, "version": 9}, headers=PREFER)
    planned = system.http.post("/v1/courses", params={"dry_run": True}, json=case(), headers=PREFER)

    assert refused.json()["code"] == "briefing-missing"
    assert planned.json()["dry_run"]
    assert {"preference-applied"}.isdisjoint({*refused.headers, *planned.headers})


def test_who_hands_the_course_out_of_sight_is_answered_as_ever(town: Town, course: str) -> None:
    bo = town.speaks("bo", "company_consultant", units=("elsewhere",))
    handed = {"person": "berit", "reason": "Flytter til en anden opgave."}

    answer = bo.http.put(f"{course}/parties/company_consultant", json=handed, headers=PREFER)

    assert answer.is_success, answer.text
    assert bo.http.get(course).status_code == 404
    assert set(answer.json()) == {"course", "revision", "applied_revision"}


def test_every_command_of_a_course_takes_the_preference() -> None:
    """A preview is no command, and that the journal was copied none of the course: neither changes it."""
    commands = {
        f"{method} {path}": {parameter["name"] for parameter in operation["parameters"]}
        for path, item in DESCRIBED.items()
        for method, operation in item.items()
        if path.startswith("/v1/courses")
        and not path.endswith(("/preview", "/journal/copied"))
        and method in {"post", "put"}
    }

    assert [command for command, parameters in commands.items() if "Prefer" not in parameters] == []
