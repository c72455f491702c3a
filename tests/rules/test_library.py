from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from domain.facts import NoteKind
from domain.identity import Role
from domain.verdict import Outcome
from domain.waiting import WaitingKind
from rules.book import Book
from rules.library import from_canonical, in_force, shipped
from rules.model import RuleSet
from tests.rules.small import NOW, WEEKDAYS, course, noted, rule_set, said, visit

JOBFIRST = next(found for found in shipped() if found.id == "jobfirst")
BOOK = Book(JOBFIRST)
WORKPLACE = {"company_cvr": "13585628", "company_p_number": "1003388394"}


def versions(*begun: str, **more: Any) -> list[RuleSet]:
    """Return versions of the sample set that begin on these days."""
    return [
        rule_set().model_copy(update={"version": day, "valid_from": date.fromisoformat(day), **more}) for day in begun
    ]


def test_the_newest_version_that_has_begun_and_is_no_draft_is_in_force() -> None:
    sets = [*versions("2026-01-01", "2027-01-01", "2026-07-01"), *versions("2026-08-01", draft=True)]

    def on(day: str) -> str | None:
        found = in_force(sets, "sample", date.fromisoformat(day))
        return found.version if found else None

    assert on("2025-12-31") is None
    assert on("2026-06-30") == "2026-01-01"
    assert on("2026-09-01") == "2026-07-01"
    assert on("2027-01-01") == "2027-01-01"
    assert in_force(sets, "another", date(2027, 1, 1)) is None


@pytest.mark.parametrize("found", shipped(), ids=lambda found: found.id)
def test_a_shipped_set_is_the_same_after_it_was_stored_and_is_in_force(found: RuleSet) -> None:
    again = from_canonical(found.canonical)

    assert (again, again.sha256) == (found, found.sha256)
    assert in_force(shipped(), found.id, date(2026, 11, 23)) == found


@pytest.mark.parametrize("found", shipped(), ids=lambda found: found.id)
def test_a_shipped_set_says_that_a_jurist_must_confirm_it(found: RuleSet) -> None:
    assert found.approved_by is None
    assert found.notes is not None
    assert "jurist" in found.notes.da
    assert "jurist" in (found.notes.en or "")


@pytest.mark.parametrize("found", shipped(), ids=lambda found: found.id)
def test_every_text_of_a_shipped_set_is_danish_and_english(found: RuleSet) -> None:
    def lacking(value: Any) -> int:
        if isinstance(value, dict):
            return ("da" in value and not value.get("en")) + sum(lacking(inner) for inner in value.values())
        return sum(lacking(inner) for inner in value) if isinstance(value, list) else 0

    assert lacking(found.model_dump(mode="json")) == 0


@pytest.mark.parametrize("found", shipped(), ids=lambda found: found.id)
def test_every_fact_of_a_shipped_set_says_why_it_may_be_kept(found: RuleSet) -> None:
    assert [fact.id for fact in found.facts if fact.purpose is None or fact.legal_basis is None] == []


@pytest.mark.parametrize("kind", WaitingKind)
def test_every_silent_wait_ends_at_a_supervisor_and_later_rungs_come_later(kind: WaitingKind) -> None:
    ladders = [BOOK.rungs(kind, None, ""), *(BOOK.rungs(kind, None, name) for name in ("visit_held", "job_goal_set"))]
    for rungs in ladders:
        assert "supervisor" in rungs[-1].tell
        times = [WEEKDAYS.after(NOW, rung.after) for rung in rungs]
        assert all(before < later for before, later in pairwise(times))


def test_a_missing_receipt_is_reminded_of_twice_before_the_supervisor_hears_of_it() -> None:
    rungs = BOOK.rungs(WaitingKind.ACKNOWLEDGEMENT, "intake", "")

    assert [(rung.after.amount, rung.after.unit.value, rung.tell) for rung in rungs] == [
        (1, "working_days", ("asked",)),
        (2, "working_days", ("asked",)),
        (3, "working_days", ("supervisor",)),
        (5, "working_days", ("supervisor",)),
    ]


@pytest.mark.parametrize(("group", "days"), [("cash_benefit_activity_ready", 7), ("unemployment_benefit", 14)])
def test_the_first_interview_is_due_by_target_group(group: str, days: int) -> None:
    state = course(said("target_group", group), visits=[visit(1, "intake")])

    first = BOOK.judge(state, NOW, WEEKDAYS).visits[0].requirements[0]

    assert (first.requirement, first.outcome, first.due) == (
        "first_interview_held",
        Outcome.UNKNOWN,
        NOW + timedelta(days=days),
    )


