"""Which courses exist for a caller: every route that reads courses answers alike, for each role and relation (P14)."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import httpx
import pytest

from api.app import who_may_call, who_may_open
from clients.caller import Caller
from domain.calendar import danish_day
from domain.identity import Role
from tests.api.pages.browser import logged_in
from tests.api.pages.same_as import SAME_AS
from tests.api.vocabulary import case
from tests.municipalities import fresh_municipality
from tools.town.town import Town

HERE, ELSEWHERE = fresh_municipality(), fresh_municipality()
WORKPLACE = "1000000001"
TODAY = danish_day(datetime.now(UTC))
LONG_AGO = (TODAY - timedelta(days=60)).isoformat()
AWAY = {"from": (TODAY - timedelta(days=1)).isoformat(), "until": (TODAY + timedelta(days=9)).isoformat()}
WORKING: Final = ("caseworker", "company_consultant", "supervisor", "system", "data_protection")
NORTH, SOUTH, FOREIGN = "north", "south", "foreign"
BOTH: Final = frozenset({NORTH, SOUTH})
WHOLE: Final = ("*",)


class Relation(NamedTuple):
    """Somebody who asks, and the courses that exist for that caller; he works with all of them but those `observed`."""

    title: str
    person: str
    roles: tuple[str, ...]
    units: tuple[str, ...]
    sees: Iterable[str] = ()
    municipality: str = HERE
    observed: Iterable[str] = ()


RELATIONS: Final = (
    Relation("the caseworker", "anna", ("caseworker",), ("vest",), {NORTH}),
    Relation("the company consultant", "bo", ("company_consultant",), ("vest",), {NORTH}),
    Relation("a holder in another role", "anna", ("data_protection",), ("vest",), {NORTH}),
    Relation("a holder who only observes", "anna", ("observer",), ("nord",)),
    Relation("a holder who edits rules", "anna", ("rule_editor",), WHOLE),
    Relation("the cover", "carl", ("caseworker",), ("vest",), {NORTH}),
    Relation("a cover who only observes", "carl", ("observer",), ("nord",)),
    Relation("an observer in another unit", "mille", ("observer",), ("nord",), {SOUTH}, observed={SOUTH}),
    Relation("an observer of the whole municipality", "mille", ("observer",), WHOLE, {SOUTH}, observed={SOUTH}),
    Relation("an observer who works too", "mille", ("observer", "caseworker"), ("nord",), BOTH, observed={SOUTH}),
    Relation("an observer without the role", "mille", ("caseworker",), ("vest",)),
    Relation("one in whose queue a role lies", "gitte", ("company_consultant",), ("virksomhed",), {SOUTH}),
    *(Relation(f"a {role} of the unit", "sam", (role,), ("syd",), {SOUTH}) for role in WORKING),
    *(Relation(f"a {role} of another unit", "sam", (role,), ("vest",)) for role in Role),
    *(Relation(f"a {role} of no unit", "sam", (role,), ()) for role in Role),
    *(Relation(f"a {role} of the whole municipality", "sam", (role,), WHOLE, BOTH) for role in WORKING),
    *(Relation(f"a {role} elsewhere", "anna", (role,), WHOLE, {FOREIGN}, ELSEWHERE) for role in WORKING),
)


class Courses:
    """Three courses: Anna's and Bo's, Dina's with a role in a queue, and one of another municipality."""

    def __init__(self, town: Town) -> None:
        self.town = town
        anna_and_bo = {"caseworker": {"person": "anna"}, "company_consultant": {"person": "bo"}, "unit": "nord"}
        dina = {"caseworker": {"person": "dina"}, "company_consultant": {"unit": "virksomhed"}, "unit": "syd"}
        self.bodies = {
            NORTH: case(municipality=HERE, started_on=LONG_AGO, **anna_and_bo),
            SOUTH: case(municipality=HERE, started_on=LONG_AGO, **dina),
            FOREIGN: case(municipality=ELSEWHERE, started_on=LONG_AGO, **anna_and_bo),
        }
        self.ids = {name: self._started(body) for name, body in self.bodies.items()}
        self.names = {course: name for name, course in self.ids.items()}
        sara = self.speaks("sara", "supervisor")
        for person in ("anna", "carl"):
            put(sara, f"/v1/people/{person}", name=person.title(), roles=["caseworker"], unit="vest")
        put(sara, "/v1/people/anna/absences", absences=[{**AWAY, "cover": [{"person": "carl"}]}])
        put(sara, f"/v1/courses/{self.ids[SOUTH]}/observers/mille", kind="mentor", reason="Aftalt med borgeren.")

        # Nothing is handed over, for who is to take over has the other role.
        held = {NORTH: ({"person": "bo"}, "anna"), SOUTH: ({"unit": "virksomhed"}, "dina")}
        self.acts = {name: self._ordered(sara, *who) for name, who in held.items()}
        self.acts[FOREIGN] = self._ordered(self.speaks("sara", "supervisor", municipality=ELSEWHERE), *held[NORTH])

    def _ordered(self, boss: Caller, holder: dict[str, str], other: str) -> str:
        """Order a hand-over of one course, and return the id of the act."""
        put(boss, f"/v1/people/{other}", name=other.title(), roles=["caseworker", "company_consultant"], unit="vest")
        act: str = boss.does("/v1/hand-overs", **{"from": holder, "to": [{"person": other}], "reason": "Prøve."})["id"]
        return act

    def speaks(self, person: str, *roles: str, municipality: str = HERE, units: tuple[str, ...] = WHOLE) -> Caller:
        """Return somebody of a municipality."""
        return self.town.speaks(person, *roles, municipality=municipality, units=units)

    def _started(self, body: dict[str, Any]) -> str:
        """Start a course with a workplace and with a note that was of another citizen, and return its id."""
        boss = self.speaks("sara", "supervisor", "company_consultant", municipality=body["municipality"])
        course: str = boss.does("/v1/courses", **body)["course"]
        path = f"/v1/courses/{course}"
        boss.does(f"{path}/facts", facts={"company_p_number": WORKPLACE})
        boss.does(f"{path}/notes", kind="barrier", text="Om en anden.")
        note = boss.get(path)["notes"][0]["id"]
        boss.does(f"{path}/notes/{note}/retract", reason="En anden borger.", wrong_citizen=True)
        put(boss, f"/v1/companies/{WORKPLACE}", cvr="10000009", name="Nordgartneriet")
        return course

    def among(self, text: str) -> set[str]:
        """Return the courses that an answer names."""
        return {name for name, course in self.ids.items() if course in text}


