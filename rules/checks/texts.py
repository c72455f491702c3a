"""Checks that no text holds a placeholder but messages and reminders, in which alone placeholders are filled."""

import re
from collections.abc import Iterator
from typing import Final

from rules.checks.flaws import Flaws, Path
from rules.language.phrases import phrase
from rules.language.rule_set import RuleSet
from rules.language.text import Message, RuleModel, Text

_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")


def text_flaws(rule_set: RuleSet) -> Flaws:
    """Yield the flaws of texts that would show a placeholder as it is written."""
    for path, text in _texts((), rule_set):
        for language, words in (("da", text.da), ("en", text.en)):
            if written := _PLACEHOLDER.search(words or ""):
                yield (*path, language), phrase("placeholder-shown", name=written[0])


def _texts(path: Path, part: object) -> Iterator[tuple[Path, Text]]:
    match part:
        case Message():
            return
        case Text():
            yield path, part
        case RuleModel():
            for key in type(part).model_fields:
                yield from _texts((*path, key), getattr(part, key))
        case tuple():
            for number, inner in enumerate(part):
                yield from _texts((*path, number), inner)
