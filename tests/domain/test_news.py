"""News needs no gate: what one role reports is a line in the other's list the next morning at the latest (P13)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain.events import NoticeRaised
from domain.identity import Actor, Role
from domain.state.briefing import WaiverReason
from domain.state.facts import Audience
from domain.state.news import MOST_ITEMS, MOST_NEWS, News, NewsKind
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM, COURSE, MONDAY, SARA, Story

TUESDAY_MORNING = datetime(2026, 9, 8, 7, 0, tzinfo=UTC)


@pytest.fixture
def begun() -> Story:
    """A course without any briefing."""
    return Story().starts()


def news_of(story: Story, person: str) -> list[tuple[NewsKind, str]]:
    """Return what is unseen by a person."""
    return [(item.kind, item.what) for news in story.state.news if news.person == person for item in news.items]


def only(story: Story) -> News:
    """Return the only news of the course."""
    (news,) = story.state.news
    return news


def test_a_note_without_any_briefing_is_in_the_other_list_the_next_morning(begun: Story) -> None:
    begun.notes(BO, "barrier")

    assert (only(begun).person, only(begun).at) == ("anna", TUESDAY_MORNING)
    assert news_of(begun, "anna") == [(NewsKind.NOTE, "barrier")]
    assert begun.recipients_of("news") == ["person/anna"]


def test_what_is_reported_on_one_day_is_one_line(begun: Story) -> None:
    begun.notes(BO, "barrier")
    begun.now += timedelta(hours=3)
    begun.reports(BO, way="again")

    assert news_of(begun, "anna") == [(NewsKind.NOTE, "barrier"), (NewsKind.FACT, "way")]
    assert begun.recipients_of("news") == ["person/anna"]


def test_news_on_a_friday_comes_on_monday(begun: Story) -> None:
    begun.now = MONDAY + timedelta(days=4)
    begun.notes(BO, "barrier")

    assert only(begun).at == TUESDAY_MORNING + timedelta(days=6)


def test_what_a_system_tells_by_night_is_in_both_lists_that_morning(begun: Story) -> None:
    begun.now = TUESDAY_MORNING - timedelta(hours=5)
    begun.reports(CASE_SYSTEM, way="again")

    assert {(news.person, news.at) for news in begun.state.news} == {
        ("anna", TUESDAY_MORNING),
        ("bo", TUESDAY_MORNING),
    }


def test_news_that_was_seen_is_gone_and_what_comes_later_is_news_again(begun: Story) -> None:
    begun.notes(BO, "barrier")
    begun.now = TUESDAY_MORNING + timedelta(hours=1)
    begun.notes(BO, "resource")
    begun.command(cmd.MarkSeen, ANNA, notice=begun.state.news[0].notice)

    assert news_of(begun, "anna") == [(NewsKind.NOTE, "resource")]
    assert begun.recipients_of("news") == ["person/anna"] * 2


def test_what_a_version_shows_is_read_there_and_what_it_does_not_show_stays_news(begun: Story) -> None:
    begun.notes(BO, "observation")
    begun.reports(ANNA, agreed=True, way="again")
    assert begun.version == 1
    assert news_of(begun, "anna") == news_of(begun, "bo") == []

    begun.notes(BO, "barrier")
    assert news_of(begun, "anna") == [], "the new version is a line of its own"
    begun.notes(BO, "observation", may_wait=True)

    assert news_of(begun, "anna") == [(NewsKind.NOTE, "observation")]


def test_news_has_no_wait_no_receipt_and_no_wakeup(begun: Story) -> None:
    waits, wakeup = begun.state.waiting, begun.state.wakeup

    begun.notes(BO, "observation")

    assert (begun.state.waiting, begun.state.wakeup) == (waits, wakeup)


def test_a_note_for_caseworkers_only_is_no_news_to_the_consultant(begun: Story) -> None:
    begun.notes(SARA, "barrier", audience=Audience.CASEWORKER_ONLY)

    assert (news_of(begun, "anna"), news_of(begun, "bo")) == ([(NewsKind.NOTE, "barrier")], [])


def test_a_question_is_news_only_to_who_is_not_asked(begun: Story) -> None:
    begun.notes(SARA, "question", to=Role.COMPANY_CONSULTANT)

    assert (news_of(begun, "anna"), news_of(begun, "bo")) == ([(NewsKind.NOTE, "question")], [])


def test_what_is_taken_back_before_it_was_seen_is_no_news(begun: Story) -> None:
    note = begun.notes(BO, "barrier")

    begun.command(cmd.RetractNote, BO, note=note, reason=COURSE)

    assert begun.state.news == ()


def test_what_is_taken_back_after_it_was_seen_is_news(begun: Story) -> None:
    note = begun.notes(BO, "barrier")
    begun.command(cmd.MarkSeen, ANNA, notice=only(begun).notice)

    begun.command(cmd.RetractNote, BO, note=note, reason=COURSE)

    assert news_of(begun, "anna") == [(NewsKind.TAKEN_BACK, "barrier")]


def test_a_waiver_and_a_pause_are_news_to_both(begun: Story) -> None:
    (asked,) = {waiting.what for waiting in begun.waits(WaitingKind.REQUIREMENT)}
    waived = {"requirement": asked, "waiver": WaiverReason.NOT_RELEVANT}
    begun.command(cmd.WaiveRequirement, SARA, **waived, reason=uuid5(COURSE, "why"))
    begun.command(cmd.PauseCourse, SARA, reason=uuid5(COURSE, "pause"))

    assert news_of(begun, "anna") == news_of(begun, "bo") == [(NewsKind.WAIVER, asked), (NewsKind.PAUSE, "")]


def test_what_says_the_same_again_is_no_news(begun: Story) -> None:
    begun.reports(BO, way="again")
    begun.command(cmd.MarkSeen, ANNA, notice=only(begun).notice)

    begun.reports(BO, way="again")

    assert begun.state.news == ()


def test_a_system_is_news_to_both_with_what_is_material(begun: Story) -> None:
    begun.reports(CASE_SYSTEM, way="again")

    assert news_of(begun, "anna") == news_of(begun, "bo") == [(NewsKind.FACT, "way")]


def test_who_holds_a_role_no_more_has_no_news(begun: Story) -> None:
    begun.notes(BO, "barrier")

    begun.hand_over(Role.CASEWORKER, "carl")

    assert news_of(begun, "anna") == []


def test_the_news_of_a_hand_over_says_who_tells_the_citizen_where_somebody_said_so(begun: Story) -> None:
    to, reason = cmd.PartyClaim(person="carl"), uuid5(COURSE, "reason")
    told_by = Role.COMPANY_CONSULTANT
    begun.command(cmd.AssignParty, SARA, role=Role.CASEWORKER, to=to, reason=reason, citizen_told_by=told_by)

    (item,) = only(begun).items
    assert (item.kind, item.told_by) == (NewsKind.HAND_OVER, told_by)


def test_a_hand_over_is_news_to_the_other_role_and_asks_nothing_of_it(begun: Story) -> None:
    waits = [wait.key for wait in begun.state.waiting]

    begun.hand_over(Role.CASEWORKER, "carl")

    (item,) = only(begun).items
    assert (only(begun).person, only(begun).at) == ("bo", TUESDAY_MORNING)
    assert (item.kind, item.what, item.by) == (NewsKind.HAND_OVER, "caseworker", "sara")
    assert [wait.key for wait in begun.state.waiting] == waits


def test_who_gives_the_other_role_away_himself_is_not_told(begun: Story) -> None:
    begun.command(cmd.AssignParty, BO, role=Role.CASEWORKER, to=cmd.PartyClaim(unit="job"), reason=COURSE)

    assert begun.state.news == ()


def test_who_takes_both_roles_over_has_no_news_of_it() -> None:
    story = Story().starts(shared_role=True, company_consultant=cmd.PartyClaim(person="anna"))

    story.hand_over(Role.CASEWORKER, "carl")

    assert story.state.news == ()


def test_who_holds_both_roles_has_no_news_of_what_he_reports() -> None:
    story = Story().starts(shared_role=True, company_consultant=cmd.PartyClaim(person="anna"))

    story.notes(ANNA, "barrier")

    assert story.state.news == ()


def test_unseen_news_is_bounded_and_says_how_much_more_there_is(begun: Story) -> None:
    kinds = ("resource", "barrier", "opportunity", "agreement", "observation")
    for day in range(MOST_NEWS + 4):
        begun.now = MONDAY + timedelta(days=day)
        for kind in kinds:
            begun.notes(Actor(person=f"observer{day}", roles=(Role.SUPERVISOR,)), kind)

    own = [news for news in begun.state.news if news.person == "anna"]
    assert len(own) == MOST_NEWS
    assert all(len(news.items) <= MOST_ITEMS for news in own)
    assert [news.at for news in own] == sorted(news.at for news in own)
    assert len({news.notice for news in own}) == len(own)
    assert {news.notice for news in own} <= {event.notice for event in begun.happened(NoticeRaised)}
