"""The forms by which one thing of a rule set is changed, and that of a number."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Final

from api.http.codes import AnyCode, ApiCode
from api.http.fields import Body, Day, OneLine
from api.http.problems import Issue, ProblemError, expect_no, wrong
from api.pages.forms import read_body
from api.pages.report.entry import EMPTY, Group
from api.pages.report.fields import Field, Shape
from api.rulesets.changing import Newest
from domain.calendar import TimeUnit
from domain.errors import Code
from domain.state.verdict import Kind
from rules.language.formats import Language, written_day
from rules.language.steps import Parameter
from rules.loading.changed import Document
from rules.reading.words import Words
from wording.catalog import catalog

_WHOLE: Final = re.compile(r"[0-9]{1,6}")
_NUMBER: Final = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,2})?")
_ANSWERS: Final = {"true": True, "false": False}
"""What a number that is yes or no is typed as."""
_VALUE: Final = "value-"
_SINCE: Final = "since"
_SOURCE: Final = "source"


class _Since(Body):
    since: Day


class _Source(Body):
    source: OneLine


@dataclass(frozen=True)
class Wished:
    """A change that was typed without a fault."""

    since: date
    change: Callable[[Document], None]


@dataclass(frozen=True)
class RuleForm:
    """A form that changes one thing of the newest version of a rule set."""

    newest: Newest
    language: Language

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The words of the rule book's pages."""
        return catalog(self.language).rule_book

    @cached_property
    def words(self) -> Words:
        """The words of the set."""
        return Words(self.newest.book.rule_set, self.language)

    @property
    def own_words(self) -> Mapping[AnyCode, str]:
        """What is wrong, in the words of this form alone."""
        return {EMPTY: self.texts["wrong_unchanged"]}

    def since_field(self) -> Field:
        """Return the field for the day from which a change counts."""
        text = self.texts["since_help"].format(day=written_day(self.newest.earliest, self.language))
        value = self.newest.earliest.isoformat() if self.newest.proposal else ""
        return Field(_SINCE, self.texts["since_field"], Shape.DAY, value, help=text)

    def read_since(self, form: Mapping[str, str]) -> date:
        """Return the day from which the change counts; raises what is wrong with it."""
        since = read_body(_Since, filled(form, _SINCE)).since
        if since < self.newest.earliest:
            first = self.texts["since_help"].format(day=written_day(self.newest.earliest, self.language))
            raise wrong(ApiCode.NOT_IN_RANGE, _SINCE, expected=first.rstrip("."))
        return since


@dataclass(frozen=True)
class NumberForm(RuleForm):
    """A form for other values of a number from a day on."""

    number: Parameter

    @classmethod
    def of(cls, newest: Newest, language: Language, name: str) -> "NumberForm":
        """Return the form for a number; raises ProblemError 404 where the set has none of that name."""
        number = next((one for one in newest.book.rule_set.parameters if one.id == name), None)
        if number is None:
            raise ProblemError(ApiCode.RULE_SET_NOT_FOUND)
        return cls(newest, language, number)

    @property
    def kind(self) -> Kind:
        """Who sets the number."""
        return self.number.kind

    @property
    def title(self) -> str:
        """What is changed."""
        return self.words.text(self.number.label)

    @cached_property
    def present(self) -> Mapping[tuple[str, ...], str]:
        """The last value for each group of target groups, the one of all others first."""
        rows = sorted(self.number.rows, key=lambda row: (bool(row.target_groups), row.valid_from))
        return {row.target_groups: str(row.value).lower() for row in rows}

    @property
    def own_words(self) -> Mapping[AnyCode, str]:
        """What is wrong, in the words of this form alone."""
        words = dict(super().own_words)
        return words | {Code.FACT_VALUE: self.texts["wrong_whole"]} if self._is_whole else words

    @property
    def _is_whole(self) -> bool:
        """Whether it is a length of time, which has no fractions."""
        return self.number.unit in set(map(str, TimeUnit))

    @property
    def _is_answer(self) -> bool:
        """Whether it is yes or no."""
        return all(isinstance(row.value, bool) for row in self.number.rows)

    @cached_property
    def group(self) -> Group:
        """The fields: the values, the day from which they count, and their source."""
        is_law = self.kind is Kind.LAW
        how = (
            {"shape": Shape.CHOICE, "choices": [(value, self._answer(value)) for value in _ANSWERS]}
            if self._is_answer
            else {"shape": Shape.NUMBER, "unit": self.words.unit(self.number.unit)}
        )
        values = [
            Field(f"{_VALUE}{place}", self._label(groups), value=self._shown(value), **how)
            for place, (groups, value) in enumerate(self.present.items())
        ]
        source = Field(
            _SOURCE,
            self.texts["source_of_law" if is_law else "source_field"],
            Shape.LINE,
            "" if is_law else self.number.source,
            help=self.texts["source_of_law_help"] if is_law else "",
        )
        return Group(self.title, [*values, self.since_field(), source])

    def read(self, form: Mapping[str, str]) -> Wished:
        """Return what was typed; raises ProblemError or RequestValidationError naming each field that is wrong."""
        typed = {name: form.get(name, "").strip() for name in self._names}
        is_right = _ANSWERS.__contains__ if self._is_answer else (_WHOLE if self._is_whole else _NUMBER).fullmatch
        expect_no(Issue(Code.FACT_VALUE, name) for name, value in typed.items() if not is_right(value))
        since = self.read_since(form)
        source = read_body(_Source, filled(form, _SOURCE)).source
        values = {groups: _stored(typed[name]) for groups, name in zip(self.present, self._names, strict=True)}
        if {groups: str(value).lower() for groups, value in values.items()} == self.present:
            raise wrong(EMPTY, self._names[0])
        own = source if source != self.number.source else None
        return Wished(
            since, partial(Document.change_number, number=self.number, since=since, values=values, source=own)
        )

    @property
    def _names(self) -> Sequence[str]:
        return [f"{_VALUE}{place}" for place in range(len(self.present))]

    def _label(self, groups: tuple[str, ...]) -> str:
        if groups:
            return self.texts["value_for"].format(groups=self.words.joined(map(self.words.group, groups)))
        return self.texts["value_for_others" if len(self.present) > 1 else "value_field"]

    def _answer(self, value: str) -> str:
        return self.texts["answer_yes" if _ANSWERS[value] else "answer_no"]

    def _shown(self, value: str) -> str:
        return value.replace(".", ",") if self.language == "da" else value


def _stored(value: str) -> int | str:
    """Return a number as the set keeps it: yes or no, a whole one, or a decimal as text."""
    if value in _ANSWERS:
        return _ANSWERS[value]
    return int(value) if value.isdecimal() else value.replace(",", ".")


def filled(form: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return some fields in which something stands, each on one line however it was typed."""
    lines = {name: " ".join(form.get(name, "").split()) for name in names}
    return {name: line for name, line in lines.items() if line}
