from datetime import date
from itertools import pairwise, product
from typing import Any

import pytest

from domain.state.verdict import TARGET_GROUP, Kind
from domain.state.waiting import OPTIONAL, WaitingKind
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from rules.loading.library import from_canonical, in_force, shipped
from tests.rules.vocabulary import NOW, WEEKDAYS, rule_set

JOBFIRST, DRAFT, IPS = (
    next(shipped_set for shipped_set in shipped() if (shipped_set.id, shipped_set.draft) == which)
    for which in (("jobfirst", False), ("jobfirst", True), ("ips", False))
)
BOOK = Book(JOBFIRST)
LONG_AFTER = date(2030, 1, 1)

each_set = pytest.mark.parametrize(
    "shipped_set", shipped(), ids=lambda shipped_set: f"{shipped_set.id}-{shipped_set.version}"
)


def groups_of(shipped_set: RuleSet) -> set[str]:
    """Return the target groups of a set."""
    return {value.id for fact in shipped_set.facts if fact.id == TARGET_GROUP for value in fact.values}


def versions(*begun: str, **more: Any) -> list[RuleSet]:
    """Return versions of the sample set that begin on these days."""
    return [
        rule_set().model_copy(update={"version": day, "valid_from": date.fromisoformat(day), **more}) for day in begun
    ]


def test_the_newest_version_that_has_begun_and_is_no_draft_is_in_force() -> None:
    sets = [*versions("2026-01-01", "2027-01-01", "2026-07-01"), *versions("2026-08-01", draft=True)]

    def on(day: str) -> str | None:
        shipped_set = in_force(sets, "sample", date.fromisoformat(day))
        return shipped_set.version if shipped_set else None

    assert on("2025-12-31") is None
    assert on("2026-06-30") == "2026-01-01"
    assert on("2026-09-01") == "2026-07-01"
    assert on("2027-01-01") == "2027-01-01"
    assert in_force(sets, "another", date(2027, 1, 1)) is None


@each_set
def test_a_shipped_set_is_the_same_after_it_was_stored(shipped_set: RuleSet) -> None:
    again = from_canonical(shipped_set.canonical)

    assert (again, again.sha256) == (shipped_set, shipped_set.sha256)


@each_set
def test_a_shipped_set_says_that_a_jurist_must_confirm_it(shipped_set: RuleSet) -> None:
    assert shipped_set.approved_by is None
    assert shipped_set.notes is not None
    assert "jurist" in shipped_set.notes.da
    assert "jurist" in (shipped_set.notes.en or "")


@each_set
def test_every_text_of_a_shipped_set_is_danish_and_english(shipped_set: RuleSet) -> None:
    def lacking(value: Any) -> int:
        if isinstance(value, dict):
            return ("da" in value and not value.get("en")) + sum(lacking(inner) for inner in value.values())
        return sum(lacking(inner) for inner in value) if isinstance(value, list) else 0

    assert lacking(shipped_set.model_dump(mode="json")) == 0


@each_set
def test_every_fact_of_a_shipped_set_says_why_it_may_be_kept(shipped_set: RuleSet) -> None:
    assert [fact.id for fact in shipped_set.facts if fact.purpose is None or fact.legal_basis is None] == []


@each_set
@pytest.mark.parametrize("kind", [kind for kind in WaitingKind if kind not in {WaitingKind.PROPOSALS, *OPTIONAL}])
def test_every_silent_wait_ends_at_a_supervisor_and_later_rungs_come_later(
    shipped_set: RuleSet, kind: WaitingKind
) -> None:
    about = ["", *(requirement.id for step in shipped_set.steps for requirement in step.requirements)]
    places = product((None, *(step.id for step in shipped_set.steps)), about, (None, *groups_of(shipped_set)))

    book = Book(shipped_set)
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
        (2, "working_days", ("both",)),
        (3, "working_days", ("supervisor",)),
        (5, "working_days", ("supervisor",)),
    ]


@each_set
def test_a_value_that_no_law_or_method_sets_says_so_where_its_source_stands(shipped_set: RuleSet) -> None:
    local = [parameter.source for parameter in shipped_set.parameters if parameter.kind is Kind.LOCAL]

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
    def names(shipped_set: RuleSet) -> set[str]:
        return {step.id for step in shipped_set.steps} | {kind.id for kind in shipped_set.note_kinds}

    assert in_force(shipped(), "ips", LONG_AFTER) == IPS
    assert names(IPS).isdisjoint(names(JOBFIRST))


@each_set
def test_every_requirement_says_to_the_one_who_is_asked_what_to_do(shipped_set: RuleSet) -> None:
    requirements = [requirement for step in shipped_set.steps for requirement in step.requirements]

    assert [
        requirement.id
        for requirement in requirements
        if requirement.missing.en is None or requirement.missing == requirement.text
    ] == []
