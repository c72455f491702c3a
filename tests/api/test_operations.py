import json
import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from infra.store.finding_rows import FindingKind
from infra.telemetry.metrics import DELIVERIES, WEBHOOKS_LOST, is_polling
from tests.architecture.files import ROOT
from tests.journeys.vocabulary import ANSWER_WITHIN, POLL
from tools.town.ports import free_port
from tools.town.town import Town

AUDITED_EVERY = 600.0
"""More than the seconds between two audits."""


def figures(text: str) -> dict[str, float]:
    """Return each sample of Prometheus' text format by its name and labels."""
    samples = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(number) for name, number in samples}


def api_figures(town: Town) -> dict[str, float]:
    answer = httpx.get(f"http://127.0.0.1:{town.settings.api_port}/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return figures(answer.text)


def worker_figures(town: Town) -> dict[str, float]:
    return figures(httpx.get(f"http://127.0.0.1:{town.settings.metrics_port}/metrics").text)


def counted(metrics_shown: dict[str, float], name: str, **labels: str) -> float:
    """Return the sum of the samples that have these labels."""
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    return sum(
        v for key, v in metrics_shown.items() if key.startswith(f"{name}{{") and all(part in key for part in wanted)
    )


def a_course(town: Town, reference: str) -> str:
    started = town.speaks("case-system", "system").does(
        "/v1/courses",
        municipality="0990",
        unit="job",
        reference=reference,
        citizen={"reference": "citizen-of-figures"},
        target_group="cash_benefit_activity_ready",
    )
    return str(started["course"])


def test_the_api_tells_which_parts_are_there_what_the_audit_finds_and_when_it_looked(town: Town) -> None:
    deadline, begun = time.monotonic() + ANSWER_WITHIN, time.time()
    while not (metrics_shown := api_figures(town))["fodslag_audited_at_seconds"]:
        assert time.monotonic() < deadline, "a worker lets an audit begin at once"
        time.sleep(POLL)

    assert {part: metrics_shown[f'fodslag_part_up{{part="{part}"}}'] for part in ("store", "temporal", "worker")} == {
        "store": 1,
        "temporal": 1,
        "worker": 1,
    }
    assert {key for key in metrics_shown if key.startswith("fodslag_findings")} == {
        f'fodslag_findings{{kind="{kind}"}}' for kind in FindingKind
    }
    assert metrics_shown["fodslag_audited_at_seconds"] > begun - AUDITED_EVERY
    assert metrics_shown["fodslag_audit_seconds"] > 0


def test_requests_are_counted_by_the_template_of_their_route_and_never_by_their_path(town: Town) -> None:
    labels = {"method": "GET", "route": "/v1/courses/{course}", "status": "200"}
    before = counted(api_figures(town), "fodslag_request_seconds_count", **labels)
    course = a_course(town, "figures-1")

    town.speaks("sara", "supervisor").get(f"/v1/courses/{course}")

    metrics_shown = api_figures(town)
    assert counted(metrics_shown, "fodslag_request_seconds_count", **labels) == before + 1
    assert not [name for name in metrics_shown if course in name]


def test_the_worker_counts_commands_by_their_outcome(town: Town) -> None:
    done = {"kind": "start_course", "outcome": "done"}
    refused = {"kind": "acknowledge", "outcome": "refused"}
    before = worker_figures(town)

    course = a_course(town, "figures-2")
    town.speaks("anna", "caseworker").sends(f"/v1/courses/{course}/acknowledgements", briefing=1, version=9)

    after = worker_figures(town)
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
def test_the_worker_tells_the_figures_of_the_library_that_the_alarms_name(town: Town, name: str) -> None:
    a_course(town, f"figures-{len(name)}")

    assert [sample for sample in worker_figures(town) if sample.startswith(f"{name}{{")]


def test_a_worker_is_healthy_when_it_polls_and_not_when_nothing_answers(town: Town) -> None:
    assert is_polling("127.0.0.1", town.settings.metrics_port)
    assert not is_polling("127.0.0.1", free_port())


def test_each_alarm_is_on_a_figure_that_is_told_and_the_guide_says_what_to_do(town: Town) -> None:
    a_course(town, "figures-alarms")
    rules = YAML(typ="safe").load(ROOT / "deploy" / "alarms.yml")["groups"][0]["rules"]
    named = {name for rule in rules for name in re.findall(r"\b(?:fodslag|temporal)_\w+", rule["expr"])}
    metrics_shown = {sample.partition("{")[0] for sample in (*api_figures(town), *worker_figures(town))}
    guide = (ROOT / "docs" / "guides" / "operate.md").read_text()

    # Notices go outward in working hours only, so none may have gone yet; and no webhook need be lost.
    assert named - metrics_shown - {f"{DELIVERIES}_total", f"{WEBHOOKS_LOST}_total"} == set()
    assert [rule["alert"] for rule in rules] == re.findall(r"^\| `([A-Z]\w+)` \|", guide, re.MULTILINE)


def test_api_and_worker_tell_of_a_command_under_the_same_correlation_id(town: Town) -> None:
    asked = "a-request-to-follow"
    course = a_course(town, "figures-followed")

    answer = town.speaks("sara", "supervisor").http.post(
        f"/v1/courses/{course}/pause", json={"reason": "away"}, headers={"X-Correlation-Id": asked}
    )

    assert answer.is_success, answer.text
    logs = {part: lines_of(town.settings.var / "log" / f"{part}.log", asked) for part in ("api", "worker")}
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
        if matching := [line for line in lines if line["correlation_id"] == correlation]:
            return matching
        time.sleep(POLL)
    return []
