"""The same amount written differently is the same fact (P2, P3)."""

import pytest

from domain import events as ev
from domain.identity import Role
from domain.state.facts import FactValue
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM
from tests.domain.wider import at_trial


@pytest.fixture
def briefed() -> JobFirst:
    """A trial of fifteen hours a week that both are told of, only Bo's receipt missing."""
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.trial_is_granted()
    story.reports(BO, visit_outcome="trial")
    story.acknowledges(ANNA)
    return story


@pytest.mark.parametrize("hours", [15, "15", "15.0", "015.00"])
def test_an_amount_written_differently_makes_no_version_and_costs_no_receipt(
    briefed: JobFirst, hours: FactValue
) -> None:
    briefed.reports(BO, trial_weekly_hours=hours)

    assert briefed.version == 1
    assert briefed.missing == (Role.COMPANY_CONSULTANT,)
    assert briefed.stated("trial_weekly_hours") == 15


def test_a_schedule_written_differently_is_the_same_schedule(briefed: JobFirst) -> None:
    briefed.reports(BO, hours_schedule="2027-01-04=8 2027-02-01=10.5")
    briefed.acknowledges(ANNA)
    before = briefed.version

    briefed.reports(BO, hours_schedule="2027-01-04=8.0 2027-02-01=10.50")

    assert briefed.version == before
    assert briefed.missing == (Role.COMPANY_CONSULTANT,)


def test_a_system_that_writes_the_same_amount_differently_contradicts_nobody(briefed: JobFirst) -> None:
    briefed.reports(BO, trial_weekly_hours="15", hours_schedule="2027-01-04=12")
    briefed.reports(CASE_SYSTEM, trial_weekly_hours="15.0", hours_schedule="2027-01-04=12.00")

    on_record = [briefed.state.on_record(fact) for fact in ("trial_weekly_hours", "hours_schedule")]
    assert [entry.contradicted_by for entry in on_record if entry] == [None, None]
    assert briefed.judgement().ready


def test_another_amount_is_told_anew(briefed: JobFirst) -> None:
    briefed.reports(BO, trial_weekly_hours="15.5")

    assert briefed.version == 2
    assert briefed.stated("trial_weekly_hours") == "15.5"


@pytest.mark.parametrize("written", ["9:30", "09.30", "09:30:00"])
def test_a_time_of_day_written_differently_is_the_same_meeting(written: str) -> None:
    story = at_trial()
    story.reports(BO, meets_on="2026-09-14", meets_at="09:30")

    story.reports(ANNA, meets_at=written)

    assert len(story.happened(ev.AppointmentMade)) == 1
