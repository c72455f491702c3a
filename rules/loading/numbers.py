"""The numbers of a set, one line each, as parameters with a row for each date and group of target groups."""

from collections.abc import Iterator
from typing import Any, Final

from rules.checks.flaws import Flaw
from rules.language.phrases import phrase
from rules.loading.written import Entry

VALUES: Final = ("value", "since", "groups", "rows")
"""The keys for what a number is, which an amending set writes anew together."""

_ONE_ROW: Final = ("value", "since", "groups")
"""The keys of a number that has one row and no list of them."""


def parameter(number: Entry, defaults: Entry, flaws: list[Flaw]) -> Entry:
    """Return a number as the engine's parameter."""
    result = number
    rows = number.get("rows")
    if rows is None:
        if "value" not in number and "groups" not in number:
            flaws.append(number.origin.flaw(phrase("value-missing")))
            number = number.having({"value": 0})
        result = result.without(*VALUES).having({"rows": list(_rows(number, defaults))}, {"rows": number.at("value")})
    elif isinstance(rows, list):
        if not number.keys().isdisjoint(_ONE_ROW):
            flaws.append(number.at("rows").flaw(phrase("value-and-rows")))
            result = result.without(*_ONE_ROW)
        result = result.having({"rows": [inner for row in rows for inner in _written_rows(row, defaults)]})
    return result


def _written_rows(row: Any, defaults: Entry) -> Iterator[Any]:  # noqa: ANN401 - a row before it is checked
    if isinstance(row, Entry):
        yield from _rows(row, defaults)
    if not isinstance(row, Entry) or row.without(*VALUES):
        yield row


def _rows(number: Entry, defaults: Entry) -> Iterator[Entry]:
    """Yield the row of all target groups, and one for those that share another value."""
    since = {"valid_from": number["since"]} if "since" in number else {}
    if not since and "since" in defaults:
        since = {"valid_from": defaults["since"]}
    keys = {"valid_from": number.at("since"), "value": number.at("value")}
    if "value" in number:
        yield Entry({**since, "value": number["value"]}, number.origin, keys)
    groups = number.get("groups")
    by_value: dict[str, list[str]] = {}
    for group, value in groups.items() if isinstance(groups, Entry) else ():
        by_value.setdefault(repr(value), []).append(group)
    for named in by_value.values():
        content = {**since, "target_groups": named, "value": groups[named[0]]}  # type: ignore[index]
        yield Entry(content, number.at("groups"), {"valid_from": number.at("since")}, exact=False)
