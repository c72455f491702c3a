"""Reporting to several courses while no worker lives: every course says so for itself, and a repeat mends it (P7)."""

from collections.abc import Iterator

import pytest

from tests.api.vocabulary import HOURS, case, goals, results
from tools.town.town import Town, own_town


@pytest.fixture
def town() -> Iterator[Town]:
    """A system that a test may hurt."""
    with own_town() as town:
        yield town


def test_what_was_away_is_told_with_its_course_and_mended_by_a_repeat(town: Town) -> None:
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    course = system.does("/v1/courses", **case())["course"]
    nobody = "00000000-0000-5000-8000-000000000000"
    town.worker.kill()

    away = anna.sends("/v1/facts", "visit", courses=[course, nobody], **HOURS)
    town.worker.start()
    mended = anna.sends("/v1/facts", "visit", courses=[course, nobody], **HOURS)

    assert (away.status_code, mended.status_code) == (200, 200)
    assert results(away.json()) == {course: "course-away", nobody: "course-not-found"}
    assert away.json()["results"][0]["problem"]["status"] == 503
    assert results(mended.json()) == {course: 2, nobody: "course-not-found"}
    assert goals(anna, course) == [12]
