"""What is wrong with a rule set, in the words of the catalogue."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from rules.checks.flaws import Flaw, UnreadableError
from rules.language.formats import Language
from rules.language.phrases import Phrase, PhraseValue
from rules.language.text import Text
from wording.catalog import Catalog, catalog


def phrase_text(phrase: Phrase, language: Language) -> str:
    """Return a phrase in words; one that nobody has worded is shown by its code."""
    return _text(phrase, catalog(language))


def flaw_text(flaw: Flaw, language: Language) -> str:
    """Return a flaw as one line: file, line, what is wrong and the remedy."""
    return catalog(language).flaws["at"].format(file=flaw.file, line=flaw.line, flaw=phrase_text(flaw.phrase, language))


def flaws_text(error: UnreadableError, language: Language) -> str:
    """Return all flaws of a rule set with their lines; the same one in many places is told once, with all of them."""
    alike: dict[str, list[Flaw]] = {}
    for flaw in error.flaws:
        alike.setdefault(phrase_text(flaw.phrase, language), []).append(flaw)
    return "\n".join(line for flaws in alike.values() for line in _gathered(flaws, language))


def _gathered(flaws: list[Flaw], language: Language) -> Iterator[str]:
    """Yield the first of some flaws of the same words, then the lines of the others by file."""
    yield flaw_text(flaws[0], language)
    _, *others = dict.fromkeys((flaw.file, flaw.line) for flaw in flaws)
    for file, places in groupby(others, key=itemgetter(0)):
        lines = ", ".join(str(line) for _, line in places)
        yield catalog(language).flaws["also-at"].format(file=file, lines=lines)


def _text(phrase: Phrase, words: Catalog) -> str:
    values = {name: _value(value, words) for name, value in phrase.values}
    return words.flaws[phrase.code].format_map(values)


def _value(value: PhraseValue, words: Catalog) -> str:
    match value:
        case Phrase():
            return _text(value, words)
        case Text():
            return value.da if words.language == "da" else value.en or value.da
        case tuple():
            return ", ".join(_value(part, words) for part in value)
        case _:
            return str(value)
