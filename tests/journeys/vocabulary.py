"""What the journeys share: what both roles do at a step of a course over HTTP, and what they see of it."""

import time
from datetime import date

from clients.caller import Caller, expect_success
from clients.courses.over_http import CourseOverHttp
from clients.courses.script import Script
from tools.town.town import MUNICIPALITY

SCRIPT = Script(date(2026, 3, 2))
CASE = SCRIPT.start(MUNICIPALITY, "case-42", citizen={"reference": "citizen-42", "name": "Karla Eksempel"})
INTERVIEW = SCRIPT.facts("interview")
WORDS = SCRIPT.notes("citizen")
VISIT = SCRIPT.facts("visit")
AGREED = SCRIPT.notes("visit_words")
GRANT = SCRIPT.facts("grant")
TRIAL = {name: value for name, value in GRANT.items() if name != "trial_decision"}
TAUGHT = SCRIPT.notes("lessons")
HOURS = SCRIPT.facts("hours")
ANSWER_WITHIN = 60.0
POLL = 0.1


def played(course: str, anna: Caller, bo: Caller) -> CourseOverHttp:
    """Return a course that Anna and Bo play."""
    return CourseOverHttp(course, SCRIPT, {"caseworker": "anna", "company_consultant": "bo"}, {"anna": anna, "bo": bo})


def both_acknowledge(course: str, anna: Caller, bo: Caller) -> None:
    """Let each role read the briefing and acknowledge what it read."""
    played(course, anna, bo).both_acknowledge()


def complete_intake(course: str, anna: Caller, bo: Caller) -> None:
    """Do what intake asks of each role."""
    played(course, anna, bo).does(*SCRIPT.step("intake"))


def reach_trial(course: str, anna: Caller, bo: Caller) -> None:
    """Go from the start of a course into a granted trial, one report at a time."""
    complete_intake(course, anna, bo)
    both_acknowledge(course, anna, bo)
    played(course, anna, bo).does(*SCRIPT.step("company_visit"))
    both_acknowledge(course, anna, bo)


def steps(course: str, reader: Caller) -> list[str]:
    """Return the open steps of a course."""
    return [visit["step"]["id"] for visit in reader.get(course)["visits"] if visit["is_open"]]


def sees_header(reader: Caller, path: str, header: str) -> bool:
    """Say whether an answer bears a header before long; the API looks around every few seconds."""
    deadline = time.monotonic() + ANSWER_WITHIN
    while time.monotonic() < deadline:
        if header in expect_success(reader.http.get(path)).headers:
            return True
        time.sleep(POLL)
    return False
