"""A morning: a course of which both must acknowledge the briefing of intake, and both at their browsers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from clients.caller import Caller
from clients.courses.over_http import CourseOverHttp
from clients.courses.script import Script
from domain.calendar import danish_day
from tests.api.pages.browser import Browser, logged_in
from tests.api.vocabulary import case
from tests.municipalities import fresh_municipality
from tools.town.town import Town
from wording.catalog import catalog

HERE: Final = fresh_municipality()
WORDS: Final = catalog("da").pages
TODAY: Final = danish_day(datetime.now(UTC))
SCRIPT: Final = Script(TODAY - timedelta(days=30), TODAY)


def acknowledging(version: int) -> str:
    """Return the words on the button of a receipt."""
    return WORDS["acknowledge"].format(version=version)


@dataclass
class Morning:
    """A course whose intake is done, and who carries it, at the API and with a browser."""

    course: str
    callers: dict[str, Caller]
    anna: Browser
    bo: Browser

    @property
    def page(self) -> str:
        """The page of the course."""
        return f"/courses/{self.course}"

    def reports(self, person: str, **facts: Any) -> None:
        """Let somebody report what makes another version."""
        self.callers[person].does(f"/v1/courses/{self.course}/facts", facts=facts)


@contextmanager
def a_morning(town: Town) -> Iterator[Morning]:
    """A briefing that both must acknowledge."""
    callers = {
        person: town.speaks(person, role, municipality=HERE)
        for person, role in (("anna", "caseworker"), ("bo", "company_consultant"))
    }
    system = town.speaks("case-system", "system", municipality=HERE)
    for person, role in (("anna", "caseworker"), ("bo", "company_consultant")):
        system.put(f"/v1/people/{person}", {"name": f"{person.title()} Eksempel", "roles": [role], "unit": "job"})
    started = case(municipality=HERE, started_on=SCRIPT.day(0), citizen={"reference": "c", "name": "Karla Prøve"})
    course = system.does("/v1/courses", **started)["course"]
    parties = {"caseworker": "anna", "company_consultant": "bo"}
    CourseOverHttp(f"/v1/courses/{course}", SCRIPT, parties, callers).does(*SCRIPT.step("intake"))
    anna = logged_in(town, "anna", "caseworker", municipality=HERE)
    bo = logged_in(town, "bo", "company_consultant", municipality=HERE)
    with anna.http, bo.http:
        yield Morning(course, callers, anna, bo)
