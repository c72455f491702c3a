"""`fodslag rules what-if`: recorded courses decided under other rules, and whom that reminds when."""

import json
from collections import Counter
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from infra.store.logins import Login
from tests.api.leading import TODAY
from tests.api.ruling import ASKED_TOO, CLOSES, Ruled
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
