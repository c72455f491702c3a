from datetime import date
from itertools import pairwise, product
from typing import Any

import pytest

from domain.state.verdict import TARGET_GROUP
from domain.state.waiting import WaitingKind
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from rules.loading.library import from_canonical, in_force, shipped
from tests.rules.vocabulary import NOW, WEEKDAYS, rule_set

JOBFIRST, DRAFT, IPS = (
    next(found for found in shipped() if (found.id, found.draft) == which)
    for which in (("jobfirst", False), ("jobfirst", True), ("ips", False))
)
BOOK = Book(JOBFIRST)
LONG_AFTER = date(2030, 1, 1)

each_set = pytest.mark.parametrize("found", shipped(), ids=lambda found: f"{found.id}-{found.version}")


def groups_of(found: RuleSet) -> set[str]:
    """Return the target groups of a set."""
    return {value.id for fact in found.facts if fact.id == TARGET_GROUP for value in fact.values}


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


@each_set
def test_a_shipped_set_is_the_same_after_it_was_stored(found: RuleSet) -> None:
    again = from_canonical(found.canonical)

    assert (again, again.sha256) == (found, found.sha256)


@each_set
def test_a_shipped_set_says_that_a_jurist_must_confirm_it(found: RuleSet) -> None:
    assert found.approved_by is None
    assert found.notes is not None
    assert "jurist" in found.notes.da
    assert "jurist" in (found.notes.en or "")


@each_set
def test_every_text_of_a_shipped_set_is_danish_and_english(found: RuleSet) -> None:
    def lacking(value: Any) -> int:
        if isinstance(value, dict):
            return ("da" in value and not value.get("en")) + sum(lacking(inner) for inner in value.values())
        return sum(lacking(inner) for inner in value) if isinstance(value, list) else 0

    assert lacking(found.model_dump(mode="json")) == 0


@each_set
def test_every_fact_of_a_shipped_set_says_why_it_may_be_kept(found: RuleSet) -> None:
    assert [fact.id for fact in found.facts if fact.purpose is None or fact.legal_basis is None] == []


@each_set
@pytest.mark.parametrize("kind", WaitingKind)
def test_every_silent_wait_ends_at_a_supervisor_and_later_rungs_come_later(found: RuleSet, kind: WaitingKind) -> None:
    about = ["", *(requirement.id for step in found.steps for requirement in step.requirements)]
    places = product((None, *(step.id for step in found.steps)), about, (None, *groups_of(found)))

    book = Book(found)
    for step, what, group in places:
        rungs = book.rungs(kind, step, what, began=NOW.date(), target_group=group)
        assert "supervisor" in rungs[-1].tell
        for counted_from_due in (False, True):
            times = [WEEKDAYS.after(NOW, rung.after) for rung in rungs if rung.from_due is counted_from_due]
            assert all(before < later for before, later in pairwise(times))


def test_a_missing_receipt_is_reminded_of_twice_before_the_supervisor_hears_of_it() -> None:
    rungs = BOOK.rungs(WaitingKind.ACKNOWLEDGEMENT, "intake", "", began=NOW.date(), target_group=None)

    assert [(rung.after.amount, rung.after.unit.value, rung.tell) for rung in rungs] == [
        (1, "working_days", ("asked",)),
        (2, "working_days", ("asked",)),
        (3, "working_days", ("supervisor",)),
        (5, "working_days", ("supervisor",)),
    ]


@each_set
def test_a_value_that_no_law_or_method_sets_says_so_where_its_source_stands(found: RuleSet) -> None:
    local = [parameter.reference for parameter in found.parameters if parameter.local_policy]

    assert local
    assert [reference for reference in local if "lokal praksis" not in reference.lower()] == []


@pytest.mark.parametrize(
    ("step", "ahead"),
    [
        ("intake", ("company_visit", "trial", "paid_hours")),
        ("company_visit", ("trial", "paid_hours")),
        ("trial", ("company_visit", "paid_hours")),
        ("paid_hours", ("company_visit",)),
    ],
)
def test_reality_may_run_ahead_of_a_step_to_those_that_follow(step: str, ahead: tuple[str, ...]) -> None:
    assert all(BOOK.begun_by(later) and BOOK.begun_by(later) <= BOOK.observes(step) for later in ahead)


# The draft of 2027


def test_the_draft_of_2027_is_never_in_force() -> None:
    assert DRAFT.valid_from < LONG_AFTER
    assert in_force(shipped(), "jobfirst", LONG_AFTER) == JOBFIRST


def test_the_draft_of_2027_says_what_becomes_of_every_target_group() -> None:
    mapped = {mapping.from_: mapping.to for mapping in DRAFT.mappings if mapping.fact == TARGET_GROUP}

    assert DRAFT.supersedes == JOBFIRST.version
    assert set(mapped) == groups_of(JOBFIRST)
    assert set(mapped.values()) == groups_of(DRAFT)
    assert groups_of(DRAFT).isdisjoint(groups_of(JOBFIRST))


def test_the_draft_of_2027_asks_what_is_asked_today() -> None:
    assert DRAFT.steps == JOBFIRST.steps
    assert DRAFT.ladders == JOBFIRST.ladders


# Another method


def test_another_method_is_in_force_beside_it_with_steps_and_kinds_of_notes_of_its_own() -> None:
    def names(found: RuleSet) -> set[str]:
        return {step.id for step in found.steps} | {kind.id for kind in found.note_kinds}

    assert in_force(shipped(), "ips", LONG_AFTER) == IPS
    assert names(IPS).isdisjoint(names(JOBFIRST))
