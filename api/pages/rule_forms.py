"""The forms by which one number, or the words of one requirement, of a rule set are changed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Final

from api.http.codes import ApiCode
from api.http.fields import Body, Day, OneLine
from api.http.problems import Issue, ProblemError, expect_no, wrong
from api.pages.forms import read_body
from api.pages.report.entry import EMPTY, Group
from api.pages.report.fields import Field, Shape
from api.rulesets.changing import Newest
from domain.errors import Code
from domain.state.verdict import Kind
from rules.language.formats import Language, written_day
from rules.language.steps import Parameter, Requirement, Step
from rules.language.text import Text
from rules.loading.changed import WORDS, Document
from rules.reading.words import Words
from wording.catalog import catalog

_NUMBER: Final = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,2})?")
_ANSWERS: Final = {"true": True, "false": False}
"""What a number that is yes or no is typed as."""
_VALUE: Final = "value-"
_SINCE: Final = "since"
_SOURCE: Final = "source"
_LANGUAGES: Final = ("da", "en")


class _Since(Body):
    since: Day


class _Source(Body):
    source: OneLine


class _DanishWords(Body):
    text_da: OneLine
    missing_da: OneLine


class _EnglishWords(Body):
    text_en: OneLine | None = None
    missing_en: OneLine | None = None


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

    def _since_field(self) -> Field:
        text = self.texts["since_help"].format(day=written_day(self.newest.earliest, self.language))
        value = self.newest.earliest.isoformat() if self.newest.proposal else ""
        return Field(_SINCE, self.texts["since_field"], Shape.DAY, value, help=text)

    def _since(self, form: Mapping[str, str]) -> date:
        """Return the day from which the change counts; raises what is wrong with it."""
        since = read_body(_Since, _filled(form, _SINCE)).since
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
        return Group(self.title, [*values, self._since_field(), source])

    def read(self, form: Mapping[str, str]) -> Wished:
        """Return what was typed; raises ProblemError or RequestValidationError naming each field that is wrong."""
        typed = {name: form.get(name, "").strip() for name in self._names}
        is_right = _ANSWERS.__contains__ if self._is_answer else _NUMBER.fullmatch
        expect_no(Issue(Code.FACT_VALUE, name) for name, value in typed.items() if not is_right(value))
        since = self._since(form)
        source = read_body(_Source, _filled(form, _SOURCE)).source
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


@dataclass(frozen=True)
class WordsForm(RuleForm):
    """A form for other words of a requirement."""

    step: Step
    asked: Requirement

    @classmethod
    def of(cls, newest: Newest, language: Language, name: str) -> "WordsForm":
        """Return the form for a requirement; raises ProblemError 404 where the set has none of that name."""
        every = ((step, asked) for step in newest.book.rule_set.steps for asked in step.requirements)
        step, asked = next((pair for pair in every if pair[1].id == name), (None, None))
        if step is None or asked is None:
            raise ProblemError(ApiCode.RULE_SET_NOT_FOUND)
        return cls(newest, language, step, asked)

    @property
    def kind(self) -> Kind:
        """Who asks it."""
        return self.asked.kind

    @property
    def title(self) -> str:
        """What is changed."""
        return self.words.text(self.asked.text)

    @cached_property
    def group(self) -> Group:
        """The fields: the words in both languages, and the day from which they count unless a proposal says it."""
        fields = [
            Field(
                f"{key}_{language}",
                self.texts[f"{key}_{language}"],
                Shape.WORDS,
                getattr(getattr(self.asked, key), language) or "",
            )
            for language in _LANGUAGES
            for key in WORDS
        ]
        return Group(self.title, fields if self.newest.proposal else [*fields, self._since_field()])

    def read(self, form: Mapping[str, str]) -> Wished:
        """Return what was typed; raises ProblemError or RequestValidationError naming each field that is wrong."""
        danish = read_body(_DanishWords, _filled(form, "text_da", "missing_da")).model_dump()
        english = read_body(_EnglishWords, _filled(form, "text_en", "missing_en")).model_dump()
        since = self.newest.earliest if self.newest.proposal else self._since(form)
        typed = {key: Text(da=danish[f"{key}_da"], en=english[f"{key}_en"]) for key in WORDS}
        changed = {key: text for key, text in typed.items() if text != getattr(self.asked, key)}
        if not changed:
            raise wrong(EMPTY, "text_da")
        return Wished(
            since, partial(Document.change_words, step=self.step.id, requirement=self.asked.id, words=changed)
        )


def _stored(value: str) -> int | str:
    """Return a number as the set keeps it: yes or no, a whole one, or a decimal as text."""
    if value in _ANSWERS:
        return _ANSWERS[value]
    return int(value) if value.isdecimal() else value.replace(",", ".")


def _filled(form: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return some fields in which something stands, each on one line however it was typed."""
    lines = {name: " ".join(form.get(name, "").split()) for name in names}
    return {name: line for name, line in lines.items() if line}
