from datetime import timedelta
from typing import Any

import pytest

from domain.state.facts import Fact
from domain.state.verdict import Outcome, Route, VisitVerdict
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from tests.rules.vocabulary import NOW, WEEKDAYS, Cell, contradicted, course, requirement, rule_set, stated, visit

YES: Cell = {"fact": "yes", "is": True}
RED: Cell = {"fact": "colour", "is": "red"}
CLOSED = stated("closing_outcome", "job")


def of_each_time(name: str = "asked") -> list[Cell]:
    """Return requirements of one step that are asked at each of the three times."""
    return [{**requirement(YES, before=before), "id": f"{before}_{name}"} for before in ("leave", "enter", "close")]


def stepping(*routes: Cell, here: list[Cell] | None = None) -> RuleSet:
    """Return a set whose steps ask at each time and whose first step has these routes."""
    return rule_set(*(here or of_each_time("here")), there=of_each_time("there"), routes=[*routes, {"close": True}])


def verdict_on(candidate: RuleSet, *facts: Fact, **more: Any) -> VisitVerdict:
    """Return the verdict on the oldest open visit."""
    return Book(candidate).judge(course(*facts, **more), NOW, WEEKDAYS).visits[0]


def asked(verdict: VisitVerdict) -> list[str]:
    """Return what was asked, in its order."""
    return [requirement.requirement for requirement in verdict.requirements]


BESIDE = (visit(1), visit(2, "there"))
ONE_AND_OWN = [{"when": RED, "to": ["there"]}, {"to": ["here"]}]


def test_what_stands_before_closing_is_asked_when_the_course_closes_and_only_then() -> None:
    candidate = rule_set(*of_each_time("here"), there=of_each_time("there"), routes=[{"close": True}, *ONE_AND_OWN])

    closing = verdict_on(candidate, CLOSED, stated("yes", value=False))

    assert closing.route == Route(closing="job")
    assert asked(closing) == ["close_here", "close_there"]
    assert not closing.is_ready
    assert verdict_on(candidate, CLOSED, stated("yes", value=True)).is_ready
    assert asked(verdict_on(candidate, stated("colour", "red"))) == ["leave_here", "enter_there"]
    assert asked(verdict_on(candidate)) == ["leave_here"]


def test_an_outcome_that_is_contradicted_still_holds_what_stands_before_leaving() -> None:
    candidate = rule_set(*of_each_time("here"), routes=[{"close": True}, *ONE_AND_OWN])

    verdict = verdict_on(candidate, *contradicted("closing_outcome", "job", "moved"), stated("colour", "red"))

    assert verdict.route is None
    assert asked(verdict) == ["leave_here"]


def test_what_stands_before_leaving_holds_no_visit_that_stays_and_is_still_asked_for() -> None:
    verdict = verdict_on(stepping({"to": ["there"], "stay": True}, here=of_each_time("here")[::2]))

    assert verdict.route == Route(("there",), stays=True)
    assert asked(verdict) == ["leave_here", "enter_there"]
    assert [candidate.requirement for candidate in verdict.requirements if candidate.holds_back] == ["enter_there"]
    assert [candidate.requirement for candidate in verdict.requirements if candidate.is_waited_for] == [
        "leave_here",
        "enter_there",
    ]


def test_a_row_that_stays_is_followed_once_for_what_was_said() -> None:
    staying = {"when": YES, "to": ["there"], "stay": True}
    candidate = stepping(staying, here=of_each_time("here")[::2])
    entered_and_left = (visit(1), visit(2, "there", follows=1, entered_at=NOW, left_at=NOW))

    once = stated("yes", value=True)
    again = once.model_copy(update={"recorded_at": NOW + timedelta(hours=1)})

    assert verdict_on(candidate, once, visits=entered_and_left).route is None
    assert verdict_on(candidate, once, again, visits=entered_and_left).route == Route(("there",), stays=True)


