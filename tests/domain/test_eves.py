"""Who is not informed hears of it on the working day before that begins which the briefing is for, once (P1, P6)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import commands as cmd
from domain import events as ev
from domain.calendar import DANISH_TIME
from domain.gathering import is_for_today
from domain.identity import ENGINE_ACTOR
from domain.state.notice import BEGINS
from domain.state.waiting import WaitingKind
from tests.domain.jobfirst import DANISH_DAYS, JobFirst, Raised, on
from tests.domain.vocabulary import ANNA, BO, COURSE

A_DAY = timedelta(days=1)
EVE, MONDAY = date(2026, 10, 2), date(2026, 10, 5)


def agreed(starts_on: date = MONDAY) -> JobFirst:
    """A trial that is agreed and granted on 29 September, and of which both are to be informed since."""
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.trial_is_granted(trial_starts_on=starts_on.isoformat(), trial_ends_on="2026-12-20")
    story.reports(BO, visit_outcome="trial")
    return story


def told(story: JobFirst) -> list[tuple[str, datetime]]:
    """Return who was told that something begins, and when."""
    raised = [event for event in story.happened(ev.NoticeRaised) if event.about == BEGINS]
    assert len({event.notice for event in raised}) == len(raised)
    return [(event.recipient.name, event.at) for event in raised]


def test_who_has_not_acknowledged_is_told_when_the_office_opens_on_the_last_working_day_before_a_trial() -> None:
    story = agreed()
    story.acknowledges(ANNA)
    story.it_is("2026-10-01", 23)
    assert told(story) == []

    story.it_is("2026-10-05", 8)

    ((person, at),) = told(story)
    assert person == "bo"
    assert on("2026-10-02", 9) <= at <= on("2026-10-02", 9) + timedelta(minutes=15)


def test_it_is_told_as_what_must_be_dealt_with_today() -> None:
    story = agreed()
    story.it_is("2026-10-02")

    raised = [event for event in story.happened(ev.NoticeRaised) if event.about == BEGINS]
    assert [event.recipient.name for event in raised] == ["anna", "bo"]
    for event in raised:
        notice = Raised(event.notice, event.subject)
        assert is_for_today(notice, story.state, story.rules, story.calendar, story.now)


def test_a_job_begins_on_the_first_day_of_its_schedule() -> None:
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.reports(BO, hours_schedule="2026-10-05=8 2026-11-02=12", visit_outcome="paid_hours")
    story.acknowledges(BO)

    story.it_is("2026-10-02")

    assert [person for person, _ in told(story)] == ["anna"]


def test_a_day_that_is_moved_is_told_of_anew_on_its_own_eve() -> None:
    story = agreed()
    story.it_is("2026-10-02", 9)
    story.it_is("2026-10-02", 12)
    before = told(story)
    assert len(before) == 2

    story.reports(ANNA, trial_starts_on="2026-10-07")
    story.it_is("2026-10-06", 12)

    later = told(story)[2:]
    assert [(person, at.astimezone(DANISH_TIME).date()) for person, at in later] == [
        ("anna", date(2026, 10, 6)),
        ("bo", date(2026, 10, 6)),
    ]


def test_who_is_asked_on_that_very_day_is_not_told_twice() -> None:
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.it_is("2026-10-02")
    story.trial_is_granted(trial_granted_on="2026-10-02")
    story.reports(BO, visit_outcome="trial")
    assert story.waits(WaitingKind.ACKNOWLEDGEMENT)

    story.it_is("2026-10-02", 14)

    assert story.recipients_of("acknowledgement")[-2:] == ["person/anna", "person/bo"]
    assert told(story) == []


def test_nobody_is_told_while_the_course_is_paused() -> None:
    story = agreed()
    story.command(cmd.PauseCourse, BO, reason=COURSE)

    story.it_is("2026-10-05", 8)

    assert told(story) == []


STARTS = st.integers(1, 24).map(lambda days: date(2026, 9, 30) + days * A_DAY)
LATER = st.none() | st.integers(0, 24 * 26)


@pytest.mark.parametrize("wakes", [False, True])
@given(starts_on=STARTS, anna=LATER, bo=LATER)
@settings(max_examples=15, deadline=None)
def test_each_is_told_once_and_only_who_was_missing_when_that_day_began(
    *, wakes: bool, starts_on: date, anna: int | None, bo: int | None
) -> None:
    story, begun = agreed(starts_on), on("2026-09-29", 10)
    acknowledged = sorted(
        (hours, actor.person, actor) for hours, actor in ((anna, ANNA), (bo, BO)) if hours is not None
    )
    for hours, _, actor in acknowledged:
        story.time_passes_to(begun + timedelta(hours=hours))
        story.acknowledges(actor, visit=2)
        if wakes:
            story.command(cmd.TimePassed, ENGINE_ACTOR)
    story.time_passes_to(on(starts_on.isoformat(), 23))

    eve = starts_on - A_DAY
    while DANISH_DAYS.working_days_between(eve, eve + A_DAY) == 0:
        eve -= A_DAY
    opened = on(eve.isoformat(), 9)
    missing = {
        person
        for person, hours in (("anna", anna), ("bo", bo))
        if hours is None or begun + timedelta(hours=hours) > opened + timedelta(minutes=15)
    }
    if eve == date(2026, 9, 29):
        missing = set()
    said = told(story)
    assert {person for person, _ in said} == missing
    assert len(said) == len(missing)