def put(speaker: Caller, path: str, **body: Any) -> None:
    """Write, and expect it to be done."""
    answer = speaker.http.put(path, json=body)
    assert answer.is_success, answer.text


@pytest.fixture(scope="module")
def courses(town: Town) -> Courses:
    """The courses that are asked for."""
    return Courses(town)


def reported(caller: Caller, courses: Courses) -> set[str]:
    """Return the courses to which something could be reported: what is refused here is only what is reported."""
    body = {"courses": [*courses.names], "facts": {"unheard_of": 1}}
    results = caller.does("/v1/facts", **body)["results"]
    assert {result["problem"]["code"] for result in results} <= {
        "course-not-found",
        "fact-unknown",
        "not-for-observers",
    }
    return {courses.names[r["course"]] for r in results if r["problem"]["code"] != "course-not-found"}


def startable_again(caller: Caller, courses: Courses) -> set[str]:
    """Return the courses of which somebody who starts them anew is told that they are there."""
    answers = {name: caller.http.post("/v1/courses", json=body) for name, body in courses.bodies.items()}
    return {name for name, answer in answers.items() if answer.is_success}


def concerned(caller: Caller, courses: Courses) -> set[str]:
    """Return the courses in which somebody may be named as cover for Anna."""
    nameable = set()
    for name, course in courses.ids.items():
        cover = {"person": "carl", "courses": [course]}
        answer = caller.http.put(
            "/v1/people/anna/absences", params={"dry_run": "true"}, json={"absences": [{**AWAY, "cover": [cover]}]}
        )
        if answer.is_success:
            assert courses.among(json.dumps(answer.json()["concerns"])) <= {NORTH}
            nameable.add(name)
        else:
            codes = {"course-not-found", "cover-unsuitable", "not-governed", "person-not-found"}
            assert answer.json()["code"] in codes, answer.text
    return nameable


def streamed(caller: Caller, courses: Courses) -> set[str]:
    """Return the courses of which the stream of events tells."""
    expected = len(caller.get("/v1/changes", limit=500)["items"])
    with caller.http.stream("GET", "/v1/events") as answer:
        lines = answer.iter_lines()
        events = [next(line for line in lines if line.startswith("data: ")) for _ in range(expected)]
        assert expected or next(line for line in lines if line == ":")
    return courses.among(" ".join(events))


def listed(path: str) -> Callable[[Caller, Courses], set[str]]:
    """Return how to find the courses that a list names."""
    return lambda caller, courses: courses.among(json.dumps(caller.get(path, limit=200)["items"]))


