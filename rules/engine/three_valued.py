"""Three-valued questions about a view, and how they are joined: true, false, or None for what is not known (P2)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from math import ceil
from operator import ge, gt, le, lt
from typing import Any, Final

from rules.engine.operands import FactAt, Value
from rules.engine.view import View
from rules.language.facts import Typed

Question = Callable[[View], bool | None]


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


def settled(questions: list[Question], *, decisive: bool) -> Question:
    """Return the question that is settled by the first `decisive` answer, and unknown by an unknown one."""

    def ask(view: View) -> bool | None:
        settled: bool | None = not decisive
        for question in questions:
            answer = question(view)
            if answer is decisive:
                return decisive
            if answer is None:
                settled = None
        return settled

    return ask


def negated(question: Question) -> Question:
    """Return the question with the opposite answer; not knowing stays not knowing."""

    def ask(view: View) -> bool | None:
        answer = question(view)
        return None if answer is None else not answer

    return ask


def missing(fact: FactAt) -> Question:
    """Return true when nothing was said, false when the fact is known, and unknown when what was said is no use."""

    def ask(view: View) -> bool | None:
        if fact.is_unspoken(view):
            return True
        return None if fact.get(view) is None else False

    return ask


def compared(operator: str, subject: Value, operands: tuple[Value, ...]) -> Question:
    """Return the question that holds a value against operands, and notes when time alone may change the answer."""
    test = _TESTS[operator]
    moves = any(operand.pace != subject.pace for operand in operands)

    def ask(view: View) -> bool | None:
        left = subject.get(view)
        if left is None:
            return None
        rights = [operand.get(view) for operand in operands]
        if None in rights:
            return None
        if moves:
            for operand, right in zip(operands, rights, strict=True):
                _note_crossing(view, left, right, subject.pace - operand.pace)
        return test(left, *rights)

    return ask


def _note_crossing(view: View, left: Any, right: Any, pace: int) -> None:  # noqa: ANN401 - as above
    """Note after how many midnights `left`, which gains `pace` a day on `right`, reaches or leaves it."""
    difference = left - right
    gap = difference.days if isinstance(difference, timedelta) else difference
    if gap == 0:
        view.turn_in(1)
    elif pace and (gap < 0) == (pace > 0):
        view.turn_in(ceil(-gap / Decimal(pace)))
