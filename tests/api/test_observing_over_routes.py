"""Every route that an observer can call answers what the rules let that kind read, and no list finds more (P14)."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from api.app import who_may_call
from clients.caller import Caller
from domain.identity import Role
from domain.state.observers import ObserverKind
from rules.engine.reads import reads_of
from tests.api.leading import TODAY
from tests.api.observing import hidden_labels
from tests.api.vocabulary import case, expect
from tests.domain.vocabulary import default_book
from tests.journeys.vocabulary import SCRIPT, both_acknowledge, played
from tests.municipalities import fresh_municipality
from tools.town.town import Town
from wording.labels import Labels

HERE: Final = fresh_municipality()
ELSEWHERE: Final = ("nord",)
WHY: Final = "A reason that is nobody's to read"
STEPS: Final = ("intake", "company_visit", "trial")
OWN_KIND: Final = "observation"
"""The kind of the note that each observer writes, and so reads whatever the rules name."""
OF_NO_COURSE: Final = re.compile(r"GET /v1/(rulesets|people|units|calendar)")
LISTS: Final = {
    "GET /v1/courses/{course}/journal": "/v1/courses/{course}/journal?limit=200",
    "GET /v1/courses": "/v1/courses?limit=200&counts=cause&counts=step&counts=unit&counts=person",
    "GET /v1/search": "/v1/search?q={reference}",
    "GET /v1/inbox": "/v1/inbox?limit=200&counts=cause&counts=step",
    "GET /v1/inbox/appointments.ics": "/v1/inbox/appointments.ics",
}
BY_CONTENT: Final = (
    "step=trial",
    "stalled=false",
    "breaches=false",
    "waiting_on=requirement",
    "waiting_for_role=caseworker",
    "company={p_number}",
)
FOR_WORKERS: Final = (f"as-of?on={TODAY}", "briefing", "explanation", "rehearsal")


class Followed:
    """A course in its paid hours that somebody of each kind observes."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.anna = town.speaks("anna", "caseworker", municipality=HERE, units=("*",))
        bo = town.speaks("bo", "company_consultant", municipality=HERE, units=("*",))
        body = case(municipality=HERE)
        self.reference, self.course = body["reference"], self.anna.does("/v1/courses", **body)["course"]
        self.path = f"/v1/courses/{self.course}"
        for kind in ObserverKind:
            observer = {"kind": kind.value, "reason": WHY}
            assert self.anna.http.put(f"{self.path}/observers/olga-{kind.value}", json=observer).is_success
        for step in STEPS:
            played(self.path, self.anna, bo).does(*SCRIPT.step(step))
            both_acknowledge(self.path, self.anna, bo)
        for note in ("barrier", "resource", "opportunity"):
            self.anna.does(f"{self.path}/notes", kind=note, text=f"Only {note} of the citizen")
        self.anna.does(f"{self.path}/notes", kind="agreement", audience="caseworker_only", text="Only for us")
        bo.does(f"{self.path}/notes", kind="agreement", text="What they agreed")
        self.whole = self.anna.get(self.path)

    def olga(self, kind: ObserverKind, *more: str) -> Caller:
        """Return who observes as a kind, with other roles in a unit that has no such course."""
        return self.town.speaks(f"olga-{kind.value}", "observer", *more, municipality=HERE, units=ELSEWHERE)

    def asked(self, route: str) -> str:
        """Return the path of a route that is asked about this course."""
        path = LISTS.get(route, route.removeprefix("GET "))
        return path.format(course=self.course, reference=self.reference)


@pytest.fixture(scope="module")
def followed(town: Town) -> Followed:
    return Followed(town)


READ: Final = tuple(
    route
    for route, roles in who_may_call().items()
    if route.startswith("GET ") and Role.OBSERVER in roles and not OF_NO_COURSE.match(route)
)


def hidden(followed: Followed, kind: ObserverKind, language: Any) -> set[str]:
    """Return the labels, the words and the values of the course that a kind does not read."""
    book = default_book()
    reads = reads_of(book.rule_set, kind, f"olga-{kind.value}")
    with_own = reads.model_copy(update={"note_kinds": reads.note_kinds | {OWN_KIND}})
    words = hidden_labels(book, with_own, Labels(book, language)) | {WHY}
    for note in followed.whole["notes"]:
        if note["kind"] not in reads.note_kinds or note["audience"] != "both":
            words |= {note["text"], note["id"]}
    shown = {fact["value"] for fact in followed.whole["facts"] if fact["fact"] in reads.facts}
    for fact in followed.whole["facts"]:
        if fact["fact"] not in reads.facts:
            words.add(fact["id"])
            words |= {fact["value"]} if fact["fact"].endswith(("p_number", "schedule")) else set()
    return words - shown