def counted_in_acts(caller: Caller, courses: Courses) -> set[str]:
    """Return the courses whose bulk acts are listed, which is one for each."""
    listed = {act["id"] for act in caller.get("/v1/bulk-acts")["items"]}
    return {name for name, act in courses.acts.items() if act in listed}


def acted_in(caller: Caller, courses: Courses) -> set[str]:
    """Return the courses that the items of bulk acts name."""
    answers = [caller.http.get(f"/v1/bulk-acts/{act}/items") for act in courses.acts.values()]
    return courses.among(" ".join(answer.text for answer in answers))


def read_of_acts(caller: Caller, courses: Courses) -> set[str]:
    """Return the courses whose bulk acts can be read."""
    return {name for name, act in courses.acts.items() if caller.http.get(f"/v1/bulk-acts/{act}").is_success}


def before_absence(caller: Caller, courses: Courses) -> set[str]:
    """Return the courses that Anna is to hand over."""
    answer = caller.http.get(f"/v1/people/anna/absences/{AWAY['from']}/hand-over")
    return courses.among(answer.text)


def to_hand_over(caller: Caller, courses: Courses) -> set[str]:
    """Return the courses that the caller could hand over."""
    bodies = [{"from": holder, "to": [{"unit": "vest"}]} for holder in ({"person": "bo"}, {"unit": "virksomhed"})]
    return courses.among(json.dumps([caller.does("/v1/hand-overs/plan", **body) for body in bodies]))


def searched(caller: Caller, courses: Courses) -> set[str]:
    """Return the courses that are found by their workplace."""
    return courses.among(json.dumps(caller.get("/v1/search", q=WORKPLACE)["courses"]))


def at_workplace(part: str) -> Callable[[Caller, Courses], set[str]]:
    """Return how to find the courses that are at the workplace."""
    path = f"/v1/companies/{WORKPLACE}{part}"
    return lambda caller, courses: courses.among(json.dumps(caller.get(path)["courses"]))


def own_calendar(caller: Caller, courses: Courses) -> set[str]:
    """Return the courses in the caller's own calendar file."""
    return courses.among(caller.http.get("/v1/inbox/appointments.ics").text)


def since_last(caller: Caller, courses: Courses) -> set[str]:
    """Return the courses in which something happened since the caller was last at work."""
    return courses.among(json.dumps(caller.get("/v1/since-last")["courses"]))


ALL_OF_THEM: Final = MappingProxyType(
    {
        "GET /v1/courses": listed("/v1/courses"),
        "POST /v1/facts": reported,
    }
)
"""Each route that tells of all courses that exist for the caller, with how it is asked."""

BY_CONTENT: Final = MappingProxyType(
    {
        "GET /v1/changes": listed("/v1/changes"),
        "GET /v1/search": searched,
        "GET /v1/events": streamed,
        "GET /v1/bulk-acts": counted_in_acts,
        "GET /v1/bulk-acts/{bulk}": read_of_acts,
        "GET /v1/bulk-acts/{bulk}/items": acted_in,
        "GET /v1/companies/{p_number}": at_workplace(""),
        "GET /v1/companies/{p_number}/ratio": at_workplace("/ratio"),
        "GET /v1/data-protection/removals": listed("/v1/data-protection/removals"),
    }
)
"""Each route that tells of the courses that the caller works with, by what is in them."""

SOME_OF_THEM: Final = MappingProxyType(
    {
        "GET /v1/inbox": listed("/v1/inbox"),
        "GET /v1/inbox/appointments.ics": own_calendar,
        "GET /v1/since-last": since_last,
        "GET /v1/board": listed("/v1/board"),
        "GET /v1/escalations": listed("/v1/escalations"),
        "GET /v1/findings": listed("/v1/findings"),
        "GET /v1/stories": listed("/v1/stories"),
        "GET /v1/absences": listed("/v1/absences"),
        "GET /v1/people/{person}/absences/{first_day}/hand-over": before_absence,
        "POST /v1/courses": startable_again,
        "POST /v1/hand-overs/plan": to_hand_over,
        "PUT /v1/people/{person}/absences": concerned,
    }
)
"""Each route that tells of some of them: of those in which something waits, or that the caller may do more with.

A story tells of a course and never names it; whose stories a caller reads is compared beside the other rules of them.
"""

