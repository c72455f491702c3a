"""A caseworker leaves and the whole portfolio is given to two others, in one go: nothing is asked at once (P13)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.address import Address
from domain.identity import Actor, Role
from domain.state.news import NewsKind
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, BO, CARL, COURSE, MONDAY, Story

DORA = Actor(person="dora", roles=(Role.CASEWORKER,))
COURSES = 35


def portfolio() -> Iterator[tuple[Story, Actor]]:
    """Yield Anna's courses, each with who takes it over; no gate of theirs is met yet."""
    for number in range(COURSES):
        story = Story().starts(reference=f"case-{number}")
        story.notes(BO, "barrier")
        if number % 3 == 1:
            story.command(cmd.BriefNow, BO)
        if number % 3 == 2:
            story.reports(ANNA, agreed=True, way="again")
            for reader in (ANNA, BO):
                story.acknowledges(reader)
            story.command(cmd.BriefNow, BO)
            story.acknowledges(ANNA)
            story.acknowledges(BO)
        for person in ("anna", "bo"):
            for news in [news for news in story.state.news if news.person == person]:
                story.command(cmd.MarkSeen, ANNA if person == "anna" else BO, notice=news.notice)
        story.now = MONDAY + timedelta(hours=2)
        yield story, (CARL, DORA)[number % 2]


@pytest.fixture(scope="module")
def given_away() -> list[tuple[Story, Actor, int]]:
    """The courses as each was given away, with who took it and how much had happened before."""
    courses = []
    for story, holder in portfolio():
        before = len(story.events)
        story.hand_over(Role.CASEWORKER, holder.person)
        courses.append((story, holder, before))
    return courses


@pytest.fixture
def handed_over(given_away: list[tuple[Story, Actor, int]]) -> list[tuple[Story, Actor, int]]:
    """The courses, for one test to go on with."""
    return [(replace(story, events=[*story.events]), holder, before) for story, holder, before in given_away]


def test_the_other_role_has_a_line_of_each_and_nobody_is_asked_anything(
    handed_over: list[tuple[Story, Actor, int]],
) -> None:
    for story, _, before in handed_over:
        raised = [event for event in story.events[before:] if isinstance(event, ev.NoticeRaised)]
        assert [(event.about, event.recipient) for event in raised] == [("news", Address.person("bo"))]
        (news,) = story.state.news
        assert [item.kind for item in news.items] == [NewsKind.HAND_OVER]
        asked = {person for wait in story.waits(WaitingKind.ACKNOWLEDGEMENT) for person in wait.persons}
        assert asked <= {"bo"}, "Bo was asked of an early version before, and nobody else is asked now"


def test_no_ladder_reminds_the_new_holder_of_reading_before_the_gate_is_met(
    handed_over: list[tuple[Story, Actor, int]],
) -> None:
    for story, holder, before in handed_over[:6]:
        story.time_passes_to(story.now + timedelta(days=14))

        raised = [event for event in story.events[before:] if isinstance(event, ev.NoticeRaised)]
        of_reading = [e for e in raised if e.waiting and e.waiting.kind is WaitingKind.ACKNOWLEDGEMENT]
        of_reading = [e for e in of_reading if e.waiting and e.waiting.role is Role.CASEWORKER]
        assert Address.person(holder.person) not in {event.recipient for event in of_reading}


def test_once_the_gate_is_met_the_new_holder_acknowledges_a_version_that_shows_the_whole(
    handed_over: list[tuple[Story, Actor, int]],
) -> None:
    for story, holder, _ in handed_over:
        number = story.visit.number
        story.reports(holder, agreed=True, way="again")
        assert holder.person in {p for wait in story.waits(WaitingKind.ACKNOWLEDGEMENT) for p in wait.persons}
        assert story.visit.briefing is not None
        assert story.visit.briefing.manifest.every_note, "what Bo knew from the beginning is in it"

        story.acknowledges(BO)
        assert story.holds(number)
        story.acknowledges(holder)

        assert not story.holds(number)


@pytest.fixture(params=[False, True], ids=["running", "paused"])
def stands_still(request: pytest.FixtureRequest) -> bool:
    """Whether the course is paused before the role is handed over."""
    return bool(request.param)


def pause_if(story: Story, *, stands_still: bool) -> None:
    if stands_still:
        story.command(cmd.PauseCourse, ANNA, reason=COURSE)


def test_a_question_that_is_open_is_asked_of_who_takes_the_role_over(*, stands_still: bool) -> None:
    story = Story().starts()
    story.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
    assert story.recipients_of("question") == ["person/bo"]
    pause_if(story, stands_still=stands_still)

    story.hand_over(Role.COMPANY_CONSULTANT, "carl")
    story.command(cmd.TimePassed, CARL)
    story.command(cmd.AssignParty, ANNA, role=Role.COMPANY_CONSULTANT, to=cmd.PartyClaim(unit="job"), reason=COURSE)

    assert story.recipients_of("question") == ["person/bo", "person/carl", "unit/job"]


def test_who_takes_a_role_over_is_told_of_the_dispute_that_is_to_be_settled(*, stands_still: bool) -> None:
    story = Story().starts()
    story.command(cmd.BriefNow, BO)
    story.command(cmd.Dispute, BO, briefing=1, version=1, reason=COURSE)
    pause_if(story, stands_still=stands_still)

    story.hand_over(Role.CASEWORKER, "carl")

    assert story.recipients_of("dispute") == ["person/anna", "person/bo", "person/carl"]
