"""An office of its own in which somebody is away: who holds courses, who covers, who leads."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from clients.caller import Caller
from domain.calendar import danish_day
from tests.api.vocabulary import case, renew_now
from tests.journeys.vocabulary import ANSWER_WITHIN
from tests.municipalities import fresh_municipality
from tools.town.town import Town

TODAY = danish_day(datetime.now(UTC))


def day(days: int) -> str:
    """Return a day counted from today."""
    return str(TODAY + timedelta(days=days))


class Office:
    """A municipality of its own: Anna and Bo hold courses, Carl covers, and Sara leads."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.municipality = fresh_municipality()
        self.sara = self.speaks("sara", "supervisor", units=("job",))
        self.system = self.speaks("case-system", "system", units=("*",))
        self.anna, self.carl = self.speaks("anna", "caseworker"), self.speaks("carl", "caseworker")
        self.bo = self.speaks("bo", "company_consultant")
        whole = self.speaks("lise", "supervisor", units=("*",))
        for person, role in {"anna": "caseworker", "carl": "caseworker", "bo": "company_consultant"}.items():
            entry = {"name": f"{person.title()} Prøve", "roles": [role], "unit": "job"}
            assert whole.http.put(f"/v1/people/{person}", json=entry).is_success

    def speaks(self, person: str, *roles: str, units: tuple[str, ...] = ()) -> Caller:
        """Return somebody of this municipality, who sees nothing by unit unless it is said."""
        return self.town.speaks(person, *roles, municipality=self.municipality, units=units)

    def starts(self, **what: Any) -> str:
        """Start a course of Anna's and Bo's today, and return its id."""
        body = {**case(municipality=self.municipality), "started_on": str(TODAY), **what}
        course: str = self.system.does("/v1/courses", **body)["course"]
        return course

    def away(self, *cover: str, by: Caller | None = None, since: str = day(1), until: str = day(30)) -> None:
        """Let it be registered when Anna is away, and who covers; and let it be looked who is to be told."""
        absence = {"from": since, "until": until, "cover": [{"person": one} for one in cover]}
        body = {"absences": [absence]}
        assert (by or self.anna).http.put("/v1/people/anna/absences", json=body).is_success
        self.looks()

    def looks(self) -> None:
        """Let it be looked who is to be told of absences."""
        asyncio.run(renew_now(self.town))

    def until(self, is_so: Callable[[], Any]) -> Any:
        """Return what holds before long."""
        deadline = time.monotonic() + ANSWER_WITHIN
        while not (found := is_so()):
            assert time.monotonic() < deadline, "it never came"
            time.sleep(0.2)
        return found
