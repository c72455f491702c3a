"""JobFirst and what really happens: ahead, late, twice, contradicted or wrong, under dated law (P2, P3, P11)."""

from typing import Any

import pytest

from domain import commands as cmd
from domain.calendar import DANISH_TIME
from domain.identity import Role
from domain.state.waiting import WaitingKind
from tests.domain.jobfirst import Facts, JobFirst, on
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM, COURSE, SARA

JOB_READY = "cash_benefit_job_ready"
SUPERVISORS = "supervisors/job"
BOTH = ["person/anna", "person/bo"]
HOURS: Facts = {"hours_schedule": "2026-10-05=8", "beside_trial": "other_company"}


@pytest.fixture
def granted() -> JobFirst:
    """A trial that is granted, both told, only Bo's receipt missing."""
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.trial_is_granted()
    story.reports(BO, visit_outcome="trial")
    story.acknowledges(ANNA)
    return story


@pytest.fixture
def running() -> JobFirst:
    """A trial that began as planned on 5 October 2026 and is to end on 3 January 2027."""
    return JobFirst().runs_trial()


# Reality first


def test_a_trial_that_began_while_a_receipt_was_missing_is_accepted_and_the_supervisors_are_told_once(
    granted: JobFirst,
) -> None:
    granted.it_is("2026-10-02")
    granted.reports(BO, trial_started_on="2026-10-01")
    granted.it_is("2026-10-07")

    assert granted.steps == ["company_visit"]
    assert granted.state.ahead_of_informing == ("trial",)
    assert granted.recipients_of("ahead") == [SUPERVISORS]


def test_such_a_trial_is_dated_by_the_day_it_began_and_the_length_of_the_law_runs_from_there(
    granted: JobFirst,
) -> None:
    granted.it_is("2026-10-07")
    granted.reports(BO, trial_started_on="2026-10-01")
    assert granted.receipts_by_role()[Role.CASEWORKER] == 2

    granted.both_acknowledge()

    assert granted.steps == ["trial"]
    assert granted.visit.entered_on.isoformat() == "2026-10-01"
    assert granted.visit.went_ahead
    assert not granted.state.is_ahead_of_informing
    assert "length_kept" in granted.lacks()
    granted.it_is("2026-10-08", 12)
    told = [*(("2026-10-07", who) for who in BOTH), ("2026-10-08", SUPERVISORS)]
    assert granted.escalated("length_kept") == told


def test_a_trial_that_began_before_its_grant_goes_on_and_that_it_did_is_noted(granted: JobFirst) -> None:
    granted.it_is("2026-10-02")
    granted.reports(ANNA, trial_granted_on="2026-09-29")
    granted.reports(BO, trial_started_on="2026-09-28")

    granted.both_acknowledge()

    assert granted.steps == ["trial"]
    assert "granted_before_start" in granted.lacks()


def test_a_fact_heard_late_counts_from_the_day_it_occurred() -> None:
    story = JobFirst().begins()
    story.it_is("2026-09-14")
    story.reports(ANNA, on=on("2026-09-10").date(), first_interview_on="2026-09-10")
    story.it_is("2026-09-30")

    assert "first_interview_held" not in story.lacks()
    assert story.days_reminded("first_interview_held") == ["2026-09-10"], "before the deadline, and never after it"


def test_facts_told_out_of_order_come_to_the_same_course() -> None:
    story = JobFirst().reaches_company_visit()
    story.it_is("2026-09-29")

    story.reports(BO, visit_outcome="trial")
    story.reports(ANNA, trial_decision="granted", trial_granted_on="2026-09-29")
    story.trial_is_granted()
    story.company_is_visited("2026-09-22")
    story.both_acknowledge()

    assert story.steps == ["trial"]
    assert story.numbered(2).versions == 1


def test_a_fact_told_twice_makes_no_version_and_costs_no_receipt(granted: JobFirst) -> None:
    granted.reports(BO, visit_outcome="trial")

    assert granted.version == 1
    assert granted.missing == (Role.COMPANY_CONSULTANT,)


def test_what_a_system_says_against_a_person_is_a_hold_that_somebody_resolves(granted: JobFirst) -> None:
    granted.reports(CASE_SYSTEM, trial_decision="rejected")
    assert granted.lacks() == {"trial_granted"}
    granted.acknowledges(BO)
    assert granted.steps == ["company_visit"]

    granted.takes_back("trial_decision", from_system=True)
    granted.acknowledges(ANNA)
    granted.acknowledges(BO)

    assert granted.steps == ["trial"]


# Another company


@pytest.fixture
def another() -> JobFirst:
    """A visit to a second company after the first had a grant and paid hours."""
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.trial_is_granted()
    story.reports(BO, **HOURS, visit_outcome="another_company")
    story.both_acknowledge()
    story.company_is_visited("2026-09-30", company_p_number="1000000002")
    return story


