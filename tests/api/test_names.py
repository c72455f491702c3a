"""Wherever an answer names a person, a unit, a company or a step, what it is called stands beside it."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case
from tests.architecture.files import ROOT
from tests.journeys.vocabulary import both_acknowledge, complete_intake
from tools.town.town import Town

TOWN: Final = "0764"
DESCRIPTION: Final = json.loads((ROOT / "docs" / "openapi.json").read_text())
SCHEMAS: Final = DESCRIPTION["components"]["schemas"]

PERSON = re.compile(r"person|by|actor|reporter|holder|cover|addressee|on_behalf_of|.*_(by|person|holder)")
PERSONS = re.compile(r"persons|people|shown_to|told|covers|.*_(persons|people)")
UNIT = re.compile(r"(.*_)?unit")
COMPANY = re.compile(r"workplace|(.*_)?p_number")
STEP = re.compile(r"steps?|.*_steps?")
EXPLAINED = re.compile(r"Explained.*|.*InWords")
"""An explanation is the machine's own account, in both languages at once; the course names whom its ids are.

A book in words has no ids of people or things but words for them.
"""
ELSEWHERE: Final = {
    ("DeadlineRead", "unit"),
    ("SheetPage", "step"),
    ("StopDeclared", "by"),
    ("CitizenToTry", "step"),
}
"""A unit of time; what a company reads, which is the step's label; a fact of the rule set; what is sent as it is."""


def schemas_of_answers() -> Iterator[str]:
    """Yield every schema that any answer has, each once."""
    waiting = [
        name
        for item in DESCRIPTION["paths"].values()
        for operation in item.values()
        for status, response in operation["responses"].items()
        if status.startswith("2")
        for name in referred_to(response)
    ]
    known: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in known:
            known.add(name)
            yield name
            waiting += referred_to(SCHEMAS[name])


def referred_to(described: object) -> list[str]:
    """Return the schemas to which a part of the description refers."""
    return re.findall(r"#/components/schemas/(\w+)", json.dumps(described))


def is_text(described: dict[str, Any]) -> bool:
    """Say whether a property is a text itself, and neither an instant, an id of ours nor one of a list of words."""
    kinds = described.get("anyOf", [described])
    return any(kind.get("type") == "string" and "format" not in kind for kind in kinds)


def is_list_of_texts(described: dict[str, Any]) -> bool:
    kinds = described.get("anyOf", [described])
    return any(kind.get("type") == "array" and is_text(kind["items"]) for kind in kinds)


def unnamed() -> Iterator[tuple[str, str]]:
    """Yield each property that names somebody or something by an id alone."""
    for schema in schemas_of_answers():
        properties = SCHEMAS[schema].get("properties", {})
        for name, described in properties.items():
            if (schema, name) in ELSEWHERE or EXPLAINED.fullmatch(schema):
                continue
            if is_text(described) and not names_beside(name) & set(properties):
                yield schema, name
            if is_list_of_texts(described) and (PERSONS.fullmatch(name) or STEP.fullmatch(name)):
                yield schema, name


def names_beside(name: str) -> set[str]:
    """Return the properties of which one must stand beside a text of this name; itself where it names nothing."""
    if PERSON.fullmatch(name):
        return {f"{name}_name", *({"name"} if name == "person" else ())}
    if UNIT.fullmatch(name):
        return {f"{name}_name"}
    if COMPANY.fullmatch(name):
        return {"name", "company_name", "company"}
    if STEP.fullmatch(name):
        return {"label"}
    return {name}


def test_no_answer_names_anybody_or_anything_by_an_id_alone() -> None:
    assert list(unnamed()) == []


@pytest.fixture(scope="module")
def sara(town: Town) -> Caller:
    """A supervisor of a municipality that has no other tests, in which unit and persons are registered."""
    sara = town.speaks("sara", "supervisor", municipality=TOWN, units=("*",))
    assert sara.http.put("/v1/units/job", json={"name": "Jobcenter Nord"}).is_success
    for person, name in (("anna", "Anna Ravn"), ("bo", "Bo Birk")):
        body = {"name": name, "roles": ["caseworker", "company_consultant"], "unit": "job"}
        assert sara.http.put(f"/v1/people/{person}", json=body).is_success
    return sara


