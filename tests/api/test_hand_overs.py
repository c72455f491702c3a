"""Handing over many courses at once: a plan first, and then a command to each course, with progress (P1, P7, P14)."""

import time
from typing import Any

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect
from tests.journeys.vocabulary import ANSWER_WITHIN
from tests.municipalities import fresh_municipality
from tools.town.town import Town

WHY: Any = {"reason": "Anna har fået andre opgaver."}


class Office:
    """A municipality of its own: Anna holds courses with Bo, and Carl and Dina can take them over."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.municipality = fresh_municipality()
        self.sara = self.speaks("sara", "supervisor")
        self.whole = self.speaks("lise", "supervisor", units=("*",))
        self.system = self.speaks("case-system", "system", units=("*",))
        self.anna = self.speaks("anna", "caseworker", units=())
        self.carl = self.speaks("carl", "caseworker", units=())
        both = ("caseworker", "company_consultant")
        people = {"anna": both[:1], "bo": both[1:], "carl": both, "dina": both[:1]}
        for person, roles in people.items():
            entry = {"name": f"{person.title()} Prøve", "roles": roles, "unit": "job"}
            assert self.whole.http.put(f"/v1/people/{person}", json=entry).is_success

    def speaks(self, person: str, *roles: str, units: tuple[str, ...] = ("job",)) -> Caller:
        """Return somebody of this municipality."""
        return self.town.speaks(person, *roles, municipality=self.municipality, units=units)

    def starts(self, number: int = 1, **what: Any) -> list[str]:
        """Start some courses of Anna's and Bo's, and return their ids."""
        bodies = ({**case(municipality=self.municipality), **what} for _ in range(number))
        return [self.system.does("/v1/courses", **body)["course"] for body in bodies]

    def caseworker(self, course: str) -> Any:
        """Return who is the caseworker of a course."""
        parties = self.whole.get(f"/v1/courses/{course}")["parties"]
        return next(party["person"] for party in parties if party["role"] == "caseworker")

    def over(self, location: str) -> dict[str, Any]:
        """Return a bulk act when nothing of it waits any more."""
        deadline = time.monotonic() + ANSWER_WITHIN
        while (act := self.whole.get(location))["waiting"]:
            assert time.monotonic() < deadline, act
        return act


@pytest.fixture
def office(town: Town) -> Office:
    """A municipality of its own."""
    return Office(town)


def hand_over(*to: str, **more: Any) -> dict[str, Any]:
    """Return the body of a hand-over from Anna, to Carl if to nobody else."""
    return {"from": {"person": "anna"}, "to": [{"person": person} for person in to or ("carl",)], **more}


def test_a_plan_says_which_courses_go_to_whom_and_what_each_would_owe_and_writes_nothing(office: Office) -> None:
    courses = office.starts(4)
    (held,) = office.starts(caseworker={"person": "dina"})

    plan = office.sara.does("/v1/hand-overs/plan", **hand_over("carl", "dina"))

    assert {line["course"] for line in plan["courses"]} == {*courses}
    assert {line["problem"] for line in plan["courses"]} == {None}
    assert [(t["person"], t["person_name"], t["held_before"]) for t in plan["takers"]] == [
        ("carl", "Carl Prøve", 0),
        ("dina", "Dina Prøve", 1),
    ]
    assert [t["courses"] for t in plan["takers"]] == [3, 1], "the one with the fewest has the next, first Carl"
    for taker in plan["takers"]:
        lines = [line for line in plan["courses"] if line["person"] == taker["person"]]
        assert taker["waits"] == {kind: sum(line["waits"].get(kind, 0) for line in lines) for kind in taker["waits"]}
        assert taker["waits"]["requirement"] > 0, "what waits moves with the course"
    assert {office.caseworker(course) for course in courses} == {"anna"}
    assert office.caseworker(held) == "dina"
    assert office.sara.get("/v1/bulk-acts")["items"] == []


def test_every_course_is_handed_over_by_its_own_command_and_progress_can_be_read(office: Office) -> None:
    courses = office.starts(5)

    answer = office.sara.http.post("/v1/hand-overs", json=hand_over(**WHY))
    act = office.over(answer.headers["Location"])

    assert answer.status_code == 202
    assert answer.json()["total"] == 5
    assert (act["kind"], act["done"], act["failed"], act["ordered_by_name"]) == ("hand_over", 5, 0, None)
    assert {office.caseworker(course) for course in courses} == {"carl"}
    items = office.sara.get(f"{answer.headers['Location']}/items")["items"]
    assert {item["course"] for item in items} == {*courses}
    assert {(i["state"], i["role"], i["person_name"], i["problem"]) for i in items} == {
        ("done", "caseworker", "Carl Prøve", None)
    }
    journal = office.carl.get(f"/v1/courses/{courses[0]}/journal")["items"]
    (line,) = (line for line in journal if line["kind"] == "party_assigned" and line["words"])
    assert (line["by"], line["words"]) == ("sara", WHY["reason"]), "each course has the reason"
    assert [one["id"] for one in office.sara.get("/v1/bulk-acts")["items"]] == [act["id"]]


def test_what_one_course_refuses_the_others_do_and_the_reason_is_told(office: Office) -> None:
    (shared,) = office.starts(company_consultant={"person": "carl"})
    (other,) = office.starts()

    answer = office.sara.http.post("/v1/hand-overs", json=hand_over(**WHY))
    act = office.over(answer.headers["Location"])

    assert (act["done"], act["failed"]) == (1, 1)
    assert (office.caseworker(shared), office.caseworker(other)) == ("anna", "carl")
    (failed,) = office.sara.get(f"{answer.headers['Location']}/items", state="failed")["items"]
    assert (failed["course"], failed["problem"]["code"]) == (shared, "nobody-to-take-over")


def test_the_same_request_orders_once_and_another_under_its_key_is_refused(office: Office) -> None:
    (course,) = office.starts()
    key = {"Idempotency-Key": "overdrag-1"}
    body = hand_over(**WHY)

    first = office.sara.http.post("/v1/hand-overs", json=body, headers=key)
    office.over(first.headers["Location"])
    again = office.sara.http.post("/v1/hand-overs", json=body, headers=key)

    assert again.json()["id"] == first.json()["id"]
    assert again.json()["done"] == 1
    assert office.caseworker(course) == "carl"
    another = office.sara.http.post("/v1/hand-overs", json=hand_over("dina", **WHY), headers=key)
    expect(another, 422, "idempotency-key-reused", "Idempotency-Key")


def test_a_queue_is_handed_over_to_people_and_people_s_courses_to_a_queue(office: Office) -> None:
    (course,) = office.starts(caseworker={"unit": "job"})
    queue = {"from": {"unit": "job"}, "to": [{"person": "dina"}], "role": "caseworker", **WHY}

    office.over(office.sara.http.post("/v1/hand-overs", json=queue).headers["Location"])
    assert office.caseworker(course) == "dina"

    back = {"from": {"person": "dina"}, "to": [{"unit": "job"}], **WHY}
    office.over(office.sara.http.post("/v1/hand-overs", json=back).headers["Location"])
    assert office.caseworker(course) is None


def test_only_chosen_courses_are_handed_over_and_only_those_of_units_that_are_governed(office: Office) -> None:
    mine, left = office.starts(2)
    (elsewhere,) = office.starts(unit="syd")

    plan = office.sara.does("/v1/hand-overs/plan", **hand_over())
    assert {line["course"] for line in plan["courses"]} == {mine, left}
    refused = office.sara.http.post("/v1/hand-overs", json=hand_over(courses=[mine, elsewhere], **WHY))
    expect(refused, 404, "course-not-found", "courses.1")
    expect(office.anna.http.post("/v1/hand-overs", json=hand_over(**WHY)), 403, "not-permitted")
    stranger = office.speaks("sven", "supervisor", units=("nord",))
    expect(stranger.http.post("/v1/hand-overs", json=hand_over(**WHY)), 422, "nothing-to-order", "courses")

    location = office.sara.http.post("/v1/hand-overs", json=hand_over(courses=[mine], **WHY)).headers["Location"]
    office.over(location)
    assert [office.caseworker(course) for course in (mine, left, elsewhere)] == ["carl", "anna", "anna"]
    for path in (location, f"{location}/items"):
        expect(stranger.http.get(path), 404, "bulk-act-not-found")


def test_who_takes_over_has_the_role_in_the_directory(office: Office) -> None:
    office.starts()

    for person in ("bo", "nobody"):
        refused = office.sara.http.post("/v1/hand-overs/plan", json=hand_over(person, role="caseworker"))
        expect(refused, 422, "person-without-role", "to.0.person")
