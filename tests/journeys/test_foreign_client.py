"""A client that somebody else generates from the description compiles, and carries a course by its own words.

Once in Python and once in TypeScript, where the program is in `tests/foreign`.
"""

import compileall
import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from os import environ
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from openapi_spec_validator import validate

from tests.architecture.files import ROOT
from tests.foreign.node import FOREIGN, MODULES, installed, ran
from tests.journeys.vocabulary import AGREED, CASE, GRANT, HOURS, INTERVIEW, TAUGHT, VISIT, WORDS
from tools.town.town import Town, speaking

DESCRIPTION = ROOT / "docs" / "openapi.json"


BODIES = {
    "case": {**CASE, "reference": "foreign-2", "citizen": {"reference": "citizen-typed"}},
    "interview": INTERVIEW,
    "words": WORDS,
    "visit": VISIT,
    "agreed": AGREED,
    "grant": GRANT,
    "taught": TAUGHT,
    "hours": HOURS,
}


def operations() -> dict[str, str]:
    """Return each operation by the name that generated clients call it."""
    paths = json.loads(DESCRIPTION.read_text())["paths"]
    return {
        operation["operationId"]: f"{method.upper()} {path}"
        for path, item in paths.items()
        for method, operation in item.items()
    }


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A client as a foreign developer generates it; the folder it is in can be imported from."""
    folder = tmp_path_factory.mktemp("foreign")
    made = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--path", str(DESCRIPTION)),
            *("--output-path", str(folder / "foreign_fodslag"), "--meta", "none", "--overwrite"),
        ],
        env={**environ, "PATH": f"{Path(sys.executable).parent}:{environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "Unable to" not in made.stdout + made.stderr
    assert "omitted" not in made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program as a foreign developer writes it, the types generated and beside them what the course is told."""
    folder = tmp_path_factory.mktemp("program")
    for name in ("course.ts", "package.json", "tsconfig.json"):
        shutil.copy(FOREIGN / name, folder)
    (folder / MODULES.name).symlink_to(MODULES)
    (folder / "told.json").write_text(json.dumps(BODIES))
    generator = installed("openapi-typescript/bin/cli.js")
    made = ran(generator, DESCRIPTION, "--output=fodslag.ts", "--default-non-nullable=false", where=folder)
    assert made.returncode == 0, made.stdout + made.stderr
    compiled = ran(installed("typescript/bin/tsc"), where=folder)
    assert compiled.returncode == 0, compiled.stdout + compiled.stderr
    return folder / "built" / "course.js"


def part(path: str) -> Any:
    """Return a part of the generated client."""
    return importlib.import_module(f"foreign_fodslag.{path}")


def address(town: Town) -> str:
    return f"http://127.0.0.1:{town.settings.api_port}"


def token(town: Town, person: str, role: str) -> str:
    speaker = speaking(town.keys["FODSLAG_JWT_KEY"], town.settings.api_port, person, role)
    speaker.http.close()
    bearer: str = speaker.http.headers["authorization"]
    return bearer.removeprefix("Bearer ")


class Foreign:
    """Somebody who speaks to the API through the generated client."""

    def __init__(self, town: Town, person: str, role: str) -> None:
        self._client = part("client").AuthenticatedClient(base_url=address(town), token=token(town, person, role))

    def asks(self, tag: str, operation: str, *, body: tuple[str, dict[str, Any]] | None = None, **where: Any) -> Any:
        """Call an operation, its body given as the model's name and what it says."""
        if body is not None:
            model, fields = body
            where["body"] = getattr(part("models"), model).from_dict(fields)
        answer = part(f"api.{tag}.{operation}").sync_detailed(client=self._client, **where)
        assert answer.status_code < 300, answer.content
        return answer.parsed

    def reports(self, course: UUID, **facts: Any) -> None:
        self.asks("reporting", "report_facts", course=course, body=("FactsBody", {"facts": facts}))

    def notes(self, course: UUID, words: dict[str, str]) -> None:
        for kind, text in words.items():
            self.asks("reporting", "add_notes", course=course, body=("NoteBody", {"kind": kind, "text": text}))

    def acknowledges(self, course: UUID) -> None:
        result = self.asks("informing", "read_briefing", course=course)
        read = {"briefing": result.briefing, "version": result.version}
        self.asks("informing", "acknowledge", course=course, body=("AcknowledgeBody", read))

    def steps(self, course: UUID) -> list[str]:
        stands = self.asks("courses", "read_course", course=course)
        return [visit.step.id for visit in stands.visits if visit.is_open]

    def closes(self) -> None:
        self._client.get_httpx_client().close()


