"""A system acknowledges nothing; where the municipality allows it, it tells which human did so in it (P1)."""

from typing import Any

import httpx
import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect
from tools.town.town import ACKNOWLEDGING, Town

READ = {"briefing": 1, "version": 1}


@pytest.fixture(scope="module")
def system(town: Town) -> Caller:
    """A case system where the municipality has turned it on."""
    return town.speaks("case-system", "system", municipality=ACKNOWLEDGING)


@pytest.fixture(scope="module")
def anna(town: Town) -> Caller:
    """The caseworker there."""
    return town.speaks("anna", "caseworker", municipality=ACKNOWLEDGING)


@pytest.fixture
def briefed(system: Caller, anna: Caller) -> str:
    """The path of a course with a briefing."""
    course = f"/v1/courses/{system.does('/v1/courses', **case(municipality=ACKNOWLEDGING))['course']}"
    anna.does(f"{course}/briefings")
    return course


def acknowledged(speaker: Caller, course: str, **more: Any) -> httpx.Response:
    """Acknowledge the first version."""
    return speaker.sends(f"{course}/acknowledgements", **{**READ, **more})


def test_it_is_off_where_nobody_turned_it_on(town: Town) -> None:
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    anna.does(f"{course}/briefings")

    expect(acknowledged(system, course, acted_by="anna"), 403, "system-cannot-acknowledge")


def test_a_system_tells_which_human_acknowledged_in_it(system: Caller, anna: Caller, briefed: str) -> None:
    assert acknowledged(system, briefed, acted_by="anna").is_success

    receipt = next(r for r in anna.get(f"{briefed}/briefing")["receipts"] if r["role"] == "caseworker")
    assert (receipt["person"], receipt["acknowledged_by"]) == ("anna", "anna")
    journal = anna.get(f"{briefed}/journal", limit=200)["items"]
    acknowledgement = next(entry for entry in journal if entry["kind"] == "briefing_acknowledged")
    assert (acknowledgement["by"], acknowledgement["detail"]["via"]) == ("anna", "case-system")


def test_the_human_is_named_and_holds_the_role(system: Caller, briefed: str) -> None:
    expect(acknowledged(system, briefed), 422, "field-missing", "acted_by")
    expect(acknowledged(system, briefed, acted_by="carl"), 403, "not-the-party")
    on_behalf = {"acted_by": "carl", "on_behalf_of": "anna", "reason": "absent"}
    expect(acknowledged(system, briefed, **on_behalf), 403, "not-the-party")


def test_one_human_counts_once_through_a_system_too(system: Caller, anna: Caller, briefed: str) -> None:
    assert acknowledged(system, briefed, acted_by="anna").is_success
    assert acknowledged(system, briefed, acted_by="anna").is_success

    assert anna.get(f"{briefed}/briefing")["missing"] == ["company_consultant"]


def test_people_act_for_themselves(anna: Caller, briefed: str) -> None:
    expect(acknowledged(anna, briefed, acted_by="bo"), 422, "only-a-system", "acted_by")
