"""Flaws of shape: the errors of pydantic in plain words, at the place in the file where they belong."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.identity import GATE_ROLES
from rules.checks.flaws import Path, suggestion
from rules.language.conditions import TAGGED, Comparison
from rules.language.phrases import Phrase, UnfitError, listed, phrase
from rules.language.rule_set import RuleSet
from rules.language.steps import Parameter, Refused, Requirement, RouteRow, RungRow, Step
from rules.language.text import RuleModel


def shape_flaws(error: ValidationError) -> Iterator[tuple[Path, Path, Phrase]]:
    """Yield the place, the table to name and the words of each error of pydantic."""
    errors = error.errors(include_url=False)
    misspelt = {(*_place(e)[:-1], _nearest(e)) for e in errors if e["type"] == "extra_forbidden"}
    for detail in errors:
        place = _place(detail)
        if (detail["type"] == "missing" and place in misspelt) or _follows_from_others(detail):
            continue
        is_key = detail["type"] in ("missing", "extra_forbidden")
        yield place, place[:-1] if is_key else place, _phrase(detail)


_QUOTED: Final = re.compile("'([^']*)'")
_FACT_VALUE: Final = ("bool", "int", "str")


def _follows_from_others(detail: ErrorDetails) -> bool:
    """Return whether a list is called short only because its elements are wrong, which have flaws of their own."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _is_of_fact_value(detail: ErrorDetails) -> bool:
    return detail["type"].endswith("_type") and detail["loc"][-1] in _FACT_VALUE


def _place(detail: ErrorDetails) -> Path:
    """Return where an error is, without pydantic's names for the members of a union."""
    path = tuple(part for part in detail["loc"] if not str(part).startswith("#"))
    return path[:-1] if _is_of_fact_value(detail) else path


_SHORTER: Final[dict[type[RuleModel], tuple[str, ...]]] = {
    RuleSet: ("conditions", "defaults", "english", "law", "local", "method", "patterns", "reminders"),
    Step: ("examples", "facts", "note_kinds", "reminders", "situations"),
    Requirement: ("examples", "remind"),
    Refused: ("remind",),
    RouteRow: ("examples", "id"),
    Parameter: ("groups", "since", "value"),
    RungRow: ("after_deadline",),
    Comparison: ("answered", "days", "happened", "length", "within", "working_days", "yes"),
}
"""Keys that are written out before the models see a set."""

WRITTEN_OUT: Final = {
    "all": phrase("write-condition-list"),
    "counted_from": phrase("write-after-deadline"),
    "is_missing": phrase("write-answered"),
    "ladders": phrase("write-reminders"),
    "parameters": phrase("write-numbers"),
    "scope": phrase("write-in-step"),
}
"""Keys that only the models have, and how what they hold is written."""


def _nearest(detail: ErrorDetails) -> str:
    close = get_close_matches(str(detail["loc"][-1]), _keys_at(detail["loc"]), n=1)
    return close[0] if close else ""


def _keys_at(loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the table around an error may have."""
    model: type[RuleModel] = RuleSet
    for part in loc[:-1]:
        if part in TAGGED:
            model = TAGGED[str(part)]
        elif isinstance(part, str):
            inner = [kind for key, kind in _tables_in(model) if key == part]
            model = inner[0] if inner else model
    return sorted({*(key for key, _ in _keys(model)), *_SHORTER.get(model, ())} - WRITTEN_OUT.keys())


def _keys(model: type[RuleModel]) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        yield field.alias or name, field.annotation


def _tables_in(model: type[RuleModel]) -> Iterator[tuple[str, type[RuleModel]]]:
    """Yield each key that holds tables of one kind; where they are of several kinds, a tag says which."""
    for key, annotation in _keys(model):
        kinds = set(_models_in(annotation))
        if len(kinds) == 1:
            yield key, kinds.pop()


def _models_in(annotation: Any) -> Iterator[type[RuleModel]]:  # noqa: ANN401 - an annotation is anything
    if isinstance(annotation, type) and issubclass(annotation, RuleModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


_PLAIN: Final = {
    "bool_type": "write-true",
    "int_type": "write-whole",
    "string_type": "write-text",
    "tuple_type": "write-list",
    "model_type": "write-table",
    "dict_type": "write-table",
    "string_too_short": "write-words",
    "too_short": "write-one",
    "too_long": "too-long",
    "date_parsing": "write-day",
    "date_type": "write-day",
    "decimal_type": "write-number",
    "decimal_parsing": "write-number",
    "greater_than": "more-than",
    "greater_than_equal": "too-small",
    "less_than_equal": "too-large",
}
"""The codes of the errors of pydantic that the writer of a set can make; their values are those of pydantic."""


def _unknown(key: str, loc: tuple[int | str, ...]) -> Phrase:
    if key in ("new", "remove"):
        return phrase("of-amending", key=key)
    return phrase("key-unknown", key=key, remedy=suggestion(key, _keys_at(loc)))


def _not_of(detail: ErrorDetails) -> Phrase:
    """Return the phrase for a word that is none of a list; requirements ask one of two roles only."""
    if "roles" in detail["loc"]:
        return phrase("role-not-asked", role=detail["input"], names=listed(GATE_ROLES))
    names = tuple(_QUOTED.findall(detail["ctx"]["expected"]))
    return phrase("value-unknown", value=detail["input"], names=names)


def _phrase(detail: ErrorDetails) -> Phrase:
    kind, context = detail["type"], detail.get("ctx", {})
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "missing":
        name = "since" if key == "valid_from" and detail["loc"][0] == "parameters" else key
        return phrase("key-missing", key=name)
    if kind == "extra_forbidden":
        return _unknown(key, detail["loc"])
    if kind in ("enum", "literal_error"):
        return _not_of(detail)
    if _is_of_fact_value(detail):
        return phrase("write-value")
    if kind == "value_error":
        error = context["error"]
        return error.phrase if isinstance(error, UnfitError) else phrase("unfit-here", message=error)
    return phrase(_PLAIN[kind], **context) if kind in _PLAIN else phrase("unfit-here", message=detail["msg"])
