"""Warnings that are asked for, rungs counted from a deadline, and deadlines that are shortened meanwhile (P5, P6)."""

from datetime import datetime, timedelta

import pytest

from domain import commands as cmd
from domain.calendar import Span, TimeUnit, danish_day, end_of_day
from domain.identity import Role
from domain.state.waiting import Waiting, WaitingKind
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM, COURSE, MONDAY, SARA, Story
from tests.domain.wider import at_trial, both_acknowledge, wider

DAY = timedelta(days=1)
ENTERED = MONDAY.date()


@pytest.fixture
def talking() -> Story:
    """A course of a group that has two weeks to agree."""
    return wider("a")


@pytest.fixture
def trying() -> Story:
    """A course in a trial of which nobody knows yet when it ends."""
    return at_trial()


def wait_for(story: Story, requirement: str) -> Waiting:
    """Return the wait for a requirement."""
    return next(w for w in story.waits(WaitingKind.REQUIREMENT) if w.what == requirement)


def escalated(story: Story, requirement: str) -> bool:
    """Say whether anybody was ever told that the wait for a requirement is silent."""
    return wait_for(story, requirement).level > 0


def after(story: Story, start: datetime, days: int) -> datetime:
    """Return the end of the day so many calendar days later, as deadlines are reckoned."""
    return end_of_day(danish_day(story.calendar.after(start, Span(amount=days, unit=TimeUnit.CALENDAR_DAYS))))


def end_of(day: str) -> datetime:
    """Return the last minute of a Danish summer's day."""
    return datetime.fromisoformat(f"{day}T21:59:00+00:00")


def group_was(story: Story, group: str) -> None:
    """Let the case system put right to which group the citizen belonged when the visit was entered."""
    story.reports(CASE_SYSTEM, on=ENTERED, target_group=group)


# Warnings


def test_a_warning_with_a_ladder_of_its_own_is_waited_for_and_others_are_not(talking: Story) -> None:
    assert [w.what for w in talking.waits(WaitingKind.REQUIREMENT)] == ["is_agreed", "is_recorded"]


def test_a_warning_that_is_waited_for_holds_nothing_back(talking: Story) -> None:
    talking.reports(ANNA, agreed=True, way="trial")
    assert wait_for(talking, "is_recorded").roles == (Role.CASEWORKER,)

    both_acknowledge(talking)

    assert talking.steps == ["trial"]


def test_a_warning_climbs_its_ladder_until_its_cause_goes(talking: Story) -> None:
    talking.time_passes_to(talking.now + 3 * DAY)
    assert wait_for(talking, "is_recorded").level == 1
    assert "person/anna" in talking.recipients_of("escalation")

    talking.reports(ANNA, recorded=True)

    assert [w.what for w in talking.waits(WaitingKind.REQUIREMENT)] == ["is_agreed"]


# Rungs counted from the deadline


def test_a_rung_counted_from_the_deadline_is_not_reached_while_that_is_not_known(trying: Story) -> None:
    trying.time_passes_to(trying.now + 90 * DAY)

    assert not escalated(trying, "is_tried")
    assert wait_for(trying, "is_tried").next_rung_at is None


def test_a_rung_counted_from_the_deadline_is_reached_when_that_has_passed(trying: Story) -> None:
    trying.reports(BO, ends_on="2026-09-18")
    due = after(trying, end_of("2026-09-18"), 10)
    assert wait_for(trying, "is_tried").until == due

    trying.time_passes_to(due)
    assert not escalated(trying, "is_tried")

    trying.time_passes_to(due + 2 * DAY)
    assert escalated(trying, "is_tried")


# Deadlines that are shortened


