"""Joins a set that holds only the differences from another: what it replaces, what it adds, and what it removes.

An entry of the same id is changed key by key where it stands; one that replaces nothing says `new = true`.
"""

from collections.abc import Mapping
from typing import Any, Final

from rules.checks.flaws import Flaw, suggestion
from rules.language.phrases import phrase
from rules.loading.numbers import VALUES
from rules.loading.remove import IN_A_STEP, REMOVE, without_removed
from rules.loading.written import Entry

AMENDS: Final = "amends"
"""The key at the head of a set that names the one which it amends; a whole rule set has none."""

NEW: Final = "new"

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

_UNANNOUNCED: Final = frozenset({"ladders", "mappings", "examples"})
"""Lists to which entries are added without saying so: they are about what is named, and a slip is seen by that."""

_TABLES: Final = ("defaults", "note_defaults", "roles", "observers", "conditions", "patterns")

_KEPT: Final = ("clarifying", "notes")
"""What of the head stays as in the amended set unless the change says it: what clarifies, and what a reader is to know.

Its title, description and identity are always those of the change.
"""


class Amendment:
    """One set that amends another."""

    def __init__(self, change: Entry, flaws: list[Flaw]) -> None:
        """Keep the change, and where flaws are gathered."""
        self._change, self._flaws = change, flaws

    def of(self, base: Entry) -> Entry:
        """Return `base`, which has no flaw, with the head of the change and all that differs."""
        whole = self._change.without(REMOVE)
        base = without_removed(base, self._change, self._flaws)
        for key, names in _IDENTIFIED_BY.items():
            whole = self._with_list(whole, base, key, names)
        for key in _TABLES:
            whole = self._with_table(whole, base, key)
        kept = [key for key in _KEPT if key in base and key not in whole]
        return whole.having({key: base[key] for key in kept}, {key: base.at(key) for key in kept})

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
        return _in_order(merged) if key == "situations" else merged

    def _added(self, entry: Any, key: str, names: tuple[str, ...], theirs: list[Any]) -> Any:  # noqa: ANN401 - unchecked
        if not isinstance(entry, Entry) or key in _UNANNOUNCED:
            return entry
        if entry.get(NEW) is not True:
            ids = [str(other.get(names[0])) for other in theirs if isinstance(other, Entry)]
            self._nothing_replaced(entry, str(entry.get(names[0])), ids)
        return entry.without(NEW)

    def _nothing_replaced(self, entry: Entry, name: str, names: list[str]) -> None:
        near = suggestion(name, names)
        words = phrase("replaces-nothing", name=name)
        if near.code == "did-you-mean":
            words = phrase("replaces-nothing-near", name=name, remedy=near)
        self._flaws.append(entry.origin.flaw(words))

    def _changed(self, former: Any, entry: Any, key: str) -> Any:  # noqa: ANN401 - entries before they are checked
        if not isinstance(former, Entry) or not isinstance(entry, Entry) or key == "ladders":
            return entry
        if NEW in entry:
            self._flaws.append(entry.at(NEW).flaw(phrase("not-new")))
        dropped = self._dropped(former, entry)
        if key == "parameters" and not entry.keys().isdisjoint(VALUES):
            dropped = {*dropped, *VALUES}
        inner = {
            name: self._merged(former.get(name, []), entry[name], name, identified)
            for name, identified in IN_A_STEP.items()
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
                words = phrase("not-there-to-remove", name=name, remedy=suggestion(str(name), former))
                self._flaws.append(where.flaw(words))
        if not isinstance(names, list):
            self._flaws.append(entry.at(REMOVE).flaw(phrase("write-keys")))
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


def _in_order(situations: list[Any]) -> list[Any]:
    """Return situations so that each stands behind the one on which it builds, and else as they stood."""
    ordered: list[Any] = []
    waiting = list(situations)
    while waiting:
        behind = {situation.get("id") for situation in waiting}
        ready = [situation for situation in waiting if situation.get("builds_on") not in behind]
        if not ready:
            return [*ordered, *waiting]
        ordered.append(ready[0])
        waiting.remove(ready[0])
    return ordered


def _stays(former: object, own: object) -> bool:
    """Return whether a former value stays: where nothing is written, or the same Danish words, whose English stays."""
    return own is None or (isinstance(former, Entry) and former.get("da") == own)


def _has_ids(entries: object) -> bool:
    """Return whether entries change those of a former list; routes without ids are a whole list that replaces it."""
    return isinstance(entries, list) and all("id" in entry for entry in entries if isinstance(entry, Entry))


def _identity(entry: object, names: tuple[str, ...]) -> str:
    """Return the identity of an entry; that of a sentence is its Danish words, and a route without an id is its own."""
    if isinstance(entry, dict) and names == ("id",) and "id" not in entry:
        return repr(id(entry))
    values = [entry.get(name) for name in names] if isinstance(entry, dict) else [entry]
    return repr([value.get("da") if isinstance(value, dict) else value for value in values])
