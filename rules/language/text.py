"""The base of every model of a rule set, and its texts: always Danish, English where written."""

import re
from string import Formatter
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, field_validator

PLACEHOLDERS: Final = frozenset({"step", "next", "day", "due", "role"})
"""The placeholders of messages: the step, the next one, the day number of the course, a deadline, the asked role."""


def fitting(pattern: str, remedy: str) -> AfterValidator:
    """Return a validator for a pattern, whose message to the writer is `remedy` and not the pattern."""
    expression = re.compile(pattern)

    def check(text: str) -> str:
        if not expression.fullmatch(text):
            raise ValueError(f"'{text}' does not fit; {remedy}")
        return text

    return AfterValidator(check)


Id = Annotated[str, fitting(r"[a-z][a-z0-9_]{0,63}", "write small letters, digits and _, a letter first")]
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
            raise ValueError(
                f"the placeholder {{{min(unknown)}}} is not known; use one of "
                + ", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS))
            )
        return words


def _placeholders(words: str) -> set[str]:
    try:
        parsed = [field[1:] for field in Formatter().parse(words) if field[1] is not None]
    except ValueError:
        raise ValueError("a brace is left open; write {{ and }} for braces that are suggestion as such") from None
    if any(spec or conversion for _, spec, conversion in parsed):
        raise ValueError("a placeholder is a name and nothing else, such as {step}")
    return {str(name) for name, _, _ in parsed}
