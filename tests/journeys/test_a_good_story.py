"""A course that goes the whole way of the light set is asked once for a good story, and its unit reads it."""

from dataclasses import dataclass

import pytest

from clients.caller import Caller
from tests.journeys.vocabulary import SCRIPT, both_acknowledge, played
from tests.municipalities import fresh_municipality
from tools.town.town import Town

HERE = fresh_municipality()
"""A municipality of its own, for its companies and its stories are nobody else's."""
PLACE = SCRIPT.facts("visit")["company_p_number"]
STORY = {"worked": ["visited_together", "fitting_task"], "branch": "farming", "company_agreed": True}


@dataclass
class Unit:
    """Those who work in the unit: the two roles, their leader, and a colleague."""

    anna: Caller
    bo: Caller
    sara: Caller
    carl: Caller

    def goes_on(self, course: str, step: str) -> None:
        """Do what a step asks, and let both acknowledge it."""
        played(course, self.anna, self.bo).does(*SCRIPT.step(step))
        both_acknowledge(course, self.anna, self.bo)

    def asked(self) -> set[str]:
        """Return who has a line about a story."""
        return {
            name
            for name, reader in vars(self).items()
            for item in reader.get("/v1/inbox", limit=200)["items"]
            if item["kind"] in ("story", "story_approval")
        }


@pytest.fixture
def unit(town: Town) -> Unit:
    """A unit that knows the company."""
    roles = ("caseworker", "company_consultant", "supervisor", "caseworker")
    people = zip(("anna", "bo", "sara", "carl"), roles, strict=True)
    unit = Unit(*(town.speaks(person, role, municipality=HERE) for person, role in people))
    company = {"cvr": "10000009", "name": "Nordgartneriet"}
    assert unit.sara.http.put(f"/v1/companies/{PLACE}", json=company).is_success
    return unit


def test_the_good_story_of_a_course_that_goes_the_whole_way(town: Town, unit: Unit) -> None:
    system = town.speaks("case-system", "system", municipality=HERE)
    course = f"/v1/courses/{system.does('/v1/courses', **SCRIPT.start(HERE, 'a-good-story'))['course']}"
    for step in SCRIPT.steps[:-1]:
        assert unit.asked() == set(), f"nobody is asked at {step}"
        unit.goes_on(course, step)
    assert unit.asked() == {"bo"}

    unit.bo.does(f"{course}/story", story=STORY)
    assert unit.asked() == {"sara"}
    assert unit.carl.get("/v1/stories")["items"] == []
    (waiting,) = unit.sara.get("/v1/stories")["items"]
    unit.sara.does(f"/v1/stories/{waiting['id']}/approve")
    assert unit.asked() == set()
    unit.goes_on(course, "paid_hours")

    assert unit.anna.get(course)["status"] == "completed"
    (read,) = unit.carl.get("/v1/stories")["items"]
    assert read["company"] == {"p_number": PLACE, "name": "Nordgartneriet"}
    assert (read["hours"]["id"], read["weeks"]["id"]) == ("hours_up_to_15", "weeks_up_to_26")
    assert [worked["id"] for worked in read["worked"]] == ["visited_together", "fitting_task"]
    unit.bo.does(f"/v1/stories/{read['id']}/remove")
    assert unit.carl.get("/v1/stories")["items"] == []
