"""The event log: what process mining reads, read back by a library of others, and whom it does not name (P10, P14)."""

import re
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest
import r4pm
from r4pm import bindings
from rich.console import Console

from clients.caller import Caller
from clients.exporting import save_event_log
from tests.api.vocabulary import case, expect
from tests.journeys.vocabulary import both_acknowledge, complete_intake
from tests.municipalities import fresh_municipality
from tools.town.town import Town

MINED: Final = fresh_municipality()
A_DAY: Final = re.compile(r"\d{4}-\d\d-\d\dT00:00:00\.000\+0[12]:00")
NAME: Final = "{http://www.xes-standard.org/}"
STANDARD: Final = {"start", "suspend", "resume", "complete", "pi_abort"}
REFERENCE: Final = "mined-case"


@pytest.fixture(scope="module")
def courses(town: Town) -> list[str]:
    """Two courses, the second of which has gone on to the next step."""
    system = town.speaks("case-system", "system", municipality=MINED)
    anna = town.speaks("anna", "caseworker", municipality=MINED)
    bo = town.speaks("bo", "company_consultant", municipality=MINED)
    starts = [case(municipality=MINED), case(municipality=MINED, reference=REFERENCE)]
    ids = [str(system.does("/v1/courses", **body)["course"]) for body in starts]
    complete_intake(f"/v1/courses/{ids[1]}", anna, bo)
    both_acknowledge(f"/v1/courses/{ids[1]}", anna, bo)
    return ids


def protector(town: Town, *units: str) -> Caller:
    """Return who answers for the protection of data."""
    return town.speaks("dora", "data_protection", municipality=MINED, units=units or ("*",))


def exported(caller: Caller) -> str:
    """Return the log as it comes."""
    answer = caller.http.get("/v1/export")
    assert answer.headers["content-type"].startswith("text/xml"), answer.text
    return answer.text


def traces(log: str) -> list[list[dict[str, str]]]:
    """Return the attributes of each event of each trace."""
    root = ET.fromstring(log)  # noqa: S314 - It is our own.
    return [[attributes(event) for event in trace.iter(f"{NAME}event")] for trace in root.iter(f"{NAME}trace")]


def attributes(element: ET.Element) -> dict[str, str]:
    return {child.attrib["key"]: child.attrib["value"] for child in element if "key" in child.attrib}


def pseudonyms(log: str) -> set[str]:
    """Return what the traces are called."""
    root = ET.fromstring(log)  # noqa: S314 - It is our own.
    return {attributes(trace)["concept:name"] for trace in root.iter(f"{NAME}trace")}


def test_the_log_is_read_back_by_a_library_of_others(town: Town, courses: list[str], tmp_path: Path) -> None:
    file = tmp_path / "log.xes"
    assert save_event_log(protector(town), file, Console(stderr=True)) == 0

    log = r4pm.convert_item(r4pm.import_item("EventLog", str(file)), "EventLogActivityProjection")
    ways = sorted((variant["activities"] for variant in bindings.get_variants(log)), key=len)

    assert bindings.get_num_cases(log) == len(courses)
    assert ways[0][0] == ways[1][0] == "course"
    assert "intake" in ways[0]
    steps = [activity for activity in ways[1] if activity in ("intake", "company_visit")]
    assert steps == ["intake", "intake", "company_visit"]
    assert ways[1].count("briefing_acknowledged") == 2
    assert [path.name for path in tmp_path.iterdir()] == ["log.xes"]


def test_it_has_days_roles_and_life_cycles_and_names_nobody(town: Town, courses: list[str]) -> None:
    log = exported(protector(town))
    events = [event for trace in traces(log) for event in trace]

    assert all(A_DAY.fullmatch(event["time:timestamp"]) for event in events)
    assert {event["lifecycle:transition"] for event in events} <= STANDARD
    acknowledged = {event["org:role"] for event in events if event["concept:name"] == "briefing_acknowledged"}
    assert acknowledged == {"caseworker", "company_consultant"}
    assert {event.get("org:role") for event in events} <= {None, "system", "caseworker", "company_consultant"}
    for secret in (*courses, *(course[:8] for course in courses), REFERENCE, "anna", "case-system", "dora", 'job"'):
        assert secret not in log
    assert {key for event in events for key in event} <= {
        *("concept:name", "time:timestamp", "lifecycle:transition", "org:role", "step")
    }


def test_two_exports_cannot_be_joined(town: Town, courses: list[str]) -> None:
    first, second = (pseudonyms(exported(protector(town))) for _ in range(2))

    assert len(first) == len(second) == len(courses)
    assert first.isdisjoint(second)


def test_the_log_has_the_courses_of_ones_units_for_those_who_protect_data_alone(
    town: Town, courses: list[str], tmp_path: Path
) -> None:
    assert traces(exported(protector(town, "elsewhere"))) == []
    assert len(traces(exported(protector(town, "job")))) == len(courses)
    for role in ("supervisor", "system", "caseworker", "company_consultant", "observer", "rule_editor"):
        speaker = town.speaks("sara", role, municipality=MINED)
        expect(speaker.http.get("/v1/export"), 403, "not-permitted")
        assert save_event_log(speaker, tmp_path / "log.xes", Console(stderr=True)) == 1
    assert [*tmp_path.iterdir()] == []
