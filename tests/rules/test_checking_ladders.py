import pytest

from rules.loading.read_toml import read_rule_set
from tests.rules.flawed import MUST, flaws, planned

LENGTH_OF_FIRST = ("amount = 1", 'amount = { param = "length" }')
SILENT = 'waiting = "silence", rungs = [{ after = { amount = 1, '
"""The beginning of the last ladder of the set."""

REPEATING = 'unit = "calendar_months" }, tell = ["supervisor"], repeat = true'
REPEATS_AFTER = "a rung that repeats comes after 1 or more; with 0 it would never come to an end"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            [("amount = 1", 'amount = { param = "lenght" }')],
            "ladders[0].rungs[0].after.amount.param",
            "the parameter 'lenght' is not declared; did you mean 'length'?",
        ),
        (
            [LENGTH_OF_FIRST, ('"wait_began"', '"today"')],
            "ladders[0].rungs[0].after.amount.param",
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
        ([("amount = 1", 'amount = "one"')], "ladders[0].rungs[0].after.amount", "write a whole number"),
        (
            [("amount = 1", "amount = -1")],
            "ladders[0].rungs[0].after.amount",
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
            "ladders[7].rungs[0]",
            "this wait may last for ever, so its last rung comes again and again; write repeat = true",
        ),
        ([(SILENT, SILENT.replace("1", "0"))], "ladders[7].rungs[0].after.amount", REPEATS_AFTER),
        (
            [(SILENT, SILENT.replace("1", '{ param = "length" }')), ("value = 3", "value = 0")],
            "ladders[7].rungs[0].after.amount",
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

    assert read_rule_set(planned(due, named, deadline), "tiny.toml").ladders[0].rungs[0].counted_from == "due"

    words = "only a ladder about a requirement that has a deadline is counted from it; "
    words += "name the requirement and give it one, or remove this"
    for changes in ([due], [due, named], [due, deadline]):
        assert flaws(planned(*changes)) == [("ladders[0].rungs[0].counted_from", words)]


def test_what_the_beginning_of_a_wait_dates_is_for_ladders_only() -> None:
    deadline = 'deadline = { amount = { param = "length" }, unit = "working_days", from = "entered" }'

    problems = flaws(planned((MUST, f"{MUST}\n{deadline}")))

    assert [field for field, _ in problems] == ["steps[0].requirements[0].deadline.amount.param"]
