import pytest

from rules.loading.read_toml import read_rule_set
from tests.rules.flawed import MUST, flaws, planned

SILENT = '{ after = "1 calendar_months"'
"""The last rung of the set."""

REPEATING = '"1 calendar_months", tell = "supervisor", repeat = true'
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
            [('"1 working_days"', '"lenght"')],
            "reminders.requirement[1].after",
            "'lenght' is no number of this set, nor a length such as 3 working_days; did you mean 'length'?",
        ),
        (
            [('"wait_began"', '"today"')],
            "steps[1].reminders.requirement[0].after",
            "how long a rung is depends on when the wait began; give 'length' dated_by = \"wait_began\"",
        ),
        (
            [("value = 3", 'value = "3"')],
            "local.length.value",
            "'3' is no amount of time; write a whole number",
        ),
        (
            [("value = 3", "value = -3")],
            "local.length.value",
            "'-3' is no amount of time; write a whole number",
        ),
        (
            [
                ('values = { a = "A" }', 'values = { b = "B", a = "A" }'),
                ("value = 3", "groups = { a = 3 }"),
            ],
            "local.length.value",
            "no row counts for b; add one, or a row that names no target group",
        ),
        (
            [('"1 working_days"', '"-1 working_days"')],
            "reminders.requirement[1].after",
            "'-1 working_days' is no number of this set, nor a length such as 3 working_days; use one of length",
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
            "reminders.silence[1]",
            "this wait may last for ever, so its last rung comes again and again; write repeat = true",
        ),
        ([(SILENT, SILENT.replace("1", "0"))], "reminders.silence[1].after", REPEATS_AFTER),
        (
            [(SILENT, SILENT.replace("1 calendar_months", "length")), ("value = 3", "value = 0")],
            "reminders.silence[1].after",
            REPEATS_AFTER,
        ),
    ],
)
def test_a_wait_without_end_is_told_of_again_and_again_but_not_all_at_once(
    changes: list[tuple[str, str]], field: str, words: str
) -> None:
    assert flaws(planned(*changes)) == [(field, words)]


def test_only_a_ladder_about_a_requirement_with_a_deadline_is_counted_from_it() -> None:
    rungs = '[{ after = "0 working_days", tell = "both" }, { after_deadline = "1 working_days", tell = "supervisor" }]'
    due = ('after = "1 working_days"', 'after_deadline = "1 working_days"')
    named = (MUST, f"{MUST}\nremind = {rungs}")
    deadline = 'deadline = { amount = "5 working_days", from = "entered" }'

    ladders = read_rule_set(planned((MUST, f"{MUST}\n{deadline}\nremind = {rungs}")), "tiny.toml").ladders
    assert [rung.counted_from for ladder in ladders for rung in ladder.rungs if ladder.requirement] == ["since", "due"]

    words = "only a ladder about a requirement that has a deadline is counted from it; "
    words += "name the requirement and give it one, or remove this"
    assert flaws(planned(named)) == [("steps[0].requirements[0].remind[1].after_deadline", words)]
    for changes in ([due], [due, (MUST, f"{MUST}\n{deadline}")]):
        assert flaws(planned(*changes)) == [("reminders.requirement[1].after_deadline", words)]


def test_what_the_beginning_of_a_wait_dates_is_for_ladders_only() -> None:
    deadline = 'deadline = { amount = "length", from = "entered" }'

    problems = flaws(planned((MUST, f"{MUST}\n{deadline}")))

    assert [field for field, _ in problems] == ["steps[0].requirements[0].deadline.amount"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            [('tell = "both"', 'tell = "asked"')],
            "reminders.requirement[1].tell",
            BOTH_FIRST,
        ),
        (
            [('tell = "both"', 'tell = "supervisor"')],
            "reminders.requirement[0].tell",
            BOTH_FIRST,
        ),
        (
            [('"0 working_days"', '"1 working_days"')],
            "reminders.requirement[1].after",
            A_DAY_LATER,
        ),
        (
            [('"0 working_days"', '"length"'), ("value = 3", "value = 1")],
            "reminders.requirement[1].after",
            A_DAY_LATER,
        ),
    ],
)
def test_both_roles_are_told_a_working_day_before_the_supervisor(
    changes: list[tuple[str, str]], field: str, words: str
) -> None:
    assert flaws(planned(*changes)) == [(field, words)]


def test_each_role_by_its_name_is_both() -> None:
    each = ('tell = "both"', 'tell = ["caseworker", "company_consultant"]')

    assert read_rule_set(planned(each), "tiny.toml").ladders[0].rungs[1].tell == ("supervisor",)


@pytest.mark.parametrize("waiting", ["story", "story_approval"])
def test_nobody_is_reminded_of_a_good_story(waiting: str) -> None:
    words = "nobody is reminded of a good story; remove these reminders"

    assert flaws(planned(("question = [", f"{waiting} = ["))) == [(f"reminders.{waiting}", words)]
