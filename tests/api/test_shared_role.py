"""That one person has both roles is decided with a reason, which the journal tells, and can be taken back."""

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect
from tools.town.town import Town

WHY, WHY_NOT = "Holdet har kun én medarbejder.", "Bo er ansat."


@pytest.fixture
def sara(town: Town) -> Caller:
    """A supervisor of the whole municipality."""
    return town.speaks("sara", "supervisor", units=("*",))


def journal_of(course: str, caller: Caller) -> str:
    """Return the journal of a course in words."""
    return caller.http.get(f"{course}/journal", headers={"Accept": "text/plain", "Accept-Language": "da"}).text


@pytest.fixture
def aslaug(town: Town) -> Caller:
    """A caseworker whom no directory knows in one role only."""
    return town.speaks("aslaug", "caseworker")


def test_a_supervisor_decides_it_for_a_running_course_and_takes_it_back(
    system: Caller, sara: Caller, aslaug: Caller
) -> None:
    course = f"/v1/courses/{system.does('/v1/courses', **case(caseworker={'person': 'aslaug'}))['course']}"

    sara.does(f"{course}/shared-role", person="aslaug", reason=WHY)
    read = aslaug.get(course)
    assert (read["shared_role"], {party["person"] for party in read["parties"]}) == (True, {"aslaug"})

    again = {"role": "company_consultant", "reason": WHY_NOT}
    expect(sara.sends(f"{course}/shared-role/end", person="aslaug", **again), 422, "same-person", "person")
    sara.does(f"{course}/shared-role/end", person="bo", **again)
    read = aslaug.get(course)
    assert (read["shared_role"], {party["person"] for party in read["parties"]}) == (False, {"aslaug", "bo"})

    journal = journal_of(course, aslaug)
    for said in ("Besluttede, at én person har begge roller.", WHY, "hver sin rolle igen", WHY_NOT):
        assert said in journal


def test_why_is_told_at_the_start_and_in_the_journal(system: Caller, anna: Caller) -> None:
    alone = {**case(shared_role=True, shared_role_reason=WHY), "company_consultant": None}

    planned = system.http.post("/v1/courses", params={"dry_run": True}, json=alone)
    assert planned.status_code == 200, planned.text
    course = f"/v1/courses/{system.does('/v1/courses', **alone)['course']}"

    assert WHY in journal_of(course, anna)
