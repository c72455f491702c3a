"""The demo plays its whole cohort through the public API, and what it says of each course is so."""

import subprocess
import sys
from os import environ
from typing import Any

import pytest

from clients.demo.running import planned_courses, read_cohort
from clients.demo.stories import STORIES, End, is_as_expected
from tests.architecture.files import ROOT
from tools.town.ports import free_port
from tools.town.silence import falls_silent
from tools.town.town import MUNICIPALITY, Town

OF_THE_DEMO = list(planned_courses(read_cohort()))
ONCE = list({planned.story: planned for planned in OF_THE_DEMO}.values())


def demo(town: Town, run: str, *options: str, port: int | None = None) -> tuple[int, str]:
    url = f"http://127.0.0.1:{port or town.settings.api_port}"
    command = [sys.executable, "-m", "cli", "demo", "--url", url, "--municipality", MUNICIPALITY, "--run", run]
    environment = {**environ, "FODSLAG_JWT_KEY": town.keys["FODSLAG_JWT_KEY"], "COLUMNS": "200"}
    played = subprocess.run(
        [*command, *options], env=environment, capture_output=True, text=True, check=False, cwd=ROOT
    )
    return played.returncode, played.stderr


def courses(town: Town, run: str) -> dict[str, dict[str, Any]]:
    """Return every course of a run by its reference."""
    sara = town.speaks("sara", "supervisor", units=("*",))
    listed = sara.get("/v1/courses", q=f"DEMO-{run}-", limit=200)["items"]
    return {line["reference"]: sara.get(f"/v1/courses/{line['id']}") for line in listed}


@pytest.fixture(scope="module")
def played(town: Town) -> dict[str, dict[str, Any]]:
    """The courses of a short run that went well."""
    code, output = demo(town, "A", "--short")
    assert code == 0, output
    return courses(town, "A")


def test_there_are_forty_courses_and_each_storyline_is_lived() -> None:
    assert len(OF_THE_DEMO) == 40
    assert {planned.story for planned in OF_THE_DEMO} == set(STORIES)
    assert len({planned.citizen for planned in OF_THE_DEMO}) == 40


@pytest.mark.verify
def test_every_course_ends_as_its_story_says(played: dict[str, dict[str, Any]]) -> None:
    ends = {f"DEMO-A-{planned.number:02}": STORIES[planned.story][1] for planned in ONCE}

    assert played.keys() == ends.keys()
    assert [ref for ref, end in ends.items() if not is_as_expected(played[ref], end)] == []


@pytest.mark.verify
def test_what_is_looked_for_is_seen_only_where_it_is(played: dict[str, dict[str, Any]]) -> None:
    finished = next(read for read in played.values() if read["status"] == "completed")

    assert not is_as_expected(finished, End("trial"))
    for end in (end for _, end in STORIES.values() if end.shows):
        assert not is_as_expected(finished, End("completed", end.shows)) or end.shows == "says twelve hours"


@pytest.mark.verify
def test_the_supervisors_hear_of_what_stands_still(played: dict[str, dict[str, Any]], town: Town) -> None:
    end = STORIES["stalls_at_intake"][1]
    still = next(read["id"] for read in played.values() if is_as_expected(read, end))

    falls_silent(town, town.speaks("sara", "supervisor", units=("*",)), still)


@pytest.mark.verify
def test_the_whole_cohort_is_played_and_on_the_holiday_the_cover_acts_where_she_can(town: Town) -> None:
    code, output = demo(town, "B")

    assert code == 0, output
    whole = courses(town, "B")
    assert len(whole) == len(OF_THE_DEMO)
    of_lise = [{p["person"] for p in read["parties"]} for read in whole.values()]
    of_lise = [parties for parties in of_lise if "lise" in parties]
    absences = town.speaks("dina", "caseworker", units=("*",)).get("/v1/people/lise/absences")["absences"]
    assert [cover["person"] for cover in absences[0]["cover"]] == ["dina"]
    assert (len(of_lise), len([parties for parties in of_lise if "dina" in parties])) == (4, 2)


def test_where_nothing_runs_the_remedy_is_named(town: Town) -> None:
    code, output = demo(town, "C", port=free_port())

    assert code == 2
    assert "make run" in output
