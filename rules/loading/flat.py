"""Takes what is written beside a step or a requirement to the lists of the whole set, to which the engine knows it."""

from collections.abc import Iterator
from typing import Any, Final

from rules.checks.flaws import Flaw
from rules.checks.shape import WRITTEN_OUT
from rules.language.phrases import phrase
from rules.loading.written import Entry

KINDS: Final = ("law", "method", "local")
"""The tables of numbers: what the law sets, what the method does, and what a municipality chooses itself."""

KIND: Final = "kind"
REMIND: Final = "remind"

BESIDE: Final = "@beside"
"""In an example the id of what it is written beside, until sets are joined: which wait is silent may be said there."""

_LISTS: Final = ("facts", "note_kinds", "situations", "steps", "examples", "caseloads")
"""The lists of a whole set that are written as such."""

_BESIDE_A_STEP: Final = ("facts", "note_kinds", "situations")


class Flat:
    """The lists of one document, in the order in which they are written."""

    def __init__(self, document: Entry, flaws: list[Flaw], *, amends: bool = False) -> None:
        """Take apart what is written in one document; in one that `amends`, an entry may leave out what stays."""
        self._document, self._flaws, self._amends = document, flaws, amends
        refuse(document, flaws, "ladders", "parameters")
        self._lists = {key: self._list(document, key) for key in _LISTS} | {"ladders": [], "parameters": []}
        self._examples: list[Entry] = []

    def whole(self) -> Entry:
        """Return the document with its lists: examples as they are met in the steps, those of no step last."""
        for kind in KINDS:
            self._numbers(kind)
        self._lists["mappings"] = list(self._mappings())
        self._reminders(self._document, {})
        self._lists["steps"] = [self._step(step) for step in self._lists["steps"]]
        self._lists["examples"] = [*self._examples, *self._lists["examples"]]
        wrong = {key for key in _LISTS if not isinstance(self._document.get(key, []), list)}
        lists = {key: entries for key, entries in self._lists.items() if key not in wrong and entries}
        return _taken(self._document, *KINDS, "reminders", "mappings", "ladders", "parameters").having(lists)

    def _list(self, entry: Entry, key: str) -> list[Entry]:
        entries = entry.get(key)
        listed = entries if isinstance(entries, list) else []
        at = entry.at(key)
        self._flaws += [
            at.inner(n).flaw(phrase("write-table")) for n, one in enumerate(listed) if not isinstance(one, Entry)
        ]
        tables = [one for one in listed if isinstance(one, Entry)]
        for fact in tables if key == "facts" else ():
            refuse(fact, self._flaws, "scope")
        return tables

    def _numbers(self, kind: str) -> None:
        numbers = self._document.get(kind, {})
        for name, number in numbers.items() if isinstance(numbers, Entry) else ():
            if isinstance(number, Entry):
                self._lists["parameters"].append(number.having({"id": name, KIND: kind}))
            else:
                words = phrase("write-table-such", such_as='{ value = 10, unit = "working_days" }')
                self._flaws.append(numbers.at(name).flaw(words))

    def _mappings(self) -> Iterator[Entry]:
        by_fact = table_of(self._document, "mappings", self._flaws, '[mappings.target_group] former = "new"')
        for fact in by_fact:
            mapped = table_of(by_fact, fact, self._flaws, '{ former = "new" }')
            for former in mapped:
                content = {"fact": fact, "from": former, "to": mapped[former]}
                yield Entry(content, mapped.at(former), exact=False)

    def _step(self, step: Entry) -> Entry:
        name = step.get("id")
        self._lists["facts"] += [fact.having({"scope": name}) for fact in self._list(step, "facts")]
        self._lists["note_kinds"] += self._list(step, "note_kinds")
        for situation in self._list(step, "situations"):
            is_first = "builds_on" not in situation and ("new" in situation or not self._amends)
            self._lists["situations"].append(situation.having({"step": name}) if is_first else situation)
        self._reminders(step, {"step": name})
        requirements = [self._requirement(inner) for inner in self._list(step, "requirements")]
        routes = [self._shown(inner) for inner in self._list(step, "routes")]
        self._examples += self._list(step, "examples")
        inner = {"requirements": requirements, "routes": routes}
        inner = {key: entries for key, entries in inner.items() if isinstance(step.get(key), list)}
        return _taken(step, *_BESIDE_A_STEP, "examples", "reminders").having(inner)

    def _requirement(self, entry: Entry) -> Entry:
        """Return a requirement without its reminders and examples."""
        if REMIND in entry:
            self._ladder(entry, {"waiting": "requirement", "requirement": entry.get("id")})
        refused = entry.get("refused")
        if isinstance(refused, Entry) and REMIND in refused:
            self._ladder(refused, {"waiting": "decision", "requirement": entry.get("id")})
            entry = entry.having({"refused": refused.without(REMIND)})
        return self._shown(entry.without(REMIND))

    def _shown(self, entry: Entry) -> Entry:
        """Return a requirement or a route without the examples that show it."""
        beside = {BESIDE: entry.get("id")}
        self._examples += [example.having(beside) for example in self._list(entry, "examples")]
        return _taken(entry, "examples")

    def _ladder(self, entry: Entry, about: dict[str, Any]) -> None:
        origin = entry.at(REMIND)
        self._lists["ladders"].append(Entry({**about, REMIND: entry[REMIND]}, origin, {REMIND: origin}, exact=False))

    def _reminders(self, entry: Entry, about: dict[str, Any]) -> None:
        reminders = entry.get("reminders", {})
        for waiting in reminders if isinstance(reminders, Entry) else ():
            origin = reminders.at(waiting)
            content = {"waiting": waiting, **about, REMIND: reminders[waiting]}
            self._lists["ladders"].append(Entry(content, origin, {REMIND: origin}, exact=False))


def _taken(entry: Entry, *names: str) -> Entry:
    """Return an entry without the lists and tables that were taken from it; what is neither is a flaw of its shape."""
    return entry.without(*(name for name in names if isinstance(entry.get(name), list | Entry)))


def refuse(entry: Entry, flaws: list[Flaw], *keys: str) -> None:
    """Add a flaw for each of some keys that only the models have, with how what they hold is written."""
    unknown = ((key, phrase("key-unknown", key=key, remedy=WRITTEN_OUT[key])) for key in keys if key in entry)
    flaws += [entry.at(key).flaw(words) for key, words in unknown]


def table_of(entry: Entry, key: str, flaws: list[Flaw], such_as: str = "") -> Entry:
    """Return the table that belongs at a key, an empty one where there is none; anything else there is a flaw."""
    table = entry.get(key)
    if table is not None and not isinstance(table, Entry):
        words = phrase("write-table-such", such_as=such_as) if such_as else phrase("write-table")
        flaws.append(entry.at(key).flaw(words))
    return table if isinstance(table, Entry) else Entry({}, entry.origin)
