"""Finding: by reference and by name for those who may read it, with totals and counts, and one field for all."""

from typing import Any, Final

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect
from tests.municipalities import fresh_municipality
from tools.town.town import Town

TOWN: Final = fresh_municipality()
P_NUMBER: Final = "1012003456"


@pytest.fixture(scope="module")
def sara(town: Town) -> Caller:
    """A supervisor of a municipality that has no other tests."""
    sara = town.speaks("sara", "supervisor", municipality=TOWN, units=("*",))
    assert sara.http.put("/v1/units/nord", json={"name": "Jobcenter Nord"}).is_success
    anna = {"name": "Anna Ravn", "roles": ["caseworker"], "unit": "nord", "phone": "98 00 00 01"}
    assert sara.http.put("/v1/people/anna", json=anna).is_success
    assert sara.http.put(f"/v1/companies/{P_NUMBER}", json={"cvr": "10000009", "name": "Ravnsborg Gartneri"}).is_success
    return sara


@pytest.fixture(scope="module")
def courses(town: Town, sara: Caller) -> dict[str, str]:
    """Courses by the name of their citizen: one protected, one in another unit."""
    assert sara.get("/v1/units")
    system = town.speaks("case-system", "system", municipality=TOWN, units=("*",))
    return {name: started(system, name, **more) for name, more in PEOPLE.items()}


PEOPLE: Final[dict[str, dict[str, Any]]] = {
    "Karla Ravn": {"unit": "nord", "facts": {"trial_p_number": P_NUMBER}},
    "Rune Ravnkilde": {"unit": "syd"},
    "Vera Ravnholt": {"unit": "nord", "protected": True},
}


def started(system: Caller, name: str, *, protected: bool = False, **more: Any) -> str:
    citizen = {"reference": f"c-{name[:4]}", "name": name, "protected": protected}
    return str(system.does("/v1/courses", **case(municipality=TOWN, citizen=citizen, **more))["course"])


def found(caller: Caller, q: str) -> set[str]:
    """Return the courses that are found, by the list and by the search alike."""
    listed = {course["id"] for course in caller.get("/v1/courses", q=q)["items"]}
    assert listed == {course["id"] for course in caller.get("/v1/search", q=q)["courses"]}
    return listed


def test_a_course_is_found_by_reference_and_by_a_name_that_is_not_protected(
    sara: Caller, courses: dict[str, str]
) -> None:
    assert found(sara, "ravn") == {courses["Karla Ravn"], courses["Rune Ravnkilde"]}
    assert found(sara, "c-vera") == {courses["Vera Ravnholt"]}


def test_nobody_finds_by_name_what_is_not_there_for_him(town: Town, courses: dict[str, str]) -> None:
    nora = town.speaks("nora", "caseworker", municipality=TOWN, units=("nord",))
    stranger = town.speaks("nora", "supervisor", municipality="0986", units=("*",))
    observer = town.speaks("olga", "observer", municipality=TOWN, units=("*",))

    assert found(nora, "ravn") == {courses["Karla Ravn"]}
    for caller in (stranger, observer):
        assert found(caller, "ravn") == set()
    assert stranger.get("/v1/search", q="ravn") == {"courses": [], "companies": [], "people": []}
    assert observer.get("/v1/search", q="ravn")["companies"] == []


def test_one_field_finds_companies_workplaces_and_people_too(sara: Caller, courses: dict[str, str]) -> None:
    by_name, by_number = sara.get("/v1/search", q="ravn"), sara.get("/v1/search", q=P_NUMBER)

    assert [company["p_number"] for company in by_name["companies"]] == [P_NUMBER]
    assert [(person["id"], person["unit_name"], person["phone"]) for person in by_name["people"]] == [
        ("anna", "Jobcenter Nord", "98 00 00 01")
    ]
    assert [company["name"] for company in by_number["companies"]] == ["Ravnsborg Gartneri"]
    assert [course["id"] for course in by_number["courses"]] == [courses["Karla Ravn"]]


def test_what_may_be_a_cpr_number_is_not_searched_for(sara: Caller) -> None:
    expect(sara.http.get("/v1/search", params={"q": "010190-1234"}), 422, "cpr-not-allowed", "q")


def test_a_list_counts_the_whole_of_it_where_asked(sara: Caller, courses: dict[str, str]) -> None:
    page = sara.get("/v1/courses", limit=1, counts=["cause", "step", "unit", "person"])

    assert len(page["items"]) == 1
    counts = page["counts"]
    assert counts["total"] == len(courses)
    assert counts["by_step"] == [{"step": {"id": "intake", "label": "Intake"}, "count": 3}]
    assert counts["by_unit"] == [
        {"unit": "nord", "count": 2, "unit_name": "Jobcenter Nord"},
        {"unit": "syd", "count": 1, "unit_name": None},
    ]
    assert {"cause": "requirement", "count": 3} in counts["by_cause"]
    assert "silence" not in {counted["cause"] for counted in counts["by_cause"]}, "it is shown when it is near"
    assert {"person": {"id": "anna", "name": "Anna Ravn"}, "count": 3} in counts["by_person"]


def test_counts_are_of_what_is_listed_for_the_caller_and_only_where_asked(
    town: Town, sara: Caller, courses: dict[str, str]
) -> None:
    nora = town.speaks("nora", "caseworker", municipality=TOWN, units=("nord",))

    assert sara.get("/v1/courses")["counts"] is None
    counts = nora.get("/v1/courses", q="c-", counts="unit")["counts"]
    assert (counts["total"], counts["by_step"]) == (2, None)
    assert [unit["unit"] for unit in counts["by_unit"]] == ["nord"]
    assert set(courses) == set(PEOPLE)