def test_a_wait_that_runs_has_the_whole_shorter_amount_from_the_day_it_was_shortened(talking: Story) -> None:
    assert wait_for(talking, "is_agreed").until == after(talking, MONDAY, 14)
    talking.time_passes_to(MONDAY + 3 * DAY)

    group_was(talking, "b")

    wait = wait_for(talking, "is_agreed")
    assert wait.reckoned == after(talking, MONDAY, 7)
    assert wait.until == after(talking, MONDAY, 10)


def test_shortening_a_deadline_never_lengthens_the_wait(talking: Story) -> None:
    talking.time_passes_to(MONDAY + 9 * DAY)

    group_was(talking, "b")

    assert wait_for(talking, "is_agreed").until == after(talking, MONDAY, 14)


def test_a_deadline_that_was_overdue_already_stays_so_when_it_is_shortened(talking: Story) -> None:
    talking.time_passes_to(MONDAY + 20 * DAY)

    group_was(talking, "b")

    assert wait_for(talking, "is_agreed").until == after(talking, MONDAY, 14)


def test_a_deadline_is_held_to_at_the_next_wake_ups_too(talking: Story) -> None:
    talking.time_passes_to(MONDAY + 3 * DAY)
    group_was(talking, "b")

    talking.time_passes_to(MONDAY + 8 * DAY)
    talking.reports(ANNA, friendly=True)

    assert wait_for(talking, "is_agreed").until == after(talking, MONDAY, 10)


def test_the_judgement_says_the_same_deadline_as_the_wait(talking: Story) -> None:
    talking.time_passes_to(MONDAY + 3 * DAY)

    group_was(talking, "b")

    assert talking.visit.judgement.due["is_agreed"] == wait_for(talking, "is_agreed").until


def test_a_deadline_that_is_lengthened_counts_at_once(talking: Story) -> None:
    talking.time_passes_to(MONDAY + 3 * DAY)
    group_was(talking, "b")
    talking.now += timedelta(minutes=1)

    group_was(talking, "c")

    assert wait_for(talking, "is_agreed").until == after(talking, MONDAY, 21)


def test_a_deadline_from_a_day_that_is_moved_forward_does_not_end_the_wait_early(trying: Story) -> None:
    trying.reports(BO, ends_on="2026-10-12")
    trying.time_passes_to(MONDAY + 13 * DAY)

    trying.reports(BO, ends_on="2026-09-08")

    wait = wait_for(trying, "is_tried")
    assert wait.reckoned is not None
    assert wait.reckoned < trying.now
    assert wait.until == after(trying, trying.now, 10)
    assert not escalated(trying, "is_tried")


def test_a_deadline_counted_back_from_a_day_moves_with_it(trying: Story) -> None:
    trying.reports(BO, ends_on="2026-10-12")
    trying.time_passes_to(MONDAY + 13 * DAY)

    trying.reports(BO, ends_on="2026-09-24")

    assert wait_for(trying, "is_planned_on").until == end_of("2026-09-21")


def test_a_contradicted_deadline_stands_and_is_not_shortened_by_way_of_the_contradiction(trying: Story) -> None:
    trying.reports(BO, on=ENTERED, ends_on="2026-10-12")
    statement = next(fact for fact in trying.state.facts if fact.fact == "ends_on")
    until = wait_for(trying, "is_tried").until
    trying.time_passes_to(MONDAY + 13 * DAY)

    trying.reports(CASE_SYSTEM, on=ENTERED, ends_on="2026-09-08")
    assert wait_for(trying, "is_tried").until == until
    trying.command(cmd.RetractFact, SARA, fact=statement.id, reason=COURSE)

    assert wait_for(trying, "is_tried").until == after(trying, trying.now, 10)


def test_a_deadline_that_was_known_is_climbed_from_though_it_is_contradicted(trying: Story) -> None:
    trying.reports(BO, on=ENTERED, ends_on="2026-09-18")
    trying.reports(CASE_SYSTEM, on=ENTERED, ends_on="2026-12-18")

    trying.time_passes_to(MONDAY + 30 * DAY)

    assert escalated(trying, "is_tried")
