"""A client in TypeScript, typed by the description alone, compiles strictly and carries one whole course."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.files import ROOT
from tests.foreign import house
from tests.journeys.test_whole_way import CASE, HOURS, INTERVIEW, TAUGHT, TRIAL, VISIT, WORDS
from tests.journeys.town import Town, speaking

DESCRIPTION = ROOT / "docs" / "openapi.json"
SOURCES = ("course.ts", "tsconfig.json", "package.json")


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    assert house.is_installed(), "What npm installs is not here; run: make test, or python -m tests.foreign.house"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client compiled in a folder of its own, from types that were just generated."""
    folder = tmp_path_factory.mktemp("typescript")
    for name in SOURCES:
        (folder / name).write_text((house.HERE / name).read_text())
    (folder / "node_modules").symlink_to(house.HERE / "node_modules")
    types = folder / "described.d.ts"
    made = house.tool("openapi-typescript", DESCRIPTION, "--default-non-nullable=false", "-o", types)
    assert made.returncode == 0, made.stdout + made.stderr
    done = house.tool("tsc", "-p", folder)
    assert done.returncode == 0, done.stdout
    return folder / "course.js"


def token(town: Town, person: str, role: str) -> str:
    """Return a token for somebody."""
    speaker = speaking(town.keys["FODSLAG_JWT_KEY"], town.settings.api_port, person, role)
    speaker.http.close()
    return speaker.http.headers["authorization"].removeprefix("Bearer ")


def test_the_description_has_nothing_that_a_linter_of_style_would_change() -> None:
    linted = house.tool("spectral", "lint", DESCRIPTION, "--ruleset", ".spectral.yaml", "--fail-severity", "hint")

    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_the_client_carries_one_whole_course(town: Town, compiled: Path) -> None:
    course: dict[str, Any] = {
        "case": {**CASE, "reference": "foreign-ts", "citizen": {"reference": "citizen-ts"}},
        "said": {"interview": INTERVIEW, "visit": VISIT, "trial": TRIAL, "hours": HOURS},
        "notes": {"intake": WORDS, "taught": TAUGHT},
    }
    environment = {
        **os.environ,
        "FODSLAG": f"http://127.0.0.1:{town.settings.api_port}",
        "SYSTEM": token(town, "case-system", "system"),
        "ANNA": token(town, "anna", "caseworker"),
        "BO": token(town, "bo", "company_consultant"),
        "COURSE": json.dumps(course),
    }

    ran = house.node(compiled, env=environment)

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["way"] == [["company_visit"], ["trial"], ["paid_hours"], []]
    assert told["refused"] == ["facts.goal_paid_hour fact-unknown"]
    assert told["completed"]
