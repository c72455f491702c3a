"""What is proved between a shipped rule set and itself, and versions of it in which one thing is changed."""

from typing import Final

import pytest

from rules.loading.library import shipped
from tests.rules.differing import Edit, between, differing, escaped, version

FEW: Final = range(120)
MANY: Final = range(120, 8_000)

TRIAL: Final = 'when = [{ answered = "trial_found" }, { yes = "trial_found" }]\nto = '
HOURS_WAY: Final = 'when = [{ answered = "hours_found" }, { yes = "hours_found" }]\nto = ["paid_hours"]\n'
TRIAL_WAY: Final = f'{TRIAL}["trial"]\n'
EXCUSED: Final = '  { not = { fact = "target_group", is = "unemployment_benefit" } },\n'
LENGTH: Final = 'ellers 13 uger", groups = { unemployment_benefit = 28'

CHANGES: Final[dict[str, tuple[Edit, set[tuple[str, str]]]]] = {
    "a number": (
        ("numbers", 'første samtale", value = 7', 'første samtale", value = 14'),
        {("intake", "first_interview_held"), ("intake", "first_interview_in_time")},
    ),
    "the number of one target group": (
        ("numbers", LENGTH, LENGTH.replace("28", "35")),
        {
            ("intake", "length_planned"),
            ("company_visit", "length_planned"),
            ("trial", "length_kept"),
            ("trial", "repeated_at_company"),
        },
    ),
    "hours that a goal is": (
        ("1-intake", 'must = { fact = "goal_paid_hours", at_least = 1 }', 'must = { answered = "goal_paid_hours" }'),
        {("intake", "hours_aimed_at")},
    ),
    "more hours that a goal is": (
        (
            "1-intake",
            'must = { fact = "goal_paid_hours", at_least = 1 }',
            'must = { fact = "goal_paid_hours", at_least = 2 }',
        ),
        {("intake", "hours_aimed_at")},
    ),
    "a requirement that only warns": (
        ("1-intake", 'must = { note = "wish" }', 'level = "warn"\nmust = { note = "wish" }'),
        {("intake", "wish_heard")},
    ),
    "a group that is asked too": (("1-intake", EXCUSED, ""), {("intake", "first_interview_held")}),
    "who has to say it": (
        ("1-intake", 'must = { note = "resource", by = "caseworker" }', 'must = { note = "resource" }'),
        {("intake", "resources_shared")},
    ),
    "where a way leads": (("1-intake", f'{TRIAL}["trial"]', f'{TRIAL}["company_visit"]'), {("intake", "way")}),
    "a way that comes first no more": (
        ("1-intake", f"{HOURS_WAY}\n[[routes]]\n{TRIAL_WAY}", f"{TRIAL_WAY}\n[[routes]]\n{HOURS_WAY}"),
        {("intake", "way")},
    ),
    "from when a deadline runs": (
        ("2-company-visit", '"first_visit_days", from = "course_start"', '"first_visit_days", from = "entered"'),
        {("company_visit", "visit_held")},
    ),
    "a deadline that is counted on and not back": (
        ("3-trial", 'before = "fact:trial_ends_on" }', 'from = "fact:trial_ends_on" }'),
        {("trial", "trial_outcome_known")},
    ),
    "more hours that last": (
        ("numbers", 'timer om ugen", value = 7', 'timer om ugen", value = 10'),
        {(step, "hours_sustained") for step in ("intake", "company_visit", "trial", "paid_hours")},
    ),
    "the text of a requirement": (("1-intake", 'text = "Det er delt, hvad', 'text = "I ved begge, hvad'), set()),
    "the label of a fact": (("1-intake", 'label = "Vi leder sammen"', 'label = "Vi leder begge"'), set()),
    "a reminder": (
        ("numbers", 'Noget mangler: påmindelse", value = 5', 'Noget mangler: påmindelse", value = 6'),
        set(),
    ),
}
"""A change of `jobfirst`, and the steps and requirements of which a difference is told."""

