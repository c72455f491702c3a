"""The citizen's name: changed with a reason, and when it is protected read by those who hold the course alone (P10)."""

from io import BytesIO
from itertools import count

import httpx
import pytest
from pypdf import PdfReader

from clients.caller import Caller
from tests.api.vocabulary import CPR, case, expect
from tests.journeys.vocabulary import complete_intake
from tools.town.town import Town

NAME = "Karla Ravn Prøve"
REASON = "Beskyttelse fra i dag"
_numbers = count(1)


@pytest.fixture(scope="session")
def dorte(town: Town) -> Caller:
    """Who answers for data protection."""
    return town.speaks("dorte", "data_protection")


def started(system: Caller, name: str = NAME, *, protected: bool = True) -> str:
    """Return a course of a citizen who is called so."""
    citizen = {"reference": f"protected-{next(_numbers)}", "name": name, "protected": protected}
    return str(system.does("/v1/courses", **case(citizen=citizen))["course"])


def described(speaker: Caller, course: str, **body: object) -> httpx.Response:
    """Say something else of the citizen."""
    return speaker.http.put(f"/v1/courses/{course}/citizen", json={"reason": REASON, **body})


def name_for(speaker: Caller, course: str) -> object:
    """Return the name that somebody reads."""
    return speaker.get(f"/v1/courses/{course}")["citizen"]["name"]


def test_a_protected_name_is_read_by_those_who_hold_the_course(
    system: Caller, anna: Caller, bo: Caller, sara: Caller, dorte: Caller
) -> None:
    course = started(system)

    assert [name_for(speaker, course) for speaker in (anna, bo, dorte)] == [NAME] * 3
    assert [name_for(speaker, course) for speaker in (system, sara)] == [None] * 2
    assert sara.get(f"/v1/courses/{course}")["citizen"]["protected"]


def test_whoever_covers_for_a_party_reads_the_name_too(town: Town, system: Caller, sara: Caller) -> None:
    carl = town.speaks("carl", "caseworker")
    person = {"roles": ["caseworker"], "unit": "job"}
    for name in ("annelise", "carl"):
        sara.http.put(f"/v1/people/{name}", json={"name": name.title(), **person})
    citizen = {"reference": f"protected-{next(_numbers)}", "name": NAME, "protected": True}
    course = system.does("/v1/courses", **case(citizen=citizen, caseworker={"person": "annelise"}))["course"]
    assert name_for(carl, course) is None

    away = {"absences": [{"from": "2026-01-01", "cover": [{"person": "carl"}]}]}
    assert sara.http.put("/v1/people/annelise/absences", json=away).is_success

    assert name_for(carl, course) == NAME


def test_a_protected_name_stands_in_no_list_no_inbox_no_feed_and_no_document(
    system: Caller, anna: Caller, bo: Caller, sara: Caller
) -> None:
    course = started(system, "Viggo Dam Eksempel")
    complete_intake(f"/v1/courses/{course}", anna, bo)
    pdf = anna.http.get(f"/v1/courses/{course}/briefing", headers={"Accept": "application/pdf"})
    assert pdf.is_success

    texts = [
        anna.http.get("/v1/courses", params={"party": "anna", "sort": "started_on", "limit": 200}).text,
        anna.http.get("/v1/inbox", params={"limit": 200}).text,
        sara.http.get("/v1/escalations").text,
        anna.http.get(f"/v1/courses/{course}/appointments.ics").text,
        system.http.get("/v1/changes", params={"course": course}).text,
        *(
            reader.http.get(f"/v1/courses/{course}/{document}", headers={"Accept": "text/plain"}).text
            for reader in (system, anna)
            for document in ("briefing", "journal")
        ),
    ]
    assert not any("Viggo" in text for text in texts)
    assert "Viggo" not in "".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages)
    assert anna.get(f"/v1/courses/{course}/briefing")["citizen_name"] == "Viggo Dam Eksempel", "she may read it"


def test_protection_begins_and_ends_with_a_reason(system: Caller, anna: Caller, sara: Caller) -> None:
    course = started(system, protected=False)
    assert name_for(sara, course) == NAME

    assert described(anna, course, protected=True).is_success
    assert name_for(sara, course) is None
    assert described(anna, course, protected=False, name="Karla Ravn Mønster").is_success

    assert name_for(sara, course) == "Karla Ravn Mønster"
    journal = anna.http.get(f"/v1/courses/{course}/journal", headers={"Accept": "text/plain"}).text
    assert journal.count(REASON) == 2


def test_saying_the_same_again_changes_nothing(system: Caller, anna: Caller) -> None:
    course = started(system)
    before = anna.get(f"/v1/courses/{course}/journal")["items"]

    assert described(anna, course, protected=True).is_success

    assert anna.get(f"/v1/courses/{course}/journal")["items"] == before


def test_starting_again_tells_that_the_protection_differs(system: Caller) -> None:
    request_body = case(citizen={"reference": f"protected-{next(_numbers)}", "name": NAME, "protected": True})
    system.does("/v1/courses", **request_body)

    again = system.does("/v1/courses", **{**request_body, "citizen": {**request_body["citizen"], "protected": False}})

    assert again["differs"] == ["citizen.protected"]


def test_starting_again_tells_nothing_of_a_protected_name(system: Caller) -> None:
    request_body = case(citizen={"reference": f"protected-{next(_numbers)}", "name": NAME, "protected": True})
    system.does("/v1/courses", **request_body)

    guessed = {**request_body["citizen"], "name": "Et Helt Andet"}

    assert system.does("/v1/courses", **{**request_body, "citizen": guessed})["differs"] == []


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "field-missing", "protected"),
        ({"protected": "yes"}, "wrong-type", "protected"),
        ({"protected": True, "name": CPR}, "cpr-not-allowed", "name"),
        ({"protected": True, "reason": " "}, "text-empty", "reason"),
    ],
)
def test_what_cannot_be_said_of_a_citizen_is_named(
    system: Caller, anna: Caller, body: dict[str, object], code: str, field: str
) -> None:
    expect(described(anna, started(system), **body), 422, code, field)


def test_a_company_consultant_does_not_describe_the_citizen(system: Caller, bo: Caller) -> None:
    expect(described(bo, started(system), protected=False), 403, "not-permitted")
