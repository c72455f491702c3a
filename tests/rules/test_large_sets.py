"""A set many times as large as a shipped one is proved as well, with as many more questions and no more (P5)."""

from itertools import chain
from time import process_time

import pytest

from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from rules.proof.proof import Proof, prove
from tests.rules.enlarged import enlarged
from tests.rules.vocabulary import WEEKDAYS, Cell, requirement, rule_set

OFFICE = WorkingTime(customary())
MORE = 1.2
"""How many more questions a copy may take than the set itself, for it has a route more."""


def set_of(name: str) -> RuleSet:
    return next(rules for rules in shipped() if rules.id == name and not rules.draft)


def questions(requirements: int) -> int:
    """Return how much is asked of a set in which so many requirements hold one step."""
    facts: list[Cell] = [{"fact": "yes", "is": True}, {"fact": "count", "at_least": 1}, {"fact": "colour", "is": "red"}]
    asked = (requirement(facts[number % 3], id=f"asked_{number}") for number in range(requirements))
    return prove(rule_set(*asked), WEEKDAYS).questions


def proved_as_itself(rules: RuleSet, times: int) -> Proof:
    """Return the proof of so many copies of a set, which finds what that of one does."""
    one, many = prove(rules, OFFICE), prove(enlarged(rules, times), OFFICE)
    assert [*chain(one.findings, many.findings)] == []
    assert many.questions <= times * one.questions * MORE
    return many


def test_all_requirements_of_a_gate_are_asked_of_at_once() -> None:
    assert questions(30) == questions(3)


def test_a_set_of_three_copies_takes_three_times_the_questions() -> None:
    proved_as_itself(set_of("ips"), 3)


@pytest.mark.verify
@pytest.mark.parametrize("name", ["ips", "jobfirst", "jobfirst-vitas"])
def test_a_set_ten_times_as_large_is_proved(name: str) -> None:
    """The figure is printed and not asserted: it should stay below a minute of processor time (`-s` shows it)."""
    began = process_time()

    proof = proved_as_itself(set_of(name), 10)

    print(f"{name} ten times and once: {proof.questions} questions, {process_time() - began:.1f} s")
