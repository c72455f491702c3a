"""Who holds a role and is unknown to the directory is shown as what keeps a wait, and the unit is reminded (P5, P6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.caller import Caller
from domain.calendar import danish_day
from tests.api.vocabulary import case, inbox
from tests.municipalities import fresh_municipality
from tools.town.silence import falls_silent
from tools.town.town import Town

MUNICIPALITY = fresh_municipality()
NOBODY_KNOWS = "Not in the directory: ana. Give the role to somebody else, or ask your supervisor to add who is missing"
LONG_AGO = danish_day(datetime.now(UTC) - timedelta(days=60)).isoformat()


@pytest.fixture
def sara(town: Town) -> Caller:
    """A supervisor in a municipality of its own, whose directory knows Anna and Bo."""
    supervisor = town.speaks("sara", "supervisor", municipality=MUNICIPALITY, units=("*",))
    for person, role in (("anna", "caseworker"), ("bo", "company_consultant")):
        entry = {"name": person.title(), "roles": [role], "unit": "job"}
        answer = supervisor.http.put(f"/v1/people/{person}", json=entry)
        assert answer.is_success, answer.text
    return supervisor


def starts_silently(town: Town, sara: Caller, **parties: dict[str, str]) -> str:
    """Let a course begin long ago and stay silent until its supervisors are told."""
    course: str = starts(sara, **parties)["course"]
    falls_silent(town, sara, course)
    return course


def starts(sara: Caller, **parties: dict[str, str]) -> dict[str, Any]:
    """Let a course begin long ago."""
    return sara.does("/v1/courses", **case(municipality=MUNICIPALITY, started_on=LONG_AGO, **parties))


def unknown(shown: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return who is not in the directory, and who is there without the role."""
    return shown["not_in_directory"], shown["without_role"]


def test_who_is_unknown_is_named_when_a_course_is_started(sara: Caller) -> None:
    mistyped = case(municipality=MUNICIPALITY, caseworker={"person": "ana"}, company_consultant={"unit": "job"})

    dry = sara.does("/v1/courses?dry_run=true", **mistyped)
    first, again = (sara.does("/v1/courses", **mistyped) for _ in range(2))

    assert [found["not_in_directory"] for found in (dry, first, again)] == [["caseworker.person"]] * 3


def test_who_is_unknown_is_the_cause_in_course_list_and_escalations_and_the_unit_is_reminded(
    town: Town, sara: Caller
) -> None:
    known = starts_silently(town, sara)
    mistyped = starts_silently(town, sara, caseworker={"person": "ana"})

    waits = sara.get(f"/v1/courses/{mistyped}")["waiting"]
    escalations = {item["course"]["id"]: item for item in sara.get("/v1/escalations", limit=200)["items"]}
    lines = {line["id"]: line for line in sara.get("/v1/courses", limit=200)["items"]}

    of_ana = [wait for wait in waits if "ana" in [person["id"] for person in wait["persons"]]]
    assert of_ana
    assert [unknown(wait) for wait in of_ana] == [(["ana"], [])] * len(of_ana)
    assert all(unknown(wait) == ([], []) for wait in waits if wait not in of_ana)
    assert all(NOBODY_KNOWS in wait["text"] for wait in of_ana)
    assert not any("directory: ana" in wait["text"] for wait in waits if wait not in of_ana)
    assert NOBODY_KNOWS in escalations[mistyped]["text"]
    for shown in (escalations, lines):
        assert [unknown(shown[course]) for course in (mistyped, known)] == [(["ana"], []), ([], [])]
    carl = town.speaks("carl", "caseworker", municipality=MUNICIPALITY, units=("job",))
    reminded = {line["course"]["id"]: line["text"] for line in inbox(carl) if line["kind"] == "requirement"}
    assert NOBODY_KNOWS in reminded[mistyped]
    assert known not in reminded
    for path in ("/v1/courses", "/v1/escalations", "/v1/inbox"):
        counts = sara.get(path, counts="cause")["counts"]
        assert "not_in_directory" in {count["cause"] for count in counts["by_cause"]}, path


def test_who_no_longer_has_the_role_is_found_by_it(sara: Caller) -> None:
    sara.http.put("/v1/people/dora", json={"name": "Dora", "roles": ["caseworker"], "unit": "job"})
    course = starts(sara, caseworker={"person": "dora"})["course"]
    assert course not in found(sara)

    sara.http.put("/v1/people/dora", json={"name": "Dora", "roles": ["observer"], "unit": "job"})

    assert unknown(found(sara)[course]) == ([], ["dora"])
    assert {"cause": "without_role", "count": 1} in sara.get("/v1/courses", counts="cause")["counts"]["by_cause"]
    said = [wait["text"] for wait in sara.get(f"/v1/courses/{course}")["waiting"] if wait["without_role"]]
    assert said
    assert all("Without the role in the directory: Dora (caseworker). " in text for text in said)


def found(sara: Caller) -> dict[str, Any]:
    """Return the courses that wait for somebody unknown."""
    items = sara.get("/v1/courses", limit=200, waiting_for_unknown=True)["items"]
    return {line["id"]: line for line in items}
