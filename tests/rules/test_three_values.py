from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.identity import Role
from domain.state.facts import Fact, FactValue
from domain.state.verdict import Outcome
from tests.rules.vocabulary import (
    NOW,
    Cell,
    contradicted,
    course,
    flaws,
    judged,
    noted,
    outcome,
    requirement,
    rule_set,
    stated,
    visit,
)

TRUE: Cell = {"fact": "yes", "is": True}
FALSE: Cell = {"fact": "yes", "is": False}
UNKNOWN: Cell = {"fact": "count", "is": 1}
STATED_YES = stated("yes", value=True)

MET, UNMET, DONT_KNOW = Outcome.MET, Outcome.UNMET, Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("cells", "all_of", "any_of"),
    [
        ([TRUE, TRUE], MET, MET),
        ([TRUE, FALSE], UNMET, MET),
        ([FALSE, FALSE], UNMET, UNMET),
        ([TRUE, UNKNOWN], DONT_KNOW, MET),
        ([UNKNOWN, TRUE], DONT_KNOW, MET),
        ([FALSE, UNKNOWN], UNMET, DONT_KNOW),
        ([UNKNOWN, FALSE], UNMET, DONT_KNOW),
        ([UNKNOWN, UNKNOWN], DONT_KNOW, DONT_KNOW),
    ],
)
def test_all_and_any_know_as_much_as_their_parts_allow(cells: list[Cell], all_of: Outcome, any_of: Outcome) -> None:
    assert outcome({"all": cells}, STATED_YES) is all_of
    assert outcome({"any": cells}, STATED_YES) is any_of


@pytest.mark.parametrize(("cell", "expected"), [(TRUE, UNMET), (FALSE, MET), (UNKNOWN, DONT_KNOW)])
def test_not_turns_the_answer_and_leaves_not_knowing(cell: Cell, expected: Outcome) -> None:
    assert outcome({"not": cell}, STATED_YES) is expected


COMPARISONS: list[tuple[Cell, FactValue, bool]] = [
    ({"fact": "yes", "is": False}, False, True),
    ({"fact": "count", "is": 5}, 5, True),
    ({"fact": "count", "is": 5}, 6, False),
    ({"fact": "count", "in": [4, 5]}, 5, True),
    ({"fact": "count", "in": [4, 5]}, 6, False),
    ({"fact": "count", "at_least": 5}, 5, True),
    ({"fact": "count", "at_least": 5}, 4, False),
    ({"fact": "count", "at_most": 5}, 5, True),
    ({"fact": "count", "at_most": 5}, 6, False),
    ({"fact": "count", "between": [5, 7]}, 7, True),
    ({"fact": "count", "between": [5, 7]}, 8, False),
    ({"fact": "hours", "at_least": "7.5"}, "7.50", True),
    ({"fact": "hours", "at_least": "7.5"}, 8, True),
    ({"fact": "hours", "at_least": "7.5"}, "7.4", False),
    ({"fact": "day", "before": "2026-09-01"}, "2026-08-31", True),
    ({"fact": "day", "before": "2026-09-01"}, "2026-09-01", False),
    ({"fact": "day", "after": "2026-09-01"}, "2026-09-02", True),
    ({"fact": "day", "after": "2026-09-01"}, "2026-09-01", False),
    ({"fact": "day", "between": ["2026-09-01", "2026-09-30"]}, "2026-09-30", True),
    ({"fact": "day", "is": {"derived": "today"}}, "2026-09-16", True),
    ({"fact": "colour", "is": "red"}, "red", True),
    ({"fact": "colour", "in": ["red"]}, "green", False),
    ({"fact": "company", "is": "13585628"}, "13585628", True),
    ({"fact": "workplace", "is": "1003388394"}, "1003388394", True),
    ({"fact": "clock", "is": "09:30"}, "09:30", True),
    ({"fact": "clock", "in": ["09:30", "10:00"]}, "10:30", False),
    ({"derived": "days_between", "of": ["day", "today"], "at_most": 14}, "2026-09-02", True),
    ({"derived": "days_between", "of": ["day", "today"], "at_most": 14}, "2026-09-01", False),
]


@pytest.mark.parametrize(("cell", "value", "holds"), COMPARISONS)
def test_a_comparison_answers_yes_or_no_when_it_knows(cell: Cell, value: FactValue, holds: bool) -> None:  # noqa: FBT001
    name = cell.get("fact", "day")

    assert outcome(cell, stated(name, value)) is (MET if holds else UNMET)


WRONG: dict[str, FactValue] = {
    "yes": "true",
    "count": True,
    "hours": "1e3",
    "day": "2026-02-30",
    "colour": "blue",
    "company": "12345678",
    "workplace": "123",
    "clock": "0930",
}