def test_a_row_that_stays_does_not_match_while_what_it_opens_is_open() -> None:
    staying = {"when": YES, "to": ["there"], "stay": True}
    candidate = stepping(staying, {"when": RED, "to": ["there"]}, here=of_each_time("here")[::2])
    facts = [stated("yes", value=True), stated("colour", "red")]

    assert verdict_on(candidate, *facts).route == Route(("there",), stays=True)
    assert verdict_on(candidate, *facts, visits=BESIDE).route == Route(("there",))
    assert verdict_on(candidate, stated("colour", "red"), visits=BESIDE).route == Route(("there",)), (
        "it is not even asked"
    )
    left = (visit(1), visit(2, "there", left_at=NOW))
    assert verdict_on(candidate, *facts, visits=left).route == Route(("there",), stays=True)


def test_a_row_that_stays_and_is_not_known_holds() -> None:
    candidate = stepping({"when": YES, "to": ["there"], "stay": True}, here=of_each_time("here")[::2])

    assert verdict_on(candidate, CLOSED).route is None


def test_another_visit_to_its_own_step_may_be_opened_beside_it_once() -> None:
    own = stepping({"to": ["here", "there"], "stay": True})

    assert verdict_on(own).route == Route(("here", "there"), stays=True)
    assert verdict_on(own, visits=(visit(1), visit(2))).route is None
    assert verdict_on(own, visits=BESIDE).route is None


@pytest.mark.parametrize(
    ("join", "visits", "entered"),
    [
        (True, BESIDE, []),
        (True, (visit(1),), ["enter_there"]),
        (True, (visit(1), visit(2, "there", left_at=NOW)), ["enter_there"]),
        (False, BESIDE, ["enter_there"]),
    ],
)
def test_a_step_that_is_joined_is_not_entered_so_nothing_is_asked_before_it(
    *, join: bool, visits: tuple[Any, ...], entered: list[str]
) -> None:
    verdict = verdict_on(stepping({"to": ["there"], "join": join}, here=of_each_time("here")[::2]), visits=visits)

    assert verdict.route == Route(("there",), joins=join)
    assert asked(verdict) == ["leave_here", *entered]


OPEN_THERE: Cell = {"open": "there"}


def test_a_requirement_sees_the_steps_that_will_be_open_once_the_route_is_followed() -> None:
    beside = requirement(OPEN_THERE, before="leave")
    candidate = rule_set(beside, routes=[{"when": RED, "to": ["there"]}, {"to": ["here"]}])

    def stands(*facts: Fact, **more: Any) -> Outcome:
        return verdict_on(candidate, *facts, **more).requirements[0].outcome

    assert stands(stated("colour", "red")) is Outcome.MET
    assert stands(stated("colour", "green")) is Outcome.UNMET
    assert stands(stated("colour", "green"), visits=BESIDE) is Outcome.MET
    assert stands() is Outcome.UNMET, "no route is known yet"


def test_the_step_that_stays_is_seen_by_what_is_entered_beside_it() -> None:
    entering = requirement({"open": "here"}, before="enter")

    def stands(**row: Any) -> Outcome:
        candidate = rule_set(there=[entering], routes=[{"to": ["there"], **row}])
        return verdict_on(candidate).requirements[0].outcome

    assert stands(stay=True) is Outcome.MET
    assert stands() is Outcome.UNMET


def test_the_route_table_sees_only_what_is_open_already() -> None:
    candidate = rule_set(routes=[{"when": OPEN_THERE, "close": True}, {"to": ["there"]}])

    assert verdict_on(candidate, CLOSED).route == Route(("there",))
    assert verdict_on(candidate, CLOSED, visits=BESIDE).route == Route(closing="job")


def test_what_is_asked_at_any_time_may_be_waived() -> None:
    strict = {**requirement(YES, before="close", waivable_by=[]), "id": "strict"}
    candidate = Book(rule_set(*of_each_time("here"), strict, there=of_each_time("there")))

    waived = course(CLOSED, visits=[visit(waived=("close_here", "strict"))])
    closing = candidate.judge(waived, NOW, WEEKDAYS).visits[0].requirements
    assert [(r.requirement, r.outcome) for r in closing] == [
        ("close_here", Outcome.WAIVED),
        ("strict", Outcome.UNKNOWN),
        ("close_there", Outcome.UNKNOWN),
    ]
