"""What a person will be told in a period: the same as course by course, for her and for her leader (P5, P14)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect
from tools.town.town import Town

HERE = "0753"


@pytest.fixture
def sara(town: Town) -> Caller:
    """A supervisor of the unit in which everything is."""
    return town.speaks("sara", "supervisor", municipality=HERE, units=("job",))


@pytest.fixture
def anna(town: Town) -> Caller:
    """A caseworker of the unit, who wants one list a day."""
    leader = town.speaks("leader", "supervisor", municipality=HERE, units=("*",))
    entries: dict[str, dict[str, Any]] = {
        "anna": {"roles": ["caseworker"], "unit": "job", "gathering": "one_list"},
        "bo": {"roles": ["company_consultant"], "unit": "job"},
        "sara": {"roles": ["supervisor"], "unit": "job"},
        "yrsa": {"roles": ["caseworker"], "unit": "youth"},
    }
    for person, entry in entries.items():
        assert leader.http.put(f"/v1/people/{person}", json={"name": person.title(), **entry}).is_success
    return town.speaks("anna", "caseworker", municipality=HERE, units=("job",))


@pytest.fixture
def courses(town: Town) -> list[str]:
    """Two courses of Anna's and Bo's."""
    system = town.speaks("case-system", "system", municipality=HERE, units=("*",))
    return [system.does("/v1/courses", **case(municipality=HERE))["course"] for _ in range(2)]


def foretold(reader: Caller, courses: list[str], person: str) -> list[tuple[str, str | None, str, str]]:
    """Return what goes out to a person, by person; other tests have courses there too."""
    notices = reader.get(f"/v1/people/{person}/rehearsal", days=31)["notices"]
    return [
        (each["at"], each["list"], each["course"], each["text"])
        for each in notices
        if each["course"] in courses and is_to_come(each["raised_at"])
    ]


def is_to_come(raised_at: str) -> bool:
    """Say whether a notice is not raised while one reads, as the first ones are when the offices are open."""
    return datetime.fromisoformat(raised_at) > datetime.now(UTC) + timedelta(minutes=30)


def by_course(reader: Caller, courses: list[str], person: str) -> list[tuple[str, str | None, str, str]]:
    """Return what goes out to a person, course by course."""
    rehearsed = {course: reader.get(f"/v1/courses/{course}/rehearsal", days=31)["notices"] for course in courses}
    return [
        (arrives["at"], arrives["list"], course, notice["text"])
        for course, notices in rehearsed.items()
        for notice in notices
        if is_to_come(notice["at"])
        for arrives in notice["arrivals"]
        if arrives["person"] == person
    ]


def test_a_person_reads_what_comes_to_her_from_every_course_and_so_does_her_leader(
    anna: Caller, sara: Caller, courses: list[str]
) -> None:
    mine = foretold(anna, courses, "anna")

    assert sorted(mine) == sorted(by_course(sara, courses, "anna"))
    assert [at for at, *_ in mine] == sorted(at for at, *_ in mine)
    assert {course for _, _, course, _ in mine} == set(courses)
    assert {of_day for _, of_day, _, _ in mine} == {"07:30"}
    assert foretold(sara, courses, "anna") == mine


def test_a_leader_reads_what_comes_to_who_supervises(anna: Caller, sara: Caller, courses: list[str]) -> None:
    assert foretold(anna, courses, "anna")

    assert sorted(foretold(sara, courses, "sara")) == sorted(by_course(sara, courses, "sara"))
    assert foretold(sara, courses, "sara")


def test_nobody_reads_it_of_a_colleague_and_no_leader_of_another_unit(
    town: Town, anna: Caller, sara: Caller, courses: list[str]
) -> None:
    other = town.speaks("tove", "supervisor", municipality=HERE, units=("youth",))
    assert courses
    expect(anna.http.get("/v1/people/bo/rehearsal"), 403, "not-governed", "person")
    expect(other.http.get("/v1/people/anna/rehearsal"), 403, "not-governed", "person")
    expect(sara.http.get("/v1/people/yrsa/rehearsal"), 403, "not-governed", "person")
    expect(sara.http.get("/v1/people/nobody/rehearsal"), 404, "person-not-found")
    expect(anna.http.get("/v1/people/anna/rehearsal", params={"days": 32}), 422, "not-in-range", "days")