def test_the_description_is_valid_openapi() -> None:
    validate(json.loads(DESCRIPTION.read_text()))


def test_each_operation_has_a_name_of_its_own_that_is_short() -> None:
    names = operations()
    paths = json.loads(DESCRIPTION.read_text())["paths"]

    assert len(names) == sum(len(item) for item in paths.values())
    assert [name for name in names if "v1" in name or len(name) > 24] == []


def test_the_generated_client_compiles(client: Path) -> None:
    assert compileall.compile_dir(client, quiet=1)


@pytest.mark.usefixtures("client")
def test_the_generated_client_carries_one_whole_course(town: Town) -> None:
    system, anna, bo = (
        Foreign(town, person, role)
        for person, role in (("case-system", "system"), ("anna", "caseworker"), ("bo", "company_consultant"))
    )
    case = {**CASE, "reference": "foreign-1", "citizen": {"reference": "citizen-foreign"}}
    course = system.asks("courses", "start_course", body=("StartBody", case)).course

    def both_acknowledge() -> list[str]:
        anna.acknowledges(course)
        bo.acknowledges(course)
        return anna.steps(course)

    anna.reports(course, **INTERVIEW)
    anna.notes(course, WORDS)
    bo.notes(course, {"opportunity": "Planteskolen mangler hænder."})
    assert both_acknowledge() == ["company_visit"]

    bo.reports(course, **VISIT, visit_outcome="trial")
    bo.notes(course, AGREED)
    anna.reports(course, **GRANT)
    assert both_acknowledge() == ["trial"]

    anna.notes(course, TAUGHT)
    bo.reports(course, trial_ended_on="2026-06-19", trial_outcome="hired", **HOURS)
    assert both_acknowledge() == ["paid_hours"]

    closing = {"outcome": "sustained_ordinary_hours", "reason": "Ansat i gartneriet."}
    anna.asks("steering", "close", course=course, body=("CloseBody", closing))
    assert both_acknowledge() == []
    for speaker in (system, anna, bo):
        speaker.closes()


def test_the_program_compiles_against_the_generated_types(program: Path) -> None:
    assert program.is_file()


def test_the_compiled_program_carries_one_whole_course_and_understands_a_refusal(town: Town, program: Path) -> None:
    result = ran(
        program,
        where=program.parent,
        environment={
            "FODSLAG": address(town),
            "SYSTEM": token(town, "case-system", "system"),
            "ANNA": token(town, "anna", "caseworker"),
            "BO": token(town, "bo", "company_consultant"),
        },
    )

    assert result.returncode == 0, result.stdout + result.stderr
    seen = json.loads(result.stdout)
    assert seen["way"] == [["intake"], ["company_visit"], ["trial"], ["paid_hours"], []]
    assert (seen["status"], seen["outcome"]) == ("completed", "sustained_ordinary_hours")
    assert seen["refused"]["type"] == "urn:fodslag:problem:version-outdated"
    assert [field["field"] for field in seen["refused"]["errors"]] == ["version"]
    assert seen["kinds"][0] == "course_started"
    assert seen["kinds"].count("briefing.final") == len(seen["way"]) - 1
    assert "course_completed" in seen["kinds"]
