"""A rule set many times as large as another: copies of its steps with all they ask, each leading to the next."""

import json
from collections.abc import Mapping
from itertools import chain
from typing import Any, Final

from domain.model import canonical
from domain.state.verdict import CLOSING_OUTCOME, TARGET_GROUP
from rules.language.rule_set import RuleSet
from rules.language.steps import FACT_PREFIX
from rules.loading.read_toml import from_canonical

_COPIED: Final = ("facts", "parameters", "steps", "ladders", "situations", "examples", "note_kinds")
_SHARED: Final = frozenset({TARGET_GROUP, CLOSING_OUTCOME})
"""The facts of which a course has one, however large its set is."""

_OF_ENGINE: Final = frozenset({"derived", "kind"})
"""The fields in which a word is the engine's own, though something in a set may be called the same."""


def enlarged(rules: RuleSet, times: int) -> RuleSet:
    """Return a set of so many copies of another; from the last step of each a course can go on to the next copy."""
    written = json.loads(rules.canonical)
    names = _names(written)
    copies = [_renamed(written, {name: f"{name}_{copy}" for name in names}) for copy in range(times)]
    for number, copy in enumerate(copies):
        _lead_on(copy, f"next_{number}", copies[(number + 1) % times]["steps"][0]["id"])
        for example in copy["examples"]:
            example["say"]["da"] += f" ({number})"
    whole: dict[str, Any] = {part: [*chain(*(copy.get(part, ()) for copy in copies))] for part in _COPIED}
    whole["facts"] = [*{fact["id"]: fact for fact in whole["facts"]}.values()]
    whole["ladders"] = [*{_waits(ladder): ladder for ladder in whole["ladders"]}.values()]
    return from_canonical(canonical({**written, **whole, "observers": {}}))


def _lead_on(copy: dict[str, Any], fact: str, to: str) -> None:
    """Let the last step of a copy lead on to another step once a new fact is stated."""
    declared = {"type": "date", "label": {"da": fact}, "scope": "course", "reporters": ["caseworker"]}
    copy["facts"].append({"id": fact, **declared})
    stated = {"not": {"fact": fact, "is_missing": True}}
    copy["steps"][-1]["routes"].insert(1, {"when": stated, "to": [to]})


def _waits(ladder: Mapping[str, Any]) -> tuple[str | None, ...]:
    """Return for what a ladder is; those of a whole kind of wait are the same in every copy."""
    return ladder["waiting"], ladder.get("step"), ladder.get("requirement")


def _names(written: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of all that is copied."""
    own = {one["id"] for part in _COPIED for one in written.get(part, ()) if "id" in one}
    own |= {alias for fact in written["facts"] for alias in fact.get("aliases", ())}
    return frozenset(own | {one["id"] for step in written["steps"] for one in step.get("requirements", ())}) - _SHARED


def _renamed(written: Any, names: Mapping[str, str]) -> Any:
    """Return a part of a set in which every id is that of a copy."""
    match written:
        case dict():
            return {
                names.get(key, key): part if key in _OF_ENGINE else _renamed(part, names)
                for key, part in written.items()
            }
        case list():
            return [_renamed(part, names) for part in written]
        case str():
            prefix = FACT_PREFIX if written.startswith(FACT_PREFIX) else ""
            name = written.removeprefix(prefix)
            return prefix + names.get(name, name)
        case _:
            return written