def test_the_papers_of_one_company_admit_no_trial_at_another(another: JobFirst) -> None:
    another.reports(BO, visit_outcome="trial")

    assert another.lacks() == {"trial_granted", "length_planned", "hours_within_cap"}
    assert another.version is None


def test_the_hours_at_one_company_admit_no_paid_hours_at_another(another: JobFirst) -> None:
    another.reports(BO, visit_outcome="paid_hours")

    assert another.lacks() == {"hours_agreed"}
    assert another.version is None


def test_the_papers_of_the_first_company_stay_known_with_the_visit_to_it(another: JobFirst) -> None:
    assert another.stated("trial_decision") is None
    assert another.stated("trial_decision", 2) == "granted"
    assert another.stated("hours_schedule", 2) == HOURS["hours_schedule"]


def test_papers_of_its_own_admit_a_trial_at_the_other_company(another: JobFirst) -> None:
    another.trial_is_granted(trial_p_number="1000000002")
    another.reports(BO, visit_outcome="trial")

    another.both_acknowledge()

    assert another.steps == ["trial"]
    assert another.stated("trial_p_number", another.visit.number) == "1000000002"


@pytest.fixture
def after_hours() -> JobFirst:
    """A visit to a second company after paid hours at a first, which had a grant and a consent of its own."""
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.trial_is_granted(company_consent="given")
    story.reports(BO, **HOURS, visit_outcome="paid_hours")
    story.both_acknowledge()
    story.it_is("2026-10-20")
    story.reports(BO, visit=3, paid_hours_ended_on="2026-10-19", after_paid_hours="new_company")
    story.adds_lessons()
    story.both_acknowledge()
    story.company_is_visited("2026-10-27", company_p_number="1000000002")
    return story


def test_the_papers_of_one_company_admit_no_trial_at_another_after_hours_between_them(after_hours: JobFirst) -> None:
    after_hours.reports(BO, visit_outcome="trial")

    assert after_hours.lacks() == {"trial_granted", "length_planned", "hours_within_cap"}
    assert after_hours.stated("company_consent") is None
    assert after_hours.stated("trial_decision", 3) == "granted"


def test_a_rejection_at_one_company_refuses_no_trial_at_another_after_hours_between_them() -> None:
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.reports(CASE_SYSTEM, trial_decision="rejected")
    story.reports(BO, **HOURS, visit_outcome="paid_hours")
    story.both_acknowledge()
    story.it_is("2026-10-20")
    story.reports(BO, visit=3, paid_hours_ended_on="2026-10-19", after_paid_hours="new_company")
    story.adds_lessons()
    story.both_acknowledge()
    story.company_is_visited("2026-10-27", company_p_number="1000000002")

    story.reports(BO, visit_outcome="trial")

    assert "trial_granted" in story.lacks()
    assert story.judgement().outcomes["trial_granted"] != "refused"


def test_hours_agreed_in_a_trial_admit_no_paid_hours_at_another_company(running: JobFirst) -> None:
    running.it_is("2026-10-20")
    running.reports(BO, hours_schedule="2026-11-02=8", trial_outcome="hired", trial_ended_on="2026-10-19")
    running.it_is("2026-10-21")
    running.reports(BO, trial_outcome="ended_early")
    running.adds_lessons()
    running.both_acknowledge()
    running.company_is_visited("2026-10-27", company_p_number="1000000002")

    running.reports(BO, visit_outcome="paid_hours")

    assert running.lacks() == {"hours_agreed"}


def test_hours_agreed_in_a_trial_admit_none_at_a_company_found_beside_it(running: JobFirst) -> None:
    running.it_is("2026-10-20")
    running.reports(BO, hours_schedule="2027-01-04=8", trial_outcome="no_job")
    running.both_acknowledge()
    running.company_is_visited("2026-10-27", visit=4, company_p_number="1000000002")

    running.reports(BO, visit=4, visit_outcome="paid_hours", beside_trial="other_company")

    assert "hours_agreed" in running.lacks(4)
    assert running.stated("hours_schedule", 3) == "2027-01-04=8"


def test_hours_agreed_at_the_second_company_admit_paid_hours_after_the_trial_there(another: JobFirst) -> None:
    another.trial_is_granted(trial_starts_on="2026-10-05")
    another.reports(BO, **HOURS, visit_outcome="trial")
    another.both_acknowledge()

    assert another.steps == ["trial"]
    assert another.stated("hours_schedule") == HOURS["hours_schedule"]


def test_a_trial_that_runs_already_stays_ahead_though_another_company_is_to_be_visited() -> None:
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.trial_is_granted()
    story.reports(BO, visit_outcome="trial")
    story.it_is("2026-10-05")
    story.reports(BO, trial_started_on="2026-10-05", visit_outcome="another_company")
    story.both_acknowledge()

    assert story.steps == ["company_visit"]
    assert story.state.ahead_of_informing == ("trial",)
    assert story.stated("trial_decision") == "granted"


