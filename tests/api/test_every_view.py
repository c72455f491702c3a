"""Whatever was accepted can be read: each view answers after each single fact, whatever the order (P12)."""

from itertools import cycle, product
from random import Random

from clients.caller import Caller
from tests.api.vocabulary import case
from tests.journeys.vocabulary import TRIAL, VISIT, both_acknowledge, complete_intake

VIEWS = ("", "/explanation", "/journal?limit=200", "/rehearsal", "/appointments.ics")
LISTS = ("/v1/courses?limit=200", "/v1/inbox?limit=200")
LANGUAGES = ("da", "en")


def refused_views(course: str, reader: Caller, language: str) -> list[str]:
    """Return the views that do not answer, and why."""
    asked = [*(f"{course}{view}" for view in VIEWS), *LISTS]
    answers = [reader.http.get(path, headers={"Accept-Language": language}) for path in asked]
    return [f"{answer.request.url}: {answer.status_code} {answer.text}" for answer in answers if not answer.is_success]


def test_every_view_answers_after_each_fact_of_a_company_visit(system: Caller, anna: Caller, bo: Caller) -> None:
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    complete_intake(course, anna, bo)
    both_acknowledge(course, anna, bo)
    facts = [*{**VISIT, **TRIAL}.items(), ("citizen_at_company_visit", False), ("caseworker_at_company_visit", False)]
    Random(7).shuffle(facts)  # noqa: S311 - it draws an order, the same each time

    readers = cycle(product((anna, bo), LANGUAGES))
    for (name, value), reader in zip([("visit_held_on", VISIT["visit_held_on"]), *facts], readers, strict=False):
        bo.does(f"{course}/facts", facts={name: value})

        assert refused_views(course, *reader) == [], f"after {name} = {value}"