def test_persons_units_and_steps_are_named(town: Town, sara: Caller) -> None:
    course = sara.does("/v1/courses", **case(municipality=TOWN, caseworker={"person": "anna"}))["course"]
    anna = town.speaks("anna", "caseworker", municipality=TOWN, units=("*",))
    anna.does(f"/v1/courses/{course}/facts", facts={"search_together": True})
    anna.does(f"/v1/courses/{course}/notes", kind="barrier", text="Møder først klokken ti.")

    read = anna.get(f"/v1/courses/{course}")
    fact = next(fact for fact in read["facts"] if fact["fact"] == "search_together")
    (line,) = (line for line in anna.get("/v1/courses")["items"] if line["id"] == course)
    change = anna_s_change(sara, course)

    assert (read["unit_name"], line["unit_name"]) == ("Jobcenter Nord", "Jobcenter Nord")
    assert {fact["reporter_name"], read["notes"][0]["by_name"], change["actor_name"]} == {"Anna Ravn"}
    assert fact["step"] == line["steps"][0] == {"id": "intake", "label": "Intake"}
    assert {"id": "anna", "name": "Anna Ravn"} in read["waiting"][0]["persons"]
    journal = anna.get(f"/v1/courses/{course}/journal", limit=200)["items"]
    assert {entry["by"]: entry["by_name"] for entry in journal} == {
        "sara": None,
        "anna": "Anna Ravn",
        "@fodslag": "Fodslag",
    }


def anna_s_change(sara: Caller, course: str) -> dict[str, Any]:
    """Return what the feed tells of Anna's note."""
    (change,) = sara.get("/v1/changes", course=course, kind="note_added")["items"]
    return dict(change)


P_NUMBER: Final = "1000000001"
CALLED: Final = f"Nordgartneriet, P-number {P_NUMBER}"


def test_texts_call_persons_units_and_companies_by_name(town: Town, sara: Caller) -> None:
    company = {"cvr": "10000009", "name": "Nordgartneriet"}
    headers = {"If-None-Match": "*"}
    assert sara.http.put(f"/v1/companies/{P_NUMBER}", json=company, headers=headers).is_success
    started = case(municipality=TOWN, caseworker={"person": "anna"}, company_consultant={"person": "bo"})
    path = f"/v1/courses/{sara.does('/v1/courses', **started)['course']}"
    anna, bo = (
        town.speaks(person, role, municipality=TOWN, units=("*",))
        for person, role in (("anna", "caseworker"), ("bo", "company_consultant"))
    )
    complete_intake(path, anna, bo)
    both_acknowledge(path, anna, bo)
    bo.does(f"{path}/facts", facts={"company_p_number": P_NUMBER})
    bo.does(f"{path}/briefings")
    handed_over = {"unit": "job", "reason": "Anna holder ferie."}
    assert sara.http.put(f"{path}/parties/caseworker", json=handed_over).is_success

    fact = next(fact for fact in anna.get(path)["facts"] if fact["fact"] == "company_p_number")
    briefing = anna.http.get(f"{path}/briefing", headers={"Accept": "text/plain", "Accept-Language": "en"}).text
    journal = anna.http.get(f"{path}/journal", headers={"Accept": "application/json"}, params={"limit": 200}).json()
    texts = " ".join(entry["text"] for entry in journal["items"])

    assert fact["text"] == CALLED
    assert CALLED in briefing
    assert f"? {CALLED} (" in texts
    assert "Jobcenter Nord" in texts, "who has the role now is called by name"
    assert "Bo Birk" in texts
    assert "Anna Ravn" in texts
    assert not any(f" {name}." in texts for name in ("anna", "bo", "job"))
