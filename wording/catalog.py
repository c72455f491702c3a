"""The catalogue of texts that people read, in Danish and English, from `locales/`, by their codes."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict

from rules.language.formats import Language, written_choice, written_day, written_moment

_NOTHING: Final = "–"
_TRANSLATED: Final = frozenset({"because", "expected", "role", "roles"})
"""The parameters shown as terms; all others are shown as the codes that callers must send."""
_CHOICES: Final = frozenset({"known", "near", "roles"})
"""The parameters of which one is to be chosen."""
_IF_ANY: Final = re.compile(r"\[([^][]*{(\w+)}[^][]*)\]")
"""A part of a problem's words that stands only where what it names is there."""


class _Words(dict[str, str]):
    """Texts by code; one that nobody has written is shown by its code, and takes nothing else down (P12)."""

    def __missing__(self, code: str) -> str:
        return code


Words = Annotated[dict[str, str], AfterValidator(_Words)]


class ProblemWords(BaseModel):
    """What a problem is called, what was wrong, and what puts it right; placeholders are named in braces."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    detail: str
    remedy: str


class _Problems(dict[str, ProblemWords]):
    """Words of problems by code; a problem that nobody has worded is called by its code."""

    def __missing__(self, code: str) -> ProblemWords:
        return ProblemWords(title=code, detail=code, remedy="")


class Catalog(BaseModel):
    """All texts of one language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Language
    terms: Words
    inbox: Words
    mail: Words
    briefing: Words
    document: Words
    journal: Words
    calendar: Words
    findings: Words
    stories: Words
    figures: Words
    pages: Words
    rule_book: Words
    company_sheet: Words
    flaws: Words
    problems: Annotated[dict[str, ProblemWords], AfterValidator(_Problems)]

    def with_terms(self, own: Mapping[str, str]) -> "Catalog":
        """Return these texts with other words for some codes of the vocabulary."""
        return self.model_copy(update={"terms": {**self.terms, **own}}) if own else self

    def term(self, code: str) -> str:
        """Return the word for a code of the vocabulary, or the code itself when it has none."""
        return self.terms.get(code, code)

    def fill(self, text: str, params: Mapping[str, object]) -> str:
        """Return `text` with its placeholders filled: roles as terms, days in words, and a dash for what is empty.

        Behind what asks, such as the label of a fact, no colon is needed.
        A text whose placeholders cannot be read is returned as it is.
        """
        named = {name: self._shown(name, value) or _NOTHING for name, value in params.items()}
        for name in (name for name, value in named.items() if value.endswith("?")):
            text = text.replace(f"{{{name}}}:", f"{{{name}}}")
        try:
            return text.format_map(_Forgiving(named))
        except (ValueError, IndexError, AttributeError):
            return text

    def problem(self, code: str, params: Mapping[str, object]) -> ProblemWords:
        """Return the words of a problem, without the parts in brackets that would list nothing."""

        def filled(text: str) -> str:
            return self.fill(_IF_ANY.sub(lambda part: part[1] if params.get(part[2]) else "", text), params)

        words = self.problems[code]
        return ProblemWords(title=filled(words.title), detail=filled(words.detail), remedy=filled(words.remedy))

    def _shown(self, name: str, value: object) -> str:
        match value:
            case datetime():
                return written_moment(value, self.language)
            case date():
                return written_day(value, self.language)
            case str() if name in _CHOICES:
                parts = value.split(", ")
                return written_choice(map(self.term, parts) if name in _TRANSLATED else parts, self.language)
            case _ if name in _TRANSLATED:
                return ", ".join(self.term(part) for part in str(value).split(", "))
            case _:
                return str(value)


class _Forgiving(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return _NOTHING


@cache
def catalog(language: Language) -> Catalog:
    """Return the texts of a language; raises ValidationError when the file is not whole."""
    text = resources.files("locales").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return Catalog.model_validate(tomllib.loads(text))
