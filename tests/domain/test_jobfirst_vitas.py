"""JobFirst where no feed brings what VITAS asks: one whole way, and what its papers hold (P1, P2, P5)."""

from typing import Any, Final

import pytest

from domain import commands as cmd
from domain.errors import Code
from domain.identity import GATE_ROLES
from domain.state.course import Status
from domain.state.verdict import Outcome
from domain.state.waiting import WaitingKind
from rules.engine.book import Book
from rules.loading.library import shipped
from tests.domain.jobfirst import Facts, JobFirst
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA

RULES: Final = Book(next(rules for rules in shipped() if rules.id == "jobfirst-vitas"))
BOTH: Final = ["person/anna", "person/bo"]
STAFF: Final = " ".join(f"2026-{month:02}-01=12" for month in range(5, 10))
PLACE: Final = "1000000001"
APPLICATION: Final[Facts] = {
    "trial_p_number": PLACE,
    "purpose_skills": True,
    "trial_applied_on": "2026-09-22",
    "employer_statement": True,
    "employee_statement": "given",
    "trial_starts_on": "2026-10-05",
    "trial_ends_on": "2027-01-03",
    "trial_weekly_hours": "15",
    "ordinary_fte_by_month": STAFF,
    "supported_fte": "2",
    "company_consent": "accommodations",
    "company_told": "accommodations",
}
VISITED: Final[Facts] = {
    "visit_purpose": "match",
    "visit_held_on": "2026-09-22",
    "company_p_number": PLACE,
    "company_cvr": "10000009",
    "citizen_at_company_visit": True,
    "caseworker_at_company_visit": True,
}


def at_the_company() -> JobFirst:
    """A company that was visited on 22 September, where a trial is wanted."""
    story = JobFirst(rules=RULES).begins()
    story.it_is("2026-09-10")
    story.reports(ANNA, first_interview_on="2026-09-10", hours_spoken_of=True, goal_paid_hours="12")
    for kind in ("wish", "job_goal", "tasks_wanted", "resource", "barrier"):
        story.notes(ANNA, kind)
    story.notes(BO, "opportunity")
    story.both_acknowledge()
    story.it_is("2026-09-22")
    story.reports(BO, **VISITED, visit_outcome="trial")
    return story


def granted(**changed: Any) -> JobFirst:
    """A trial with its papers, some of them changed, granted on 29 September."""
    story = at_the_company()
    story.reports(BO, **{**APPLICATION, **changed})
    story.it_is("2026-09-29")
    story.reports(ANNA, trial_decision="granted", trial_granted_on="2026-09-29")
    return story


def running() -> JobFirst:
    """A trial that began on 5 October as planned."""
    story = granted()
    story.both_acknowledge()
    story.it_is("2026-10-05")
    story.reports(BO, trial_started_on="2026-10-05")
    return story


def test_a_course_goes_from_the_first_interview_to_sustained_hours() -> None:
    story = running()
    story.reports(BO, next_step="paid_hours", hours_schedule="2027-01-04=8", contract_signed=True)
    story.it_is("2027-01-03")
    story.reports(BO, trial_ended_on="2027-01-03", trial_outcome="hired", hours_reached="12")
    for kind in ("what_worked", "what_did_not", "citizens_view"):
        story.notes(BO, kind)
    story.both_acknowledge()
    story.it_is("2027-01-04")
    story.reports(BO, paid_hours_started_on="2027-01-04")
    story.it_is("2027-04-05")
    story.closes("sustained_ordinary_hours")
    story.both_acknowledge()

    assert (story.state.status, story.state.outcome) == (Status.COMPLETED, "sustained_ordinary_hours")
    assert [visit.step for visit in story.state.visits] == ["intake", "company_visit", "trial", "paid_hours"]


@pytest.mark.parametrize(
    ("requirement", "facts"),
    [
        ("employer_has_stated", {"employer_statement": False}),
        ("employees_have_stated", {"employee_statement": "refused"}),
    ],
)
def test_a_statement_that_is_refused_is_asked_for_no_more_and_waived_by_nobody(requirement: str, facts: Facts) -> None:
    story = granted(**facts)

    assert story.lacks() == {requirement}
    assert story.judgement().outcomes[requirement] == Outcome.REFUSED
    assert [(w.what, w.roles) for w in story.waits(WaitingKind.DECISION)] == [(requirement, GATE_ROLES)]
    waiver = {"requirement": requirement, "waiver": cmd.WaiverReason.OTHER, "reason": COURSE}
    assert story.refusal(cmd.WaiveRequirement, SARA, **waiver) is Code.LAW_NOT_WAIVABLE


def test_the_ratio_holds_a_trial_until_it_runs_and_then_only_warns() -> None:
    story = granted(supported_fte="3")
    assert story.lacks() == {"ratio_at_start"}
    story.reports(BO, supported_fte="2")
    story.both_acknowledge()

    def exceeded() -> list[tuple[str, bool]]:
        ratios = (r for r in story.verdicts if r.is_open and r.requirement.startswith("ratio"))
        return [(r.requirement, r.holds_back) for r in ratios]

    story.reports(BO, supported_fte="3")
    assert exceeded() == [("ratio_before_start", True)]
    story.it_is("2026-10-05")
    story.reports(BO, trial_started_on="2026-10-05")
    assert exceeded() == [("ratio_kept", False)]


def test_both_hear_once_that_a_consent_was_withdrawn_and_nothing_is_voided() -> None:
    story = running()
    story.it_is("2026-10-08")

    story.reports(ANNA, company_consent="withdrawn")
    story.it_is("2026-10-21")

    assert story.escalated("consent_stands") == [("2026-10-08", who) for who in BOTH]
    assert story.steps == ["trial"]