def answers(followed: Followed, olga: Caller, language: str) -> Iterator[tuple[str, str]]:
    """Yield what each route answers to an observer, and what a command shows of the course."""
    for route in READ:
        answer = olga.http.get(followed.asked(route), headers={"Accept-Language": language})
        assert answer.is_success, f"{route}: {answer.text}"
        yield route, answer.text
    text = olga.http.get(f"{followed.path}/journal", headers={"Accept": "text/plain", "Accept-Language": language})
    yield "the journal as text", text.text
    headers = {"Prefer": "return=representation", "Accept-Language": language}
    added = olga.http.post(f"{followed.path}/notes", json={"kind": OWN_KIND, "text": "Set."}, headers=headers)
    assert added.is_success, added.text
    assert "state" in added.json()
    yield "a command", added.text


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("kind", ObserverKind)
def test_no_route_shows_an_observer_what_the_rules_do_not_let_the_kind_read(
    followed: Followed, kind: ObserverKind, language: str
) -> None:
    olga, words = followed.olga(kind), hidden(followed, kind, language)

    assert {"GET /v1/courses/{course}", *LISTS} <= {*READ}
    for route, answer in answers(followed, olga, language):
        assert [word for word in words if re.search(rf"\b{re.escape(str(word))}\b", answer)] == [], route


def test_each_kind_reads_what_is_said_of_it_and_finds_the_course(followed: Followed) -> None:
    clerk, mentor = (followed.olga(kind) for kind in (ObserverKind.GRANT_CLERK, ObserverKind.MENTOR))

    grant, agreed = clerk.get(followed.path), mentor.get(followed.path)

    assert {"trial_decision", "trial_starts_on"} <= {fact["fact"] for fact in grant["facts"]}
    assert {visit["step"]["id"] for visit in grant["visits"]} == {"trial"}
    assert "What they agreed" in {note["text"] for note in agreed["notes"]}
    assert "What they agreed" in mentor.http.get(f"{followed.path}/journal?limit=200").text
    for olga in (clerk, mentor):
        assert followed.course in [line["id"] for line in olga.get("/v1/courses")["items"]]
        assert followed.course in [line["id"] for line in olga.get("/v1/search", q=followed.reference)["courses"]]


@pytest.mark.parametrize("wanted", BY_CONTENT)
def test_nobody_finds_an_observed_course_by_what_it_holds(followed: Followed, wanted: str) -> None:
    p_number = next(fact["value"] for fact in followed.whole["facts"] if fact["fact"] == "company_p_number")
    query = wanted.format(p_number=p_number)
    olga = followed.olga(ObserverKind.GRANT_CLERK)

    assert followed.course not in olga.http.get(f"/v1/courses?limit=200&{query}").text
    assert followed.course not in olga.http.get(f"/v1/search?q={p_number}").text


@pytest.mark.parametrize("part", FOR_WORKERS)
@pytest.mark.parametrize("role", ["caseworker", "supervisor"])
def test_a_role_in_another_unit_opens_nothing_more_of_an_observed_course(
    followed: Followed, role: str, part: str
) -> None:
    both = followed.olga(ObserverKind.MENTOR, role)

    expect(both.http.get(f"{followed.path}/{part}"), 403, "not-for-observers")
    preview = both.sends(f"{followed.path}/facts/preview", facts={"goal_paid_hours": 20})
    expect(preview, 403, "not-for-observers")
    goal = both.sends(f"{followed.path}/facts", facts={"goal_paid_hours": 20})
    expect(goal, 403, "fact-not-yours", "facts.goal_paid_hours")
    expect(both.sends(f"{followed.path}/briefings"), 403, "not-for-observers")
    kinds = {note["kind"] for note in both.get(followed.path)["notes"]}
    assert kinds <= {"agreement", "visit_agreed", "observation"}


@pytest.mark.parametrize("role", ["caseworker", "company_consultant", "supervisor"])
def test_facts_for_several_courses_are_taken_of_an_observer_no_more_than_for_one(followed: Followed, role: str) -> None:
    both = followed.olga(ObserverKind.MENTOR, role)
    before = followed.anna.get(followed.path)["revision"]

    reply = both.does(
        "/v1/facts",
        courses=[followed.course],
        facts={"goal_paid_hours": 20},
        note={"kind": "agreement", "text": "Vi ses.", "changes_the_agreement": True},
    )

    assert [result["problem"]["code"] for result in reply["results"]] == ["not-for-observers"]
    assert followed.anna.get(followed.path)["revision"] == before


def test_the_feed_tells_nothing_of_a_course_that_is_only_observed(followed: Followed) -> None:
    both = followed.olga(ObserverKind.MENTOR, "data_protection")

    assert followed.course not in both.http.get("/v1/changes?limit=500").text


@pytest.mark.parametrize("part", FOR_WORKERS)
def test_the_briefing_and_why_are_for_those_who_work_with_the_course(followed: Followed, part: str) -> None:
    olga = followed.olga(ObserverKind.MENTOR)

    expect(olga.http.get(f"{followed.path}/{part}"), 403, "not-permitted")


def test_what_an_observer_wrote_to_a_version_long_gone_is_answered_without_what_is_different(
    followed: Followed,
) -> None:
    olga = followed.olga(ObserverKind.MENTOR)

    refused = olga.sends(f"{followed.path}/notes", kind="observation", text="Hej.", acknowledge=1)

    assert not refused.is_success
    assert [word for word in hidden(followed, ObserverKind.MENTOR, "en") if str(word) in refused.text] == []
