"""Conditions of a rule set in words, as they are written: without a course, and so without its values."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from rules.explain.spans import Pair
from rules.language.conditions import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Not,
    NoteCount,
    OpenBeside,
    Presence,
)
from rules.reading.book_models import Clause
from rules.reading.comparisons import ComparisonWords
from rules.reading.words import Words

_NOTE: Final = ("der er skrevet et notat {0}{1}", "a note {0} has been written{1}")
_NOTES: Final = ("der er skrevet mindst {2} notater {0}{1}", "at least {2} notes {0} have been written{1}")
_NO_NOTES: Final = ("der er skrevet færre end {2} notater {0}{1}", "fewer than {2} notes {0} have been written{1}")
_OPEN: Final[Mapping[bool, Pair]] = {
    True: ("{0} er i gang samtidig", "{0} is going on at the same time"),
    False: ("{0} er ikke i gang samtidig", "{0} is not going on at the same time"),
}
_IS: Final = ("{0} er {1}", "{0} is {1}")
_ALL: Final = (" og ", " and ")
_ANY: Final = (" eller ", " or ")
_EACH_OF: Final = ("alt dette:", "all of this:")
_ONE_OF: Final = ("mindst ét af dette:", "at least one of this:")
_LONGEST: Final = 160
"""A condition with a longer sentence is said part by part."""


class ConditionWords:
    """Says conditions of one rule set in one language."""

    def __init__(self, words: Words) -> None:
        """Take the words of the set."""
        self._words = words
        self._comparisons = ComparisonWords(words)

    def sentence(self, condition: Condition, *, wanted: bool = True, is_answer: bool = False) -> str:
        """Return when a condition holds, or when it does not, in one sentence without a full stop.

        `is_answer` says of a comparison that its fact is stated as well.
        """
        match condition:
            case Not(not_=part):
                return self.sentence(part, wanted=not wanted)
            case All(all=parts) | AnyOf(any=parts):
                is_all = wanted is isinstance(condition, All)
                sayings = [self._part(part, is_all=is_all) for part in _parts(parts, wanted=wanted, is_all=is_all)]
                return self._words.pick(_ALL if is_all else _ANY).join(dict.fromkeys(sayings))
            case Comparison():
                return self._comparisons.sentence(condition, wanted=wanted, is_answer=is_answer)
            case NoteCount(note=kind, by=by, at_least=least):
                form = _NO_NOTES if not wanted else _NOTE if least == 1 else _NOTES
                author = f" ({self._words.role(by)})" if by else ""
                return self._words.pick(form).format(self._words.note(kind), author, least)
            case Presence(fact=fact):
                return self._words.pick(_IS).format(self._words.fact(fact), self._words.yes(value=wanted))
            case OpenBeside(open=step):
                return self._words.pick(_OPEN[wanted]).format(self._words.quoted(self._words.step(step)))

    def parts(self, condition: Condition) -> tuple[str, ...]:
        """Return in words what must all hold, one by one; a condition of another form is one part."""
        inner, wanted = _unwrapped(condition, wanted=True)
        if wanted and isinstance(inner, All):
            return tuple(self._part(part, is_all=True) for part in _parts(inner.all, wanted=True, is_all=True))
        return (self.sentence(condition),)

    def clause(self, condition: Condition, *, wanted: bool = True, is_answer: bool = False) -> Clause:
        """Return a condition as one sentence or, where that is long, as clauses under what joins them."""
        sentence = self.sentence(condition, wanted=wanted, is_answer=is_answer)
        inner, is_wanted = _unwrapped(condition, wanted=wanted)
        if len(sentence) <= _LONGEST or not isinstance(inner, All | AnyOf):
            return Clause(text=sentence)
        is_all = is_wanted is isinstance(inner, All)
        parts = inner.all if isinstance(inner, All) else inner.any
        return Clause(
            text=self._words.pick(_EACH_OF if is_all else _ONE_OF),
            parts=tuple(
                self.clause(part.inner, wanted=part.wanted, is_answer=part.is_answer)
                for part in _parts(parts, wanted=is_wanted, is_all=is_all)
            ),
        )

    def _part(self, part: "_Part", *, is_all: bool) -> str:
        """Return a part of a joined condition, in brackets where it is joined the other way."""
        sentence = self.sentence(part.inner, wanted=part.wanted, is_answer=part.is_answer)
        is_joined = isinstance(part.inner, All | AnyOf) and (part.wanted is isinstance(part.inner, All)) is not is_all
        return f"({sentence})" if is_joined else sentence


class _Part(NamedTuple):
    """A part of a joined condition without the negations around it, and the answer that is wanted of it.

    `is_answer`: another part asks whether its fact is stated at all.
    """

    inner: Condition
    wanted: bool
    is_answer: bool = False

    @property
    def stated(self) -> str | None:
        """Return the fact that is only asked to be stated."""
        cell = self.inner
        if not isinstance(cell, Comparison) or cell.operator != "is_missing" or self.wanted:
            return None
        return cell.subject if isinstance(cell.subject, str) else None

    @property
    def answered(self) -> str | None:
        """Return the fact that is to have one of certain values."""
        cell = self.inner
        if not isinstance(cell, Comparison) or cell.operator not in ("is", "in"):
            return None
        is_yes_or_no = any(isinstance(operand, bool) for operand in cell.operands)
        return cell.subject if (self.wanted or is_yes_or_no) and isinstance(cell.subject, str) else None


def _parts(parts: Sequence[Condition], *, wanted: bool, is_all: bool) -> list[_Part]:
    """Return the parts; that a fact is stated and that it has a value are one part, its answer."""
    each = [_Part(*_unwrapped(part, wanted=wanted)) for part in parts]
    if not is_all:
        return each
    answered = {part.answered for part in each} & {part.stated for part in each} - {None}
    return [part._replace(is_answer=part.answered in answered) for part in each if part.stated not in answered]


def _unwrapped(condition: Condition, *, wanted: bool) -> tuple[Condition, bool]:
    """Return a condition without the negations around it, and the answer that is then wanted of it."""
    while isinstance(condition, Not):
        condition, wanted = condition.not_, not wanted
    return condition, wanted
