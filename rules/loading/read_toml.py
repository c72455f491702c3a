"""Reading a rule set from TOML, with every flaw named by file, line and field, or back from its canonical JSON."""

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
from rules.checks.flaws import Flaw, UnreadableError, shape_flaws, suggestion
from rules.checks.rule_set import amending_flaws, meaning_flaws
from rules.language.rule_set import RuleSet
from rules.loading.amend import AMENDS, Document, Source, amended, document
from rules.loading.toml_lines import TomlLines

__all__ = ["UnreadableError", "from_canonical", "read_rule_set"]

_SYNTAX_PLACE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_ALONE: Final[Mapping[str, str]] = MappingProxyType({})


def read_rule_set(toml: str, file: str, folder: Mapping[str, str] = _ALONE) -> RuleSet:
    """Return the rule set written in `toml`, whole even where the file only says what differs from another one.

    Raises UnreadableError with all that is wrong with its shape or, when its shape is sound, with its meaning.
    `file` is only its name, for the flaws; `folder` holds the files beside it, by name, and only the text of what
    is amended is asked of it.
    """
    return _read(toml, file, folder, {file})[1]


def _read(toml: str, file: str, folder: Mapping[str, str], read: AbstractSet[str]) -> tuple[Document, RuleSet]:
    """Return what is written in `toml` with what it amends, and what it means; none of `read` is amended."""
    table = _syntax(toml, file)
    amends = table.pop(AMENDS, None)
    written = document(Source(file, TomlLines(toml)), table)
    if amends is None:
        return written, _sound(written)
    words = _not_amended(amends, folder.keys() - read)
    if words is not None:
        raise UnreadableError([written.flaw((AMENDS,), (AMENDS,), words)])
    ground, former = _read(folder[amends], amends, folder, {*read, amends})
    whole = amended(ground, written)
    return whole, _sound(whole, former)


def _not_amended(name: object, others: AbstractSet[str]) -> str | None:
    """Return what is wrong with the name of the file that is amended, and the remedy."""
    if not isinstance(name, str):
        return "write the name of a file in quotation marks"
    if name not in others:
        return f"'{name}' is no file of this folder that could be amended; {suggestion(name, others)}"
    return None


def _sound(written: Document, former: RuleSet | None = None) -> RuleSet:
    try:
        rule_set = from_canonical(canonical(written.table))
    except ValidationError as error:
        raise UnreadableError({written.flaw(*found) for found in shape_flaws(error)}) from None
    found = [*meaning_flaws(rule_set), *(amending_flaws(rule_set, former) if former else ())]
    wrong = [written.flaw(path, path, words) for path, words in found]
    if wrong:
        raise UnreadableError(wrong)
    return rule_set


def from_canonical(stored: bytes) -> RuleSet:
    """Return a rule set from the canonical JSON in which it is stored.

    Raises pydantic.ValidationError for what was never a rule set.
    """
    return RuleSet.model_validate_json(stored, strict=True)


def _syntax(toml: str, file: str) -> Any:  # noqa: ANN401 - whatever the file says, before anybody has judged it
    try:
        return _plain(tomllib.loads(toml, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        place = _SYNTAX_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else toml.count("\n") + 1
        words = _SYNTAX_PLACE.sub("", str(error))
        raise UnreadableError([Flaw(file, line, "", f"this is not TOML: {words[:1].lower()}{words[1:]}")]) from None


def _plain(value: Any) -> Any:  # noqa: ANN401 - as above
    """Return dates and decimals as the text in which facts are stored too."""
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value
