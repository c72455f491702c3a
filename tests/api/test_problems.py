"""Every refusal that a caller can meet is met here or in another test over HTTP, and stands on the page of problems."""

import ast
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import httpx
import psycopg
import pytest

from api.docs.problem_page import page
from api.http.codes import STATUS, AnyCode
from clients.caller import Caller
from domain.errors import Code
from infra.security.tokens import sign
from tests.api.vocabulary import case, expect
from tests.architecture.files import ROOT
from tests.journeys.vocabulary import reach_trial
from tools.town.town import MUNICIPALITY, Town

NEVER_MET: Final[dict[AnyCode, str]] = {
    Code.ALREADY_OPEN: "the API answers with the course that is open",
    Code.HELD_BY_ANOTHER: "it takes another hand-over within a second, as the tests of the workflows make it",
    Code.LESSONS_TOO_MANY: "it takes sixty trials, and is refused in the tests of the domain",
    Code.NOTES_TOO_MANY: "it takes two hundred notes, as the tests of the domain add them",
    Code.REQUIREMENT_NOT_WAIVABLE: "no shipped rule set has such a requirement",
}


def store_of(town: Town) -> psycopg.Connection:
    """Return a way into the store past everything that guards it."""
    url = town.postgres.owner_url
    return psycopg.connect(url, autocommit=True, options=f"-c fodslag.municipality={MUNICIPALITY}")


@pytest.fixture
def course(system: Caller) -> str:
    """The path of a course just started."""
    return f"/v1/courses/{system.does('/v1/courses', **case())['course']}"


@pytest.fixture
def briefed(course: str, anna: Caller) -> str:
    """The path of a course with a briefing that nobody has acknowledged."""
    anna.does(f"{course}/briefings")
    return course


def test_the_page_of_problems_is_current() -> None:
    assert (ROOT / "docs" / "guides" / "problems.md").read_text() == page().rstrip("\n") + "\n", "run: make openapi"


def test_every_problem_is_met_over_http() -> None:
    tests = [path for folder in ("api", "journeys") for path in sorted((ROOT / "tests" / folder).rglob("test_*.py"))]
    constants = {
        node.value
        for path in tests
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert {code.value for code in STATUS} - constants == {code.value for code in NEVER_MET}


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        (None, "token-missing"),
        ({"issuer": "somebody-else"}, "token-invalid-claims"),
        ({"lifetime": timedelta(hours=-1)}, "token-expired"),
        ({"key": True}, "token-invalid-signature"),
    ],
)
def test_a_token_must_be_there_and_right(town: Town, claims: dict[str, Any] | None, code: str) -> None:
    given: dict[str, Any] = {
        "person": "anna",
        "roles": ["caseworker"],
        "municipality": "0990",
        "now": datetime.now(UTC),
    }
    token = None
    if claims is not None:
        broken = claims.pop("key", False)
        token = sign(town.keys["FODSLAG_JWT_KEY"], **{"lifetime": timedelta(hours=1), **given, **claims})
        token = f"{token}x" if broken else token
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"} if token else {"Accept-Language": "en"}

    url = f"http://127.0.0.1:{town.settings.api_port}/v1/courses"
    expect(httpx.get(url, headers=headers), 401, code)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"started_on": "2015-01-01"}, "no-rules-in-force", "started_on"),
        ({"shared_role": True}, "shared-role-people", "company_consultant.person"),
        ({"citizen": {"reference": "c", "name": "x" * 201}}, "text-too-long", "citizen.name"),
        (
            {"taken_over": {"visits": [{"step": "intake", "entered_on": "2026-03-02", "left_on": "2026-03-09"}]}},
            "taken-over-nowhere",
            "taken_over.visits",
        ),
        (
            {"taken_over": {"visits": [{"step": "intake", "entered_on": day} for day in ("2026-03-02", "2026-03-09")]}},
            "taken-over-twice",
            "taken_over.visits.0.step",
        ),
        (
            {"taken_over": {"visits": [{"step": "intake", "entered_on": "2026-02-02"}]}},
            "before-the-start",
            "taken_over.visits.0.entered_on",
        ),
    ],
)
def test_a_course_that_cannot_begin_so(system: Caller, changed: dict[str, Any], code: str, field: str) -> None:
    expect(system.sends("/v1/courses", **case(**changed)), 422, code, field)


