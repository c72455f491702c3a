"""Whatever was accepted can be read: each view answers after each single fact, whatever the order (P12)."""

from random import Random

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case
from tests.journeys.vocabulary import TRIAL, VISIT, both_acknowledge, complete_intake

VIEWS = ("", "/explanation", "/journal?limit=200", "/rehearsal", "/appointments.ics")
COUNTS = "&counts=cause&counts=step&counts=unit&counts=person"
LISTS = (f"/v1/courses?limit=200{COUNTS}", "/v1/inbox?limit=200", "/v1/inbox/appointments.ics", "/v1/search?q=bad")
OF_SUPERVISORS = ("/v1/escalations?limit=200",)


def refused_views(course: str, reader: Caller, language: str, *more: str) -> list[str]:
    """Return the views and lists that do not answer, and why."""
    asked = [*(f"{course}{view}" for view in VIEWS), *LISTS, *more]
    answers = [reader.http.get(path, headers={"Accept-Language": language}) for path in asked]
    return [f"{answer.request.url}: {answer.status_code} {answer.text}" for answer in answers if not answer.is_success]


@pytest.fixture
def readers(anna: Caller, bo: Caller, sara: Caller) -> list[tuple[Caller, tuple[str, ...]]]:
    """Who reads, and what they read beyond what all do."""
    return [(anna, ()), (bo, ()), (sara, OF_SUPERVISORS)]


def test_every_view_answers_after_each_fact_of_a_company_visit(
    system: Caller, anna: Caller, bo: Caller, readers: list[tuple[Caller, tuple[str, ...]]]
) -> None:
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    complete_intake(course, anna, bo)
    both_acknowledge(course, anna, bo)
    facts = [*{**VISIT, **TRIAL}.items(), ("citizen_at_company_visit", False), ("caseworker_at_company_visit", False)]
    draw = Random(7)  # noqa: S311 - it draws an order and readers, the same each time
    draw.shuffle(facts)

    for name, value in [("visit_held_on", VISIT["visit_held_on"]), *facts]:
        bo.does(f"{course}/facts", facts={name: value})

        reader, more = draw.choice(readers)
        assert refused_views(course, reader, draw.choice(("da", "en")), *more) == [], f"after {name} = {value}"
