"""The form by which the words of one requirement of a rule set are changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

from api.http.codes import ApiCode
from api.http.fields import Body, OneLine
from api.http.problems import ProblemError, wrong
from api.pages.forms import read_body
from api.pages.report.entry import EMPTY, Group
from api.pages.report.fields import Field, Shape
from api.pages.rule_forms import RuleForm, Wished, filled
from api.rulesets.changing import Newest
from domain.state.verdict import Kind
from rules.language.formats import Language
from rules.language.steps import Requirement, Step
from rules.language.text import Text
from rules.loading.changed import WORDS, Document

_LANGUAGES: Final = ("da", "en")


class _DanishWords(Body):
    text_da: OneLine
    missing_da: OneLine


class _EnglishWords(Body):
    text_en: OneLine | None = None
    missing_en: OneLine | None = None


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
        return Group(self.title, fields if self.newest.proposal else [*fields, self.since_field()])

    def read(self, form: Mapping[str, str]) -> Wished:
        """Return what was typed; raises ProblemError or RequestValidationError naming each field that is wrong."""
        danish = read_body(_DanishWords, filled(form, "text_da", "missing_da")).model_dump()
        english = read_body(_EnglishWords, filled(form, "text_en", "missing_en")).model_dump()
        since = self.newest.earliest if self.newest.proposal else self.read_since(form)
        typed = {key: Text(da=danish[f"{key}_da"], en=english[f"{key}_en"]) for key in WORDS}
        changed = {key: text for key, text in typed.items() if text != getattr(self.asked, key)}
        if not changed:
            raise wrong(EMPTY, "text_da")
        return Wished(
            since, partial(Document.change_words, step=self.step.id, requirement=self.asked.id, words=changed)
        )
