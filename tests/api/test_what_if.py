"""`fodslag rules what-if`: recorded courses decided under other rules, and whom that reminds when."""

import json
from collections import Counter
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from clients.caller import Caller
from infra.store.logins import Login
from tests.api.leading import TODAY
from tests.api.ruling import ASKED_TOO, CLOSES, Ruled
from tests.api.vocabulary import expect
from tests.rules.own_sets import TOML
from tools.town.town import Town


@pytest.fixture(scope="module")
def office(town: Town) -> Ruled:
    """A municipality of its own."""
    return Ruled(town)


def asked(town: Town, office: Ruled, rules: str, *words: str) -> str:
    """Ask what rules would mean, as who runs the installation does."""
    environment = {**town.environment, "FODSLAG_DATABASE_URL": town.postgres.url(Login.WORKER)}
    version = next(v for v in office.whole.get("/v1/rulesets")["items"] if v["id"] == rules)
    named = f"{rules}@{version['version']}"
    command = ["rules", "what-if", named, "--municipality", office.municipality, "--instead-of", "ten", *words]
    ended = CliRunner().invoke(app, command, env=environment)
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def test_courses_are_named_with_what_would_hold_them_and_nothing_is_recorded(town: Town, office: Ruled) -> None:
    office.published("more", 10, **{CLOSES: ASKED_TOO})
    courses = [office.begins() for _ in range(3)]
    for course in courses[:2]:
        office.anna.does(f"/v1/courses/{course}/facts", facts={"agreed": True})
    revisions = [office.whole.get(f"/v1/courses/{course}")["revision"] for course in courses]
    references = [office.whole.get(f"/v1/courses/{course}")["reference"] for course in courses]

    found: dict[str, Any] = json.loads(asked(town, office, "more", "--json"))

    assert found["courses"] == len(courses)
    (told,) = (each for each in found["requirements"] if each["requirement"] == "is_told")
    assert (sorted(told["holding"]), told["no_longer"]) == (sorted(references), [])
    assert {*found["sample"]} == {*references}
    assert revisions == [office.whole.get(f"/v1/courses/{course}")["revision"] for course in courses]
    assert "is_told: +3" in asked(town, office, "more")


def test_reminders_are_told_by_day_and_by_whom_as_the_dry_run_of_a_re_pin_foresees_them(
    town: Town, office: Ruled
) -> None:
    office.begins()
    on = TODAY.isoformat()

    found: dict[str, Any] = json.loads(asked(town, office, "five", "--json"))
    plan = office.whole.does("/v1/re-pins/plan", rules=office.five, instead_of=office.ten, on=on)

    told = Counter[tuple[str, str]]()
    for line in found["told"]:
        told.update({(line["day"], side): line[side] for side in ("before", "after")})
    foreseen = {(day["day"], side): day[side] for day in plan["notices"] for side in ("before", "after")}
    assert told.total()
    assert {line["to"].partition("/")[0] for line in found["told"]} <= {"person", "supervisors", "unit"}
    assert all(number <= foreseen[where] for where, number in told.items() if number)


def what_if(caller: Caller, office: Ruled, rules: str, **query: str) -> dict[str, Any]:
    """Ask over HTTP what a version would mean for the courses that follow the rules of ten days."""
    line = next(v for v in office.whole.get("/v1/rulesets")["items"] if v["id"] == rules)
    found: dict[str, Any] = caller.get(
        f"/v1/rulesets/{rules}/what-if", sha256=line["sha256"], instead_of="ten", **query
    )
    return found


@pytest.fixture(scope="module")
def units(town: Town) -> Ruled:
    """A municipality with a course ready to go on in each of two units, and stricter rules that are only proposed."""
    office = Ruled(town)
    for unit in ("job", "syd"):
        course = office.begins(unit=unit)
        office.anna.does(f"/v1/courses/{course}/facts", facts={"agreed": True, "way": "again"})
    toml = TOML.replace('id = "tiny"', 'id = "strict"').replace("2020-01-01", TODAY.isoformat(), 1)
    office.rie.does(
        "/v1/rulesets", toml=toml.replace(CLOSES, ASKED_TOO.replace('answered = "way"', 'yes = "apart"'), 1)
    )
    return office


def test_a_proposal_tells_whom_it_would_hold_and_by_what_before_anybody_lives_under_it(units: Ruled) -> None:
    found = what_if(units.whole, units, "strict")

    assert (found["total"], found["courses"], found["held"], found["freed"], found["next"]) == (2, 2, 2, 0, None)
    assert found["requirements"] == [
        {"requirement": "is_told", "text": "Vejen er sagt.", "holding": 2, "no_longer": 0},
    ]
    assert {(one["unit"], one["is_held"], *one["holding"]) for one in found["named"]} == {
        ("job", True, "is_told"),
        ("syd", True, "is_told"),
    }


def test_a_supervisor_is_told_of_the_units_that_he_governs_and_of_no_course_of_another(units: Ruled) -> None:
    found = what_if(units.sven, units, "strict")

    assert (found["total"], found["courses"], found["held"]) == (1, 1, 1)
    assert [one["unit"] for one in found["named"]] == ["syd"]


def test_a_rule_editor_is_told_numbers_and_no_course(units: Ruled) -> None:
    found = what_if(units.rie, units, "strict")

    assert (found["total"], found["held"], found["requirements"][0]["holding"]) == (2, 2, 2)
    assert found["named"] == []


def test_who_neither_edits_rules_nor_leads_is_not_told(units: Ruled) -> None:
    expect(units.anna.http.get("/v1/rulesets/ten/what-if"), 403, "not-permitted")


def test_the_pages_add_up_to_every_course(units: Ruled) -> None:
    whole = what_if(units.whole, units, "strict")
    ids = sorted(one["course"] for one in whole["named"])

    rest = what_if(units.whole, units, "strict", after=ids[0])

    assert (rest["total"], rest["courses"]) == (2, 1)
    assert [one["course"] for one in rest["named"]] == ids[1:]
