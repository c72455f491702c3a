"""A fact that may be of several visits is placed by its visit or workplace, and never by a guess (P2, P11)."""

import pytest

from domain import commands as cmd
from domain.errors import Code
from domain.identity import Actor
from tests.domain.jobfirst import Facts, JobFirst
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM

BAKERY = "1000000002"
NEXT: Facts = {"trial_decision": "granted", "trial_starts_on": "2027-01-11", "trial_ends_on": "2027-03-11"}


@pytest.fixture
def searching() -> JobFirst:
    """A running trial, number 3, and beside it a visit to the next company, number 4."""
    story = JobFirst().runs_trial()
    story.it_is("2026-12-01")
    story.reports(BO, trial_outcome="no_job")
    story.both_acknowledge()
    story.company_is_visited("2026-12-08", visit=4, company_p_number=BAKERY)
    return story


@pytest.mark.parametrize("actor", [ANNA, CASE_SYSTEM])
def test_papers_that_may_be_of_the_running_trial_or_the_next_are_of_neither(searching: JobFirst, actor: Actor) -> None:
    refused = searching.refusal(cmd.ReportFacts, actor, facts=NEXT)

    assert refused is Code.VISIT_UNKNOWN


def test_a_feed_names_the_visit_that_they_come_from_or_are_of(searching: JobFirst) -> None:
    searching.reports(CASE_SYSTEM, visit=4, **NEXT)
    searching.reports(CASE_SYSTEM, visit=3, trial_ends_on="2026-12-31")

    assert searching.stated("trial_starts_on") == "2027-01-11"
    assert searching.stated("trial_starts_on", 3) == "2026-10-05"
    assert searching.stated("trial_ends_on", 3) == "2026-12-31"


def test_a_feed_that_knows_no_visits_names_the_workplace_of_the_next_trial(searching: JobFirst) -> None:
    searching.reports(CASE_SYSTEM, **NEXT, trial_p_number=BAKERY)

    assert searching.stated("trial_starts_on") == "2027-01-11"
    assert searching.stated("trial_starts_on", 3) == "2026-10-05"


def test_a_feed_that_knows_no_visits_names_the_workplace_of_the_running_trial(searching: JobFirst) -> None:
    searching.reports(CASE_SYSTEM, trial_ends_on="2026-12-31", trial_p_number="1000000001")

    assert searching.stated("trial_ends_on", 3) == "2026-12-31"
    assert searching.stated("trial_ends_on") is None


def test_what_only_one_visit_can_be_told_of_names_nothing(searching: JobFirst) -> None:
    searching.reports(BO, trial_going="as_agreed")
    searching.reports(BO, caseworker_at_company_visit=True)

    assert searching.stated("trial_going", 3) == "as_agreed"
    assert searching.stated("caseworker_at_company_visit", 4) is True
