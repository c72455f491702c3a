"""A municipality's document with another number or other words: what a form changes, written as by hand."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any, Final, Self

from rules.language.rule_set import RuleSet
from rules.language.steps import Parameter
from rules.language.text import Text
from rules.loading.amend import AMENDS
from rules.loading.folder import ENGLISH
from rules.loading.library import Library
from rules.loading.numbers import VALUES
from rules.loading.toml_text import toml_text

WORDS: Final = ("text", "missing")
"""The words of a requirement: what holds when it is met, and what the one who is asked shall do."""

_Groups = tuple[str, ...]


class Document:
    """The tables of a document; comments in what was written are not kept."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        """Keep a copy of the tables."""
        self._tables: dict[str, Any] = deepcopy(dict(tables))

    @classmethod
    def written(cls, toml: str) -> Self:
        """Return the document that somebody wrote, which has no flaw."""
        return cls(tomllib.loads(toml, parse_float=Decimal))

    @classmethod
    def amending(cls, name: str, rules: RuleSet) -> Self:
        """Return an amendment of a default set, by the name of its folder, that changes nothing yet."""
        texts = {"title": rules.title, "description": rules.description, "notes": rules.notes}
        danish = {key: text.da for key, text in texts.items() if text}
        english = {key: text.en for key, text in texts.items() if text and text.en}
        head = {AMENDS: name, "id": rules.id, **danish, "authors": []}
        return cls({**head, **({ENGLISH: english} if english else {})})

    @property
    def toml(self) -> str:
        """Return the document as TOML."""
        return toml_text(self._tables)

    def begins(self, version: str, day: date, author: str, library: Library) -> None:
        """Give the document the name and the first day of a version, and let it amend what is in force on that day."""
        former = self._tables.get("version")
        if former not in (None, version):
            self._tables["supersedes"] = former
        authors = [*self._tables.get("authors", []), author]
        self._tables |= {"version": version, "valid_from": day, "authors": list(dict.fromkeys(authors))}
        name = str(self._tables.get(AMENDS, "")).removesuffix(".toml")
        later = [base for base in library.later_than(name, date.min) if base.rule_set.valid_from <= day]
        if later:
            self._tables[AMENDS] = max(later, key=lambda base: base.rule_set.valid_from).name

    def change_number(
        self, number: Parameter, since: date, values: Mapping[_Groups, int | str], source: str | None = None
    ) -> None:
        """Let a number have other values from a day on, for all or for some target groups; former rows stay."""
        rows: dict[date, dict[_Groups, Any]] = {}
        for row in number.rows:
            rows.setdefault(row.valid_from, {})[row.target_groups] = row.value
        rows[since] = dict(values)
        entries = self._tables.setdefault(number.kind.value, {})
        entry = {key: value for key, value in entries.get(number.id, {}).items() if key not in VALUES}
        written = [_row(day, of) for day, of in sorted(rows.items())]
        entries[number.id] = {**entry, **({"source": source} if source else {}), "rows": written}

    def change_words(self, step: str, requirement: str, words: Mapping[str, Text]) -> None:
        """Let a requirement have other words, by their keys of `WORDS`."""
        asked = _entry(_entry(self._tables.setdefault("steps", []), step).setdefault("requirements", []), requirement)
        asked.update({key: text.da for key, text in words.items()})
        english = self._tables.setdefault(ENGLISH, {}).setdefault("requirements", {})
        former = english.get(requirement, {})
        kept = former if isinstance(former, dict) else {WORDS[0]: former}
        english[requirement] = {**kept, **{key: text.en for key, text in words.items() if text.en}}


def _entry(entries: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """Return the entry of an id, a new one where there is none."""
    found = next((entry for entry in entries if entry.get("id") == name), None)
    if found is None:
        found = {"id": name}
        entries.append(found)
    return found


def _row(since: date, values: Mapping[_Groups, Any]) -> dict[str, Any]:
    common = {"value": values[()]} if () in values else {}
    named = {group: value for groups, value in values.items() for group in groups}
    return {"since": since, **common, **({"groups": named} if named else {})}
