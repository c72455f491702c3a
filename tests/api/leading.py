"""An office with leaders, for the board and for what is done from it."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from clients.caller import Caller
from domain.calendar import danish_day
from tests.api.vocabulary import case
from tests.municipalities import fresh_municipality
from tools.town.silence import falls_silent
from tools.town.town import Town

TODAY: Final = danish_day(datetime.now(UTC))
LONG_AGO: Final = (TODAY - timedelta(days=60)).isoformat()
LATER: Final = f"{TODAY + timedelta(days=9)}T08:00:00Z"


class Office:
    """A municipality of its own, with a leader of each of its two units."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.municipality = fresh_municipality()
        self.sara = self.speaks("sara", "supervisor")
        self.sven = self.speaks("sven", "supervisor", units=("syd",))
        self.whole = self.speaks("lise", "supervisor", units=("*",))
        self.anna = self.speaks("anna", "caseworker", units=())
        people = {"anna": "caseworker", "bo": "company_consultant", "carl": "caseworker"}
        for person, role in people.items():
            entry = {"name": f"{person.title()} Prøve", "roles": [role], "unit": "job", "phone": "+45 12 34 56 78"}
            assert self.whole.http.put(f"/v1/people/{person}", json=entry).is_success

    def speaks(self, person: str, *roles: str, units: tuple[str, ...] = ("job",)) -> Caller:
        """Return somebody of this municipality."""
        return self.town.speaks(person, *roles, municipality=self.municipality, units=units)

    def starts(self, **what: Any) -> str:
        """Start a course of Anna's and Bo's, and return its id."""
        system = self.speaks("case-system", "system", units=("*",))
        course: str = system.does("/v1/courses", **{**case(municipality=self.municipality), **what})["course"]
        return course

    def falls_silent(self, **what: Any) -> str:
        """Start a course in which nothing happens until its leaders hear of it, and return its id."""
        course = self.starts(started_on=LONG_AGO, **what)
        falls_silent(self.town, self.whole, course)
        return course

    def is_away(self, *cover: str) -> None:
        """Let Anna be away today and tomorrow."""
        days = {"from": TODAY.isoformat(), "until": (TODAY + timedelta(days=1)).isoformat()}
        absence = {**days, "cover": [{"person": person} for person in cover]}
        assert self.whole.http.put("/v1/people/anna/absences", json={"absences": [absence]}).is_success

    def line(self, course: str) -> dict[str, Any]:
        """Return the line of a course."""
        lines: dict[str, dict[str, Any]]
        lines = {line["course"]: line for line in self.whole.get("/v1/board", limit=200)["items"]}
        return lines[course]
