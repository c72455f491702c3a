from datetime import date, timedelta

import pytest

from domain.calendar import start_of_day
from domain.identity import GATE_ROLES, Role
from domain.state.facts import Audience, Fact
from domain.state.verdict import Outcome, Route
from rules.engine.book import Book
from tests.rules.vocabulary import (
    NOW,
    TODAY,
    WEEKDAYS,
    Cell,
    contradicted,
    course,
    judged,
    noted,
    parameter,
    requirement,
    row,
    rule_set,
    stated,
    visit,
)

IS_THERE: Cell = {"fact": "is_there", "is": True}
BY_COLOUR: list[Cell] = [
    {"close": True},
    {"when": {"fact": "colour", "is": "red"}, "to": ["here"]},
    {"when": {"fact": "yes", "is": True}, "to": ["here", "there"]},
    {"to": ["there"]},
]


def test_the_gate_asks_for_leaving_this_step_and_for_entering_the_next_ones() -> None:
    leaving = requirement({"fact": "yes", "is": True})
    entering = {**requirement(IS_THERE), "id": "entered", "before": "enter"}
    sample_rules = rule_set(leaving, there=[entering])

    verdict = judged(sample_rules, course(stated("yes", value=True), stated("is_there", value=True, step="there")))

    assert [(r.requirement, r.outcome) for r in verdict.requirements] == [
        ("asked", Outcome.MET),
        ("entered", Outcome.MET),
    ]
    assert verdict.is_ready
    assert not judged(sample_rules, course(stated("yes", value=True))).is_ready


def test_what_an_earlier_visit_knew_does_not_open_the_step_again() -> None:
    entering = requirement(IS_THERE, before="enter")
    visits = [visit(1, left_at=NOW), visit(2, "there", left_at=NOW), visit(3)]

    verdict = judged(rule_set(there=[entering]), course(stated("is_there", value=True, visit=2), visits=visits))

    assert verdict.requirements[0].outcome is Outcome.UNKNOWN


def test_a_step_that_loops_to_itself_needs_its_own_facts_for_the_new_visit() -> None:
    entering = requirement({"fact": "said_here", "is": True}, before="enter")
    sample_rules = rule_set(entering, routes=[{"to": ["here"]}])

    assert (
        judged(sample_rules, course(stated("said_here", value=True, visit=1))).requirements[0].outcome
        is Outcome.UNKNOWN
    )
    assert judged(sample_rules, course(stated("said_here", value=True))).requirements[0].outcome is Outcome.MET


def test_each_visit_has_its_own_facts_and_another_step_speaks_by_its_newest_visit() -> None:
    sample_rules = rule_set(requirement({"all": [{"fact": "said_here", "is": True}, IS_THERE]}))
    visits = [visit(1, left_at=NOW), visit(2, "there", left_at=NOW), visit(3, "there", left_at=NOW), visit(4)]
    here, there = stated("said_here", value=True, visit=4), stated("is_there", value=True, visit=3)

    def stands(*facts: Fact) -> Outcome:
        return judged(sample_rules, course(*facts, visits=visits)).requirements[0].outcome

    assert stands(here, there) is Outcome.MET
    assert stands(here, there, stated("is_there", value=False, visit=2)) is Outcome.MET
    assert stands(stated("said_here", value=True, visit=1), there) is Outcome.UNKNOWN
    assert stands(here, stated("is_there", value=True, visit=2)) is Outcome.UNKNOWN


def test_a_visit_that_was_withdrawn_says_nothing() -> None:
    visits = [visit(1, "there", left_at=NOW, withdrawn=True), visit(2)]

    verdict = judged(rule_set(requirement(IS_THERE)), course(stated("is_there", value=True, visit=1), visits=visits))

    assert verdict.requirements[0].outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "route"),
    [
        ([], None),
        ([stated("colour", "red")], Route(("here",))),
        ([stated("colour", "green")], None),
        ([stated("colour", "blue"), stated("yes", value=True)], None),
        ([*contradicted("colour", "green", "red"), stated("yes", value=False)], None),
        ([stated("colour", "green"), stated("yes", value=True)], Route(("here", "there"))),
        ([stated("colour", "green"), stated("yes", value=False)], Route(("there",))),
        ([stated("closing_outcome", "job")], Route(closing="job")),
        ([stated("closing_outcome", "job"), stated("colour", "red")], Route(closing="job")),
        ([stated("closing_outcome", "gone"), stated("colour", "red")], None),
        ([*contradicted("closing_outcome", "job", "moved"), stated("colour", "red")], None),
    ],
)
def test_the_first_row_that_matches_is_followed_and_an_unknown_one_holds(
    facts: list[Fact], route: Route | None
) -> None:
    verdict = judged(rule_set(routes=BY_COLOUR), course(*facts))

    assert verdict.route == route
    assert verdict.is_ready == (route is not None)
    assert bool(verdict.route_roles) == (route is None)


