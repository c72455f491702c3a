"""Good stories over HTTP: told once in closed fields, read in the unit once a leader approves, removed for good."""

import json
from itertools import count
from typing import Any, Final
from uuid import uuid4

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect, inbox
from tests.journeys.vocabulary import both_acknowledge
from tests.municipalities import fresh_municipality
from tools.town.town import Town

HERE: Final = fresh_municipality()
UNIT: Final = "stories-nord"
STORY: Final[dict[str, Any]] = {"worked": ["tried_again", "visited_together"], "branch": "farming"}
VISITS: Final = [
    {"step": "intake", "entered_on": "2026-03-02", "left_on": "2026-03-20"},
    {"step": "company_visit", "entered_on": "2026-03-20", "left_on": "2026-04-01"},
    {"step": "paid_hours", "entered_on": "2026-04-01"},
]
_numbers = count(1)


@pytest.fixture
def bo(town: Town) -> Caller:
    """The company consultant, who is asked."""
    return town.speaks("bo", "company_consultant", units=(UNIT,), municipality=HERE)


@pytest.fixture
def anna(town: Town) -> Caller:
    """The caseworker."""
    return town.speaks("anna", "caseworker", units=(UNIT,), municipality=HERE)


@pytest.fixture
def sara(town: Town) -> Caller:
    """The leader of the unit."""
    return town.speaks("sara", "supervisor", units=(UNIT,), municipality=HERE)


@pytest.fixture
def course(town: Town) -> str:
    """A course at its paid hours."""
    return started(town)


def started(town: Town, unit: str = UNIT, **more: Any) -> str:
    """Start a course that stands at its paid hours: eight hours a week, six weeks after day one."""
    facts = {"hours_schedule": "2026-04-13=8 2026-06-01=20"}
    body = case(municipality=HERE, unit=unit, started_on="2026-03-02", reference=f"story-{next(_numbers)}", **more)
    system = town.speaks("case-system", "system", units=("*",), municipality=HERE)
    answer = system.does("/v1/courses", **{"facts": facts, **body}, taken_over={"visits": VISITS})
    return f"/v1/courses/{answer['course']}"


def story_lines(reader: Caller, course: str) -> list[str]:
    """Return what an inbox says of the story of a course."""
    return [i["text"] for i in inbox(reader) if i["course"]["id"] in course and (i["kind"] or "").startswith("story")]


def read(reader: Caller) -> dict[str, dict[str, Any]]:
    """Return the stories that somebody reads, page by page, by their ids."""
    items: list[dict[str, Any]] = []
    more: dict[str, str] = {}
    while True:
        page = reader.get("/v1/stories", limit=1, **more)
        items += page["items"]
        if page["next"] is None:
            return {item["id"]: item for item in items}
        more = {"cursor": page["next"]}


def answered(course: str, bo: Caller, **more: Any) -> str:
    """Let Bo tell a story, and return its id."""
    before = read(bo)
    bo.does(f"{course}/story", story={**STORY, **more})
    (story,) = read(bo).keys() - before
    return story


def test_a_story_is_asked_for_told_approved_and_read_in_the_unit(
    course: str, anna: Caller, bo: Caller, sara: Caller
) -> None:
    assert story_lines(bo, course) == ["Is there a good story to tell? It is voluntary"]
    assert story_lines(anna, course) == story_lines(sara, course) == []

    story = answered(course, bo)

    assert story_lines(bo, course) == []
    assert story_lines(sara, course) == ["A good story waits for your click before the unit can read it"]
    assert story not in read(anna), "the unit reads it once a leader has approved it"
    for unseen in (story, uuid4()):
        expect(anna.sends(f"/v1/stories/{unseen}/remove"), 404, "story-not-found")
    assert (read(sara)[story]["is_approved"], read(sara)[story]["is_own"], read(bo)[story]["is_own"]) == (
        False,
        False,
        True,
    )

    first = sara.does(f"/v1/stories/{story}/approve")
    assert sara.does(f"/v1/stories/{story}/approve")["revision"] == first["revision"], "done is done"

    assert story_lines(sara, course) == []
    assert read(anna)[story] == {
        "id": story,
        "worked": [
            {"id": "visited_together", "label": "We visited the company together"},
            {"id": "tried_again", "label": "We tried again after something that led nowhere"},
        ],
        "branch": {"id": "farming", "label": "Farming, forestry and fishing"},
        "hours": {"id": "hours_up_to_15", "label": "More than 5 and up to 15 hours a week"},
        "weeks": {"id": "weeks_up_to_13", "label": "Within 13 weeks of day one"},
        "company": None,
        "is_approved": True,
        "is_own": False,
    }


