"""Units: who is registered by name, who is only named, and how much lies in their queues."""

from collections.abc import Iterator
from itertools import count

import pytest

from clients.caller import Caller
from tests.api.vocabulary import CPR, case, expect, inbox
from tests.municipalities import fresh_municipality
from tools.town.town import Town

_numbers = count(1)
HERE = fresh_municipality()


@pytest.fixture(scope="session")
def sara(town: Town) -> Caller:
    """A supervisor of the whole of a municipality that has no other tests."""
    return town.speaks("sara", "supervisor", municipality=HERE, units=("*",))


@pytest.fixture
def unit() -> str:
    """A unit that nothing names."""
    return f"unit-{next(_numbers)}"


def test_a_unit_is_registered_and_renamed(sara: Caller, unit: str) -> None:
    expect(sara.http.get(f"/v1/units/{unit}"), 404, "unit-not-found")
    sara.http.put(f"/v1/units/{unit}", json={"name": "Jobcenter Syd"})
    written = sara.http.put(f"/v1/units/{unit}", json={"name": "Jobcenter Nord", "email": "nord@kommune.example"})

    assert written.is_success, written.text
    read = sara.get(f"/v1/units/{unit}")
    assert read == written.json()
    assert {name: read[name] for name in ("id", "name", "email", "registered", "people", "courses", "queued")} == {
        "id": unit,
        "name": "Jobcenter Nord",
        "email": "nord@kommune.example",
        "registered": True,
        "people": 0,
        "courses": 0,
        "queued": 0,
    }


def test_what_a_course_or_a_person_names_is_listed_though_nobody_registered_it(sara: Caller, unit: str) -> None:
    queue, office = f"{unit}-queue", f"{unit}-office"
    started = case(municipality=HERE, unit=unit, company_consultant={"unit": queue})
    course = sara.does("/v1/courses", **started)["course"]
    sara.http.put("/v1/people/bodil", json={"name": "Bodil", "roles": ["company_consultant"], "unit": office})

    units_by_id = {read["id"]: read for read in everything(sara)}
    counted = {
        name: (units_by_id[name]["people"], units_by_id[name]["courses"], units_by_id[name]["queued"])
        for name in units_by_id
    }
    assert {name: counted[name] for name in (unit, queue, office)} == {
        unit: (0, 1, 0),
        queue: (0, 0, 1),
        office: (1, 0, 0),
    }
    assert not units_by_id[unit]["registered"]
    assert units_by_id[unit]["name"] is None
    waiting = sara.get("/v1/courses", waiting_for_unit=queue)["items"]
    assert [line["id"] for line in waiting] == [course]

    answer = sara.http.put(f"/v1/courses/{course}/parties/company_consultant", json={"person": "bodil"})
    assert answer.is_success, answer.text
    expect(sara.http.get(f"/v1/units/{queue}"), 404, "unit-not-found")


def everything(speaker: Caller) -> Iterator[dict[str, object]]:
    """Yield every unit, two a page."""
    page = speaker.get("/v1/units", limit=2)
    yield from page["items"]
    while page["next"]:
        page = speaker.get("/v1/units", limit=2, cursor=page["next"])
        yield from page["items"]


def test_no_other_municipality_has_the_unit(town: Town, sara: Caller, unit: str) -> None:
    sara.http.put(f"/v1/units/{unit}", json={"name": "Jobcenter Nord"})
    elsewhere = town.speaks("gert", "supervisor", municipality=fresh_municipality(), units=("*",))

    expect(elsewhere.http.get(f"/v1/units/{unit}"), 404, "unit-not-found")
    assert unit not in {read["id"] for read in everything(elsewhere)}


@pytest.mark.parametrize(
    ("unit", "body", "code", "field"),
    [
        ("job", {}, "field-missing", "name"),
        ("job", {"name": " "}, "text-empty", "name"),
        ("job", {"name": f"Nord {CPR}"}, "cpr-not-allowed", "name"),
        ("job", {"name": "Nord", "leader": "sara"}, "field-unknown", "leader"),
        ("job", {"name": "Nord", "email": "nord@kommune.example,syd@kommune.example"}, "value-malformed", "email"),
        ("Job Nord", {"name": "Nord"}, "value-malformed", "unit"),
    ],
)
def test_what_cannot_be_a_unit_is_named(sara: Caller, unit: str, body: dict[str, str], code: str, field: str) -> None:
    expect(sara.http.put(f"/v1/units/{unit}", json=body), 422, code, field)


def test_only_who_registers_people_registers_units(town: Town, unit: str) -> None:
    anna = town.speaks("anna", "caseworker", municipality=HERE, units=("*",))

    expect(anna.http.put(f"/v1/units/{unit}", json={"name": "Nord"}), 403, "not-permitted")
    assert anna.http.get("/v1/units").is_success


def test_a_supervisor_of_all_hears_of_a_unit_that_nobody_belongs_to(sara: Caller, unit: str) -> None:
    queue = f"{unit}-queue"
    sara.does("/v1/courses", **case(municipality=HERE, unit=unit, company_consultant={"unit": queue}))

    items = inbox(sara)
    assert any("company_consultant" in item["roles"] for item in items)
