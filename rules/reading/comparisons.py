"""One comparison of a rule set in words, as it is written: without a course, and so without its values."""

from collections.abc import Mapping
from typing import Final

from domain.state.facts import FactValue
from rules.engine.operands import TODAY
from rules.explain.models import ExplainedValue
from rules.explain.spans import Pair
from rules.language.conditions import Comparison, Derived, Operand, Param, Source
from rules.language.facts import FactType
from rules.language.formats import written_number
from rules.language.text import Text
from rules.reading.words import Words

_HOLDS: Final[Mapping[str, Pair]] = {
    "is": ("{0} er {1}", "{0} is {1}"),
    "in": ("{0} er enten {1}", "{0} is either {1}"),
    "at_least": ("{0} er mindst {1}", "{0} is at least {1}"),
    "at_most": ("{0} er højst {1}", "{0} is at most {1}"),
    "between": ("{0} er mindst {1} og højst {2}", "{0} is at least {1} and at most {2}"),
    "before": ("{0} ligger før {1}", "{0} is before {1}"),
    "after": ("{0} ligger efter {1}", "{0} is after {1}"),
    "is_missing": ("{0} er ikke oplyst", "{0} is not stated"),
}
_HOLDS_NOT: Final[Mapping[str, Pair]] = {
    "is": ("{0} er andet end {1}", "{0} is other than {1}"),
    "in": ("{0} er hverken {1}", "{0} is neither {1}"),
    "at_least": ("{0} er under {1}", "{0} is less than {1}"),
    "at_most": ("{0} er over {1}", "{0} is more than {1}"),
    "between": ("{0} er under {1} eller over {2}", "{0} is less than {1} or more than {2}"),
    "before": ("{0} ligger tidligst {1}", "{0} is {1} at the earliest"),
    "after": ("{0} ligger senest {1}", "{0} is {1} at the latest"),
    "is_missing": ("{0} er oplyst", "{0} is stated"),
}
_SPANS: Final[Mapping[str, Pair]] = {
    "days_between": ("antal dage fra {0} til {1}", "the number of days from {0} to {1}"),
    "working_days_between": ("antal arbejdsdage fra {0} til {1}", "the number of working days from {0} to {1}"),
    "days_since": ("antal dage siden svaret på {0}", "the number of days since the answer to {0}"),
    "days_at_place": (
        "antal dage i alt på samme arbejdssted",
        "the number of days at the same place of work in all",
    ),
    "length_as_planned": (
        "antal dage fra og med {0} til og med {1} (de faktiske dage, når de er oplyst)",
        "the number of days from {0} through {1} (the true days once they are stated)",
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
        "antal uger i træk med de aftalte timer, talt bagud fra den seneste uge,",
        "the number of weeks in a row with the agreed hours, counted back from the latest,",
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
_REACHED: Final = ("{} er nået", "{} has come")
_NOT_REACHED: Final = ("{} er ikke nået", "{} has not come")
_OVER: Final = ("{} er forbi", "{} is past")
_NOT_OVER: Final = ("{} er ikke forbi", "{} is not past")
_SINCE_DAY: Final[Mapping[tuple[bool, str, FactValue], Pair]] = {
    (True, "at_least", 0): _REACHED,
    (True, "at_least", 1): _OVER,
    (False, "at_least", 0): _NOT_REACHED,
    (False, "at_least", 1): _NOT_OVER,
}
"""The same of a day and today."""
_UNTIL_DAY: Final[Mapping[tuple[bool, str, FactValue], Pair]] = {
    (True, "at_least", 0): _NOT_OVER,
    (True, "at_least", 1): _NOT_REACHED,
    (False, "at_least", 0): _OVER,
    (False, "at_least", 1): _REACHED,
}
"""The same of today and a day."""
_BY_TODAY: Final[Mapping[tuple[bool, str], Pair]] = {
    (True, "after"): _NOT_REACHED,
    (False, "after"): _REACHED,
    (True, "before"): _OVER,
    (False, "before"): _NOT_OVER,
}
"""What it means that a day is before or after today."""
_ANSWERED: Final[Mapping[str, Pair]] = {
    "is": ("{0} er besvaret med {1}", "{0} was answered with {1}"),
    "in": ("{0} er besvaret med enten {1}", "{0} was answered with either {1}"),
}
_LIKE: Final = ("{0} er lig med {1}", "{0} equals {1}")
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
_EITHER: Final = (" eller ", " or ")
_NEITHER: Final = (" eller ", " nor ")
_BETWEEN_DAYS: Final = frozenset({"days_between", "working_days_between"})


class ComparisonWords:
    """Says comparisons of one rule set in one language."""

    def __init__(self, words: Words) -> None:
        """Take the words of the set."""
        self._words = words

    def sentence(self, cell: Comparison, *, wanted: bool, is_answer: bool = False) -> str:
        """Return what holds, or does not; `is_answer` says as well that the fact is stated at all."""
        by_day = self._by_day(cell, wanted=wanted)
        if by_day is not None:
            return by_day
        subject, operands = cell.subject, cell.operands
        if cell.operator == "is_missing":
            return self._words.pick((_HOLDS if wanted else _HOLDS_NOT)["is_missing"]).format(self._subject(subject))
        limits = [self._operand(operand, subject) for operand in operands]
        operator = "is" if cell.operator == "in" and len(limits) == 1 else cell.operator
        if operator == "in":
            limits = [self._words.joined(limits, _EITHER if wanted else _NEITHER)]
        is_yes_or_no = operator == "is" and isinstance(operands[0], bool)
        if is_yes_or_no:
            limits, wanted = [self._words.yes(value=operands[0] is wanted)], True
        form = (_HOLDS if wanted else _HOLDS_NOT)[operator]
        if is_answer:
            form = _ANSWERED[operator]
        elif wanted and operator == "is" and isinstance(operands[0], Param):
            form = _LIKE
        return self._words.pick(form).format(self._subject(subject), *limits)

    def _by_day(self, cell: Comparison, *, wanted: bool) -> str | None:
        """Return what a comparison says of a day, by today or by another day, where it is about the order alone."""
        subject, operands = cell.subject, cell.operands
        if isinstance(subject, str):
            is_today = len(operands) == 1 and isinstance(operands[0], Derived) and operands[0].derived == TODAY
            order = _BY_TODAY.get((wanted, cell.operator)) if is_today else None
            return self._words.pick(order).format(self._words.the_day_of(subject)) if order else None
        limit = operands[0] if subject.derived == "days_between" and len(operands) == 1 else None
        key = (wanted, cell.operator, limit) if isinstance(limit, int | str) else None
        if key is None or key not in _ORDER:
            return None
        first, last = subject.of
        if last == TODAY and isinstance(first, str):
            return self._words.pick(_SINCE_DAY[key]).format(self._words.the_day_of(first))
        if first == TODAY and isinstance(last, str):
            return self._words.pick(_UNTIL_DAY[key]).format(self._words.the_day_of(last))
        return self._words.pick(_ORDER[key]).format(*map(self._day, subject.of))

    def _subject(self, subject: str | Derived) -> str:
        return self._derived(subject) if isinstance(subject, Derived) else self._words.fact(subject)

    def _derived(self, derived: Derived) -> str:
        if derived.derived == TODAY:
            return self._words.pick(_TODAY)
        if derived.derived in _SPANS:
            said = self._day if derived.derived in _BETWEEN_DAYS else self._source
            return self._words.pick(_SPANS[derived.derived]).format(*map(said, derived.of))
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

    def _day(self, source: Source) -> str:
        return self._source(source) if isinstance(source, Param) or source == TODAY else self._words.day_of(source)

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