def test_a_problem_names_fifty_fields_at_most(anna: Caller, course: str) -> None:
    unknown = {f"unknown_{number}": True for number in range(60)}

    for code, body in (("fact-unknown", {"facts": unknown}), ("request-invalid", unknown)):
        assert len(expect(anna.sends(f"{course}/facts", **body), 422, code)["errors"]) == 50


def test_several_wrong_fields_are_one_refusal(system: Caller) -> None:
    several = expect(system.sends("/v1/courses", **case(unit=7, shared_role="ja")), 422, "request-invalid")

    assert {error["field"] for error in several["errors"]} == {"unit", "shared_role"}


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "field"),
    [
        ("facts", {"facts": {"trial_ended_on": "2026-03-02"}}, 409, "fact-not-expected", "facts.trial_ended_on"),
        ("close", {"outcome": "nothing", "reason": "x"}, 422, "outcome-unknown", "outcome"),
        ("pause", {"reason": "x", "from": "2026-01-01T00:00:00+01:00"}, 422, "pause-period", "from"),
    ],
)
def test_what_a_course_at_its_beginning_refuses(
    anna: Caller, course: str, path: str, body: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    expect(anna.sends(f"{course}/{path}", **body), status, code, field)


def test_what_no_visit_asks_cannot_be_waived(sara: Caller, course: str) -> None:
    waiver: dict[str, Any] = {"requirement": "both_informed", "ground": "not_relevant", "reason": "x"}

    expect(sara.sends(f"{course}/waivers", **waiver), 422, "requirement-unknown", "requirement")


def test_the_law_is_waived_by_nobody_and_the_rest_by_those_whom_the_rules_name(
    anna: Caller, sara: Caller, course: str
) -> None:
    def waiver(requirement: str) -> dict[str, Any]:
        return {"requirement": requirement, "ground": "not_relevant", "reason": "x"}

    refused = sara.sends(f"{course}/waivers", **waiver("first_interview_held"))
    expect(refused, 409, "law-not-waivable", "requirement")
    assert "it is noted, both roles hear of it" in refused.json()["detail"]
    expect(anna.sends(f"{course}/waivers", **waiver("wish_heard")), 403, "waiver-not-yours", "requirement")


def test_a_paused_course_is_not_paused_otherwise(anna: Caller, course: str) -> None:
    anna.does(f"{course}/pause", reason="Barsel")

    until = "2199-01-01T00:00:00+01:00"
    expect(anna.sends(f"{course}/pause", reason="Barsel", until=until), 409, "course-paused")


def test_a_hand_over_needs_a_reason(anna: Caller, course: str) -> None:
    handed_over = anna.http.put(f"{course}/parties/caseworker", json={"person": "bente"})

    expect(handed_over, 422, "reason-missing", "reason")


def test_nobody_acknowledges_for_a_queue(system: Caller, anna: Caller, sara: Caller) -> None:
    started = case(company_consultant={"unit": "virksomhed"})
    course = f"/v1/courses/{system.does('/v1/courses', **started)['course']}"
    anna.does(f"{course}/briefings")
    acknowledgement: dict[str, Any] = {"briefing": 1, "version": 1, "role": "company_consultant"}

    refused = sara.sends(f"{course}/acknowledgements", **acknowledgement, on_behalf_of="bo", reason="absent")
    expect(refused, 409, "nobody-in-role", "role")


def test_one_human_counts_once_and_a_dispute_is_personal(town: Town, briefed: str, bo: Caller, sara: Caller) -> None:
    constants: dict[str, Any] = {"briefing": 1, "version": 1}
    for_bo: dict[str, Any] = {**constants, "on_behalf_of": "bo", "reason": "absent"}
    sara.does(f"{briefed}/acknowledgements", **{**for_bo, "on_behalf_of": "anna"})
    expect(sara.sends(f"{briefed}/acknowledgements", **for_bo), 409, "one-human-once")
    bo.does(f"{briefed}/disputes", **constants, reason="Timetallet er forkert.")

    siv = town.speaks("siv", "supervisor")
    expect(siv.sends(f"{briefed}/acknowledgements", **{**for_bo, "version": 2}), 409, "disputed-in-person")


def test_what_an_observer_is_not_and_cannot(town: Town, course: str, anna: Caller) -> None:
    olga = town.speaks("olga", "observer")
    mentor = {"kind": "mentor", "reason": "Efter aftale"}
    expect(anna.http.put(f"{course}/observers/bo", json=mentor), 409, "observer-is-party", "person")
    for person in ("olga", *(f"observer-{n}" for n in range(19))):
        anna.http.put(f"{course}/observers/{person}", json=mentor)
    expect(anna.http.put(f"{course}/observers/pia", json=mentor), 409, "observers-too-many", "person")

    material: dict[str, Any] = {"kind": "observation", "text": "Ny aftale", "changes_the_agreement": True}
    expect(olga.sends(f"{course}/notes", **material), 403, "observer-changes-nothing", "changes_the_agreement")


def test_only_the_newest_visit_is_reopened(course: str, anna: Caller, bo: Caller) -> None:
    reach_trial(course, anna, bo)

    expect(anna.sends(f"{course}/visits/1/reopen", reason="Forkert"), 409, "visit-moved-on", "visit")


def test_an_error_of_ours_says_nothing_of_itself(town: Town, anna: Caller) -> None:
    with store_of(town) as store:
        store.execute("ALTER TABLE person RENAME COLUMN name TO called")
        try:
            answer = anna.http.get("/v1/people")
        finally:
            store.execute("ALTER TABLE person RENAME COLUMN called TO name")

    assert "person" not in expect(answer, 500, "internal")["detail"]


def test_a_course_in_two_lines_stops_loudly(town: Town, anna: Caller, course: str) -> None:
    with store_of(town) as store:
        store.execute("UPDATE course SET digest = 'another' WHERE course_id = %s", [course.rpartition("/")[2]])

    expect(anna.sends(f"{course}/facts", facts={"goal_paid_hours": 3}), 500, "course-forked")


def test_only_what_was_asked_is_answered(course: str, bo: Caller) -> None:
    answer = {"kind": "observation", "text": "Ja, mandag.", "answers": str(uuid4())}

    expect(bo.sends(f"{course}/notes", **answer), 422, "question-unknown", "answers")


def test_nobody_is_informed_in_a_role_that_his_token_has_not(briefed: str, anna: Caller, town: Town) -> None:
    hand_over = {"person": "xenia", "reason": "Bo er på ferie."}
    assert anna.http.put(f"{briefed}/parties/company_consultant", json=hand_over).is_success
    xenia = town.speaks("xenia", "caseworker")

    expect(xenia.sends(f"{briefed}/acknowledgements", briefing=1, version=1), 403, "role-not-yours", "role")


def test_a_course_is_not_opened_again_beside_another_one(system: Caller, anna: Caller, bo: Caller) -> None:
    started = case()
    first = f"/v1/courses/{system.does('/v1/courses', **started)['course']}"
    anna.does(f"{first}/close", outcome="moved", reason="Flyttet.")
    for caller in (anna, bo):
        caller.does(f"{first}/acknowledgements", briefing=1, version=1)
    second = system.does("/v1/courses", **started)["course"]

    problem = expect(anna.sends(f"{first}/reopen", reason="Forkert."), 409, "another-is-open")

    assert second in problem["detail"]


def test_only_a_supervisor_or_a_system_lets_one_person_have_both_roles(
    system: Caller, anna: Caller, course: str
) -> None:
    alone = {**case(caseworker={"person": "anna"}, shared_role=True), "company_consultant": None}

    expect(anna.sends("/v1/courses", **alone), 403, "shared-role-not-yours", "shared_role")
    expect(anna.sends(f"{course}/shared-role", person="anna", reason="Alene."), 403, "not-permitted")
    expect(system.sends("/v1/courses", **alone), 422, "reason-missing", "shared_role_reason")
