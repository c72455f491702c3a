"""Reminders: a ladder by the name of its pattern, with own texts where they are written, or by its rungs."""

import re
from collections.abc import Mapping
from typing import Any, Final

from rules.checks.flaws import Flaw, suggestion
from rules.loading.flat import REMIND
from rules.loading.written import Entry, Origin

_PLAINLY: Final = re.compile(r"([0-9]+) ([a-z_]+)")
"""A length such as `0 calendar_days`."""

_ANY_RUNG: Final = {"after": {"amount": 0, "unit": "calendar_days"}, "tell": ["both"]}
"""Stands for rungs that are not known, which have a flaw of their own."""


class Lengths:
    """Reads lengths of deadlines and rungs: a number by its name, whose unit is then theirs, or `3 working_days`."""

    def __init__(self, units: Mapping[str, str], flaws: list[Flaw]) -> None:
        """Keep the unit of each number, and where flaws are gathered."""
        self._units, self._flaws = units, flaws

    def of(self, length: str, at: Origin) -> dict[str, Any]:
        """Return the amount and the unit of a length."""
        plain = _PLAINLY.fullmatch(length)
        if plain:
            return {"amount": int(plain[1]), "unit": plain[2]}
        if length not in self._units:
            words = f"'{length}' is no number of this set, nor a length such as 3 working_days"
            self._flaws.append(at.flaw(f"{words}; {suggestion(length, self._units)}"))
            return {"amount": 0, "unit": "calendar_days"}
        return {"amount": Entry({"param": length}, at, exact=False), "unit": self._units[length]}

    def deadline(self, deadline: Any) -> Any:  # noqa: ANN401 - before and after it is checked
        """Return a deadline with its amount and unit."""
        if not isinstance(deadline, Entry) or not isinstance(amount := deadline.get("amount"), str):
            return deadline
        at = deadline.at("amount")
        read = self.of(amount, at)
        return deadline.having({**read, **({"unit": deadline["unit"]} if "unit" in deadline else {})}, {"amount": at})


class Reminders:
    """Writes ladders out with the patterns of the set."""

    def __init__(self, patterns: Entry, lengths: Lengths, flaws: list[Flaw]) -> None:
        """Keep the patterns, and where flaws are gathered."""
        self._patterns, self._lengths, self._flaws = patterns, lengths, flaws
        self.used: set[str] = set()

    def ladder(self, ladder: Entry) -> Entry:
        """Return a ladder with its rungs."""
        if REMIND not in ladder:
            rungs = ladder.get("rungs")
            return ladder.having({"rungs": self._rungs(rungs)}) if isinstance(rungs, list) else ladder
        remind, at = ladder[REMIND], ladder.at(REMIND)
        return ladder.without(REMIND).having({"rungs": self._reminded(remind, at)}, {"rungs": at})

    def _reminded(self, remind: Any, at: Origin) -> Any:  # noqa: ANN401 - before and after it is checked
        match remind:
            case str(name):
                return self._pattern(name, at)
            case list():
                return self._rungs(remind)
            case Entry():
                return self._own(remind, at)
            case _:
                self._flaws.append(at.flaw("write the name of a pattern, or a table"))
                return [_ANY_RUNG]

    def _own(self, remind: Entry, at: Origin) -> list[Any]:
        """Return the rungs of a pattern with own texts, or rungs of its own."""
        unknown = sorted(remind.keys() - {"pattern", "texts", "rungs"})
        if unknown or ("pattern" in remind) == ("rungs" in remind):
            where = remind.at(unknown[0]) if unknown else at
            self._flaws.append(where.flaw("write { pattern = …, texts = [ … ] }, or { rungs = [ … ] }"))
            return [_ANY_RUNG]
        if "rungs" in remind:
            return self._rungs(remind["rungs"]) if isinstance(remind["rungs"], list) else []
        rungs, texts = self._pattern(str(remind["pattern"]), remind.at("pattern")), remind.get("texts")
        if not isinstance(texts, list) or len(texts) != len(rungs):
            self._flaws.append(remind.at("texts").flaw(f"the pattern has {len(rungs)} rungs; write a text for each"))
            return rungs
        where = remind.at("texts")
        return [
            self._worded(rung, text, where.inner(n)) for n, (rung, text) in enumerate(zip(rungs, texts, strict=True))
        ]

    def _worded(self, rung: Any, text: Any, at: Origin) -> Any:  # noqa: ANN401 - as above
        words = text if isinstance(text, Entry) else Entry({"da": text}, at, exact=False)
        return rung.having({"text": words}, {"text": at}) if isinstance(rung, Entry) else rung

    def _pattern(self, name: str, at: Origin) -> list[Any]:
        if name not in self._patterns:
            self._flaws.append(at.flaw(f"'{name}' is no pattern; {suggestion(name, self._patterns)}"))
            return [_ANY_RUNG]
        self.used.add(name)
        pattern = self._patterns[name]
        rungs = pattern.get("rungs") if isinstance(pattern, Entry) and len(pattern) == 1 else pattern
        if isinstance(rungs, list):
            return self._rungs(rungs)
        self._flaws.append(self._patterns.at(name).flaw("a pattern is a list of rungs, or { rungs = [ … ] }"))
        return [_ANY_RUNG]

    def _rungs(self, rungs: list[Any]) -> list[Any]:
        return [self._rung(rung) if isinstance(rung, Entry) else rung for rung in rungs]

    def _rung(self, rung: Entry) -> Entry:
        if "after_deadline" in rung:
            at = rung.at("after_deadline")
            moved = {"after": rung["after_deadline"], "counted_from": "due"}
            rung = rung.without("after_deadline").having(moved, {"after": at, "counted_from": at})
        if isinstance(after := rung.get("after"), str):
            at = rung.at("after")
            rung = rung.having({"after": Entry(self._lengths.of(after, at), at, exact=False)})
        if isinstance(tell := rung.get("tell"), str):
            rung = rung.having({"tell": [tell]})
        return worded(rung, "text")


def worded(entry: Entry, *names: str) -> Entry:
    """Return an entry whose plain texts are Danish ones."""
    texts = {
        name: Entry({"da": text}, entry.at(name), exact=False)
        for name in names
        if isinstance(text := entry.get(name), str)
    }
    return entry.having(texts) if texts else entry
