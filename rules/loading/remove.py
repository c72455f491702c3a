"""What an amending set takes away from the one that it amends, by id."""

from collections.abc import Iterator, Mapping
from typing import Final

from rules.checks.flaws import Flaw, suggestion
from rules.language.phrases import phrase
from rules.loading.written import Entry

REMOVE: Final = "remove"

IN_A_STEP: Final[Mapping[str, tuple[str, ...]]] = {
    "requirements": ("id",),
    "routes": ("id",),
    "appointments": ("id",),
    "call_ins": ("id",),
}
"""The lists within a step, and the keys that identify an entry."""

_REMOVABLE: Final[Mapping[str, str]] = {
    "facts": "facts",
    "numbers": "parameters",
    "note_kinds": "note_kinds",
    "steps": "steps",
    "caseloads": "caseloads",
    "situations": "situations",
    "examples": "examples",
    "reminders": "ladders",
    "conditions": "conditions",
    "patterns": "patterns",
    "requirements": "requirements",
    "routes": "routes",
    "appointments": "appointments",
    "call_ins": "call_ins",
}
"""What may be removed by its id, as it is written and as the lists are called."""


def without_removed(base: Entry, change: Entry, flaws: list[Flaw]) -> Entry:
    """Return a set without what a change removes by id; what is not there is a flaw."""
    remove = change.get(REMOVE)
    if remove is None:
        return base
    if not isinstance(remove, Entry):
        flaws.append(change.at(REMOVE).flaw(phrase("write-table-such", such_as="[remove] facts = [ … ]")))
        return base
    for what in remove:
        if what in _REMOVABLE and isinstance(remove[what], list):
            base = _removed(base, what, remove, flaws)
        else:
            remedy = phrase("write-ids") if what in _REMOVABLE else suggestion(what, _REMOVABLE)
            flaws.append(remove.at(what).flaw(phrase("no-list-to-remove-from", name=what, remedy=remedy)))
    return base


def _removed(base: Entry, what: str, remove: Entry, flaws: list[Flaw]) -> Entry:
    names, there = [str(name) for name in remove[what]], dict[str, Entry]()
    result = _filtered(base, _REMOVABLE[what], names, there)
    for number, name in enumerate(names):
        if name not in there:
            remedy = suggestion(name, _ids(base, _REMOVABLE[what]))
            words = phrase("not-there-to-remove", name=name, remedy=remedy)
            flaws.append(remove.at(what).inner(number).flaw(words))
    return _without_what_is_beside(result, what, there)


def _filtered(base: Entry, key: str, names: list[str], there: dict[str, Entry]) -> Entry:
    """Return a set without the entries of some names, which are put into `there`."""
    if key in IN_A_STEP:
        return base.having({"steps": [_filtered(step, f"{key} ", names, there) for step in base.get("steps", [])]})
    key = key.strip()
    entries = base.get(key)
    if isinstance(entries, Entry):
        there.update({name: entries for name in names if name in entries})
        return base.having({key: entries.without(*names)})
    kept = []
    for entry in entries or []:
        name = next((name for name in _names_of(entry, key) if name in names), None)
        if name is None:
            kept.append(entry)
        else:
            there[name] = entry
    return base.having({key: kept}) if entries else base


def _without_what_is_beside(base: Entry, what: str, removed: Mapping[str, Entry]) -> Entry:
    """Return a set without the reminders of requirements that are removed, and the examples written beside them."""
    if what != "requirements":
        return base
    ladders = [ladder for ladder in base.get("ladders", []) if ladder.get("requirement") not in removed]
    origins = [entry.origin for entry in removed.values()]
    examples = [
        example
        for example in base.get("examples", [])
        if not any(
            example.origin.source == origin.source and example.origin.path[: len(origin.path)] == origin.path
            for origin in origins
        )
    ]
    return base.having({"ladders": ladders, "examples": examples})


def _ids(base: Entry, key: str) -> Iterator[str]:
    holders = base.get("steps", []) if key in IN_A_STEP else [base]
    for holder in holders:
        entries = holder.get(key, [])
        for entry in entries:
            yield from [entry] if isinstance(entries, Entry) else _names_of(entry, key)


def _names_of(entry: Entry, key: str) -> tuple[str, ...]:
    """Return the names by which an entry is removed: a reminder by its requirement, or by its wait."""
    if key == "ladders":
        name = entry.get("requirement") or entry.get("waiting")
    else:
        say = entry.get("say")
        name = entry.get("id") or entry.get("role") or (say.get("da") if isinstance(say, dict) else say)
    return (str(name),)
