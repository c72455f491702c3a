"""Sentences in Danish and English about the cells that a requirement lacks: a value and its limit (P8)."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from domain.calendar import iso_day
from domain.state.facts import FactValue
from rules.explain.models import ExplainedCondition, ExplainedValue
from rules.explain.spans import ORDER, SPANS, Pair, SpanWords
from rules.language.formats import Language, labelled, written_day, written_number
from rules.language.rule_set import RuleSet
from rules.language.text import Text

_AMOUNT: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_MUST: Final = {
    "is": ("skal være {}", "must be {}"),
    "in": ("skal være en af {}", "must be one of {}"),
    "at_least": ("skal være mindst {}", "must be at least {}"),
    "at_most": ("må højst være {}", "must be at most {}"),
    "between": ("skal være fra {} til {}", "must be from {} to {}"),
    "before": ("skal ligge før {}", "must be before {}"),
    "after": ("skal ligge efter {}", "must be after {}"),
    "is_missing": ("må ikke være oplyst", "must not be stated"),
    "present": ("skal være ja", "must be yes"),
    "open": ("skal være i gang", "must be going on"),
}
_MUST_NOT: Final = {
    "is": ("må ikke være {}", "must not be {}"),
    "in": ("må ikke være en af {}", "must not be one of {}"),
    "at_least": ("skal være under {}", "must be less than {}"),
    "at_most": ("skal være over {}", "must be more than {}"),
    "between": ("må ikke være fra {} til {}", "must not be from {} to {}"),
    "before": ("må ikke ligge før {}", "must not be before {}"),
    "after": ("må ikke ligge efter {}", "must not be after {}"),
    "is_missing": ("skal være oplyst", "must be stated"),
    "present": ("skal være nej", "must be no"),
    "open": ("må ikke være i gang", "must not be going on"),
}
_NOTE: Final = ("{label}: der mangler {count} notat", "{label}: {count} note is missing")
_NOTES: Final = ("{label}: der mangler {count} notater", "{label}: {count} notes are missing")
_FEWER_NOTES: Final = (
    "{label}: der skal være færre notater end {count}",
    "{label}: there must be fewer notes than {count}",
)
COMMON_NOTES: Final = {
    "resource": Text(da="Ressource", en="Resource"),
    "barrier": Text(da="Barriere", en="Barrier"),
    "opportunity": Text(da="Mulighed", en="Opportunity"),
    "agreement": Text(da="Aftale", en="Agreement"),
    "observation": Text(da="Iagttagelse", en="Observation"),
    "question": Text(da="Spørgsmål", en="Question"),
}
"""The kinds of notes that every rule set has without declaring them."""
_UNKNOWN: Final = Text(da="ikke kendt", en="not known")
_UNKNOWN_LIMIT: Final = Text(da="en endnu ukendt grænse", en="a limit not known yet")
_QUOTED: Final = Text(da="»{}«", en="“{}”")
_TODAY: Final = Text(da="i dag", en="today")
_BOOLS: Final = {True: Text(da="ja", en="yes"), False: Text(da="nej", en="no")}
_RECKONED: Final = {
    "days_between": Text(da="Dage fra »{}« til »{}«", en="Days from “{}” to “{}”"),
    "days_at_place": Text(da="Dage på samme sted i alt", en="Days at the same place in all"),
    "days_since": Text(da="Dage siden svaret på »{}«", en="Days since the answer to “{}”"),
    "length_as_planned": Text(da="Dage fra første til sidste dag", en="Days from the first to the last"),
    "length_in_days": Text(da="Dage fra og med »{}« til og med »{}«", en="Days from “{}” through “{}”"),
    "most_hours": Text(da="Flest aftalte timer om ugen", en="Most agreed hours a week"),
    "ratio_limit": Text(
        da="Så mange må virksomheden have i støttet arbejde", en="So many may the company have in subsidised work"
    ),
    "sustained_weeks": Text(da="Uger med mindst det krævede timetal", en="Weeks with at least the required hours"),
    "total_paid_hours": Text(da="Løntimer i alt", en="Paid hours in all"),
    "weeks_as_agreed": Text(da="Uger med timer som aftalt", en="Weeks with hours as agreed"),
    "working_days_between": Text(da="Arbejdsdage fra »{}« til »{}«", en="Working days from “{}” to “{}”"),
}
"""What is reckoned, by the name of its function; the braces are its first arguments."""
UNITS: Final = {
    "calendar_days": (Text(da="dag", en="day"), Text(da="dage", en="days")),
    "working_days": (Text(da="arbejdsdag", en="working day"), Text(da="arbejdsdage", en="working days")),
    "calendar_months": (Text(da="måned", en="month"), Text(da="måneder", en="months")),
    "months": (Text(da="måned", en="month"), Text(da="måneder", en="months")),
    "weeks": (Text(da="uge", en="week"), Text(da="uger", en="weeks")),
    "hours": (Text(da="time", en="hour"), Text(da="timer", en="hours")),
    "hours_per_week": (Text(da="time om ugen", en="hour a week"), Text(da="timer om ugen", en="hours a week")),
    "fte": (Text(da="årsværk", en="full-time equivalent"), Text(da="årsværk", en="full-time equivalents")),
}
"""One and several of a unit."""
_IN_DAYS: Final = frozenset({"days_at_place", "days_between", "days_since", "length_as_planned", "length_in_days"})

_Language = Callable[[Text], str]
_LANGUAGES: Final[tuple[_Language, _Language]] = (lambda text: text.da, lambda text: text.en or text.da)
_CODES: Final[tuple[Language, Language]] = ("da", "en")


class Sentences:
    """Words conditions by the labels of one rule set."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Take the labels of facts' values, of notes and of steps."""
        self._values: Mapping[str, Mapping[str, Text]] = {
            fact.id: {name: value.label for value in fact.values for name in (value.id, *value.aliases)}
            for fact in rule_set.facts
        }
        self._notes = {**COMMON_NOTES, **{kind.id: kind.label for kind in rule_set.note_kinds}}
        self._steps = {step.id: step.label for step in rule_set.steps}
        self._step_of = {fact.id: fact.step for fact in rule_set.facts}

    def because(self, cell: ExplainedCondition, *, wanted: bool) -> Text:
        """Return the present value of a cell and the limit that it would have to keep."""
        danish, english = (self._sentence(cell, say, place, wanted=wanted) for place, say in enumerate(_LANGUAGES))
        return Text(da=danish, en=english)

    def name(self, value: ExplainedValue, language: Language) -> str:
        """Return the name of a side of a comparison; a reckoned value is named by what is reckoned."""
        return self._name(value, _LANGUAGES[_CODES.index(language)])

    def value(self, subject: ExplainedValue, value: FactValue, language: Language) -> str:
        """Return a value in the words of what it is a value of: its label, a day, or an amount with its unit."""
        return self._value(subject, value, _LANGUAGES[_CODES.index(language)])

    def _sentence(self, cell: ExplainedCondition, say: _Language, language: int, *, wanted: bool) -> str:
        if cell.note is not None:
            label = say(self._notes[cell.note]) if cell.note in self._notes else cell.note
            count = cell.at_least or 1
            notes = _FEWER_NOTES if not wanted else _NOTE if count == 1 else _NOTES
            return notes[language].format(label=label, count=count)
        unworded = f"{cell.kind} {{}}" if wanted else f"not {cell.kind} {{}}"
        must = (_MUST if wanted else _MUST_NOT).get(cell.kind, (unworded, unworded))[language]
        if cell.open is not None:
            return f"{say(self._steps[cell.open]) if cell.open in self._steps else cell.open} {must}"
        subject, *others = cell.values
        limits = self._limits(subject, others, say)
        words = SPANS.get(subject.name or "") if subject.kind == "derived" else None
        if words is not None:
            order = _order(cell, wanted=wanted)
            if order is not None:
                first, last = subject.of
                limit = f"{self._value(first, first.value, say)} ({self._name(first, say)})"
                day = labelled(self._name(last, say), self._value(last, last.value, say))
                return f"{day}; {order[language].format(limit)}"
            spans = (words.must if wanted else words.must_not).get(cell.kind)
            must = spans[language] if spans else must
            return f"{self._span(subject, words, say, language)}; {_limited(must, limits)}"
        present = self._value(subject, subject.value, say)
        return f"{labelled(self._name(subject, say), present)}; {_limited(must, limits)}"

    def _span(self, span: ExplainedValue, words: SpanWords, say: _Language, language: int) -> str:
        """Return how long something lasts, or how many days pass."""
        first, last = span.of
        step = self._steps.get(self._step_of.get(first.name or "") or "")
        value = words.unknown[language] if span.value is None else self._value(span, span.value, say)
        text = (words.until_today if last.kind == "today" else words.past)[language]
        names = (self._name(first, say), self._name(last, say))
        return text.format(*names, step=say(step) if step else names[0], value=value)

    def _limits(self, subject: ExplainedValue, others: Iterable[ExplainedValue], say: _Language) -> list[str]:
        limits = []
        for other in others:
            value = self._limit(subject, other.value, say)
            source = other.reference or self._name(other, say)
            limits.append(value if other.kind == "constant" else f"{value} ({source})")
        return limits

    def _limit(self, subject: ExplainedValue, value: FactValue | None, say: _Language) -> str:
        """Return what stands against a value: a label in quotes, for it may have commas of its own."""
        if value is None:
            words = SPANS.get(subject.name or "") if subject.kind == "derived" else None
            return words.unknown[_LANGUAGES.index(say)] if words else say(_UNKNOWN_LIMIT)
        written = self._value(subject, value, say)
        is_label = str(value) in self._values.get(subject.name or "", {})
        return say(_QUOTED).format(written) if is_label else written

    def _name(self, value: ExplainedValue, say: _Language) -> str:
        if value.kind == "today":
            return say(_TODAY)
        if value.label is not None:
            return say(value.label)
        if value.name in _RECKONED:
            return say(_RECKONED[value.name]).format(*(self._name(argument, say) for argument in value.of))
        return value.name or ""

    def _value(self, subject: ExplainedValue, value: FactValue | None, say: _Language) -> str:
        if value is None:
            return say(_UNKNOWN)
        if isinstance(value, bool):
            return say(_BOOLS[value])
        label = self._values.get(subject.name or "", {}).get(str(value))
        return say(label) if label else self._written(subject, value, say)

    def _written(self, subject: ExplainedValue, value: FactValue, say: _Language) -> str:
        """Return a day or an amount as people write it, with the unit of the subject."""
        language, day = _CODES[_LANGUAGES.index(say)], iso_day(value)
        if day is not None:
            return written_day(day, language)
        unit = subject.unit or ("calendar_days" if subject.name in _IN_DAYS else None)
        if isinstance(value, str) and not (unit and _AMOUNT.fullmatch(value)):
            return value
        number = written_number(value, language)
        return f"{number} {say(UNITS[unit][str(value) != '1'])}" if unit in UNITS else number


def _limited(must: str, limits: list[str]) -> str:
    """Return what a value must be: both ends of a span, or all that it may be as a list."""
    return must.format(*limits) if must.count("{}") == len(limits) else must.format(", ".join(limits))


def _order(cell: ExplainedCondition, *, wanted: bool) -> Pair | None:
    """Return in which order two days must come, where that is all that is asked of the days between them."""
    subject, *limits = cell.values
    is_of_order = cell.kind == "at_least" and subject.name == "days_between" and limits[0].kind == "constant"
    return ORDER.get((wanted, str(limits[0].value))) if is_of_order else None
