"""Meetings of both roles: made, moved and cancelled with the facts that plan them, and told of once (P7)."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.identity import Role
from domain.state.appointments import Appointment
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM, COURSE, SARA, Story
from tests.domain.wider import at_trial, both_acknowledge, wider

DAY = timedelta(days=1)


@pytest.fixture
def planned() -> Story:
    """A trial with a meeting on Monday, 14 September."""
    story = at_trial()
    story.reports(BO, meets_on="2026-09-14")
    return story


def meeting(story: Story, visit: int = 2, name: str = "meeting") -> Appointment:
    """Return the meeting as it stands."""
    open_visit = story.state.visit(visit)
    assert open_visit is not None
    current = open_visit.appointment(name)
    assert current is not None
    return current


def recipients(story: Story) -> list[tuple[str, int | None]]:
    """Return who was told of which state of the meeting, each notice once."""
    notices = [e for e in story.happened(ev.NoticeRaised) if e.about == "appointment"]
    assert len({notice.notice for notice in notices}) == len(notices)
    return [(str(notice.recipient), notice.level) for notice in notices]


def test_a_day_that_is_planned_makes_an_appointment_of_which_both_are_told_once(planned: Story) -> None:
    planned.reports(ANNA, meets_on="2026-09-14")
    planned.command(cmd.TimePassed, SARA)

    current = meeting(planned)
    assert (current.on, current.at, current.cancelled) == (date(2026, 9, 14), None, False)
    assert len(planned.happened(ev.AppointmentMade)) == 1
    assert recipients(planned) == [("person/anna", 0), ("person/bo", 0)]


def test_an_appointment_moves_with_its_day(planned: Story) -> None:
    planned.reports(ANNA, meets_on="2026-09-15")

    assert (meeting(planned).on, meeting(planned).sequence) == (date(2026, 9, 15), 1)
    assert recipients(planned)[2:] == [("person/anna", 1), ("person/bo", 1)]


def test_a_time_that_is_agreed_later_is_told_of(planned: Story) -> None:
    planned.reports(ANNA, meets_at="10:30")

    assert (meeting(planned).at, meeting(planned).sequence) == ("10:30", 1)
    assert recipients(planned)[2:] == [("person/anna", 1), ("person/bo", 1)]


def test_another_place_moves_an_appointment_and_both_are_told() -> None:
    story = JobFirst().reaches_company_visit()
    story.reports(BO, visit_planned_on="2026-09-22", company_p_number="1003388394")
    story.reports(ANNA, company_p_number="1003388394")

    story.reports(BO, company_p_number="1003388395")

    made = story.happened(ev.AppointmentMade)
    assert [(event.sequence, event.place) for event in made] == [(0, "1003388394"), (1, "1003388395")]
    assert made[1].at == meeting(story, story.visit.number, "company_visit").since
    assert recipients(story)[2:] == [("person/anna", 1), ("person/bo", 1)]


def test_a_place_that_is_taken_back_or_contradicted_is_told_of_as_well() -> None:
    story = JobFirst().reaches_company_visit()
    story.reports(BO, visit_planned_on="2026-09-22", company_p_number="1003388394")

    story.reports(CASE_SYSTEM, company_p_number="1003388395")

    assert [event.place for event in story.happened(ev.AppointmentMade)] == ["1003388394", None]
    assert recipients(story)[2:] == [("person/anna", 1), ("person/bo", 1)]


def test_one_word_calls_an_appointment_off_and_another_makes_it_anew(planned: Story) -> None:
    planned.reports(ANNA, meets_not=True)
    assert meeting(planned).cancelled
    assert recipients(planned)[2:] == [("person/anna", 1), ("person/bo", 1)]

    planned.reports(ANNA, meets_not=False, meets_on="2026-09-16")
    assert (meeting(planned).on, meeting(planned).cancelled) == (date(2026, 9, 16), False)
    assert recipients(planned)[4:] == [("person/anna", 2), ("person/bo", 2)]


def test_an_appointment_is_cancelled_when_its_day_is_taken_back(planned: Story) -> None:
    statement = next(fact for fact in planned.state.facts if fact.fact == "meets_on")

    planned.command(cmd.RetractFact, BO, fact=statement.id, reason=COURSE)
    planned.command(cmd.TimePassed, SARA)

    assert (meeting(planned).cancelled, meeting(planned).sequence) == (True, 1)
    assert recipients(planned)[2:] == [("person/anna", 1), ("person/bo", 1)]


def test_a_day_that_is_contradicted_is_no_appointment_until_that_is_resolved(planned: Story) -> None:
    planned.reports(CASE_SYSTEM, meets_on="2026-09-16")
    assert meeting(planned).cancelled

    statement = next(fact for fact in planned.state.facts if fact.by_system and fact.fact == "meets_on")
    planned.command(cmd.RetractFact, BO, fact=statement.id, reason=COURSE)

    assert (meeting(planned).cancelled, meeting(planned).on) == (False, date(2026, 9, 14))
    assert [level for _, level in recipients(planned)] == [0, 0, 1, 1, 2, 2]


def test_an_appointment_goes_with_a_visit_that_is_withdrawn(planned: Story) -> None:
    planned.command(cmd.ReopenVisit, SARA, visit=1, reason=COURSE)

    assert meeting(planned).cancelled
    assert recipients(planned)[2:] == [("person/anna", 1), ("person/bo", 1)]


def test_an_appointment_is_cancelled_when_the_visit_is_left_before_its_day(planned: Story) -> None:
    planned.reports(BO, tried=True)
    both_acknowledge(planned)

    assert meeting(planned).cancelled
    assert recipients(planned)[2:] == [("person/anna", 1), ("person/bo", 1)]


@pytest.mark.parametrize("days", [7, 8])
def test_a_meeting_that_was_held_stands_when_the_visit_is_left_on_its_day_or_later(planned: Story, days: int) -> None:
    planned.time_passes_to(planned.now + days * DAY)
    planned.reports(BO, tried=True)

    both_acknowledge(planned)
    planned.time_passes_to(planned.now + 30 * DAY)

    assert not meeting(planned).cancelled
    assert [level for _, level in recipients(planned)] == [0, 0]


def test_closing_the_course_cancels_what_was_to_come(planned: Story) -> None:
    planned.command(cmd.CloseCourse, ANNA, outcome="job", reason=COURSE)
    both_acknowledge(planned)

    assert planned.state.is_over
    assert meeting(planned).cancelled


def test_who_gives_and_who_takes_a_role_are_told_of_the_standing_appointment_and_nobody_else_again(
    planned: Story,
) -> None:
    planned.hand_over(Role.CASEWORKER, "carl")
    assert recipients(planned)[2:] == [("person/carl", 1), ("person/anna", 1)]

    planned.hand_over(Role.CASEWORKER, "anna")

    assert recipients(planned)[4:] == [("person/anna", 2), ("person/carl", 2)]
    assert not meeting(planned).moved
    assert len(planned.happened(ev.AppointmentMade)) == 1


def test_a_role_that_nobody_holds_is_told_when_somebody_does() -> None:
    story = at_trial()
    queue = cmd.PartyClaim(unit="job")
    story.command(cmd.AssignParty, SARA, role=Role.COMPANY_CONSULTANT, to=queue, reason=COURSE)

    story.reports(ANNA, meets_on="2026-09-14")
    assert recipients(story) == [("person/anna", 0)]

    story.hand_over(Role.COMPANY_CONSULTANT, "bo")
    assert recipients(story) == [("person/anna", 0), ("person/bo", 1)]


def test_a_cancelled_appointment_is_told_to_all_who_were_to_come(planned: Story) -> None:
    planned.hand_over(Role.CASEWORKER, "carl")
    statement = next(fact for fact in planned.state.facts if fact.fact == "meets_on")

    planned.command(cmd.RetractFact, BO, fact=statement.id, reason=COURSE)

    assert recipients(planned)[4:] == [("person/carl", 2), ("person/bo", 2)]


def test_one_person_in_both_roles_is_told_once() -> None:
    story = wider(shared_role=True, company_consultant=cmd.PartyClaim())
    story.reports(ANNA, agreed=True, way="trial")
    story.acknowledges(ANNA)

    story.reports(ANNA, meets_on="2026-09-14")

    assert recipients(story) == [("person/anna", 0)]


def test_a_day_that_is_past_is_kept_and_told_to_nobody() -> None:
    story = at_trial()

    story.reports(BO, meets_on="2026-09-01")

    assert meeting(story).on == date(2026, 9, 1)
    assert recipients(story) == []


def test_a_meeting_today_is_told_of() -> None:
    story = at_trial()

    story.reports(BO, meets_on=story.now.date().isoformat())

    assert recipients(story) == [("person/anna", 0), ("person/bo", 0)]


def test_a_meeting_is_planned_moved_and_told_of_while_the_course_is_paused(planned: Story) -> None:
    planned.command(cmd.PauseCourse, SARA, reason=COURSE)

    planned.reports(BO, meets_on="2026-09-21")

    assert meeting(planned).on == date(2026, 9, 21)
    assert recipients(planned)[2:] == [("person/anna", 1), ("person/bo", 1)]


def test_what_was_planned_ahead_of_a_step_is_an_appointment_when_the_step_is_entered() -> None:
    story = wider()
    story.reports(BO, meets_on="2026-09-14", meets_at="09:00")
    assert recipients(story) == []
    story.reports(ANNA, agreed=True, way="trial")

    both_acknowledge(story)

    assert (meeting(story).on, meeting(story).at) == (date(2026, 9, 14), "09:00")
    assert recipients(story) == [("person/anna", 0), ("person/bo", 0)]


def test_a_meeting_that_was_held_early_is_moved_to_its_day_and_never_cancelled() -> None:
    story = JobFirst().reaches_company_visit()
    story.reports(BO, visit_planned_on="2026-09-22", visit_planned_at="10:00")
    held_on = story.now.date()

    story.reports(BO, visit_held_on=held_on.isoformat())
    story.command(cmd.CloseCourse, ANNA, outcome="moved", reason=COURSE)
    both_acknowledge(story)
    story.time_passes_to(story.now + 60 * DAY)

    held = meeting(story, 2, "company_visit")
    assert (held.on, held.at, held.cancelled, held.sequence) == (held_on, None, False, 1)
    assert recipients(story)[2:] == [("person/anna", 1), ("person/bo", 1)], "it is no longer in the calendars to come"


def test_a_meeting_that_was_not_held_after_all_stands_as_it_was_planned() -> None:
    story = JobFirst().reaches_company_visit()
    story.reports(BO, visit_planned_on="2026-09-22")
    story.reports(BO, visit_held_on=story.now.date().isoformat())
    (statement,) = (fact for fact in story.state.facts if fact.fact == "visit_held_on")

    story.command(cmd.RetractFact, BO, fact=statement.id, reason=COURSE)

    assert meeting(story, 2, "company_visit").on == date(2026, 9, 22)


@pytest.fixture
def called_off() -> JobFirst:
    """A company visit that was agreed, and called off the same day; the next day has come."""
    story = JobFirst().reaches_company_visit()
    story.it_is("2026-09-14")
    story.reports(BO, visit_planned_on="2026-09-16", visit_planned_at="10:00")
    story.reports(ANNA, visit_called_off=True)
    story.it_is("2026-09-15")
    return story


@pytest.mark.parametrize(
    "agreed",
    [
        {"visit_planned_on": "2026-09-18", "visit_planned_at": "09:00"},
        {"visit_planned_at": "14:00"},
        {"visit_planned_on": "2026-09-16"},
    ],
)
def test_what_is_agreed_after_a_meeting_was_called_off_is_a_meeting_again(
    called_off: JobFirst, agreed: dict[str, Any]
) -> None:
    told = recipients(called_off)

    called_off.reports(BO, **agreed)

    current = meeting(called_off, 2, "company_visit")
    assert (current.on.isoformat(), current.at, current.cancelled) == (
        agreed.get("visit_planned_on", "2026-09-16"),
        agreed.get("visit_planned_at", "10:00"),
        False,
    )
    assert recipients(called_off) == [*told, ("person/anna", 2), ("person/bo", 2)]


def test_a_system_that_says_the_same_day_again_agrees_nothing_anew() -> None:
    story = JobFirst().reaches_company_visit()
    story.it_is("2026-09-14")
    story.reports(CASE_SYSTEM, visit_planned_on="2026-09-16", visit_planned_at="10:00")
    story.reports(ANNA, visit_called_off=True)
    story.it_is("2026-09-15")

    story.reports(CASE_SYSTEM, visit_planned_on="2026-09-16", visit_planned_at="10:00")

    assert meeting(story, 2, "company_visit").cancelled


def test_a_new_day_is_called_off_as_well(called_off: JobFirst) -> None:
    called_off.reports(BO, visit_planned_on="2026-09-18")

    called_off.reports(ANNA, visit_called_off=True)

    assert meeting(called_off, 2, "company_visit").cancelled
