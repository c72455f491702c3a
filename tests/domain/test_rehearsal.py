"""A rehearsal foretells what would be told if nobody acts, and changes nothing (P5, P6)."""

from datetime import timedelta

import pytest

from domain import commands as cmd
from domain import events as ev
from domain import forecast
from domain.forecast import Rehearsal, rehearse
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, COURSE, SARA, Story, default_book

DAY = timedelta(days=1)
MONTH = timedelta(days=30)


def rehearsed(story: Story, by: timedelta = MONTH) -> Rehearsal:
    """Rehearse a course from now on."""
    return rehearse(story.state, story.rules, story.calendar, story.now, story.now + by)


def foretold(story: Story, by: timedelta = MONTH) -> list[ev.NoticeRaised]:
    """Return the notices that are foretold."""
    return [rehearsed_notice.notice for rehearsed_notice in rehearsed(story, by).notices]


@pytest.mark.parametrize("days", [1, 30, 120])
def test_what_is_foretold_is_what_comes_when_nobody_acts(days: int) -> None:
    story = Story(rules=default_book()).starts("cash_benefit_activity_ready")
    expected = foretold(story, days * DAY)
    already = len(story.events)

    story.time_passes_to(story.now + days * DAY)

    assert expected == [e for e in story.events[already:] if isinstance(e, ev.NoticeRaised)]
    assert expected or days == 1


def test_a_rehearsal_changes_nothing() -> None:
    story = Story().starts()
    before = story.state

    assert foretold(story)
    assert story.state == before


def test_each_notice_is_foretold_with_the_wait_it_tells_of() -> None:
    story = Story().starts()

    first = rehearsed(story).notices[0]

    assert first.waiting is not None
    assert (first.waiting.what, str(first.notice.recipient)) == ("is_agreed", "supervisors/job")
    assert first.notice.at > story.now


def test_what_is_overdue_already_is_foretold_for_now() -> None:
    story = Story().starts()
    story.now += 4 * DAY

    assert foretold(story)[0].at == story.now


def test_a_course_that_is_paused_until_a_day_is_foretold_from_that_day() -> None:
    story = Story().starts()
    until = story.now + 7 * DAY
    story.command(cmd.PauseCourse, SARA, reason=COURSE, until=until)

    after_pause = [n for n in foretold(story) if n.waiting and n.waiting.kind is WaitingKind.REQUIREMENT]

    assert after_pause
    assert all(notice.at > until for notice in after_pause)


def test_a_course_that_is_over_tells_nothing_more() -> None:
    story = Story().starts()
    story.command(cmd.CloseCourse, ANNA, outcome="job", reason=COURSE)
    for person in ("anna", "bo"):
        story.acknowledges_for(SARA if person == "anna" else SARA.model_copy(update={"person": "tove"}), person)
    assert story.state.is_over

    assert foretold(story) == []


def test_a_rehearsal_is_bounded_and_says_how_far_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "MOST_WAKEUPS", 1)
    story = Story().starts()

    outlook = rehearsed(story, 120 * DAY)

    assert story.now < outlook.until < story.now + 120 * DAY
    assert outlook.notices
