"""A company with one citizen in a trial, and who has to do with it, at the API and with a browser."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

from clients.caller import Caller
from domain.calendar import danish_day
from tests.api.pages.browser import Browser, logged_in
from tests.api.vocabulary import case
from tests.municipalities import fresh_municipality
from tools.town.town import Town

HERE: Final = fresh_municipality()
UNIT: Final = "praktik"
PLACE: Final = "1012003456"
"""A P-number that could be a CPR number too."""

TODAY: Final = danish_day(datetime.now(UTC))
PEOPLE: Final = (
    ("anna", "caseworker", "+45 11 11 11 11"),
    ("bo", "company_consultant", "+45 22 22 22 22"),
    ("sara", "supervisor", None),
)
_numbers = count(1)


def _day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


VISITS: Final = [
    {"step": "intake", "entered_on": _day(-60), "left_on": _day(-50)},
    {"step": "company_visit", "entered_on": _day(-50), "left_on": _day(-20)},
    {"step": "trial", "entered_on": _day(-20)},
]
FACTS: Final = {
    "trial_p_number": PLACE,
    "trial_starts_on": _day(-10),
    "trial_ends_on": _day(30),
    "trial_weekly_hours": 15,
}
COMPANY: Final = {
    "cvr": "10000009",
    "name": "Nordgartneriet",
    "address": "Havevej 1, 9000 Aalborg",
    "contacts": [{"name": "Grethe Eksempel", "role": "driftsleder", "phone": "+45 98 00 00 00"}],
    "opportunities": [{"text": "Mangler hænder fra marts, gerne formiddage.", "since": _day(-30)}],
    "ratios": [{"month": "2026-02", "ordinary_fte": 12.5, "supported_fte": 1}],
}


@dataclass
class Workplace:
    """A course in its trial at the company, and everybody's callers and browsers."""

    course: str
    callers: dict[str, Caller]
    browsers: dict[str, Browser]

    @property
    def page(self) -> str:
        """The page of the company."""
        return f"/workplaces/{PLACE}"

    def reads(self) -> dict[str, Any]:
        """Return the course as Anna reads it."""
        read: dict[str, Any] = self.callers["anna"].get(f"/v1/courses/{self.course}")
        return read

    def facts(self) -> dict[str, Any]:
        """Return the values that count, by their facts."""
        return {fact["fact"]: fact["value"] for fact in self.reads()["facts"] if fact["counts"]}


@contextmanager
def a_workplace(town: Town) -> Iterator[Workplace]:
    """A company with somebody in a trial."""
    callers = {
        person: town.speaks(person, role, units=("*",) if role == "supervisor" else (UNIT,), municipality=HERE)
        for person, role, _ in PEOPLE
    }
    for person, role, phone in PEOPLE:
        entry = {"name": f"{person.title()} Eksempel", "roles": [role], "phone": phone}
        assert callers["sara"].http.put(f"/v1/people/{person}", json=entry).is_success
    known = {"If-Match": "*"} if callers["sara"].http.get(f"/v1/companies/{PLACE}").is_success else {}
    assert callers["sara"].http.put(f"/v1/companies/{PLACE}", json=COMPANY, headers=known).is_success
    reference = f"call-{next(_numbers)}"
    citizen = {"reference": "citizen-1", "name": "Karla Prøve"}
    started = case(municipality=HERE, unit=UNIT, started_on=_day(-60), reference=reference, citizen=citizen)
    system = town.speaks("case-system", "system", units=(UNIT,), municipality=HERE)
    course = system.does("/v1/courses", **started, facts=FACTS, taken_over={"visits": VISITS})["course"]
    with ExitStack() as open_browsers:
        browsers = {
            person: logged_in(town, person, role, municipality=HERE, units=("*",) if role == "supervisor" else (UNIT,))
            for person, role, _ in PEOPLE
        }
        for browser in browsers.values():
            open_browsers.enter_context(browser.http)
        yield Workplace(course, callers, browsers)
