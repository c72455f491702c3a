"""What of reported facts is refused before a command is sent: a CPR number (P10), and what the rules cannot read.

The decision refuses the same values in the same words. Here they are refused without a trace, so that a sender can
repeat under the same key when he has put them right, and a misplaced text never reaches Temporal.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from api.http.problems import Issue, expect_no, issues_of
from api.http.request_body import issues_with
from domain.decide.facts import value_problems
from domain.state.facts import FactValue
from rules.engine.book import Book
from rules.language.facts import FactType


def expect_reportable(book: Book, facts: Mapping[str, FactValue]) -> None:
    """Raise ProblemError naming every fact that the rules do not know or whose value is not of its type."""
    _expect_values(book, {f"facts.{name}": (name, value) for name, value in facts.items()})


def expect_correction(book: Book, fact: str, value: FactValue) -> None:
    """Raise ProblemError naming `value` when it cannot stand in the place of what was reported for `fact`."""
    _expect_values(book, {"value": (fact, value)})


def expect_stop(book: Book, step: str, last_day: date, by: str) -> None:
    """Raise ProblemError naming `by` or `last_day` when the rules cannot read it."""
    stop = book.stop(step)
    if stop is not None:
        _expect_values(book, {"last_day": (stop.last_day, last_day.isoformat()), "by": (stop.by, by)})


def _expect_values(book: Book, stated: Mapping[str, tuple[str, FactValue]]) -> None:
    expect_no([*_cpr_numbers(book, stated), *issues_of(value_problems(book, stated))])


def _cpr_numbers(book: Book, stated: Mapping[str, tuple[str, FactValue]]) -> Iterator[Issue]:
    """Yield an issue for each value that may be a CPR number; a P-number looks like one."""
    for field, (fact, value) in stated.items():
        declaration = book.declaration(fact)
        if declaration is None or declaration.type is not FactType.P_NUMBER:
            yield from issues_with(value, field)