def told(step: str, number: int, **facts: Any) -> list[Any]:
    """Return statements of a visit."""
    return [said(name, value, number, step=step) for name, value in facts.items()]


def test_a_course_goes_by_a_second_company_to_paid_hours_and_closes() -> None:
    notes = [
        noted(NoteKind.RESOURCE, Role.CASEWORKER),
        noted(NoteKind.BARRIER, Role.CASEWORKER),
        noted(NoteKind.OPPORTUNITY, Role.COMPANY_CONSULTANT),
    ]
    facts = [said("target_group", "resource_course"), said("job_goal_agreed", value=True), said("goal_paid_hours", 15)]
    visits = [visit(1, "intake")]

    def leads() -> tuple[bool, tuple[str, ...], str | None, set[str]]:
        verdict = BOOK.judge(course(*facts, visits=visits, notes=notes), NOW, WEEKDAYS).visits[-1]
        lacking = {r.requirement for r in verdict.requirements if r.holds_back}
        to, closing = verdict.route or ((), None)
        return verdict.is_ready, to, closing, lacking

    assert leads() == (False, ("company_visit",), None, {"first_interview_held"})
    facts += told("intake", 1, first_interview_on="2026-09-15")
    assert leads() == (True, ("company_visit",), None, set())

    visits = [visit(1, "intake", left_at=NOW), visit(2, "company_visit")]
    assert leads() == (False, (), None, {"company_named", "visit_held"})
    facts += told("company_visit", 2, **WORKPLACE, visit_held_on="2026-09-16", visit_outcome="no_match")
    assert leads() == (True, ("company_visit",), None, set())

    visits = [visit(2, "company_visit", left_at=NOW), visit(3, "company_visit")]
    facts += told("company_visit", 3, **WORKPLACE, visit_held_on="2026-09-16", visit_outcome="match")
    assert leads() == (False, ("paid_hours",), None, {"hours_agreed", "contract_in_place"})
    facts += [said("paid_hours_agreed", "3", step="paid_hours")]
    assert leads() == (True, ("paid_hours",), None, set())

    visits = [visit(3, "company_visit", left_at=NOW), visit(4, "paid_hours")]
    facts += told("paid_hours", 4, paid_hours_started_on="2026-09-16", weekly_hours="7")
    assert leads() == (False, (), None, set())
    facts += [said("closing_outcome", "ordinary_job")]
    assert leads() == (True, (), "ordinary_job", set())


def test_more_than_three_hours_need_a_contract() -> None:
    matched = told("company_visit", 1, **WORKPLACE, visit_held_on="2026-09-16", visit_outcome="match")
    agreed = said("paid_hours_agreed", "3.5", step="paid_hours")

    def is_ready(*facts: Any) -> bool:
        state = course(*matched, agreed, *facts, visits=[visit(1, "company_visit")])
        return BOOK.judge(state, NOW, WEEKDAYS).visits[0].is_ready

    assert not is_ready()
    assert is_ready(said("contract_signed", value=True, step="paid_hours"))


@pytest.mark.parametrize("outcome", ["moved", "withdrawn", "pension"])
@pytest.mark.parametrize("step", ["intake", "company_visit", "paid_hours"])
def test_a_person_may_close_the_course_from_every_step(step: str, outcome: str) -> None:
    state = course(said("closing_outcome", outcome), visits=[visit(1, step)])

    verdict = BOOK.judge(state, NOW, WEEKDAYS).visits[0]

    assert verdict.is_ready
    assert verdict.route is not None
    assert verdict.route.closing == outcome


def test_time_alone_makes_paid_hours_sustained() -> None:
    hours = told("paid_hours", 1, paid_hours_started_on="2026-09-07", weekly_hours="7")
    state = course(*hours, said("closing_outcome", "sustained_ordinary_hours"), visits=[visit(1, "paid_hours")])

    early = BOOK.judge(state, NOW, WEEKDAYS)

    assert not early.visits[0].is_ready
    assert early.changes_at is not None
    assert BOOK.judge(state, early.changes_at, WEEKDAYS).visits[0].is_ready
    assert not BOOK.judge(state, early.changes_at - timedelta(seconds=1), WEEKDAYS).visits[0].is_ready


def test_reality_may_run_ahead_to_paid_hours() -> None:
    assert BOOK.begun_by("paid_hours") <= BOOK.observes("intake") & BOOK.observes("company_visit")
    assert BOOK.begun_by("company_visit") <= BOOK.observes("intake")
