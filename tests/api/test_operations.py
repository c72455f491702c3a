import json
import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from infra.telemetry.metrics import DELIVERIES, is_polling
from tests.architecture.files import ROOT
from tests.journeys.town import ANSWER_WITHIN, POLL, Town
from tests.ports import free_port


def figures(text: str) -> dict[str, float]:
    """Return each sample of Prometheus' text format by its name and labels."""
    samples = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(number) for name, number in samples}


def api_figures(city: Town) -> dict[str, float]:
    answer = httpx.get(f"http://127.0.0.1:{city.settings.api_port}/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return figures(answer.text)


def worker_figures(city: Town) -> dict[str, float]:
    return figures(httpx.get(f"http://127.0.0.1:{city.settings.metrics_port}/metrics").text)


def counted(told: dict[str, float], name: str, **labels: str) -> float:
    """Return the sum of the samples that have these labels."""
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    return sum(v for key, v in told.items() if key.startswith(f"{name}{{") and all(part in key for part in wanted))


def a_course(city: Town, reference: str) -> str:
    started = city.speaks("case-system", "system").does(
        "/v1/courses",
        municipality="0990",
        unit="job",
        reference=reference,
        citizen={"reference": "citizen-of-figures"},
        target_group="cash_benefit_activity_ready",
    )
    return str(started["course"])


def test_the_api_tells_which_parts_are_there_and_that_no_course_needs_an_operator(city: Town) -> None:
    told = api_figures(city)

    assert {part: told[f'fodslag_part_up{{part="{part}"}}'] for part in ("store", "temporal", "worker")} == {
        "store": 1,
        "temporal": 1,
        "worker": 1,
    }
    assert (told['fodslag_courses{trouble="asleep"}'], told['fodslag_courses{trouble="failing"}']) == (0, 0)


def test_requests_are_counted_by_the_template_of_their_route_and_never_by_their_path(city: Town) -> None:
    labels = {"method": "GET", "route": "/v1/courses/{course}", "status": "200"}
    before = counted(api_figures(city), "fodslag_request_seconds_count", **labels)
    course = a_course(city, "figures-1")

    city.speaks("sara", "supervisor").get(f"/v1/courses/{course}")

    told = api_figures(city)
    assert counted(told, "fodslag_request_seconds_count", **labels) == before + 1
    assert not [name for name in told if course in name]


def test_the_worker_counts_commands_by_their_outcome(city: Town) -> None:
    done = {"kind": "start_course", "outcome": "done"}
    refused = {"kind": "resume_course", "outcome": "refused"}
    before = worker_figures(city)

    course = a_course(city, "figures-2")
    city.speaks("sara", "supervisor").says(f"/v1/courses/{course}/resume")

    after = worker_figures(city)
    for labels in (done, refused):
        assert counted(after, "fodslag_commands_total", **labels) > counted(before, "fodslag_commands_total", **labels)


@pytest.mark.parametrize(
    "name",
    [
        "temporal_num_pollers",
        "temporal_worker_task_slots_available",
        "temporal_workflow_task_schedule_to_start_latency_seconds_bucket",
        "temporal_local_activity_execution_latency_seconds_bucket",
    ],
)
def test_the_worker_tells_the_figures_of_the_library_that_the_alarms_name(city: Town, name: str) -> None:
    a_course(city, f"figures-{len(name)}")

    assert [sample for sample in worker_figures(city) if sample.startswith(f"{name}{{")]


def test_a_worker_is_healthy_when_it_polls_and_not_when_nothing_answers(city: Town) -> None:
    assert is_polling("127.0.0.1", city.settings.metrics_port)
    assert not is_polling("127.0.0.1", free_port())


def test_each_alarm_is_on_a_figure_that_is_told_and_the_guide_says_what_to_do(city: Town) -> None:
    a_course(city, "figures-alarms")
    rules = YAML(typ="safe").load(ROOT / "deploy" / "alarms.yml")["groups"][0]["rules"]
    named = {name for rule in rules for name in re.findall(r"\b(?:fodslag|temporal)_\w+", rule["expr"])}
    told = {sample.partition("{")[0] for sample in (*api_figures(city), *worker_figures(city))}
    guide = (ROOT / "docs" / "guides" / "operate.md").read_text()

    # Notices go outward in working hours only, so none may have gone yet.
    assert named - told - {f"{DELIVERIES}_total"} == set()
    assert [rule["alert"] for rule in rules] == re.findall(r"^\| `([A-Z]\w+)` \|", guide, re.MULTILINE)


def test_api_and_worker_tell_of_a_command_under_the_same_correlation_id(city: Town) -> None:
    asked = "a-request-to-follow"
    course = a_course(city, "figures-followed")

    answer = city.speaks("sara", "supervisor").http.post(
        f"/v1/courses/{course}/pause", json={"reason": "away"}, headers={"X-Correlation-Id": asked}
    )

    assert answer.is_success, answer.text
    logs = {part: lines_of(city.settings.var / "log" / f"{part}.log", asked) for part in ("api", "worker")}
    assert [line["route"] for line in logs["api"]] == ["/v1/courses/{course}/pause"]
    assert [(line["command"], line["course_id"], line["revision"]) for line in logs["worker"]] == [
        ("pause_course", course, 1)
    ]


def lines_of(log: Path, correlation: str) -> list[dict[str, Any]]:
    """Return what a log says under a correlation id, once it says anything: the answer is sent before it is logged."""
    deadline = time.monotonic() + ANSWER_WITHIN
    while time.monotonic() < deadline:
        whole, _, _ = log.read_text().rpartition("\n")
        lines = (json.loads(line) for line in whole.splitlines() if correlation in line)
        if found := [line for line in lines if line["correlation_id"] == correlation]:
            return found
        time.sleep(POLL)
    return []
