"""Reads a rule set from TOML, with every flaw by file, line and field, or back from its canonical JSON."""

import re
import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from domain.model import canonical
from rules.checks.flaws import Flaw, Flaws, UnreadableError, unknown_name
from rules.checks.rule_set import amending_flaws, meaning_flaws
from rules.checks.shape import shape_flaws
from rules.language.rule_set import RuleSet
from rules.loading.amend import AMENDS, Document, Source, amend, document_of

__all__ = ["UnreadableError", "from_canonical", "read_rule_set"]

_SYNTAX_PLACE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_ALONE: Final[Mapping[str, str]] = MappingProxyType({})


def read_rule_set(toml: str, file: str, folder: Mapping[str, str] = _ALONE) -> RuleSet:
    """Return the whole rule set written in `toml`, together with the file that it amends.

    Raises UnreadableError with every flaw of its shape or, when its shape is sound, of its meaning.
    `file` is only its name, for the flaws; `folder` holds the files beside it by name, of which only an amended one
    is read.
    """
    return _read(toml, file, folder, {file})[1]


def _read(toml: str, file: str, folder: Mapping[str, str], read: AbstractSet[str]) -> tuple[Document, RuleSet]:
    """Return the document of `toml`, joined with the one it amends, and its rule set; `read` are not amended again."""
    table = _syntax(toml, file)
    amends = table.pop(AMENDS, None)
    document = document_of(Source(file, toml), table)
    if amends is None:
        return document, _checked(document)
    flaws = [document.flaw(path, path, words) for path, words in _amends_flaws(amends, folder.keys() - read)]
    if flaws:
        raise UnreadableError(flaws)
    base, former = _read(folder[amends], amends, folder, {*read, amends})
    whole = amend(base, document)
    return whole, _checked(whole, former)


def _amends_flaws(name: object, others: AbstractSet[str]) -> Flaws:
    """Yield the flaw of the name of an amended file."""
    if isinstance(name, str):
        yield from unknown_name("file of this folder that could be amended", name, others, (AMENDS,))
    else:
        yield (AMENDS,), "write the name of a file in quotation marks"


def _checked(document: Document, former: RuleSet | None = None) -> RuleSet:
    try:
        rule_set = from_canonical(canonical(document.table))
    except ValidationError as error:
        raise UnreadableError({document.flaw(*flaw) for flaw in shape_flaws(error)}) from None
    meaning = [*meaning_flaws(rule_set), *(amending_flaws(rule_set, former) if former else ())]
    if meaning:
        raise UnreadableError(document.flaw(path, path, words) for path, words in meaning)
    return rule_set


def from_canonical(stored: bytes) -> RuleSet:
    """Return a rule set from the canonical JSON in which it is stored.

    Raises pydantic.ValidationError for what was never a rule set.
    """
    return RuleSet.model_validate_json(stored, strict=True)


def _syntax(toml: str, file: str) -> Any:  # noqa: ANN401 - the content of the file before it is checked
    try:
        return _as_json(tomllib.loads(toml, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        place = _SYNTAX_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else toml.count("\n") + 1
        words = _SYNTAX_PLACE.sub("", str(error))
        raise UnreadableError([Flaw(file, line, "", f"this is not TOML: {words[:1].lower()}{words[1:]}")]) from None


def _as_json(value: Any) -> Any:  # noqa: ANN401 - as above
    """Return a TOML value with dates and decimals as text, the form in which facts are stored."""
    match value:
        case dict():
            return {key: _as_json(inner) for key, inner in value.items()}
        case list():
            return [_as_json(inner) for inner in value]
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value