QUICK: Final = frozenset(
    {
        "the number of one target group",
        "a requirement that only warns",
        "a way that comes first no more",
        "a deadline that is counted on and not back",
        "more hours that last",
        "the label of a fact",
    }
)
"""The changes that are tried each time; small sets show the other kinds each time too."""

JOBFIRST: Final = version("jobfirst")
SETS: Final = {f"{rules.id}@{rules.version}": rules for rules in shipped()}


@pytest.mark.parametrize("name", SETS)
def test_every_shipped_set_is_proved_to_decide_as_itself(name: str) -> None:
    assert between(SETS[name], SETS[name]).is_equivalent


@pytest.mark.parametrize(
    "change", [pytest.param(one, marks=() if one in QUICK else (pytest.mark.verify,)) for one in CHANGES]
)
def test_a_change_is_told_with_step_and_requirement_and_no_random_course_escapes_it(change: str) -> None:
    edit, differs = CHANGES[change]

    found = between(JOBFIRST, version("jobfirst", edit))

    assert {(one.kind.step, getattr(one.kind, "requirement", "way")) for one in found.classes} == differs
    assert found.undecided == ()
    assert found.is_equivalent is not bool(differs)
    assert list(escaped(found, FEW)) == []


def test_the_number_of_a_group_is_told_of_that_group_as_it_was_when_the_trial_began() -> None:
    edit, _ = CHANGES["the number of one target group"]

    found = between(JOBFIRST, version("jobfirst", edit))

    assert {(one.whom.groups, one.whom.groups_on) for one in found.classes} == {
        (("unemployment_benefit",), "fact:trial_starts_on")
    }


def test_what_no_citizen_could_be_shown_of_is_undecided_and_never_told_as_fact() -> None:
    shorter: Edit = ("numbers", 'af uger i træk", value = 16', 'af uger i træk", value = 15')

    found = between(JOBFIRST, version("jobfirst", shorter))

    assert found.classes == ()
    assert {(one.requirement, one.before, one.after) for one in found.undecided if hasattr(one, "after")} == {  # type: ignore[union-attr]  # requirements alone
        ("hours_sustained", "free", "holds")
    }
    assert not found.is_equivalent


@pytest.mark.verify
@pytest.mark.parametrize("change", CHANGES)
def test_no_random_course_of_thousands_escapes_what_is_told_of_a_change(change: str) -> None:
    edit, _ = CHANGES[change]

    found = between(JOBFIRST, version("jobfirst", edit))

    assert list(escaped(found, MANY)) == []


@pytest.mark.verify
@pytest.mark.parametrize(
    ("before", "after"),
    [("jobfirst@2026-11", "jobfirst@2027-01-draft"), ("jobfirst@2027-01-draft", "jobfirst@2026-11")],
)
def test_no_random_course_escapes_what_is_told_of_two_shipped_versions(before: str, after: str) -> None:
    found = between(SETS[before], SETS[after])

    assert found.undecided == ()
    assert list(escaped(found, MANY)) == []


@pytest.mark.verify
@pytest.mark.parametrize(("before", "after"), [("jobfirst", "jobfirst-vitas"), ("jobfirst-vitas", "jobfirst")])
def test_of_two_sets_in_which_nearly_all_differs_no_random_course_escapes_and_most_classes_are_met(
    before: str, after: str
) -> None:
    found = between(*(next(rules for rules in shipped() if rules.id == name) for name in (before, after)))

    assert found.undecided == ()
    assert list(escaped(found, MANY)) == []
    assert len(differing(found, MANY)) > len(found.classes) / 2


def test_sets_with_no_step_in_common_are_told_by_their_steps() -> None:
    ips, jobfirst = SETS["ips@1"], SETS["jobfirst@2026-11"]

    found = between(ips, jobfirst)

    assert found.steps_only_before == ("engagement", "job_search", "job")
    assert found.steps_only_after == ("intake", "company_visit", "trial", "paid_hours")
    assert (found.classes, found.undecided) == ((), ())
    assert not found.is_equivalent