def test_who_may_report_what_a_route_lacks_is_asked() -> None:
    sample_rules = rule_set(routes=[{"when": {"fact": "colour", "is": "red"}, "to": ["there"]}, {"close": True}])
    only_consultants = sample_rules.facts[6].model_copy(update={"reporters": (Role.COMPANY_CONSULTANT, Role.SYSTEM)})
    facts = (*sample_rules.facts[:6], only_consultants, *sample_rules.facts[7:])

    unknown = judged(sample_rules.model_copy(update={"facts": facts}), course())
    nothing_matches = judged(sample_rules, course(stated("colour", "green")))

    assert unknown.route_roles == (Role.COMPANY_CONSULTANT,)
    assert nothing_matches.route_roles == GATE_ROLES


def test_a_step_that_the_rules_do_not_have_is_a_hold() -> None:
    verdict = judged(rule_set(), course(visits=[visit(1, "elsewhere")]))

    assert not verdict.is_ready
    assert verdict.route_roles == GATE_ROLES


def test_a_waived_requirement_holds_nothing_and_one_that_may_not_be_waived_still_does() -> None:
    never: Cell = {"fact": "yes", "is": True}
    entering = {**requirement(IS_THERE), "id": "entered", "before": "enter"}
    firm = {**requirement(never, waivable_by=[]), "id": "firm"}
    law = {**requirement(never, kind="law"), "id": "law"}
    sample_rules = rule_set(requirement(never), firm, law, there=[entering])
    state = course(visits=[visit(waived=("asked", "firm", "law"))])

    outcomes = {r.requirement: r.outcome for r in judged(sample_rules, state).requirements}

    held = dict.fromkeys(("firm", "law", "entered"), Outcome.UNKNOWN)
    assert outcomes == {"asked": Outcome.WAIVED, **held}


def test_only_notes_that_both_may_read_have_been_shared() -> None:
    sample_rules = rule_set(requirement({"note": "barrier"}))
    shared = noted("barrier", Role.CASEWORKER)
    private = shared.model_copy(update={"audience": Audience.CASEWORKER_ONLY})

    assert judged(sample_rules, course(notes=(private,))).requirements[0].outcome is Outcome.UNMET
    assert judged(sample_rules, course(notes=(private, shared))).requirements[0].outcome is Outcome.MET


ROWS = [row("2020-01-01", 1), row("2026-09-10", 2), row("2026-09-20", 3), row("2020-01-01", 9, "second")]


@pytest.mark.parametrize(
    ("dated_by", "facts", "value"),
    [
        ("course_start", [], 2),
        ("visit_entered", [], 1),
        ("today", [], 2),
        ("fact:day", [stated("day", "2026-09-20")], 3),
        ("fact:day", [stated("day", "2026-09-19")], 2),
        ("fact:day", [stated("day", "2019-12-31")], None),
        ("fact:day", [], None),
        ("today", [stated("target_group", "second", on=TODAY)], 9),
        ("today", [stated("target_group", "third", on=TODAY)], None),
        ("today", [stated("target_group", "second", on=date(2026, 9, 17))], 2),
        ("course_start", [stated("target_group", "second", on=TODAY)], 2),
        ("fact:day", [stated("day", "2026-09-20"), stated("target_group", "second", on=date(2026, 9, 17))], 9),
        ("fact:day", [stated("day", "2026-08-20"), stated("target_group", "second", on=TODAY)], 1),
        ("today", contradicted("target_group", "first", "second"), None),
        ("course_start", contradicted("target_group", "first", "second"), 2),
    ],
)
def test_a_parameter_counts_by_the_date_it_is_dated_by_and_by_the_target_group_of_that_day(
    dated_by: str, facts: list[Fact], value: int | None
) -> None:
    sample_rules = rule_set(
        requirement({"fact": "count", "is": {"param": "limit"}}),
        parameters=[parameter(dated_by=dated_by, rows=ROWS)],
    )
    group = stated("target_group", "first", on=date(2026, 9, 1))
    state = course(
        group, *facts, visits=[visit(entered_on=date(2026, 9, 9))], started_on=date(2026, 9, 12), status="open"
    )

    def stands(count: int) -> Outcome:
        counted = state.model_copy(update={"facts": (*state.facts, stated("count", count))})
        return judged(sample_rules, counted).requirements[0].outcome

    expected = [Outcome.UNKNOWN] * 4 if value is None else [_met(count == value) for count in (1, 2, 3, 9)]
    assert [stands(count) for count in (1, 2, 3, 9)] == expected


