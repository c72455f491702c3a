"""Courses told in sentences, as the API finds them: the state, and what the store keeps beside it."""

from dataclasses import replace
from itertools import count
from pathlib import Path
from string import Formatter
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from icalendar import Calendar, Event
from starlette.routing import Match
from temporalio.client import Client, ScheduleOverlapPolicy

from api.briefings.models import BriefingRead
from api.briefings.versions import BriefingVersion, VersionStanding
from api.briefings.view import briefing_read
from api.courses.read.load import CourseRecords
from api.journal.statements import StatementIndex
from api.pages.every_page import PAGES
from clients.caller import Caller
from domain.state.briefing import Briefing
from infra.store.courses.projection import course_row, visit_rows
from infra.store.queries.courses import VisibleCourse
from infra.store.queries.inbox_item import InboxItem
from infra.store.rows import CourseRow, VisitRow
from rules.engine.book import Book
from rules.language.formats import Language
from rules.loading.read_toml import read_rule_set
from tests.domain.vocabulary import ANNA, BO, Story
from tests.journeys.vocabulary import CASE
from tools.town.town import Town
from wording.labels import Labels
from workflows.renewal import RENEWALS

_FILE: Final = Path(__file__).parent / "meeting.toml"
MEETING: Final = Book(read_rule_set(_FILE.read_text(), _FILE.name))
"""Rules with what heads a briefing, what is carried on, a meeting, a branch and a reminder."""


def begun() -> Story:
    """Return a course at the visit to a company, just started."""
    return Story(rules=MEETING).starts()


def labels(language: Language = "en") -> Labels:
    """Return the words for these rules."""
    return Labels(MEETING, language)


def seen(story: Story) -> VisibleCourse:
    """Return the course as the store has it."""
    row = CourseRow.model_validate({**course_row(story.state), "citizen_text": None, "citizen_key": None})
    return VisibleCourse(row=row, whole=story.state, judged_at=story.now, roles=frozenset())


def records(story: Story, texts: dict[UUID, str] | None = None) -> CourseRecords:
    """Return what stands beside the course for somebody who may read all of it."""
    return CourseRecords(
        visits=tuple(VisitRow.model_validate(row) for row in visit_rows((story.state,))),
        notices={},
        undone=(),
        people={},
        notes=story.state.notes,
        texts=texts or {},
    )


_references = count(1)
CPR = "010190-1234"


def inbox(speaker: Caller) -> list[dict[str, Any]]:
    """Return everything in somebody's inbox, page by page."""
    items: list[dict[str, Any]] = []
    more: dict[str, str] = {}
    while True:
        page = speaker.get("/v1/inbox", limit=200, **more)
        items += page["items"]
        if page["next"] is None:
            return items
        more = {"cursor": page["next"]}


async def renew_now(town: Town) -> None:
    """Let a renewal begin now instead of within the minute."""
    client = await Client.connect(town.temporal.address)
    await client.get_schedule_handle(RENEWALS).trigger(overlap=ScheduleOverlapPolicy.BUFFER_ONE)


def case(**changed: Any) -> dict[str, Any]:
    """Return a course to start under a reference of its own, with some of it changed."""
    return {**CASE, "reference": f"bad-{next(_references)}", **changed}


def expect(answer: httpx.Response, status: int, code: str, field: str | None = None) -> dict[str, Any]:
    """Check that a problem names what it should, and return it."""
    problem: dict[str, Any] = answer.json()
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert problem["type"] == f"urn:fodslag:problem:{problem['code']}"
    assert problem["correlation_id"] == answer.headers["x-correlation-id"]
    if field is None:
        assert problem["code"] == code, answer.text
        return problem
    named = {error["field"]: error for error in problem["errors"]}
    assert field in named, answer.text
    assert named[field]["code"] == code, answer.text
    assert named[field]["problem"]
    assert named[field]["remedy"]
    return problem


def item(story: Story, **what: Any) -> InboxItem:
    """Return something in an inbox about a course."""
    nothing = dict.fromkeys(InboxItem.model_fields)
    usual = {"id": "1", "urgency": 1, "reference": "case-1", "citizen": "c", "rules_sha256": "", "at": story.now}
    return InboxItem.model_validate({**nothing, **usual, "course_id": story.state.course, **what})


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def current(story: Story) -> Briefing:
    """Return the current version of the newest open visit's briefing."""
    briefing = story.visit.briefing
    assert briefing is not None
    return briefing


def visited() -> tuple[Story, dict[UUID, str]]:
    """Return a course that went from a visit to a trial, and the texts of its notes."""
    story = begun()
    goal = story.notes(ANNA, "own_goal")
    lesson, barrier = story.notes(BO, "lesson"), story.notes(ANNA, "barrier")
    story.reports(ANNA, goal=12)
    story.reports(BO, match=True)
    for actor in (ANNA, BO):
        story.acknowledges(actor)
    return story, {goal: "Jeg vil have fast arbejde.", lesson: "Begynd om morgenen.", barrier: "Rygsmerter."}


HOURS: dict[str, Any] = {"facts": {"goal_paid_hours": 12}}


def results(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what each course answered, by the course: the revision, or the code of its problem."""
    return {
        result["course"]: result["problem"]["code"] if result["problem"] else result["applied_revision"]
        for result in answer["results"]
    }


def goals(reader: Caller, course: str) -> list[Any]:
    """Return every statement of the goal in a course."""
    return [fact["value"] for fact in reader.get(f"/v1/courses/{course}")["facts"] if fact["fact"] == "goal_paid_hours"]


def parsed(file: bytes) -> tuple[Calendar, list[Event]]:
    """Return what a calendar program reads."""
    calendar = Calendar.from_ical(file)
    return calendar, calendar.events


def own_file(reader: Caller) -> tuple[Calendar, list[Event]]:
    """Return the reader's own calendar file, read as a calendar program does."""
    answer = reader.http.get("/v1/inbox/appointments.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return parsed(answer.content)


def informed(text: str = "Kom til tiden.") -> tuple[Story, StatementIndex]:
    """Return a course at its trial, of which one role is informed, and what was said in it."""
    story, texts = visited()
    note = story.notes(BO, "observation", changes_the_agreement=True)
    story.reports(BO, also_work=True)
    story.acknowledges(ANNA)
    return story, replace(StatementIndex.of(story.events), texts={**texts, note: text})


def read_briefing(
    story: Story,
    statement_index: StatementIndex,
    language: Language = "da",
    standing: VersionStanding = VersionStanding.CURRENT,
    **more: Any,
) -> BriefingRead:
    """Return the newest briefing as it is read."""
    version = BriefingVersion(current(story), standing, **more)
    return briefing_read(seen(story), version, records(story), statement_index, labels(language), story.now)


def leads_to_a_page(link: str) -> bool:
    """Say whether there is a page for people at an address of a mail."""
    asked = {"type": "http", "method": "GET", "path": urlsplit(link).path}
    return any(route.matches(asked)[0] is Match.FULL for page in PAGES for route in page.router.routes)
