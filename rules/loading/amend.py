"""Joins a set that holds only the differences from another: what it replaces, what it adds, and what it removes.

An entry of the same id is changed key by key where it stands; one that replaces nothing says `new = true`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rules.checks.flaws import Flaw, suggestion
from rules.loading.numbers import VALUES
from rules.loading.written import Entry

AMENDS: Final = "amends"
"""The key at the head of a set that names the one which it amends; a whole rule set has none."""

NEW: Final = "new"
REMOVE: Final = "remove"

_IDENTIFIED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "facts": ("id",),
    "parameters": ("id",),
    "note_kinds": ("id",),
    "steps": ("id",),
    "caseloads": ("role",),
    "situations": ("id",),
    "ladders": ("waiting", "step", "requirement"),
    "mappings": ("fact", "from"),
    "examples": ("say",),
}
"""The lists of a set, and the keys that identify an entry."""

_IN_A_STEP: Final[Mapping[str, tuple[str, ...]]] = {
    "requirements": ("id",),
    "routes": ("id",),
    "appointments": ("id",),
}
_UNANNOUNCED: Final = frozenset({"ladders", "mappings", "examples"})
"""Lists to which entries are added without saying so: they are about what is named, and a slip is seen by that."""

_TABLES: Final = ("defaults", "conditions", "patterns")
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
}
"""What may be removed by its id, as it is written and as the lists are called."""


class Amendment:
    """One set that amends another."""

    def __init__(self, change: Entry, flaws: list[Flaw]) -> None:
        """Keep the change, and where flaws are gathered."""
        self._change, self._flaws = change, flaws

    def of(self, base: Entry) -> Entry:
        """Return `base`, which has no flaw, with the head of the change and all that differs."""
        whole = self._change.without(REMOVE)
        base = self._without_removed(base)
        for key, names in _IDENTIFIED_BY.items():
            whole = self._with_list(whole, base, key, names)
        for key in _TABLES:
            whole = self._with_table(whole, base, key)
        return whole

    def _with_list(self, whole: Entry, base: Entry, key: str, names: tuple[str, ...]) -> Entry:
        mine, theirs = whole.get(key, []), base.get(key, [])
        if not isinstance(mine, list):
            return whole
        merged = self._merged(theirs, mine, key, names)
        keys = {} if key in whole else {key: base.at(key)}
        return whole.having({key: merged}, keys) if merged else whole

    def _merged(self, theirs: list[Any], mine: list[Any], key: str, names: tuple[str, ...]) -> list[Any]:
        merged = list(theirs)
        places = {_identity(entry, names): place for place, entry in enumerate(merged)}
        for entry in mine:
            place = places.pop(_identity(entry, names), None)
            if place is None:
                merged.append(self._added(entry, key, names, theirs))
            else:
                merged[place] = self._changed(merged[place], entry, key)
        return merged

    def _added(self, entry: Any, key: str, names: tuple[str, ...], theirs: list[Any]) -> Any:  # noqa: ANN401 - unchecked
        if not isinstance(entry, Entry) or key in _UNANNOUNCED:
            return entry
        if entry.get(NEW) is not True:
            ids = [str(other.get(names[0])) for other in theirs if isinstance(other, Entry)]
            self._nothing_replaced(entry, str(entry.get(names[0])), ids)
        return entry.without(NEW)

    def _nothing_replaced(self, entry: Entry, name: str, names: list[str]) -> None:
        words = f"'{name}' replaces nothing; write new = true if it is new"
        near = suggestion(name, names)
        self._flaws.append(entry.origin.flaw(f"{words}, or {near}" if near.startswith("did") else words))

    def _changed(self, former: Any, entry: Any, key: str) -> Any:  # noqa: ANN401 - entries before they are checked
        if not isinstance(former, Entry) or not isinstance(entry, Entry) or key == "ladders":
            return entry
        if NEW in entry:
            self._flaws.append(entry.at(NEW).flaw("this is not new, for it replaces what is amended; remove 'new'"))
        dropped = self._dropped(former, entry)
        if key == "parameters" and not entry.keys().isdisjoint(VALUES):
            dropped = {*dropped, *VALUES}
        inner = {
            name: self._merged(former.get(name, []), entry[name], name, identified)
            for name, identified in _IN_A_STEP.items()
            if key == "steps" and _has_ids(entry.get(name))
        }
        own = entry.without(NEW, REMOVE)
        kept = {name: value for name, value in former.items() if name not in dropped and _stays(value, own.get(name))}
        return own.having({**kept, **inner}, {name: former.at(name) for name in kept})

    def _dropped(self, former: Entry, entry: Entry) -> set[str]:
        """Return the keys of a former entry that the one in its place removes."""
        names = entry.get(REMOVE, [])
        for number, name in enumerate(names if isinstance(names, list) else ()):
            if name not in former:
                where = entry.at(REMOVE).inner(number)
                self._flaws.append(where.flaw(f"'{name}' is not there to remove; {suggestion(str(name), former)}"))
        if not isinstance(names, list):
            self._flaws.append(entry.at(REMOVE).flaw("write a list of keys"))
        return {str(name) for name in names} if isinstance(names, list) else set()

    def _with_table(self, whole: Entry, base: Entry, key: str) -> Entry:
        mine, theirs = whole.get(key), base.get(key)
        if not isinstance(theirs, Entry) or not isinstance(mine, Entry | None):
            return whole
        mine = mine if mine is not None else Entry({}, theirs.origin)
        own = {name: self._named(mine, name, key, theirs) for name in mine}
        kept = {name: value for name, value in theirs.items() if name not in own}
        keys = {name: theirs.at(name) for name in kept}
        return whole.having({key: mine.having({**kept, **own}, keys)})

    def _named(self, mine: Entry, name: str, key: str, theirs: Entry) -> Any:  # noqa: ANN401 - as above
        value = mine[name]
        is_new = isinstance(value, Entry) and value.get(NEW) is True
        if name not in theirs and not is_new and key != "defaults":
            self._nothing_replaced(value if isinstance(value, Entry) else mine, name, list(theirs))
        return value.without(NEW) if isinstance(value, Entry) else value

    def _without_removed(self, base: Entry) -> Entry:
        remove = self._change.get(REMOVE)
        if remove is None:
            return base
        if not isinstance(remove, Entry):
            self._flaws.append(self._change.at(REMOVE).flaw("write a table, such as [remove] with facts = [ … ]"))
            return base
        for what in remove:
            if what in _REMOVABLE and isinstance(remove[what], list):
                base = self._removed(base, what, remove)
            else:
                words = f"'{what}' is no list to remove from; {suggestion(what, _REMOVABLE)}"
                self._flaws.append(remove.at(what).flaw(words))
        return base

    def _removed(self, base: Entry, what: str, remove: Entry) -> Entry:
        names, there = [str(name) for name in remove[what]], dict[str, Entry]()
        result = _filtered(base, _REMOVABLE[what], names, there)
        for number, name in enumerate(names):
            if name not in there:
                words = f"'{name}' is not there to remove; {suggestion(name, _ids(base, _REMOVABLE[what]))}"
                self._flaws.append(remove.at(what).inner(number).flaw(words))
        return _without_what_is_beside(result, what, there)


def _stays(former: object, own: object) -> bool:
    """Return whether a former value stays: where nothing is written, or the same Danish words, whose English stays."""
    return own is None or (isinstance(former, Entry) and former.get("da") == own)


def _has_ids(entries: object) -> bool:
    """Return whether entries change those of a former list; routes without ids are a whole list that replaces it."""
    return isinstance(entries, list) and all("id" in entry for entry in entries if isinstance(entry, Entry))


def _filtered(base: Entry, key: str, names: list[str], there: dict[str, Entry]) -> Entry:
    """Return a set without the entries of some names, which are put into `there`."""
    if key in _IN_A_STEP:
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
    holders = base.get("steps", []) if key in _IN_A_STEP else [base]
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


def _identity(entry: object, names: tuple[str, ...]) -> str:
    """Return the identity of an entry; that of a sentence is its Danish words, and a route without an id is its own."""
    if isinstance(entry, dict) and names == ("id",) and "id" not in entry:
        return repr(id(entry))
    values = [entry.get(name) for name in names] if isinstance(entry, dict) else [entry]
    return repr([value.get("da") if isinstance(value, dict) else value for value in values])
