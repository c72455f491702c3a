"""What is for caseworkers only is read by nobody who is one, or leads, in other courses alone (P8, P14)."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from string import Formatter
from typing import Final

import pytest

from api.app import who_may_call, who_may_open
from domain.identity import Role
from tests.api.leading import Office
from tests.api.pages.browser import logged_in
from tools.town.town import Town

WORDS: Final = "Kun rådgivere læser dette"
WHY: Final = "Kun rådgivere læser hvorfor"
ASKED: Final = {
    "/v1/courses": "/v1/courses?limit=200&counts=cause",
    "/v1/courses/{course}/journal": "/v1/courses/{course}/journal?limit=200",
    "/v1/changes": "/v1/changes?limit=500",
    "/v1/inbox": "/v1/inbox?limit=200",
    "/v1/search": "/v1/search?q={reference}",
    "/search": "/search?q={reference}",
}
LEADERS: Final = frozenset({Role.COMPANY_CONSULTANT, Role.SUPERVISOR})


class Confided(Office):
    """A course with notes for caseworkers only: one that stands, one that was corrected, and one taken back."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.course = self.starts()
        self.path = f"/v1/courses/{self.course}"
        self.reference = self.whole.get(self.path)["reference"]
        anna = self.speaks("anna", "caseworker")
        confided = [{"kind": "barrier", "text": WORDS, "audience": "caseworker_only"}] * 3
        noted = anna.does(f"{self.path}/notes", notes=confided)["notes"]
        _kept, corrected, gone = (note["id"] for note in noted)
        anna.does(f"{self.path}/notes/{corrected}/supersede", text=WORDS, reason=WHY)
        anna.does(f"{self.path}/notes/{gone}/retract", reason=WHY, ground="was_wrong")

    def asked(self, routes: Mapping[str, Collection[Role]]) -> Iterator[tuple[str, str]]:
        """Yield the routes that a consultant or a leader reads and that may tell of this course, with their paths."""
        known = {"course": self.course, "reference": self.reference, "person": "bo", "visit": "1", "version": "1"}
        for route, roles in routes.items():
            method, pattern = route.split(" ", 1)
            path = ASKED.get(pattern, pattern)
            named = {name for _, name, _, _ in Formatter().parse(path) if name}
            if method == "GET" and pattern != "/v1/events" and named <= known.keys() and not LEADERS.isdisjoint(roles):
                yield route, path.format_map(known)


@pytest.fixture(scope="module")
def confided(town: Town) -> Confided:
    return Confided(town)


def answers(confided: Confided, unit: str) -> Iterator[tuple[str, str]]:
    """Yield what each route and page tells the consultant of the course, who leads a unit."""
    api = confided.speaks("bo", *LEADERS, units=(unit,)).http
    yield from ((route, api.get(path).text) for route, path in confided.asked(who_may_call()))
    yield "as text", api.get(f"{confided.path}/journal", headers={"Accept": "text/plain"}).text
    browser = logged_in(confided.town, "bo", *LEADERS, municipality=confided.municipality, units=(unit,))
    with closing(browser.http) as pages:
        yield from ((route, pages.get(path).text) for route, path in confided.asked(who_may_open()))


def test_a_consultant_who_leads_elsewhere_reads_nothing_of_it(confided: Confided) -> None:
    for route, answer in answers(confided, "syd"):
        assert WORDS not in answer, route
        assert WHY not in answer, route


def test_who_leads_the_course_reads_it(confided: Confided) -> None:
    told = {route for route, answer in answers(confided, "job") if WORDS in answer or WHY in answer}

    assert {"GET /v1/courses/{course}", "GET /v1/courses/{course}/journal", "GET /v1/since-last"} <= told
