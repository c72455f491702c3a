"""The description is the contract: whatever it allows or forbids is sent to every route, with each role."""

import re
import subprocess
import sys
from collections.abc import Iterator
from os import environ
from pathlib import Path

import httpx
import pytest

from domain.identity import Role
from tests.api.vocabulary import case
from tests.architecture.files import ROOT
from tools.town.town import Town, own_town

EXCLUDED = "positive_data_acceptance"
"""What the description allows may still be refused: a cursor must be one of ours, a person must be in the directory,
a fact must be one of the rule set. Every other check of the tool is on.
"""

REJECTED = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]
"""
"""How what the description forbids is refused: as the tool expects, and where it is too large besides."""

NEVER_ENDS = "/v1/events"
ERROR = re.compile(r'"level": "(error|critical)"')
FAILURES = "= FAILURES ="
"""Where the tool begins to tell what is wrong; what it warns of comes behind."""
IN_SHORT_PHASES, ALL_PHASES = "examples", "examples,coverage,fuzzing"
IN_SHORT = {Role.SUPERVISOR}


@pytest.fixture(scope="module")
def target() -> Iterator[Town]:
    """A system of its own, for what is sent to it leaves the registers in a state that nobody chose."""
    with own_town() as town:
        yield town


def existing_ids(town: Town) -> str:
    """Return settings that fill the paths with what is there, so that requests come further than not-found."""
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    started = {**case(), "caseworker": {"person": "anna"}}
    path = f"/v1/courses/{system.does('/v1/courses', **started)['course']}"
    anna.does(f"{path}/facts", facts={"goal_paid_hours": 3})
    anna.does(f"{path}/notes", kind="barrier", text="Kan ikke møde før ti.")
    read = anna.get(path)
    ids = {
        "course": read["id"],
        "fact": read["facts"][-1]["id"],
        "note": read["notes"][0]["id"],
        "person": "zoe",
        "p_number": "1000000001",
        "rule_set": "jobfirst",
    }
    return "\n".join(["[parameters]", *(f'"path.{name}" = "{value}"' for name, value in ids.items())])


def sent_to_every_route(town: Town, role: Role, phases: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Return what came of requests to every route but the one whose answer never ends.

    One worker only: with two, Python 3.11 can fail in `ast.parse`, which threads share the depth of.
    """
    settings = folder / "settings.toml"
    settings.write_text(existing_ids(town) + REJECTED)
    token = town.speaks("anna", role.value).http.headers["authorization"]
    url = f"http://127.0.0.1:{town.settings.api_port}"
    return subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run"),
            *(str(ROOT / "docs" / "openapi.json"), "--url", url, "-H", f"Authorization: {token}"),
            *("--phases", phases, "--max-examples", "30", "--seed", "1"),
            *("--exclude-checks", EXCLUDED, "--exclude-path", NEVER_ENDS, "--request-timeout", "30"),
        ],
        env={**environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("role", "phases"),
    [
        *((role, IN_SHORT_PHASES) for role in IN_SHORT),
        *(pytest.param(role, ALL_PHASES, marks=pytest.mark.verify) for role in Role),
    ],
)
def test_every_answer_is_what_the_description_says(target: Town, role: Role, phases: str, tmp_path: Path) -> None:
    done = sent_to_every_route(target, role, phases, tmp_path)

    found = done.stdout[max(done.stdout.find(FAILURES), 0) :]
    assert done.returncode == 0, found[:6000] + done.stderr[-2000:]


def test_nothing_that_was_sent_met_an_error_of_ours(target: Town) -> None:
    logs = [(target.settings.var / "log" / f"{part}.log").read_text() for part in ("api", "worker")]

    assert [line for log in logs for line in log.splitlines() if ERROR.search(line)] == []


@pytest.mark.parametrize("path", ["/v1/calendar", "/v1/people/anna", "/v1/courses"])
def test_a_method_that_is_not_there_is_answered_with_every_one_that_is(target: Town, path: str) -> None:
    answer = httpx.delete(f"http://127.0.0.1:{target.settings.api_port}{path}")

    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert len(set(answer.headers["allow"].split(", "))) == 3
