"""What would meet a requirement, so that a form can ask for it."""

from typing import Any

import pytest

from domain.identity import Role
from domain.state.verdict import TARGET_GROUP
from rules.engine.compiler import Compiler
from rules.engine.gates import facts_of
from rules.explain.ways import Asked, Way, ways_to_meet
from rules.language.conditions import notes_in
from rules.language.rule_set import RuleSet
from rules.language.steps import Requirement
from rules.loading.library import shipped
from tests.rules.vocabulary import document, requirement

YES = Asked(kind="fact", id="yes", values=(True,))
RED = Asked(kind="fact", id="colour", values=("red",))


def ways(must: dict[str, Any]) -> tuple[Way, ...]:
    rules = document(requirement(must))
    return ways_to_meet(rules, rules.steps[0].requirements[0].must)


@pytest.mark.parametrize(
    ("must", "expected"),
    [
        ({"fact": "yes", "is": True}, ((YES,),)),
        ({"not": {"fact": "yes", "is": False}}, ((YES,),)),
        ({"fact": "colour", "in": ["red"]}, ((RED,),)),
        ({"not": {"fact": "colour", "is": "green"}}, ((RED,),)),
        ({"fact": "count", "at_least": 1}, ((Asked(kind="fact", id="count", at_least=1),),)),
        ({"fact": "count", "between": [1, 9]}, ((Asked(kind="fact", id="count", at_least=1, at_most=9),),)),
        ({"not": {"fact": "former_day", "is_missing": True}}, ((Asked(kind="fact", id="day"),),)),
        ({"not": {"fact": "day", "after": {"derived": "today"}}}, ((Asked(kind="fact", id="day"),),)),
        (
            {"derived": "days_between", "of": ["day", "other_day"], "at_least": 0},
            ((Asked(kind="fact", id="day"), Asked(kind="fact", id="other_day")),),
        ),
        ({"derived": "days_between", "of": ["day", "day"], "at_least": 0}, ((Asked(kind="fact", id="day"),),)),
        ({"present": "caseworker", "at": "here"}, ((Asked(kind="fact", id="caseworker_at_here", values=(True,)),),)),
        (
            {"note": "barrier", "by": "caseworker"},
            ((Asked(kind="note", id="barrier", by=Role.CASEWORKER, at_least=1),),),
        ),
        ({"any": [{"fact": "yes", "is": True}, {"fact": "colour", "is": "red"}]}, ((YES,), (RED,))),
        ({"all": [{"fact": "yes", "is": True}, {"fact": "colour", "is": "red"}]}, ((YES, RED),)),
        ({"not": {"any": [{"fact": "yes", "is": False}, {"fact": "colour", "is": "green"}]}}, ((YES, RED),)),
        ({"fact": "day", "is_missing": True}, ((),)),
    ],
)
def test_what_meets_a_condition_is_told_way_by_way(must: dict[str, Any], expected: tuple[Way, ...]) -> None:
    assert ways(must) == expected


def test_a_condition_with_too_many_ways_is_told_as_all_that_it_reads() -> None:
    either = {"any": [{"fact": "yes", "is": True}, {"fact": "colour", "is": "red"}, {"fact": "count", "at_least": 1}]}

    (way,) = ways({"all": [either] * 4})

    assert {asked.id for asked in way} == {"yes", "colour", "count"}


EVERY = [(rules, step.id, asked) for rules in shipped() for step in rules.steps for asked in step.requirements]


@pytest.mark.parametrize(
    ("rules", "step", "asked"), EVERY, ids=[f"{r.id}-{step}-{asked.id}" for r, step, asked in EVERY]
)
def test_the_ways_of_each_shipped_requirement_name_what_it_reads(rules: RuleSet, step: str, asked: Requirement) -> None:
    ways = ways_to_meet(rules, asked.must)
    read = {fact.fact for fact in facts_of(Compiler(rules).condition(asked.must, step))}
    read |= set(notes_in(asked.must))

    named = {one.id for way in ways for one in way}
    assert read - {TARGET_GROUP} <= named, "the target group is known from the start"
    assert any(ways), "nothing meets it"