@pytest.mark.parametrize(("cell", "value"), [(cell, value) for cell, value, _ in COMPARISONS])
def test_a_comparison_does_not_know_what_is_missing_wrong_contradicted_or_null(cell: Cell, value: FactValue) -> None:
    name = cell.get("fact", "day")
    null = stated(name, value).model_copy(update={"value": None})
    other = stated(name, WRONG[name])

    assert outcome(cell) is DONT_KNOW
    assert outcome(cell, other) is DONT_KNOW
    assert outcome({"not": cell}, other) is DONT_KNOW
    assert outcome(cell, *contradicted(name, value, WRONG[name])) is DONT_KNOW
    verdict = judged(rule_set(requirement(cell)), course().model_copy(update={"facts": (null,)}))
    assert verdict.requirements[0].outcome is DONT_KNOW
    assert not verdict.is_ready


def test_only_what_was_never_spoken_of_is_missing_and_only_what_is_sound_is_there() -> None:
    missing: Cell = {"fact": "count", "is_missing": True}

    assert outcome(missing) is MET
    assert outcome({"not": missing}, stated("count", 5)) is MET
    assert outcome(missing, stated("count", 5)) is UNMET
    for facts in ([stated("count", "five")], [stated("count", 101)], contradicted("count", 5, 6)):
        assert outcome(missing, *facts) is DONT_KNOW
        assert outcome({"not": missing}, *facts) is DONT_KNOW


def test_the_newest_word_counts_and_a_system_that_agrees_contradicts_nobody() -> None:
    older, newer = stated("count", 1, on=date(2026, 9, 1)), stated("count", 2)

    assert outcome({"fact": "count", "is": 2}, newer, older) is MET
    assert outcome({"fact": "count", "is": 2}, newer, stated("count", 2, by_system=True)) is MET


def test_a_fact_stated_under_its_former_name_is_known() -> None:
    assert outcome({"fact": "day", "is": "2026-09-01"}, stated("former_day", "2026-09-01")) is MET


def test_wall_times_are_the_same_or_not_and_nothing_else() -> None:
    words = "a value of type time has no 'after'; use answered, in, is"

    assert flaws({"fact": "clock", "after": "09:30"}) == {"must.after": words}
    assert flaws({"fact": "clock", "is": "9.30"}).keys() == {"must.is"}


def test_an_unknown_when_makes_the_requirement_apply() -> None:
    assert outcome(FALSE, STATED_YES, when=UNKNOWN) is UNMET
    assert outcome(FALSE, STATED_YES, when=FALSE) is Outcome.NOT_APPLICABLE


def test_a_warning_is_told_and_holds_nothing() -> None:
    verdict = judged(rule_set(requirement(FALSE, level="warn")), course(STATED_YES))

    assert verdict.requirements[0].outcome is UNMET
    assert verdict.is_ready


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (noted("resource", Role.CASEWORKER), MET),
        (noted("resource", Role.COMPANY_CONSULTANT), UNMET),
        (noted("barrier", Role.CASEWORKER), UNMET),
        (noted("resource", Role.CASEWORKER, visit=2), UNMET),
    ],
)
def test_notes_count_by_kind_role_and_visit(note: Any, expected: Outcome) -> None:
    sample_rules = rule_set(requirement({"note": "resource", "by": "caseworker"}))

    assert judged(sample_rules, course(notes=(note,))).requirements[0].outcome is expected


def test_so_many_notes_are_asked_for_by_anybody() -> None:
    sample_rules = rule_set(requirement({"note": "resource", "at_least": 2}))
    one, two = noted("resource", Role.CASEWORKER), noted("resource", Role.OBSERVER, number=2)

    assert judged(sample_rules, course(notes=(one,))).requirements[0].outcome is UNMET
    assert judged(sample_rules, course(notes=(one, two))).requirements[0].outcome is MET


def test_a_kind_of_note_is_the_engines_or_declared() -> None:
    hope = {"id": "hope", "label": {"da": "Håb"}}
    sample_rules = rule_set(requirement({"note": "hope"}), note_kinds=[hope])
    written = course(notes=(noted("hope", Role.CASEWORKER),))

    assert judged(sample_rules, course()).requirements[0].outcome is UNMET
    assert judged(sample_rules, written).requirements[0].outcome is MET
    assert flaws({"note": "hope"}, note_kinds=[hope]) == {}
    assert flaws({"note": "barier"}) == {"must.note": "'barier' is no kind of note; did you mean 'barrier'?"}


