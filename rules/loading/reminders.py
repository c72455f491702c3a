"""Reminders: a ladder by the name of its pattern, with own texts where they are written, or by its rungs."""

import re
from collections.abc import Mapping
from typing import Any, Final

from domain.calendar import TimeUnit
from rules.checks.flaws import Flaw, suggestion, unknown_name
from rules.language.phrases import phrase
from rules.loading.flat import REMIND, refuse
from rules.loading.written import Entry, Origin, is_text

_PLAINLY: Final = re.compile(r"([0-9]+) ([a-z_]+)")
"""A length such as `0 calendar_days`."""

UNITS: Final = tuple(map(str, TimeUnit))
"""The units in which a length is written."""

_ANY_RUNG: Final = {"after": {"amount": 0, "unit": "calendar_days"}, "tell": ["both"]}
"""Stands for rungs that are not known, which have a flaw of their own."""


class Lengths:
    """Reads lengths of deadlines and rungs: a number by its name, whose unit is then theirs, or `3 working_days`."""

    def __init__(self, numbers: Mapping[str, Entry], flaws: list[Flaw]) -> None:
        """Keep the numbers by name, and where flaws are gathered."""
        self._numbers, self._flaws = numbers, flaws

    def of(self, length: object, at: Origin) -> dict[str, Any]:
        """Return the amount and the unit of a length."""
        length = str(length)
        plain = _PLAINLY.fullmatch(length)
        if plain:
            return {"amount": int(plain[1]), "unit": plain[2]}
        if length not in self._numbers:
            words = phrase("length-unknown", length=length, remedy=suggestion(length, self._numbers))
            self._flaws.append(at.flaw(words))
            return {"amount": 0, "unit": "calendar_days"}
        return {"amount": Entry({"param": length}, at, exact=False), "unit": self._unit(self._numbers[length])}

    def _unit(self, number: Entry) -> str:
        """Return the unit of a number, which a length counts in; one that is none of time is a flaw of the number."""
        unit = str(number.get("unit"))
        if "unit" not in number or unit in UNITS:
            return unit
        self._flaws.append(number.at("unit").flaw(phrase("unit-unknown", unit=unit, names=UNITS)))
        return UNITS[0]

    def deadline(self, deadline: Any) -> Any:  # noqa: ANN401 - before and after it is checked
        """Return a deadline with its amount and unit."""
        if not isinstance(deadline, Entry) or "amount" not in deadline:
            return deadline
        if "unit" in deadline:
            self._flaws.append(deadline.at("unit").flaw(phrase("unit-in-amount")))
        at = deadline.at("amount")
        return deadline.having(self.of(deadline["amount"], at), {"amount": at, "unit": at})


class Reminders:
    """Writes ladders out with the patterns of the set."""

    def __init__(self, patterns: Entry, lengths: Lengths, flaws: list[Flaw]) -> None:
        """Keep the patterns, and where flaws are gathered."""
        self._patterns, self._lengths, self._flaws = patterns, lengths, flaws
        self.used: set[str] = set()

    def ladder(self, ladder: Entry) -> Entry:
        """Return a ladder with its rungs."""
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
                self._flaws.append(at.flaw(phrase("write-pattern")))
                return [_ANY_RUNG]

    def _own(self, remind: Entry, at: Origin) -> list[Any]:
        """Return the rungs of a pattern with own texts, or rungs of its own."""
        unknown = sorted(remind.keys() - {"pattern", "texts"})
        if unknown or "pattern" not in remind:
            where = remind.at(unknown[0]) if unknown else at
            self._flaws.append(where.flaw(phrase("write-pattern-texts")))
            return [_ANY_RUNG]
        rungs, texts = self._pattern(str(remind["pattern"]), remind.at("pattern")), remind.get("texts")
        if not isinstance(texts, list) or len(texts) != len(rungs):
            self._flaws.append(remind.at("texts").flaw(phrase("text-for-each-rung", count=len(rungs))))
            return rungs
        where = remind.at("texts")
        return [
            self._worded(rung, text, where.inner(n)) for n, (rung, text) in enumerate(zip(rungs, texts, strict=True))
        ]

    def _worded(self, rung: Any, text: Any, at: Origin) -> Any:  # noqa: ANN401 - as above
        words = text if is_text(text) else Entry({"da": text}, at, exact=False)
        return rung.having({"text": words}, {"text": at}) if isinstance(rung, Entry) else rung

    def _pattern(self, name: str, at: Origin) -> list[Any]:
        if name not in self._patterns:
            self._flaws += [
                at.flaw(words) for _, words in unknown_name(phrase("noun-pattern"), name, self._patterns, ())
            ]
            return [_ANY_RUNG]
        self.used.add(name)
        pattern = self._patterns[name]
        rungs = pattern.get("rungs") if isinstance(pattern, Entry) and len(pattern) == 1 else pattern
        if isinstance(rungs, list):
            return self._rungs(rungs)
        self._flaws.append(self._patterns.at(name).flaw(phrase("pattern-form")))
        return [_ANY_RUNG]

    def _rungs(self, rungs: list[Any]) -> list[Any]:
        return [self._rung(rung) if isinstance(rung, Entry) else rung for rung in rungs]

    def _rung(self, rung: Entry) -> Entry:
        refuse(rung, self._flaws, "counted_from")
        if "after_deadline" in rung:
            at = rung.at("after_deadline")
            moved = {"after": rung["after_deadline"], "counted_from": "due"}
            rung = rung.without("after_deadline").having(moved, {"after": at, "counted_from": at})
        if "after" in rung:
            at = rung.at("after")
            rung = rung.having({"after": Entry(self._lengths.of(rung["after"], at), at, exact=False)})
        if isinstance(tell := rung.get("tell"), str):
            rung = rung.having({"tell": [tell]})
        return worded(rung, "text")


def worded(entry: Entry, *names: str) -> Entry:
    """Return an entry whose texts are Danish ones; those that were translated are so already."""
    plain = {name: entry[name] for name in names if name in entry and not is_text(entry[name])}
    return entry.having({name: Entry({"da": text}, entry.at(name), exact=False) for name, text in plain.items()})
