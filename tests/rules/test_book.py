from collections.abc import Sequence

import pytest

from domain.errors import Code
from domain.identity import GATE_ROLES, Role
from domain.rules_port import AppointmentRule, NoteRule
from domain.state.course import Visit
from domain.state.facts import NOTE_KINDS, Carried, Fact
from domain.state.verdict import Outcome
from rules.engine.book import Book
from rules.loading.read_toml import read_rule_set
from tests.rules.flawed import planned
from tests.rules.vocabulary import FACTS, NOW, WEEKDAYS, course, requirement, rule_set, stated, visit

LABEL = {"da": "Læring", "en": "Lesson"}


def test_a_fact_is_known_to_the_book_by_any_of_its_names() -> None:
    rulebook = Book(rule_set())

    rule = rulebook.fact("former_day")

    assert rule == rulebook.fact("day")
    assert rule is not None
    assert (rule.fact, rule.step, rule.is_material) == ("day", None, True)
    assert rulebook.fact("never_declared") is None


@pytest.mark.parametrize(
    ("fact", "value", "code"),
    [
        ("count", 100, None),
        ("count", 101, Code.FACT_VALUE),
        ("former_day", "2026-09-01", None),
        ("target_group", "third", Code.TARGET_GROUP_UNKNOWN),
        ("closing_outcome", "gone", Code.OUTCOME_UNKNOWN),
        ("never_declared", 1, Code.FACT_UNKNOWN),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_would(fact: str, value: object, code: Code | None) -> None:
    problem = Book(rule_set()).problem_with(fact, value)

    assert (problem.code if problem else None) == code
    if code is Code.FACT_VALUE:
        assert problem is not None
        assert problem.params == {"expected": "type-int", "allowed": "≥ 0, ≤ 100"}


def test_a_value_is_stored_as_its_fact_is_declared_by_any_of_its_names() -> None:
    hours = next(fact for fact in FACTS if fact["id"] == "hours")
    rulebook = Book(
        rule_set(facts=[*(fact for fact in FACTS if fact is not hours), {**hours, "aliases": ["former_hours"]}])
    )

    assert rulebook.as_stored("hours", "15.0") == rulebook.as_stored("former_hours", 15) == 15
    assert rulebook.as_stored("never_declared", "15.0") == "15.0"


def test_every_set_knows_the_kinds_of_notes_of_the_engine_and_its_own() -> None:
    lesson = {"id": "lesson", "label": LABEL, "material": True, "carried": "next"}
    rulebook = Book(rule_set(note_kinds=[lesson, {"id": "remark", "label": LABEL}]))

    assert rulebook.note_kinds == (*NOTE_KINDS, "lesson", "remark")
    assert rulebook.note("lesson") == NoteRule("lesson", is_material=True, carried=Carried.NEXT)
    assert rulebook.note("remark") == NoteRule("remark")
    assert rulebook.note("observation") == NoteRule("observation")
    assert rulebook.note("barrier") == NoteRule("barrier", carried=Carried.EVERY)
    assert rulebook.note("never_declared") is None


def test_a_caseload_is_that_of_its_role() -> None:
    caseload = {"role": "caseworker", "at_most": 20, "source": "Lokal aftale", "kind": "local"}
    rulebook = Book(rule_set(caseloads=[caseload]))

    assert [rulebook.caseload(role) for role in GATE_ROLES] == [20, None]
    assert rulebook.caseload(Role.SUPERVISOR) is None


def test_appointments_are_those_of_the_step() -> None:
    rulebook = Book(read_rule_set(planned(), "planned.toml"))

    assert rulebook.appointments("trial") == (AppointmentRule("meeting", "meets_on", "meets_at", 45),)
    assert rulebook.appointments("talk") == rulebook.appointments("no_step") == ()


def test_what_is_carried_stands_in_the_rule_of_a_fact() -> None:
    rulebook = Book(read_rule_set(planned(), "planned.toml"))
    rules = [rulebook.fact(name) for name in ("meets_on", "meets_at")]

    assert [rule.carried for rule in rules if rule] == [Carried.NEXT, Carried.NO]


def test_closing_asks_what_stands_before_closing_from_every_step_open_or_not() -> None:
    done = {**requirement({"fact": "is_there", "is": True}, before="close"), "id": "done"}
    rulebook = Book(rule_set(requirement({"fact": "yes", "is": True}), there=[done]))
    closing = stated("closing_outcome", "job")
    both = (visit(1, "there"), visit(2, "here"))

    def asked(*facts: Fact, visits: Sequence[Visit] = both) -> list[tuple[str, Outcome]]:
        newest = rulebook.judge(course(closing, *facts, visits=visits), NOW, WEEKDAYS).visits[-1]
        return [(stands.requirement, stands.outcome) for stands in newest.requirements]

    assert asked() == [("done", Outcome.UNKNOWN)]
    assert asked(stated("is_there", value=True, visit=1)) == [("done", Outcome.MET)]
    assert asked(visits=both[1:]) == [("done", Outcome.UNKNOWN)], "an outcome is the same wherever it is said"
    left = (visit(1, "there", left_at=NOW), both[1])
    assert asked(stated("is_there", value=True, visit=1), visits=left) == [("done", Outcome.MET)]
