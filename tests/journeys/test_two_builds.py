"""Two builds of the worker at once on one server: what one began the other carries on, and no request fails."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

from tests.architecture.files import ROOT
from tests.journeys.cluster_at_work import people_at_work
from tests.journeys.vocabulary import CASE, both_acknowledge, complete_intake, steps
from tools.town.cluster import Cluster, cluster, worker_of

pytestmark = pytest.mark.verify
_numbers = count(1)

KEY: Final = "    citizen_key: str | None = None\n"
UNKNOWN_BEFORE: Final = {
    "domain/state/course.py": ("    protected: bool = False\n", ""),
    "domain/evolve/course.py": ('"citizen", "protected", "rules"', '"citizen", "rules"'),
    "domain/events/course.py": (KEY + "    protected: bool = False\n", KEY),
    "domain/commands/course.py": (KEY + "    protected: bool = False\n", KEY),
    "infra/store/courses/projection.py": ('"citizen", "protected", "status"', '"citizen", "status"'),
    "domain/commands/informing.py": ("    via: str | None = None\n", ""),
    "domain/events/informing.py": ("    via: str | None = None\n", ""),
    "domain/decide/informing.py": ("        via=command.via,\n", ""),
}
"""What makes an earlier build of this one: fields of commands, events, the state and a row that it has not yet."""


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worker as it was before some fields were added."""
    build = tmp_path_factory.mktemp("earlier") / "fodslag"
    left_out = shutil.ignore_patterns(".*", "node_modules", "var", "tests", "docs", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT, build, ignore=left_out)
    for name, (now, before) in UNKNOWN_BEFORE.items():
        text = (build / name).read_text()
        assert now in text, name
        (build / name).write_text(text.replace(now, before))
    evolve = build / "domain" / "evolve" / "course.py"
    evolve.write_text(evolve.read_text().replace('state.model_copy(update={"protected": event.protected})', "state"))
    return build


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, earlier: Path) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("builds"), build=earlier) as running:
        yield running


def replaced(running: Cluster, number: int, build: Path | None) -> None:
    """Replace a worker by one of a build, the new one there before the old one goes."""
    new, old = worker_of(running.var, number, running.environment, build), running.workers[number]
    new.start()
    assert old.stop(), "It drained in good order."
    running.workers[number] = new


def at_the_visit(running: Cluster) -> str:
    """Carry a course to the visit to a company, and return its path."""
    system, anna, bo = (
        running.speaks(0, person, role)
        for person, role in (("case-system", "system"), ("anna", "caseworker"), ("bo", "company_consultant"))
    )
    started: dict[str, Any] = {**CASE, "reference": f"build-{next(_numbers)}"}
    course = f"/v1/courses/{system.does('/v1/courses', **started)['course']}"
    complete_intake(course, anna, bo)
    both_acknowledge(course, anna, bo)
    return course


def test_workers_of_two_builds_carry_the_same_courses_without_a_failed_request(running: Cluster, earlier: Path) -> None:
    begun_before = at_the_visit(running)

    with people_at_work(running):
        replaced(running, 0, None)  # Forward one by one, …
        replaced(running, 1, None)
        replaced(running, 0, earlier)  # … back, because something looked odd, …
        for number in range(len(running.workers)):
            replaced(running, number, None)  # … and forward for good.

    anna, bo = running.speaks(0, "anna", "caseworker"), running.speaks(1, "bo", "company_consultant")
    assert steps(begun_before, anna) == ["company_visit"]
    bo.does(f"{begun_before}/facts", facts={"company_p_number": "1000000001"})
    protected = anna.http.put(f"{begun_before}/citizen", json={"protected": True, "reason": "Beskyttelse"})
    assert protected.is_success, protected.text
    assert running.speaks(1, "sara", "supervisor").get(begun_before)["citizen"]["name"] is None
