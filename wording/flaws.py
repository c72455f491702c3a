"""What is wrong with a rule set, in the words of the catalogue."""

from rules.checks.flaws import Flaw, UnreadableError
from rules.language.formats import Language
from rules.language.phrases import Phrase, PhraseValue
from wording.catalog import Catalog, catalog


def phrase_text(phrase: Phrase, language: Language) -> str:
    """Return a phrase in words; one that nobody has worded is shown by its code."""
    return _text(phrase, catalog(language))


def flaw_text(flaw: Flaw, language: Language) -> str:
    """Return a flaw as one line: file, line, what is wrong and the remedy."""
    return catalog(language).flaws["at"].format(file=flaw.file, line=flaw.line, flaw=phrase_text(flaw.phrase, language))


def flaws_text(error: UnreadableError, language: Language) -> str:
    """Return all flaws of a rule set, each on its own line."""
    return "\n".join(flaw_text(flaw, language) for flaw in error.flaws)


def _text(phrase: Phrase, words: Catalog) -> str:
    values = {name: _value(value, words) for name, value in phrase.values}
    return words.flaws[phrase.code].format_map(values)


def _value(value: PhraseValue, words: Catalog) -> str:
    match value:
        case Phrase():
            return _text(value, words)
        case tuple():
            return ", ".join(_value(part, words) for part in value)
        case _:
            return str(value)
