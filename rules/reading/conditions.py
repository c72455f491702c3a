"""Conditions of a rule set in words, as they are written: without a course, and so without its values."""

from collections.abc import Iterator, Mapping
from typing import Final

from domain.state.facts import FactValue
from rules.engine.operands import TODAY
from rules.explain.models import ExplainedValue
from rules.explain.spans import Pair
from rules.language.conditions import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Derived,
    Not,
    NoteCount,
    OpenBeside,
    Operand,
    Param,
    Presence,
    Source,
)
from rules.language.facts import FactType
from rules.language.formats import written_number
from rules.language.text import Text
from rules.reading.words import Words

_HOLDS: Final[Mapping[str, Pair]] = {
    "is": ("{0} er {1}", "{0} is {1}"),
    "in": ("{0} er en af {1}", "{0} is one of {1}"),
    "at_least": ("{0} er mindst {1}", "{0} is at least {1}"),
    "at_most": ("{0} er højst {1}", "{0} is at most {1}"),
    "between": ("{0} er fra {1} til {2}", "{0} is from {1} to {2}"),
    "before": ("{0} ligger før {1}", "{0} is before {1}"),
    "after": ("{0} ligger efter {1}", "{0} is after {1}"),
    "is_missing": ("{0} er ikke oplyst", "{0} is not stated"),
}
_HOLDS_NOT: Final[Mapping[str, Pair]] = {
    "is": ("{0} er ikke {1}", "{0} is not {1}"),
    "in": ("{0} er ingen af {1}", "{0} is none of {1}"),
    "at_least": ("{0} er under {1}", "{0} is less than {1}"),
    "at_most": ("{0} er over {1}", "{0} is more than {1}"),
    "between": ("{0} er ikke fra {1} til {2}", "{0} is not from {1} to {2}"),
    "before": ("{0} ligger tidligst {1}", "{0} is {1} at the earliest"),
    "after": ("{0} ligger senest {1}", "{0} is {1} at the latest"),
    "is_missing": ("{0} er oplyst", "{0} is stated"),
}
_SPANS: Final[Mapping[str, Pair]] = {
    "days_between": ("antal dage fra {0} til {1}", "the number of days from {0} to {1}"),
    "working_days_between": ("antal arbejdsdage fra {0} til {1}", "the number of working days from {0} to {1}"),
    "days_since": ("antal dage siden svaret på {0}", "the number of days since the answer to {0}"),
    "days_at_place": ("antal dage samme sted i alt", "the number of days at the same place in all"),
    "length_as_planned": (
        "antal dage fra den første til den sidste dag",
        "the number of days from the first to the last day",
    ),
    "length_in_days": ("antal dage fra og med {0} til og med {1}", "the number of days from {0} through {1}"),
    "most_hours": ("det højeste ugentlige timetal i {0}", "the most hours a week in {0}"),
    "ratio_limit": (
        "det antal, som rimelighedskravet tillader efter {0}",
        "the number that the ratio rule allows by {0}",
    ),
    "total_paid_hours": ("løntimer i alt", "paid hours in all"),
    "sustained_weeks": (
        "antal uger med mindst {5} inden for {6} i træk",
        "the number of weeks with at least {5} within {6} in a row",
    ),
    "weeks_as_agreed": (
        "antal seneste uger i træk med de aftalte timer",
        "the latest weeks in a row with the agreed hours",
    ),
}
"""What is reckoned, by the name of its function and its arguments."""
_ORDER: Final[Mapping[tuple[bool, str, FactValue], Pair]] = {
    (True, "at_least", 0): ("{1} ligger ikke før {0}", "{1} is not before {0}"),
    (True, "at_least", 1): ("{1} ligger efter {0}", "{1} is after {0}"),
    (False, "at_least", 0): ("{1} ligger før {0}", "{1} is before {0}"),
    (False, "at_least", 1): ("{1} ligger ikke efter {0}", "{1} is not after {0}"),
}
"""What it means that at least none, or one, of the days between two pass, or do not."""
_LIKE: Final = ("{0} er lig med {1}", "{0} equals {1}")
_NOTE: Final = ("der er skrevet et notat {0}{1}", "a note {0} has been written{1}")
_NOTES: Final = ("der er skrevet mindst {2} notater {0}{1}", "at least {2} notes {0} have been written{1}")
_NO_NOTES: Final = ("der er skrevet færre end {2} notater {0}{1}", "fewer than {2} notes {0} have been written{1}")
_OPEN: Final[Mapping[bool, Pair]] = {
    True: ("{0} er i gang ved siden af", "{0} is going on beside"),
    False: ("{0} er ikke i gang ved siden af", "{0} is not going on beside"),
}
_IN_UNITS: Final[Mapping[str, str]] = {
    "days_between": "calendar_days",
    "days_since": "calendar_days",
    "days_at_place": "calendar_days",
    "length_as_planned": "calendar_days",
    "length_in_days": "calendar_days",
    "working_days_between": "working_days",
    "most_hours": "hours_per_week",
    "total_paid_hours": "hours",
    "sustained_weeks": "weeks",
    "weeks_as_agreed": "weeks",
}
_TODAY: Final = ("i dag", "today")
_ALL: Final = (" og ", " and ")
_ANY: Final = (" eller ", " or ")
_EACH_OF: Final = ("alt dette:", "all of this:")
_ONE_OF: Final = ("mindst ét af dette:", "at least one of this:")
_LONGEST: Final = 160
"""A condition with a longer sentence is said as a list."""