def test_a_day_planned_for_the_next_visit_is_that_of_the_visit_to_another_company(running: JobFirst) -> None:
    running.it_is("2026-10-12")
    running.reports(BO, trial_outcome="no_job")
    running.both_acknowledge(3)
    running.company_is_visited("2026-10-20", visit=4)
    running.reports(BO, visit=3, visit_planned_on="2026-10-29")
    running.reports(BO, visit=4, visit_outcome="another_company")

    running.both_acknowledge(4)

    assert running.stated("visit_planned_on", 4) is None
    assert running.stated("visit_planned_on", 5) == "2026-10-29"


# What was wrong is put right


def test_a_trial_entered_by_mistake_is_withdrawn_and_nothing_reported_is_lost() -> None:
    story = JobFirst().reaches_trial()
    assert story.stated("trial_decision", 3) == "granted"

    story.command(cmd.ReopenVisit, SARA, visit=2, reason=COURSE)

    assert story.steps == ["company_visit"]
    assert [visit.number for visit in story.state.visits if visit.withdrawn] == [3]
    assert story.stated("trial_decision") == "granted"
    story.reports(BO, visit_outcome="paid_hours", hours_schedule="2026-10-05=8")
    story.both_acknowledge()
    assert story.steps == ["paid_hours"]


def test_a_trial_that_was_right_after_all_finds_again_what_was_reported_of_it() -> None:
    story = JobFirst().reaches_trial()
    story.command(cmd.ReopenVisit, SARA, visit=2, reason=COURSE)

    story.reports(BO, visit_outcome="trial", goal_paid_hours="15")
    story.both_acknowledge()

    assert (story.visit.number, story.visit.step, story.visit.ordinal) == (4, "trial", 2)
    assert story.stated("trial_decision", 4) == "granted"


def test_a_wrong_outcome_of_a_trial_is_corrected_by_reopening_it(running: JobFirst) -> None:
    lessons = running.trial_ends("2027-01-03", "no_job")
    running.both_acknowledge()
    running.command(cmd.ReopenVisit, ANNA, visit=3, reason=COURSE)

    running.reports(BO, trial_outcome="hired", hours_schedule="2027-01-04=8")

    assert running.lacks() == set()
    assert [str(note) for note in running.manifest.notes] == lessons
    running.both_acknowledge()
    assert running.steps == ["paid_hours"]


# Dated law


def test_the_first_interview_is_due_a_week_after_the_citizen_asked_for_help_or_else_after_the_start() -> None:
    story = JobFirst().begins()
    assert due(story) == {"first_interview_held": "2026-09-14"}

    story.reports(CASE_SYSTEM, asked_for_help_on="2026-09-03")

    assert due(story) == {"first_interview_in_time": "2026-09-10"}


def due(story: JobFirst) -> dict[str, str]:
    """Return until which Danish day each wait for an interview runs."""
    interviews = [w for w in story.waits(WaitingKind.REQUIREMENT) if w.what and w.what.startswith("first_interview")]
    return {w.what: w.until.astimezone(DANISH_TIME).date().isoformat() for w in interviews if w.what and w.until}


def test_the_first_interview_of_an_insured_citizen_is_the_unemployment_funds_own() -> None:
    story = JobFirst().begins("unemployment_benefit")
    story.reports(CASE_SYSTEM, asked_for_help_on="2026-09-03")

    assert due(story) == {}


def test_the_length_of_a_trial_follows_the_group_on_the_day_it_is_to_begin_and_not_a_later_one(
    running: JobFirst,
) -> None:
    running.it_is("2026-10-12")
    running.reports(ANNA, target_group=JOB_READY)

    assert running.stated("target_group") == JOB_READY
    assert "length_kept" not in running.lacks()


def test_a_change_of_group_before_the_trial_that_is_heard_of_late_shortens_it(running: JobFirst) -> None:
    running.it_is("2026-10-12")
    running.reports(ANNA, on=on("2026-10-04").date(), target_group=JOB_READY)

    assert "length_kept" in running.lacks()
    assert running.escalated("length_kept") == [("2026-10-12", who) for who in BOTH]


def test_an_extension_to_twenty_six_weeks_and_thirteen_more_need_a_decision_each(running: JobFirst) -> None:
    def lasts(until: str, **decision: Any) -> bool:
        running.reports(ANNA, trial_ends_on=until, **decision)
        return "length_kept" not in running.lacks()

    running.it_is("2026-12-15")
    assert not lasts("2027-01-04")
    assert lasts("2027-04-04", extension="assessed")
    running.it_is("2027-03-23")
    assert not lasts("2027-04-05")
    assert not lasts("2027-07-04", extension="special_need")
    assert lasts("2027-07-04", extended_from="2027-04-04")
    assert not lasts("2027-07-05")
    running.it_is("2027-06-22")
    assert lasts("2027-10-03", extended_from="2027-07-04")
