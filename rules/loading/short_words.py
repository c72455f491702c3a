"""The short words of conditions, which stand for the cells that the engine decides by."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from rules.checks.flaws import Flaw, suggestion
from rules.language.conditions import Derived
from rules.language.phrases import phrase
from rules.loading.flat import refuse
from rules.loading.written import Entry, Origin

_COUNTED: Final = {"days": "days_between", "working_days": "working_days_between", "length": "length_in_days"}
"""The words for a stretch between two days, and the engine's functions for them."""

_BY_NUMBER: Final = ("at_least", "at_most", "between")
"""The operators after which a word is the name of a number."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TODAY: Final = Derived(derived="today").model_dump(exclude_defaults=True)


class ShortWords:
    """Writes conditions out, with the conditions that the set has given a name."""

    def __init__(self, named: Entry, flaws: list[Flaw]) -> None:
        """Keep the named conditions, and where flaws are gathered."""
        self._named, self._flaws = named, flaws
        self._open: list[str] = []
        self.used: set[str] = set()

    def written_out(self, condition: Any, origin: Origin) -> Any:  # noqa: ANN401 - before and after it is checked
        """Return a condition in the engine's cells; a list is what must all hold, and a bare word a named condition."""
        match condition:
            case str(name):
                return self._holding(name, origin)
            case list():
                return self._all(condition, origin)
            case Entry():
                return self._table(condition)
            case _:
                return condition

    def _all(self, conditions: list[Any], origin: Origin) -> Entry:
        parts = [self.written_out(part, origin.inner(number)) for number, part in enumerate(conditions)]
        return Entry({"all": parts}, origin, {"all": origin}, exact=False)

    def _table(self, condition: Entry) -> Any:  # noqa: ANN401 - as above
        refuse(condition, self._flaws, "all", "is_missing")
        for key, instead in _longer(condition):
            self._flaws.append(condition.at(key).flaw(phrase("has-short-word", key=key, instead=instead)))
        for word, cell in self._words.items():
            if word in condition:
                return _joined(condition.without(word), cell(condition[word], condition.at(word)))
        if "not" in condition:
            return _opposite(condition, self.written_out(condition["not"], condition.at("not")))
        if isinstance(parts := condition.get("any"), list):
            at = condition.at("any")
            return condition.having({"any": [self.written_out(part, at.inner(n)) for n, part in enumerate(parts)]})
        return _compared(condition)

    @property
    def _words(self) -> dict[str, Callable[[Any, Origin], Any]]:
        return {
            "answered": lambda fact, at: self._each(_answered, fact, at),
            "happened": lambda fact, at: self._each(_happened, fact, at),
            "yes": lambda fact, at: self._each(_yes, fact, at),
        }

    def _each(self, cell: Callable[[Any, Origin], Any], names: Any, at: Origin) -> Any:  # noqa: ANN401 - as above
        if not isinstance(names, list):
            return cell(names, at)
        parts = [cell(name, at.inner(number)) for number, name in enumerate(names)]
        return Entry({"all": parts}, at, exact=False)

    def _holding(self, name: Any, at: Origin) -> Any:  # noqa: ANN401 - as above
        if name not in self._named:
            remedy = suggestion(str(name), self._named)
            self._flaws.append(at.flaw(phrase("unknown", name=name, what=phrase("noun-condition"), remedy=remedy)))
        elif name in self._open:
            self._flaws.append(at.flaw(phrase("condition-within-itself", name=name)))
        else:
            self._open.append(name)
            self.used.add(name)
            result = self.written_out(self._named[name], self._named.at(name))
            self._open.remove(name)
            return result
        return Entry(_NEVER, at, exact=False)


_NEVER: Final = {"derived": "today", "before": _TODAY}
"""Stands for a condition that is not known, which has a flaw of its own."""


def _longer(condition: Entry) -> Iterator[tuple[str, str]]:
    """Yield the keys of a condition for which there is a short word, and what is written instead."""
    if condition.get("is") is True and "fact" in condition:
        yield "is", '{ yes = "…" }'
    stretch = next((word for word in _COUNTED if word in condition), None)
    short = next((word for word, function in _COUNTED.items() if condition.get("derived") == function), None)
    if short:
        yield "derived", f"{{ {short} = [ … ] }}"
    if stretch and "at_most" in condition:
        yield "at_most", "within"
    if not stretch and "within" in condition:
        yield "within", "at_most"
    for key in _BY_NUMBER:
        if any(isinstance(value, dict) and "param" in value for value in _listed(condition.get(key))):
            yield key, f'{key} = "…"'


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _joined(rest: Entry, cell: Any) -> Any:  # noqa: ANN401 - as above
    """Return a cell with the keys that were written beside its short word, none of which belongs there."""
    return cell.having(rest, {key: rest.at(key) for key in rest}) if rest and isinstance(cell, Entry) else cell


def _answered(fact: Any, at: Origin) -> Entry:  # noqa: ANN401 - as above
    return Entry({"not": Entry({"fact": fact, "is_missing": True}, at, exact=False)}, at, exact=False)


def _happened(day: Any, at: Origin) -> Entry:  # noqa: ANN401 - as above
    return Entry({"not": Entry({"fact": day, "after": _TODAY}, at, exact=False)}, at, exact=False)


def _yes(fact: Any, at: Origin) -> Entry:  # noqa: ANN401 - as above
    return Entry({"fact": fact, "is": True}, at, exact=False)


def _opposite(condition: Entry, inner: Any) -> Entry:  # noqa: ANN401 - as above
    """Return the opposite of a condition; that of `answered` is that the fact is missing."""
    written = condition["not"]
    if isinstance(written, Entry) and isinstance(written.get("answered"), str) and len(written) == 1:
        return _joined(condition.without("not"), inner["not"])  # type: ignore[no-any-return]
    return condition.having({"not": inner})


def _compared(condition: Entry) -> Entry:
    """Return a comparison with the function of a stretch of days, and with the numbers that are named in it."""
    for word, function in _COUNTED.items():
        if word in condition:
            at = condition.at(word)
            cell = {"derived": function, "of": condition[word]}
            condition = condition.without(word).having(cell, {"derived": at, "of": at})
    if "within" in condition and "at_most" not in condition:
        most = {"at_most": condition["within"]}
        condition = condition.without("within").having(most, {"at_most": condition.at("within")})
    numbers = {key: _operand(condition[key], condition.at(key)) for key in _BY_NUMBER if key in condition}
    return condition.having(numbers)


def _operand(value: Any, at: Origin) -> Any:  # noqa: ANN401 - as above
    match value:
        case str() if _NAME.fullmatch(value):
            return Entry({"param": value}, at, exact=False)
        case list():
            return [_operand(inner, at.inner(number)) for number, inner in enumerate(value)]
        case _:
            return value