class ConditionWords:
    """Says conditions of one rule set in one language."""

    def __init__(self, words: Words) -> None:
        """Take the words of the set."""
        self._words = words

    def sentence(self, condition: Condition, *, wanted: bool = True) -> str:
        """Return when a condition holds, or when it does not, in one sentence without a full stop."""
        match condition:
            case Not(not_=part):
                return self.sentence(part, wanted=not wanted)
            case All(all=parts) | AnyOf(any=parts):
                is_all = wanted is isinstance(condition, All)
                sayings = [self._part(part, wanted=wanted, is_all=is_all) for part in parts]
                return self._words.pick(_ALL if is_all else _ANY).join(dict.fromkeys(sayings))
            case Comparison():
                return self._comparison(condition, wanted=wanted)
            case NoteCount(note=kind, by=by, at_least=least):
                form = _NO_NOTES if not wanted else _NOTE if least == 1 else _NOTES
                author = f" ({self._words.role(by)})" if by else ""
                return self._words.pick(form).format(self._words.note(kind), author, least)
            case Presence(fact=fact):
                return self._words.pick(_HOLDS["is"]).format(self._words.fact(fact), self._words.yes(value=wanted))
            case OpenBeside(open=step):
                return self._words.pick(_OPEN[wanted]).format(self._words.quoted(self._words.step(step)))

    def lines(self, condition: Condition, *, wanted: bool = True, depth: int = 0) -> Iterator[str]:
        """Yield a condition as one sentence or, where that is long, as a list of its parts in Markdown."""
        sentence = self.sentence(condition, wanted=wanted)
        indent = "  " * depth + "- "
        inner, is_wanted = _unwrapped(condition, wanted=wanted)
        if len(sentence) <= _LONGEST or not isinstance(inner, All | AnyOf):
            yield indent + sentence
            return
        is_all = is_wanted is isinstance(inner, All)
        yield indent + self._words.pick(_EACH_OF if is_all else _ONE_OF)
        for part in inner.all if isinstance(inner, All) else inner.any:
            yield from self.lines(part, wanted=is_wanted, depth=depth + 1)

    def _part(self, part: Condition, *, wanted: bool, is_all: bool) -> str:
        """Return a part of a joined condition, in brackets where it is joined the other way."""
        inner, is_wanted = _unwrapped(part, wanted=wanted)
        sentence = self.sentence(inner, wanted=is_wanted)
        is_joined = isinstance(inner, All | AnyOf) and (is_wanted is isinstance(inner, All)) is not is_all
        return f"({sentence})" if is_joined else sentence

    def _comparison(self, cell: Comparison, *, wanted: bool) -> str:
        subject, operands = cell.subject, cell.operands
        if isinstance(subject, Derived) and len(operands) == 1 and subject.derived == "days_between":
            limit = operands[0]
            order = _ORDER.get((wanted, cell.operator, limit)) if isinstance(limit, int | str) else None
            if order is not None:
                return self._words.pick(order).format(*map(self._source, subject.of))
        if operands and isinstance(operands[0], bool) and cell.operator == "is":
            answer = self._words.yes(value=operands[0] is wanted)
            return self._words.pick(_HOLDS["is"]).format(self._subject(subject), answer)
        limits = [self._operand(operand, subject) for operand in operands]
        if cell.operator == "in":
            limits = [", ".join(limits)]
        form = (_HOLDS if wanted else _HOLDS_NOT)[cell.operator]
        if wanted and cell.operator == "is" and isinstance(operands[0], Param):
            form = _LIKE
        return self._words.pick(form).format(self._subject(subject), *limits)

    def _subject(self, subject: str | Derived) -> str:
        return self._derived(subject) if isinstance(subject, Derived) else self._words.fact(subject)

    def _derived(self, derived: Derived) -> str:
        if derived.derived == TODAY:
            return self._words.pick(_TODAY)
        if derived.derived in _SPANS:
            return self._words.pick(_SPANS[derived.derived]).format(*map(self._source, derived.of))
        of = tuple(ExplainedValue(kind="fact", label=self._label(source)) for source in derived.of)
        named = ExplainedValue(kind="derived", name=derived.derived, of=of)
        name = self._words.sentences.name(named, self._words.language)
        return name[:1].lower() + name[1:]

    def _label(self, source: Source) -> Text:
        """Return the label of a fact or a number, or today."""
        if isinstance(source, Param):
            return self._words.parameters[source.param].label
        return Text(da=_TODAY[0], en=_TODAY[1]) if source == TODAY else self._words.facts[source].label

    def _source(self, source: Source) -> str:
        if isinstance(source, Param):
            return self._words.number(source.param)
        return self._words.pick(_TODAY) if source == TODAY else self._words.fact(source)

    def _operand(self, operand: Operand, subject: str | Derived) -> str:
        """Return what stands against a subject; a label of a list in quotes, for it may have commas of its own."""
        match operand:
            case Param(param=parameter):
                return self._words.number(parameter)
            case Derived():
                return self._derived(operand)
        if isinstance(subject, Derived):
            measured = ExplainedValue(kind="derived", name=subject.derived, unit=_IN_UNITS.get(subject.derived))
            return self._words.value(measured, operand)
        declared = self._words.facts[subject]
        if declared.type in (FactType.INT, FactType.DECIMAL) and declared.unit is None:
            return written_number(operand, self._words.language)
        written = self._words.value(ExplainedValue(kind="fact", name=declared.id, unit=declared.unit), operand)
        return self._words.quoted(written) if declared.values else written


def _unwrapped(condition: Condition, *, wanted: bool) -> tuple[Condition, bool]:
    """Return a condition without the negations around it, and the answer that is then wanted of it."""
    while isinstance(condition, Not):
        condition, wanted = condition.not_, not wanted
    return condition, wanted
