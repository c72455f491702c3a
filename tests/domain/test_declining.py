"""A role that cannot come to a meeting says so: the other role hears it at once, and nothing waits for it (P13)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import Actor, Role
from domain.state.appointments import Decline
from domain.state.news import News, NewsKind
from tests.domain.vocabulary import ANNA, BO, CARL, COURSE, SARA, Story
from tests.domain.wider import at_trial

MEETING = {"appointment": "meeting"}
OTHER_WORDS = uuid5(COURSE, "other words")
COVER = Actor(person="carl", roles=(Role.CASEWORKER,), covers=("anna",))
BOS_COVER = BO.model_copy(update={"covers": ("anna",)})
DAY = timedelta(days=1)


@pytest.fixture
def planned() -> Story:
    """A trial with a meeting on Monday, 14 September; what was said so far is read."""
    story = at_trial()
    story.reports(BO, meets_on="2026-09-14")
    for news in story.state.news:
        story.command(cmd.MarkSeen, Actor(person=news.person), notice=news.notice)
    story.events.clear()
    return story


def declines(story: Story) -> tuple[Decline, ...]:
    """Return who cannot come to the meeting."""
    visit = story.state.visit(2)
    meeting = visit.appointment("meeting") if visit else None
    assert meeting is not None
    return meeting.declines


def who(story: Story) -> list[tuple[str, str]]:
    """Return which roles cannot come, and who said so."""
    return [(decline.role, decline.by) for decline in declines(story)]


def news_to(story: Story, person: str) -> list[NewsKind]:
    """Return what is new to somebody of who comes."""
    kinds = (item.kind for news in story.state.news if news.person == person for item in news.items)
    return [kind for kind in kinds if kind in (NewsKind.DECLINED, NewsKind.ACCEPTED)]


def only_news(story: Story) -> News:
    (news,) = story.state.news
    return news


def test_who_cannot_come_says_so_and_the_meeting_stands(planned: Story) -> None:
    at = datetime.fromisoformat("2026-09-16T10:00:00+02:00")
    planned.command(cmd.DeclineAppointment, ANNA, **MEETING, another_time=at, reason=COURSE)

    (decline,) = declines(planned)
    assert (decline.role, decline.by, decline.another_time, decline.reason) == ("caseworker", "anna", at, COURSE)
    assert planned.happened(ev.AppointmentMade) == planned.happened(ev.AppointmentCancelled) == []


@pytest.mark.parametrize("ahead", [-20000 * DAY, -timedelta(microseconds=1), 0 * DAY, 367 * DAY, 60_000 * DAY])
def test_another_time_is_yet_to_come_and_no_more_than_a_year_ahead(planned: Story, ahead: timedelta) -> None:
    what = {**MEETING, "another_time": planned.now + ahead}

    assert planned.refusal(cmd.DeclineAppointment, ANNA, **what) is Code.TIME_NOT_AHEAD


def test_a_suggestion_that_has_passed_meanwhile_may_be_repeated(planned: Story) -> None:
    what = {**MEETING, "another_time": planned.now + timedelta(hours=1)}
    planned.command(cmd.DeclineAppointment, ANNA, **what)
    planned.now += timedelta(hours=2)

    assert planned.command(cmd.DeclineAppointment, ANNA, **what) == ()


def test_the_other_role_hears_it_at_once_and_nobody_else(planned: Story) -> None:
    planned.command(cmd.DeclineAppointment, ANNA, **MEETING)

    news = only_news(planned)
    assert (news.person, news.at) == ("bo", planned.now)
    assert [(item.kind, item.what, item.visit, item.roles) for item in news.items] == [
        (NewsKind.DECLINED, "meeting", 2, (Role.CASEWORKER,))
    ]
    assert [str(notice.recipient) for notice in planned.happened(ev.NoticeRaised)] == ["person/bo"]


def test_nothing_waits_for_it_and_no_version_is_made_of_it(planned: Story) -> None:
    planned.command(cmd.BriefNow, ANNA, visit=2)
    before = planned.state

    planned.command(cmd.DeclineAppointment, BO, **MEETING)

    assert planned.state.waiting == before.waiting
    assert [visit.briefing for visit in planned.state.visits] == [visit.briefing for visit in before.visits]


def test_saying_it_again_changes_nothing_and_saying_more_replaces_it(planned: Story) -> None:
    planned.command(cmd.DeclineAppointment, ANNA, **MEETING)
    assert planned.command(cmd.DeclineAppointment, ANNA, **MEETING) == ()

    planned.command(cmd.DeclineAppointment, ANNA, **MEETING, reason=COURSE)
    assert planned.command(cmd.DeclineAppointment, ANNA, **MEETING, reason=COURSE) == ()
    assert planned.command(cmd.DeclineAppointment, ANNA, **MEETING) == ()
    assert planned.command(cmd.DeclineAppointment, ANNA, **MEETING, reason=OTHER_WORDS) != ()
    planned.command(cmd.DeclineAppointment, ANNA, **MEETING, another_time=planned.now + DAY)

    assert [decline.another_time for decline in declines(planned)] == [planned.now + DAY]
    assert news_to(planned, "bo") == [NewsKind.DECLINED]


def test_who_can_come_after_all_says_so_and_who_was_told_otherwise_hears_it(planned: Story) -> None:
    planned.command(cmd.DeclineAppointment, ANNA, **MEETING)
    planned.command(cmd.MarkSeen, BO, notice=only_news(planned).notice)
    planned.now += timedelta(minutes=1)

    planned.command(cmd.AcceptAppointment, ANNA, **MEETING)

    assert (who(planned), news_to(planned, "bo")) == ([], [NewsKind.ACCEPTED])
    assert only_news(planned).at == planned.now
    assert planned.command(cmd.AcceptAppointment, ANNA, **MEETING) == ()


def test_what_nobody_has_seen_and_holds_no_longer_is_no_news(planned: Story) -> None:
    planned.command(cmd.DeclineAppointment, ANNA, **MEETING)
    planned.now += timedelta(minutes=1)

    planned.command(cmd.AcceptAppointment, ANNA, **MEETING)

    assert planned.state.news == ()


def test_who_cannot_come_after_all_is_told_of_once(planned: Story) -> None:
    for command in (cmd.DeclineAppointment, cmd.AcceptAppointment, cmd.DeclineAppointment):
        planned.now += timedelta(minutes=1)
        planned.command(command, ANNA, **MEETING)

    assert (who(planned), news_to(planned, "bo")) == ([("caseworker", "anna")], [NewsKind.DECLINED])


@pytest.mark.parametrize("moves", [{"meets_on": "2026-09-15"}, {"meets_at": "10:30"}, {"meets_not": True}])
def test_a_meeting_that_is_moved_or_cancelled_asks_anew(planned: Story, moves: dict[str, Any]) -> None:
    planned.command(cmd.DeclineAppointment, ANNA, **MEETING)

    planned.reports(BO, **moves)

    assert (who(planned), news_to(planned, "bo")) == ([], [])


def test_a_new_holder_of_the_role_may_well_come(planned: Story) -> None:
    planned.command(cmd.DeclineAppointment, ANNA, **MEETING)
    planned.command(cmd.DeclineAppointment, BO, **MEETING)

    planned.hand_over(Role.CASEWORKER, "carl")

    assert (who(planned), news_to(planned, "bo")) == ([("company_consultant", "bo")], [])


def test_the_cover_says_it_and_both_holders_hear_it(planned: Story) -> None:
    planned.command(cmd.DeclineAppointment, COVER, **MEETING)

    assert who(planned) == [("caseworker", "carl")]
    assert {news.person for news in planned.state.news} == {"anna", "bo"}
    planned.command(cmd.AcceptAppointment, ANNA, **MEETING)
    assert who(planned) == []


def test_a_holder_who_covers_for_the_other_speaks_for_himself_unless_he_names_the_role(planned: Story) -> None:
    planned.command(cmd.DeclineAppointment, BOS_COVER, **MEETING)
    assert who(planned) == [("company_consultant", "bo")]

    named = BOS_COVER.model_copy(update={"roles": (Role.CASEWORKER, Role.COMPANY_CONSULTANT)})
    planned.command(cmd.DeclineAppointment, named, **MEETING, role=Role.CASEWORKER)

    assert who(planned) == [("company_consultant", "bo"), ("caseworker", "bo")]


def test_one_person_in_both_roles_comes_with_neither(planned: Story) -> None:
    planned.command(cmd.ShareRoles, SARA, person="anna", reason=COURSE)
    planned.command(cmd.DeclineAppointment, ANNA, **MEETING, role=Role.CASEWORKER)

    assert [role for role, _ in who(planned)] == ["caseworker", "company_consultant"]
    assert news_to(planned, "anna") == []


@pytest.mark.parametrize("command", [cmd.DeclineAppointment, cmd.AcceptAppointment])
def test_nobody_speaks_for_a_role_that_is_not_his(planned: Story, command: Any) -> None:
    assert planned.refusal(command, CARL, **MEETING) is Code.NOT_THE_PARTY
    assert planned.refusal(command, SARA, **MEETING) is Code.NOT_THE_PARTY
    assert planned.refusal(command, ANNA, **MEETING, role=Role.COMPANY_CONSULTANT) is Code.NOT_THE_PARTY
    without_role = Actor(person="anna", roles=(Role.SUPERVISOR,))
    assert planned.refusal(command, without_role, **MEETING) is Code.ROLE_NOT_YOURS


def test_only_a_meeting_that_is_to_come_is_declined(planned: Story) -> None:
    assert planned.refusal(cmd.DeclineAppointment, ANNA, appointment="party") is Code.APPOINTMENT_UNKNOWN
    assert planned.refusal(cmd.DeclineAppointment, ANNA, **MEETING, visit=1) is Code.APPOINTMENT_UNKNOWN

    planned.time_passes_to(planned.now + 8 * DAY)
    assert planned.refusal(cmd.DeclineAppointment, ANNA, **MEETING) is Code.APPOINTMENT_UNKNOWN


def test_a_meeting_that_is_called_off_is_not_declined(planned: Story) -> None:
    planned.reports(BO, meets_not=True)

    assert planned.refusal(cmd.AcceptAppointment, ANNA, **MEETING) is Code.APPOINTMENT_UNKNOWN