def test_the_words_are_danish_for_who_reads_danish(course: str, bo: Caller) -> None:
    story = answered(course, bo)

    items = bo.http.get("/v1/stories", params={"limit": 200}, headers={"Accept-Language": "da"}).json()["items"]

    (mine,) = (item for item in items if item["id"] == story)
    assert [worked["label"] for worked in mine["worked"]] == [
        "Vi besøgte virksomheden sammen",
        "Vi prøvede igen efter noget, der ikke førte videre",
    ]


def test_what_is_not_known_is_left_out(town: Town, bo: Caller) -> None:
    story = answered(started(town, facts={}), bo, company_agreed=True)

    fields = read(bo)[story]
    assert (fields["hours"], fields["weeks"], fields["company"]) == (None, None, None)


def test_no_story_says_whose_it_is_and_no_course_says_which_story(course: str, bo: Caller, sara: Caller) -> None:
    details = bo.get(course)
    story = answered(course, bo, company_agreed=True)
    sara.does(f"/v1/stories/{story}/approve")

    told = json.dumps(read(bo)[story])
    for whose in (details["id"], details["reference"], details["citizen"], "bo", "2026"):
        assert json.dumps(whose).strip('"') not in told
    readers = (bo.http.get(course), bo.http.get(f"{course}/journal", params={"limit": 200}))
    feed = sara.http.get("/v1/changes", params={"limit": 500})
    assert {"story_answered", "story_approved"} <= {line["kind"] for line in readers[1].json()["items"]}
    for answer in (*readers, feed):
        assert story not in answer.text
        assert "visited_together" not in answer.text
    as_text = bo.http.get(f"{course}/journal", headers={"Accept": "text/plain"}).text
    assert "good story" not in as_text, "another journal has no use for it"


def test_no_thanks_ends_the_question(course: str, bo: Caller) -> None:
    first = bo.does(f"{course}/story", story=None)
    assert bo.does(f"{course}/story", story=None)["revision"] == first["revision"]

    assert story_lines(bo, course) == []
    expect(bo.sends(f"{course}/story", story=STORY), 409, "story-answered")


def test_the_same_story_twice_is_once(course: str, bo: Caller) -> None:
    before = read(bo)
    first, again = (bo.sends(f"{course}/story", story=STORY) for _ in range(2))

    assert again.json() == first.json()
    assert first.status_code == 200
    assert len(read(bo).keys() - before.keys()) == 1
    expect(bo.sends(f"{course}/story", story={**STORY, "branch": "finance"}), 409, "story-answered")


def test_before_paid_hours_no_story_is_asked_for_and_that_is_no_answer_for_later(town: Town, bo: Caller) -> None:
    system = town.speaks("case-system", "system", units=("*",), municipality=HERE)
    course = f"/v1/courses/{system.does('/v1/courses', **case(municipality=HERE, unit=UNIT))['course']}"

    expect(bo.sends(f"{course}/story", story=None), 409, "story-not-asked")


@pytest.mark.parametrize(
    ("story", "code", "field"),
    [
        ({**STORY, "worked": []}, "text-empty", "story.worked"),
        ({**STORY, "worked": ["visited_together"] * 4}, "list-too-long", "story.worked"),
        ({**STORY, "worked": ["Karla er sød"]}, "value-not-allowed", "story.worked.0"),
        ({**STORY, "branch": "Karlas Blomster"}, "value-not-allowed", "story.branch"),
        ({**STORY, "words": "Karla er sød"}, "field-unknown", "story.words"),
    ],
)
def test_there_is_no_room_for_words_of_ones_own(
    course: str, bo: Caller, story: dict[str, Any], code: str, field: str
) -> None:
    expect(bo.sends(f"{course}/story", story=story), 422, code, field)


def test_only_who_is_asked_answers(course: str, anna: Caller, sara: Caller) -> None:
    expect(anna.sends(f"{course}/story", story=STORY), 403, "not-the-party")
    expect(sara.sends(f"{course}/story", story=STORY), 403, "not-permitted")


