"""The base of every model of a rule set, and its texts: always Danish, English where written."""

import re
from string import Formatter
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, field_validator

from rules.language.phrases import UnfitError, phrase

PLACEHOLDERS: Final = frozenset({"step", "next", "day", "due", "role"})
"""The placeholders of messages: the step, the next one, the day number of the course, a deadline, the asked role."""


def fitting(pattern: str, remedy: str) -> AfterValidator:
    """Return a validator for a pattern, which says to the writer how it is written: `remedy` is a code."""
    expression = re.compile(pattern)

    def check(text: str) -> str:
        if not expression.fullmatch(text):
            raise UnfitError("unfit", text=text, remedy=phrase(f"write-{remedy}"))
        return text

    return AfterValidator(check)


Id = Annotated[str, fitting(r"[a-z][a-z0-9_]{0,63}", "id")]
"""The lasting name of a fact, step, requirement or parameter."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class RuleModel(BaseModel):
    """A frozen model of a rule set that refuses unknown keys: a misspelt key must never be ignored (P2)."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(RuleModel):
    """The same words in Danish and English; a missing English text falls back on the Danish."""

    da: Words
    en: Words | None = None


class Message(Text):
    """Words with placeholders from the closed list, such as `{due}`."""

    @field_validator("da", "en")
    @classmethod
    def _placeholders_are_known(cls, words: str | None) -> str | None:
        unknown = _placeholders(words or "") - PLACEHOLDERS
        if unknown:
            names = tuple(f"{{{name}}}" for name in sorted(PLACEHOLDERS))
            raise UnfitError("placeholder-unknown", name=f"{{{min(unknown)}}}", names=names)
        return words


def _placeholders(words: str) -> set[str]:
    try:
        parsed = [field[1:] for field in Formatter().parse(words) if field[1] is not None]
    except ValueError:
        raise UnfitError("brace-open") from None
    if any(spec or conversion for _, spec, conversion in parsed):
        raise UnfitError("placeholder-form")
    return {str(name) for name, _, _ in parsed}
