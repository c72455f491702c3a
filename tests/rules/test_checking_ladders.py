import pytest

from rules.loading.read_toml import read_rule_set
from tests.rules.flawed import MUST, flaws, planned

SILENT = '{ after = { amount = 1, unit = "calendar_months"'
"""The last rung of the set."""

REPEATING = 'unit = "calendar_months" }, tell = ["supervisor"], repeat = true'
BOTH_FIRST = (
    'both roles are told before the supervisor is; let the rung before this one tell both, with tell = ["both"]'
)
A_DAY_LATER = (
    "the supervisor is told a working day after both roles at the earliest; "
    "write whole days, and more of them than in the rung before"
)
REPEATS_AFTER = "a rung that repeats comes after 1 or more; with 0 it would never come to an end"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            [("amount = 1", 'amount = { param = "lenght" }')],
            "ladders[0].rungs[1].after.amount.param",
            "the parameter 'lenght' is not declared; did you mean 'length'?",
        ),
        (
            [('"wait_began"', '"today"')],
            "ladders[8].rungs[0].after.amount.param",
            "how long a rung is depends on when the wait began; give 'length' dated_by = \"wait_began\"",
        ),
        (
            [("value = 3", 'value = "3"')],
            "parameters[0].rows[0].value",
            "'3' is no amount of time; write a whole number",
        ),
        (
            [("value = 3", "value = -3")],
            "parameters[0].rows[0].value",
            "'-3' is no amount of time; write a whole number",
        ),
        (
            [
                ('values = [{ id = "a"', 'values = [{ id = "b", label = { da = "B" } }, { id = "a"'),
                ("value = 3", 'value = 3, target_groups = ["a"]'),
            ],
            "parameters[0].rows",
            "no row counts for b; add one, or a row that names no target group",
        ),
        ([("amount = 1", 'amount = "one"')], "ladders[0].rungs[1].after.amount", "write a whole number"),
        (
            [("amount = 1", "amount = -1")],
            "ladders[0].rungs[1].after.amount",
            "the number is too small; write at least 0",
        ),
    ],
)
def test_a_ladder_knows_how_long_its_rungs_are(changes: list[tuple[str, str]], field: str, words: str) -> None:
    assert flaws(planned(*changes)) == [(field, words)]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            [(REPEATING, REPEATING.removesuffix(", repeat = true"))],
            "ladders[7].rungs[1]",
            "this wait may last for ever, so its last rung comes again and again; write repeat = true",
        ),
        ([(SILENT, SILENT.replace("1", "0"))], "ladders[7].rungs[1].after.amount", REPEATS_AFTER),
        (
            [(SILENT, SILENT.replace("1", '{ param = "length" }')), ("value = 3", "value = 0")],
            "ladders[7].rungs[1].after.amount",
            REPEATS_AFTER,
        ),
    ],
)
def test_a_wait_without_end_is_told_of_again_and_again_but_not_all_at_once(
    changes: list[tuple[str, str]], field: str, words: str
) -> None:
    assert flaws(planned(*changes)) == [(field, words)]


def test_only_a_ladder_about_a_requirement_with_a_deadline_is_counted_from_it() -> None:
    due = ('tell = ["supervisor"]', 'counted_from = "due", tell = ["supervisor"]')
    named = ('waiting = "requirement",', 'waiting = "requirement", requirement = "is_agreed",')
    deadline = (MUST, MUST + '\ndeadline = { amount = 5, unit = "working_days", from = "entered" }')

    assert read_rule_set(planned(due, named, deadline), "tiny.toml").ladders[0].rungs[1].counted_from == "due"

    words = "only a ladder about a requirement that has a deadline is counted from it; "
    words += "name the requirement and give it one, or remove this"
    for changes in ([due], [due, named], [due, deadline]):
        assert flaws(planned(*changes)) == [("ladders[0].rungs[1].counted_from", words)]


def test_what_the_beginning_of_a_wait_dates_is_for_ladders_only() -> None:
    deadline = 'deadline = { amount = { param = "length" }, unit = "working_days", from = "entered" }'

    problems = flaws(planned((MUST, f"{MUST}\n{deadline}")))

    assert [field for field, _ in problems] == ["steps[0].requirements[0].deadline.amount.param"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            [('tell = ["both"]', 'tell = ["asked"]')],
            "ladders[0].rungs[1].tell",
            BOTH_FIRST,
        ),
        (
            [('tell = ["both"]', 'tell = ["supervisor"]')],
            "ladders[0].rungs[0].tell",
            BOTH_FIRST,
        ),
        (
            [("amount = 0", "amount = 1")],
            "ladders[0].rungs[1].after",
            A_DAY_LATER,
        ),
        (
            [("amount = 0", 'amount = { param = "length" }'), ("value = 3", "value = 1")],
            "ladders[0].rungs[1].after",
            A_DAY_LATER,
        ),
    ],
)
def test_both_roles_are_told_a_working_day_before_the_supervisor(
    changes: list[tuple[str, str]], field: str, words: str
) -> None:
    assert flaws(planned(*changes)) == [(field, words)]


def test_each_role_by_its_name_is_both() -> None:
    each = ('tell = ["both"]', 'tell = ["caseworker", "company_consultant"]')

    assert read_rule_set(planned(each), "tiny.toml").ladders[0].rungs[1].tell == ("supervisor",)