def _met(holds: bool) -> Outcome:  # noqa: FBT001 - it is the whole question
    return Outcome.MET if holds else Outcome.UNMET


def test_before_entering_the_day_of_entering_is_today() -> None:
    entering = requirement({"fact": "count", "is": {"param": "limit"}}, before="enter")
    limit = parameter(dated_by="visit_entered", rows=ROWS)
    state = course(stated("target_group", "first"), stated("count", 2), visits=[visit(entered_on=date(2026, 9, 1))])
    sample_rules = rule_set(there=[entering], parameters=[limit])

    assert judged(sample_rules, state).requirements[0].outcome is Outcome.MET
    assert Book(sample_rules).judge(state, NOW, WEEKDAYS).changes_at == start_of_day(date(2026, 9, 20))


def after(days: int) -> date:
    """Return a day so many days from today."""
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("must", "day", "changes_in"),
    [
        ({"fact": "day", "before": {"derived": "today"}}, after(5), 5),
        ({"fact": "day", "before": {"derived": "today"}}, after(0), 1),
        ({"fact": "day", "before": {"derived": "today"}}, after(-1), None),
        ({"not": {"fact": "day", "after": {"derived": "today"}}}, after(3), 3),
        ({"fact": "day", "is": {"derived": "today"}}, after(2), 2),
        ({"derived": "today", "before": "2026-09-18"}, after(0), 2),
        ({"derived": "days_between", "of": ["day", "today"], "at_most": 14}, after(-4), 10),
        ({"derived": "days_between", "of": ["day", "today"], "at_most": 14}, after(-14), 1),
        ({"derived": "days_between", "of": ["day", "today"], "at_least": 14}, after(-4), 10),
        ({"derived": "days_between", "of": ["today", "day"], "between": [2, 5]}, after(9), 4),
        ({"derived": "days_between", "of": ["today", "day"], "between": [2, 5]}, after(4), 2),
        ({"fact": "day", "before": "2026-12-01"}, after(0), None),
    ],
)
def test_the_verdict_says_when_time_alone_may_change_it(must: Cell, day: date, changes_in: int | None) -> None:
    state = course(stated("day", day.isoformat()))
    sample_rules = Book(rule_set(requirement(must)))

    verdict = sample_rules.judge(state, NOW, WEEKDAYS)

    assert verdict.changes_at == (None if changes_in is None else start_of_day(after(changes_in)))
    for days in range(1, changes_in or 30):
        later = sample_rules.judge(state, NOW + timedelta(days=days), WEEKDAYS)
        if changes_in is not None:
            assert later.visits == verdict.visits, "nothing may change before the verdict says so"


def test_a_parameter_dated_by_today_says_when_its_next_row_begins() -> None:
    sample_rules = rule_set(
        requirement({"fact": "count", "is": {"param": "limit"}}),
        parameters=[parameter(rows=[row("2020-01-01", 1), row("2027-01-01", 2)])],
    )

    assert Book(sample_rules).judge(course(stated("count", 1)), NOW, WEEKDAYS).changes_at == start_of_day(
        date(2027, 1, 1)
    )


def test_what_is_never_asked_says_nothing_of_time() -> None:
    asleep = requirement({"fact": "day", "before": {"derived": "today"}}, when={"fact": "yes", "is": True})
    state = course(stated("yes", value=False), stated("day", "2026-10-01"))

    assert Book(rule_set(asleep)).judge(state, NOW, WEEKDAYS).changes_at is None