@pytest.mark.parametrize("remover", ["bo", "sara"])
def test_who_told_it_and_a_leader_remove_it_for_good(
    course: str, anna: Caller, bo: Caller, sara: Caller, remover: str
) -> None:
    story = answered(course, bo)
    sara.does(f"/v1/stories/{story}/approve")
    expect(anna.sends(f"/v1/stories/{story}/remove"), 403, "not-governed", "story")
    remove = {"bo": bo, "sara": sara}[remover]

    first = remove.does(f"/v1/stories/{story}/remove")

    assert remove.does(f"/v1/stories/{story}/remove")["revision"] == first["revision"], "done is done"
    assert [story in read(reader) for reader in (anna, bo, sara)] == [False] * 3
    expect(anna.sends(f"/v1/stories/{story}/remove"), 404, "story-not-found")
    expect(sara.sends(f"/v1/stories/{story}/approve"), 404, "story-not-found")
    expect(bo.sends(f"{course}/story", story={**STORY, "branch": "finance"}), 409, "story-answered")
    assert story_lines(bo, course) == story_lines(sara, course) == []


def test_a_story_that_is_removed_unapproved_waits_for_nobody(course: str, bo: Caller, sara: Caller) -> None:
    story = answered(course, bo)

    sara.does(f"/v1/stories/{story}/remove")

    assert story_lines(sara, course) == []


def test_what_was_of_another_citizen_takes_the_story_with_it(
    course: str, anna: Caller, bo: Caller, sara: Caller
) -> None:
    story = answered(course, bo)
    sara.does(f"/v1/stories/{story}/approve")
    anna.does(f"{course}/notes", kind="barrier", text="Om en anden.")
    note = anna.get(course)["notes"][0]["id"]

    anna.does(f"{course}/notes/{note}/retract", reason="En anden borger.", wrong_citizen=True)

    assert story not in read(anna)


def test_a_story_outlives_its_course_and_is_approved_and_removed_after_it(
    course: str, anna: Caller, bo: Caller, sara: Caller
) -> None:
    story = answered(course, bo)
    anna.does(f"{course}/close", outcome="ordinary_job", reason="Ansat.")
    both_acknowledge(course, anna, bo)
    assert anna.get(course)["status"] == "completed"

    assert not read(sara)[story]["is_approved"]
    sara.does(f"/v1/stories/{story}/approve")
    assert story in read(anna)

    sara.does(f"/v1/stories/{story}/remove")
    assert story not in read(anna)


def test_a_story_exists_for_those_for_whom_its_course_does(town: Town, course: str, bo: Caller, sara: Caller) -> None:
    story = answered(course, bo)
    waiting = answered(started(town), bo)
    sara.does(f"/v1/stories/{story}/approve")
    elsewhere = town.speaks("sara", "supervisor", units=("*",), municipality="0991")
    whole = town.speaks("gitte", "company_consultant", units=("*",), municipality=HERE)
    other_unit = town.speaks("sam", "supervisor", units=("stories-syd",), municipality=HERE)
    party = town.speaks("anna", "caseworker", units=("stories-syd",), municipality=HERE)
    leads_elsewhere = town.speaks("anna", "supervisor", units=("stories-syd",), municipality=HERE)

    for reader, sees in ((whole, [True, False]), (party, [True, False]), (other_unit, [False] * 2)):
        assert [each in read(reader) for each in (story, waiting)] == sees
    assert [each in read(leads_elsewhere) for each in (story, waiting)] == [True, False], "she does not lead here"
    for stranger in (elsewhere, other_unit):
        for does in ("approve", "remove"):
            expect(stranger.sends(f"/v1/stories/{waiting}/{does}"), 404, "story-not-found")
    for does in ("approve", "remove"):
        expect(leads_elsewhere.sends(f"/v1/stories/{story}/{does}"), 403, "not-governed", "story")
        expect(leads_elsewhere.sends(f"/v1/stories/{waiting}/{does}"), 404, "story-not-found")


def test_who_told_a_story_and_leads_the_unit_needs_another_leader_to_approve_it(
    town: Town, course: str, bo: Caller, sara: Caller
) -> None:
    story = answered(course, bo)
    bo_leads = town.speaks("bo", "supervisor", units=(UNIT,), municipality=HERE)

    expect(bo_leads.sends(f"/v1/stories/{story}/approve"), 403, "story-is-own")
    sara.does(f"/v1/stories/{story}/approve")

    assert bo_leads.sends(f"/v1/stories/{story}/approve").status_code == 200, "done is done"
