from datetime import date
from typing import Any

import pytest

from domain.calendar import TimeUnit
from domain.state.verdict import Outcome
from domain.state.waiting import WaitingKind
from rules.engine.book import Book
from tests.rules.vocabulary import TODAY, Cell, course, judged, parameter, requirement, row, rule_set, rung, stated

YES: Cell = {"fact": "yes", "is": True}


def ladder(*rungs: Cell, **about: Any) -> Cell:
    """Return a ladder for requirements unless told otherwise."""
    return {"waiting": "requirement", "rungs": list(rungs), **about}


def amounts(sample_rules: Book, kind: WaitingKind, began: date = TODAY, target_group: str | None = None) -> list[int]:
    """Return after how much of a wait at no step in particular somebody is told."""
    return [
        rung.after.amount for rung in sample_rules.rungs(kind, None, "asked", began=began, target_group=target_group)
    ]


def test_the_most_particular_ladder_is_climbed() -> None:
    ladders = [ladder(rung(1)), ladder(rung(2), step="here"), ladder(rung(3), requirement="asked")]
    ladders.append(ladder(rung(4), step="here", requirement="asked"))
    sample_rules = Book(rule_set(requirement(YES), ladders=ladders))

    def days(step: str, what: str) -> int:
        rungs = sample_rules.rungs(WaitingKind.REQUIREMENT, step, what, began=TODAY, target_group=None)
        return rungs[0].after.amount

    places = [("there", "other"), ("here", "other"), ("there", "asked"), ("here", "asked")]
    assert [days(step, what) for step, what in places] == [1, 2, 3, 4]
    assert amounts(sample_rules, WaitingKind.SILENCE) == []


def test_a_rung_says_whom_it_tells_and_from_when_it_is_counted() -> None:
    rungs = [rung(0, "both", counted_from="due"), rung(2, "asked", "supervisor", repeat=True)]

    deadline = {"amount": 5, "unit": "working_days", "from": "entered"}
    asked = requirement(YES, deadline=deadline)
    first, second = Book(rule_set(asked, ladders=[ladder(*rungs, requirement="asked")])).rungs(
        WaitingKind.REQUIREMENT, "here", "asked", began=TODAY, target_group=None
    )

    assert (first.after.amount, first.tell, first.repeat, first.from_due) == (0, ("both",), False, True)
    assert (second.after.amount, second.tell, second.repeat, second.from_due) == (
        2,
        ("asked", "supervisor"),
        True,
        False,
    )
    assert second.after.unit is TimeUnit.WORKING_DAYS


def test_the_words_of_a_rung_are_those_of_the_most_particular_ladder_and_of_the_last_above_it() -> None:
    rungs = [rung(1, text={"da": "Første."}), rung(2), rung(3, repeat=True, text={"da": "Igen."})]
    sample_rules = Book(rule_set(requirement(YES), ladders=[ladder(*rungs, requirement="asked"), ladder(rung(1))]))

    def words(level: int, what: str = "asked") -> str | None:
        message = sample_rules.rung_message(WaitingKind.REQUIREMENT, "here", what, level=level)
        return message.da if message else None

    assert [words(level) for level in (1, 2, 3, 4)] == ["Første.", None, "Igen.", "Igen."]
    assert words(1, "other") is None
    assert sample_rules.rung_message(WaitingKind.SILENCE, None, "", level=1) is None


@pytest.mark.parametrize(
    ("began", "group", "amount"),
    [
        ("2026-09-09", "first", 77),
        ("2026-09-10", "first", 70),
        ("2027-01-01", "first", 70),
        ("2026-09-10", "second", 14),
        ("2026-09-10", None, 14),
        ("2019-12-31", "first", 14),
    ],
)
def test_the_length_of_a_rung_is_that_of_the_day_the_wait_began_and_of_the_target_group(
    began: str, group: str | None, amount: int
) -> None:
    rows = [row("2020-01-01", 77), row("2026-09-10", 70), row("2020-01-01", 14, "second")]
    silence = ladder(rung({"param": "limit"}), rung(84, repeat=True), waiting="silence")
    sample_rules = Book(rule_set(parameters=[parameter(dated_by="wait_began", rows=rows)], ladders=[silence]))

    assert amounts(sample_rules, WaitingKind.SILENCE, date.fromisoformat(began), group) == [amount, 84]


@pytest.mark.parametrize(
    ("level", "climbed", "reminds", "waits"),
    [
        ("warn", "asked", True, True),
        ("warn", None, False, False),
        ("block", "asked", False, True),
        ("block", None, False, True),
    ],
)
def test_a_warning_with_a_ladder_of_its_own_is_asked_for_and_still_holds_nothing(
    level: str, climbed: str | None, *, reminds: bool, waits: bool
) -> None:
    about = {} if climbed is None else {"requirement": climbed}
    sample_rules = rule_set(requirement(YES, level=level), ladders=[ladder(rung(1), **about)])

    verdict = judged(sample_rules, course()).requirements[0]

    assert verdict.outcome is Outcome.UNKNOWN
    assert (verdict.reminds, verdict.is_waited_for) == (reminds, waits)
    assert verdict.holds_back == (level == "block")
    assert not judged(sample_rules, course(stated("yes", value=True))).requirements[0].is_waited_for