def test_presence_is_a_fact_of_the_visit() -> None:
    cell: Cell = {"present": "caseworker", "at": "here"}

    assert outcome(cell) is DONT_KNOW
    assert outcome(cell, stated("caseworker_at_here", value=False, visit=1)) is UNMET
    assert outcome(cell, stated("caseworker_at_here", value=True, visit=1)) is MET


THERE_IS_OPEN: Cell = {"open": "there"}


def test_another_step_is_open_while_a_visit_to_it_is() -> None:
    sample_rules = rule_set(requirement(THERE_IS_OPEN), routes=[{"to": ["here"]}])
    left = visit(2, "there", left_at=NOW)

    for others, expected in [((), UNMET), ((left,), UNMET), ((visit(2, "there"),), MET)]:
        state = course(visits=[*others, visit(3)])
        assert judged(sample_rules, state).requirements[0].outcome is expected


def test_the_step_that_the_route_opens_is_open_and_the_own_one_only_when_it_stays() -> None:
    routes = [{"when": TRUE, "to": ["there"], "stay": True}, {"to": ["there"]}]
    own_is_open = {**requirement({"open": "here"}), "id": "own", "before": "enter"}
    sample_rules = rule_set(requirement(THERE_IS_OPEN), there=[own_is_open], routes=routes)

    stays = judged(sample_rules, course(STATED_YES)).requirements
    leaves = judged(sample_rules, course(stated("yes", value=False))).requirements
    undecided = judged(sample_rules, course()).requirements

    assert [(asked.requirement, asked.outcome) for asked in stays] == [("asked", MET), ("own", MET)]
    assert [(asked.requirement, asked.outcome) for asked in leaves] == [("asked", MET), ("own", UNMET)]
    assert [(asked.requirement, asked.outcome) for asked in undecided] == [("asked", UNMET)]


def test_the_route_table_sees_only_the_other_visits_that_are_open_already() -> None:
    routes = [{"when": THERE_IS_OPEN, "to": ["here"]}, {"to": ["there"]}]
    sample_rules = rule_set(requirement(TRUE), routes=routes)

    alone = judged(sample_rules, course())
    beside = judged(sample_rules, course(visits=[visit(1, "there"), visit(2)]))

    assert [verdict.route.to for verdict in (alone, beside) if verdict.route] == [("there",), ("here",)]


def test_only_a_step_of_the_set_can_be_open() -> None:
    assert flaws({"not": {"open": "their"}}) == {"must.not.open": "'their' is no step; did you mean 'there'?"}


POSSIBLE: dict[str, list[FactValue]] = {
    "yes": [True, False],
    "count": [0, 5, 6, 100],
    "hours": ["7.5", "7.49", 8],
    "day": ["2026-09-02", "2026-09-16", "2027-01-01"],
    "colour": ["red", "green"],
    "company": ["13585628"],
    "workplace": ["1003388394", "1003388395"],
    "clock": ["09:30", "10:30"],
}
CELLS = st.sampled_from([cell for cell, _, _ in COMPARISONS])
CONDITIONS = st.recursive(
    CELLS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda cells: {"all": cells}),
        st.lists(inner, min_size=1, max_size=3).map(lambda cells: {"any": cells}),
        inner.map(lambda cell: {"not": cell}),
    ),
    max_leaves=6,
)
KNOWLEDGE = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in POSSIBLE.items()})


@given(condition=CONDITIONS, knowledge=KNOWLEDGE, more=KNOWLEDGE)
@settings(max_examples=150, deadline=None)
def test_knowing_more_never_changes_an_answer_that_is_known(
    condition: Cell, knowledge: dict[str, FactValue], more: dict[str, FactValue]
) -> None:
    before = outcome(condition, *(stated(name, value) for name, value in knowledge.items()))
    after = outcome(condition, *(stated(name, value) for name, value in {**more, **knowledge}.items()))

    assert before in (DONT_KNOW, after)


@given(condition=CONDITIONS, knowledge=KNOWLEDGE, name=st.sampled_from(sorted(POSSIBLE)))
@settings(max_examples=150, deadline=None)
def test_a_contradiction_or_a_wrong_type_never_advances_what_its_absence_holds(
    condition: Cell, knowledge: dict[str, FactValue], name: str
) -> None:
    reported = [stated(fact, value) for fact, value in knowledge.items() if fact != name]
    spoilt: list[tuple[Fact, ...]] = [(stated(name, WRONG[name]),), contradicted(name, POSSIBLE[name][0], WRONG[name])]

    absent = outcome(condition, *reported)

    assert [outcome(condition, *reported, *facts) for facts in spoilt] == [absent, absent]
