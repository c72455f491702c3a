"""Three-valued predicates over a visit view, and how they combine: true, false, or None while unknown (P2)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from math import ceil
from operator import ge, gt, le, lt
from typing import Any, Final

from rules.engine.operands import Value
from rules.engine.stated import FactAt
from rules.engine.view import MISSING, VisitView
from rules.language.facts import Typed

Answer = bool | None
"""True, false, or None while unknown."""

Predicate = Callable[[VisitView], Answer]


def _is_within(left: Any, low: Any, high: Any) -> bool:  # noqa: ANN401 - any two values of one type compare
    return bool(low <= left <= high)


def _is_among(left: Typed, *listed: Typed) -> bool:
    return left in listed


_TESTS: Final[Mapping[str, Callable[..., bool]]] = {
    "is": _is_among,
    "in": _is_among,
    "at_least": ge,
    "at_most": le,
    "between": _is_within,
    "before": lt,
    "after": gt,
}


def decided(answers: Iterable[Answer], *, decisive: bool) -> Answer:
    """Return what the first `decisive` answer decides; without one an unknown answer makes it unknown."""
    combination: Answer = not decisive
    for answer in answers:
        if answer is decisive:
            return decisive
        if answer is None:
            combination = None
    return combination


def combined(predicates: list[Predicate], *, decisive: bool) -> Predicate:
    """Return the predicate that decides by the answers of others, asked one after the other."""
    undecided = not decisive

    def answer(view: VisitView) -> Answer:
        combination: Answer = undecided
        for predicate in predicates:
            part = predicate(view)
            if part is decisive:
                return decisive
            if part is None:
                combination = None
        return combination

    return answer


def opposite(answer: Answer) -> Answer:
    """Return the opposite answer; the opposite of unknown is unknown."""
    return None if answer is None else not answer


def negated(predicate: Predicate) -> Predicate:
    """Return the predicate with the opposite answer."""

    def answer(view: VisitView) -> Answer:
        part = predicate(view)
        return None if part is None else not part

    return answer


def missing(fact: FactAt) -> Predicate:
    """Return the predicate that a fact was never stated; unknown while its statements cannot be used."""
    on_record = fact.on_record

    def answer(view: VisitView) -> Answer:
        value = on_record(view)
        return True if value is MISSING else None if value is None else False

    return answer


def compared(operator: str, subject: Value, operands: tuple[Value, ...]) -> Predicate:
    """Return the predicate that compares a value with operands, and notes when time alone may change its answer."""
    test = _TESTS[operator]
    moves = any(operand.pace != subject.pace for operand in operands)
    if len(operands) == 1:
        return _compared_with_one(test, subject, *operands, moves=moves)
    left_of, rights_of = subject.get, [operand.get for operand in operands]

    def answer(view: VisitView) -> Answer:
        left = left_of(view)
        if left is None:
            return None
        rights = [right_of(view) for right_of in rights_of]
        if None in rights:
            return None
        if moves:
            for operand, right in zip(operands, rights, strict=True):
                _note_crossing(view, left, right, subject.pace - operand.pace)
        return test(left, *rights)

    return answer


def _compared_with_one(test: Callable[..., bool], subject: Value, operand: Value, *, moves: bool) -> Predicate:
    """Return the predicate that compares a value with one other, as nearly all do."""
    left_of, right_of, pace = subject.get, operand.get, subject.pace - operand.pace

    def answer(view: VisitView) -> Answer:
        left = left_of(view)
        if left is None:
            return None
        right = right_of(view)
        if right is None:
            return None
        if moves:
            _note_crossing(view, left, right, pace)
        return test(left, right)

    return answer


def _note_crossing(view: VisitView, left: Any, right: Any, pace: int) -> None:  # noqa: ANN401 - as above
    """Note after how many midnights `left`, which gains `pace` a day on `right`, reaches or leaves it."""
    difference = left - right
    gap = difference.days if isinstance(difference, timedelta) else difference
    if gap == 0:
        view.may_change_in(1)
    elif pace and (gap < 0) == (pace > 0):
        view.may_change_in(ceil(-gap / Decimal(pace)))
