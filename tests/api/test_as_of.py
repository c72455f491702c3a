"""A course as it stood on a day: which rules, which knowledge, which decision (P8, P10, P14)."""

import json
from datetime import timedelta
from typing import Any, Final

import psycopg
import pytest
from typer.testing import CliRunner

from cli import app
from tests.api.leading import TODAY
from tests.api.ruling import Ruled
from tools.town.town import Town

_ERASED: Final = "someone-else"


@pytest.fixture(scope="module")
def office(town: Town) -> Ruled:
    """A municipality of its own."""
    return Ruled(town)


def recorded_earlier(town: Town, office: Ruled, course: str, days: int) -> None:
    """Let all that is recorded of a course so far have been recorded days ago."""
    options = f"-c fodslag.municipality={office.municipality}"
    with psycopg.connect(town.postgres.owner_url, options=options, autocommit=True) as store:
        moved = "UPDATE revision SET recorded_at = recorded_at - %s WHERE course_id = %s"
        store.execute("ALTER TABLE revision DISABLE TRIGGER USER")
        assert store.execute(moved, [timedelta(days=days), course]).rowcount
        store.execute("ALTER TABLE revision ENABLE TRIGGER USER")


def as_of(office: Ruled, course: str, days_ago: int, expected: int = 200) -> dict[str, Any]:
    """Return the course as it stood so many days ago."""
    on = (TODAY - timedelta(days=days_ago)).isoformat()
    answer = office.whole.http.get(f"/v1/courses/{course}/as-of", params={"on": on})
    assert answer.status_code == expected, answer.text
    read: dict[str, Any] = answer.json()
    return read


def stated(read: dict[str, Any]) -> dict[str, Any]:
    """Return what was known."""
    return {fact["fact"]: fact["value"] for fact in read["facts"]}


def test_a_day_tells_what_was_known_and_decided_by_the_rules_of_then(town: Town, office: Ruled) -> None:
    course = office.begins()
    recorded_earlier(town, office, course, 3)
    office.anna.does(f"/v1/courses/{course}/facts", facts={"agreed": True})
    office.over(office.orders(office.whole, rules=office.five, instead_of=office.ten, on=TODAY.isoformat())["at"])

    then, now = as_of(office, course, 2), as_of(office, course, 0)

    assert (then["explanation"]["rules"]["id"], now["explanation"]["rules"]["id"]) == ("ten", "five")
    assert ("agreed" in stated(then), stated(now)["agreed"]) == (False, True)
    outcomes = [
        {asked["id"]: asked["outcome"] for visit in read["explanation"]["visits"] for asked in visit["requirements"]}
        for read in (then, now)
    ]
    assert [each["is_agreed"] for each in outcomes] == ["unknown", "met"]
    assert now["revision"] > then["revision"]
    assert all(fact["reporter_name"] is not None or fact["by_system"] for fact in now["facts"])


def test_today_tells_the_same_decision_as_the_explanation_of_now(office: Ruled) -> None:
    course = office.begins()

    assert as_of(office, course, 0)["explanation"] == office.whole.get(f"/v1/courses/{course}/explanation")


@pytest.mark.parametrize("days_ago", [1, -1])
def test_a_day_before_the_course_or_ahead_is_refused_with_field_and_remedy(office: Ruled, days_ago: int) -> None:
    course = office.begins()

    problem = as_of(office, course, days_ago, expected=422)

    (error,) = problem["errors"]
    assert (error["code"], error["field"]) == ("not-in-range", "on")
    assert TODAY.isoformat() in str(problem)


def test_what_was_erased_is_named_and_told_nowhere(town: Town, office: Ruled) -> None:
    course = office.begins()
    office.anna.does(f"/v1/courses/{course}/facts", facts={"way": "trial"})
    recorded_earlier(town, office, course, 3)
    fact = next(f for f in office.whole.get(f"/v1/courses/{course}")["facts"] if f["fact"] == "way")
    assert stated(as_of(office, course, 2))["way"] == "trial"

    office.anna.does(f"/v1/courses/{course}/facts/{fact['id']}/retract", reason=_ERASED, wrong_citizen=True)

    read = as_of(office, course, 2)
    assert read["erased"] == ["way"]
    assert stated(read)["way"] == ""
    assert '"trial"' not in json.dumps(read["facts"])


def test_no_course_of_others_exists_on_any_day(town: Town, office: Ruled) -> None:
    course = office.begins()
    stranger = town.speaks("sara", "supervisor", municipality="0991")

    assert stranger.http.get(f"/v1/courses/{course}/as-of", params={"on": TODAY.isoformat()}).status_code == 404


def test_the_command_line_tells_it_in_lines(town: Town, office: Ruled) -> None:
    course = office.begins()
    url = {"FODSLAG_JWT_KEY": town.keys["FODSLAG_JWT_KEY"], "FODSLAG_API_PORT": str(town.settings.api_port)}
    words = ["rules", "as-of", course, "--on", TODAY.isoformat(), "--municipality", office.municipality]

    ended = CliRunner().invoke(app, [*words, "--language", "en"], env=url)

    assert ended.exit_code == 0, ended.output
    assert "ten@" in ended.output
    assert "is_agreed" in ended.output
