"""Other systems' feeds, played as they are: whatever the order and repetition, the courses end up the same."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from os import environ
from random import Random
from typing import Any

import pytest

from clients.caller import Caller
from clients.simulation.events import Event, Place, case_system, trial_applications
from clients.simulation.faults import PERSON, Fault, faulty
from clients.simulation.playing import Played, Player
from domain.calendar import danish_day
from tests.architecture.files import ROOT
from tools.town.town import MUNICIPALITY, Town, speaking

COURSES = 3
ALL = frozenset(Fault)
SEEDS = [2, *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(3, 13))]


@pytest.fixture
def callers(town: Town) -> Iterator[tuple[Caller, Caller]]:
    """The system, and the caseworker who at times says otherwise."""
    with ExitStack() as stack:
        speakers = [speaking(town.keys["FODSLAG_JWT_KEY"], town.settings.api_port, *who) for who in WHO]
        for speaker in speakers:
            stack.callback(speaker.http.close)
        tokens = [speaker.http.headers["authorization"].removeprefix("Bearer ") for speaker in speakers]
        url = f"http://127.0.0.1:{town.settings.api_port}"
        system, person = (stack.enter_context(Caller(url, token)) for token in tokens)
        yield system, person


WHO = [("simulated", "system"), (PERSON, "caseworker")]


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - It repeats a run, and guards nothing.


def feed(prefix: str) -> list[Event]:
    """Return the same events each time, for courses under another prefix."""
    place, today = Place(MUNICIPALITY, "job", prefix), danish_day(datetime.now(UTC))
    return [
        *case_system(Place(MUNICIPALITY, "job", f"{prefix}-C"), COURSES, seeded(1), today),
        *trial_applications(place, COURSES, seeded(1), today),
    ]


def played(callers: tuple[Caller, Caller], events: list[Event]) -> Played:
    system, person = callers
    return Player(system, {PERSON: person}).play(events, lambda: None)


def stands(caller: Caller, result: Played, prefix: str) -> dict[str, Any]:
    """Return how each course stands, but for ids and when things were heard."""
    summaries = {}
    for reference, course in result.courses.items():
        read = caller.get(f"/v1/courses/{course}")
        summaries[reference.removeprefix(prefix)] = {
            "facts": {f["fact"]: (f["value"], bool(f["contradicted_by"])) for f in read["facts"] if f["counts"]},
            "visits": [(v["step"]["id"], v["is_open"], v["entered_on"]) for v in read["visits"]],
            "waits": sorted((w["kind"], w["what"] or "") for w in read["waiting"] if w["kind"] != "silence"),
            "ahead": [step["id"] for step in read["ahead_of_informing"]],
        }
    return summaries


def with_contradictions(events: list[Event]) -> list[Event]:
    """Return the events with the same persons' other words each time."""
    return faulty(events, frozenset({Fault.CONTRADICTIONS}), seeded(4))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_courses_end_up_the_same_whatever_the_order_and_repetition(
    callers: tuple[Caller, Caller], seed: int
) -> None:
    straight, crooked = f"IN-{seed}", f"OUT-{seed}"
    in_order = played(callers, with_contradictions(feed(straight)))
    shuffled = faulty(with_contradictions(feed(crooked)), ALL - {Fault.CONTRADICTIONS}, seeded(seed))
    out_of_order = played(callers, shuffled)

    assert in_order.refused == out_of_order.refused == []
    assert out_of_order.answers["repeated"] > 0
    assert out_of_order.parked > 0
    system = callers[0]
    assert stands(system, out_of_order, crooked) == stands(system, in_order, straight)


def test_a_person_and_a_system_that_contradict_each_other_are_a_hold_in_each_order(
    callers: tuple[Caller, Caller],
) -> None:
    straight = stands(callers[0], played(callers, with_contradictions(feed("CON"))), "CON")

    assert any(contradicted for course in straight.values() for _, contradicted in course["facts"].values())


def test_the_same_source_event_with_other_content_is_refused_by_its_name(callers: tuple[Caller, Caller]) -> None:
    events = feed("TWO")
    played(callers, events)
    start, report = events[0], events[1]
    course = callers[0].post("/v1/courses", start.starts or {}, key="again").json()["course"]

    another = {"facts": {"asked_for_help_on": "2020-01-01"}}
    other = callers[0].post(f"/v1/courses/{course}/facts", {**report.body, **another}, key="other")

    assert (other.status_code, other.json()["code"]) == (422, "source-event-reused")


@pytest.mark.parametrize("system", ["case-system", "trial-applications"])
def test_the_simulator_tells_what_came_of_it_and_a_second_run_is_known_already(town: Town, system: str) -> None:
    url = f"http://127.0.0.1:{town.settings.api_port}"
    command = ["-m", "cli", "simulate", system, "--municipality", MUNICIPALITY, "--courses", "3", "--url", url]
    environment = {**environ, "FODSLAG_JWT_KEY": town.keys["FODSLAG_JWT_KEY"], "COLUMNS": "200"}

    outputs = []
    for _ in range(2):
        run = subprocess.run(
            [sys.executable, *command], env=environment, capture_output=True, text=True, check=False, cwd=ROOT
        )
        assert run.returncode == 0, run.stderr
        outputs.append(" ".join(run.stderr.split()))
    assert "3 started" in outputs[0]
    assert "there already" in outputs[1]
    assert "started" not in outputs[1]