OF_ONE: Final = tuple(route for route in who_may_call() if route.startswith("GET /v1/courses/{course}"))
OF_NO_COURSE: Final = re.compile(
    r"GET /v1/(units|people|calendar|rulesets|staff-news$|companies$|webhooks|statistics$|export$)"
)
"""What a webhook is sent is compared with the feed where it is sent, for all of it was read there.

Figures and the event log name no course; of whom they are is compared beside their other rules.
"""


def test_every_route_that_reads_is_compared() -> None:
    read = {route for route in who_may_call() if route.startswith("GET ") and not OF_NO_COURSE.match(route)}

    assert read - {*ALL_OF_THEM, *BY_CONTENT, *SOME_OF_THEM, *OF_ONE} == set()


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.title)
def test_the_same_courses_exist_on_every_route(courses: Courses, relation: Relation) -> None:
    caller = courses.speaks(relation.person, *relation.roles, municipality=relation.municipality, units=relation.units)
    roles = {Role(role) for role in relation.roles}
    may_call = {route for route, allowed in who_may_call().items() if roles & allowed}
    visible = set(relation.sees)

    alone = {route: read_alone(caller, courses, route) for route in OF_ONE if route in may_call}
    whole = {route: ask(caller, courses) for route, ask in ALL_OF_THEM.items() if route in may_call}
    worked = {route: ask(caller, courses) for route, ask in BY_CONTENT.items() if route in may_call}
    some = {route: ask(caller, courses) for route, ask in SOME_OF_THEM.items() if route in may_call}

    assert {**alone, **whole} == dict.fromkeys({**alone, **whole}, visible)
    assert worked == dict.fromkeys(worked, visible.difference(relation.observed))
    assert {route: nameable - visible for route, nameable in some.items() if nameable - visible} == {}


def test_a_page_is_for_the_roles_of_the_route_that_answers_the_same() -> None:
    assert who_may_open() == {page: who_may_call()[route] for page, route in SAME_AS.items()}


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.title)
def test_the_same_courses_exist_on_every_page(courses: Courses, relation: Relation) -> None:
    municipality, units = relation.municipality, relation.units
    token = courses.speaks(relation.person, *relation.roles, municipality=municipality, units=units)
    browser = logged_in(courses.town, relation.person, *relation.roles, municipality=municipality, units=units)

    with browser.http:
        listed = courses.among(browser.http.get("/list").text)
        new = courses.among(browser.http.get("/since-last").text)
        stands = courses.among(browser.http.get("/board").text)
        read = {name for name, id_ in courses.ids.items() if browser.http.get(f"/courses/{id_}").is_success}
        answer = browser.http.post("/search", data={"q": "bad-"}, follow_redirects=False)
        found = courses.among(f"{answer.headers.get('location')} {answer.text}")
        there = courses.among(browser.http.get(f"/workplaces/{WORKPLACE}").text)
        called = {name for name, id_ in courses.ids.items() if is_called(browser.http, id_)}

    assert listed == courses.among(json.dumps(token.get("/v1/inbox")["items"]))
    for shown, path in ((new, "/v1/since-last"), (stands, "/v1/board")):
        told = token.http.get(path)
        assert shown == (courses.among(told.text) if told.is_success else set())
    in_full = {name for name, id_ in courses.ids.items() if token.http.get(f"/v1/courses/{id_}/briefing").is_success}
    assert read == in_full
    assert read <= set(relation.sees)
    assert found == among_of(token, courses, "/v1/search", "courses", q="bad-")
    assert there == among_of(token, courses, f"/v1/companies/{WORKPLACE}", "courses")
    assert called <= read


def is_called(http: httpx.Client, course: str) -> bool:
    """Say whether somebody can take in a call in a course: what is refused is only what was said."""
    called = {"p_number": WORKPLACE, "visit": "1", "call": "gossip"}
    answer = http.post(f"/courses/{course}/call-ins", data=called, headers={"Accept": "application/json"})
    assert answer.status_code in {401, 403, 404, 422}, answer.text
    return answer.status_code == 422


def among_of(token: Caller, courses: Courses, path: str, part: str, **query: Any) -> set[str]:
    """Return the courses that a route of the API names, none for who may not call it."""
    answer = token.http.get(path, params=query)
    return courses.among(json.dumps(answer.json()[part])) if answer.is_success else set()


def read_alone(caller: Caller, courses: Courses, route: str) -> set[str]:
    """Return the courses that can be read one by one."""
    method, path = route.split(" ")
    answers = {name: caller.http.request(method, path.format(course=course)) for name, course in courses.ids.items()}
    return {name for name, answer in answers.items() if "course-not-found" not in answer.text}
