"""Names the texts of a rule set that have no English words yet, as `english.toml` names them."""

from collections.abc import Iterator
from typing import Final

from domain.state.waiting import WaitingKind
from rules.language.examples import Example
from rules.language.rule_set import RuleSet
from rules.language.steps import Ladder
from rules.language.text import RuleModel, Text

_WRITTEN: Final = {"parameters": "numbers"}
_BY_THEMSELVES: Final = frozenset({"requirements"})
"""Entries within others whose English stands at the head of the file, for their ids are of the whole set."""


def untranslated(rule_set: RuleSet) -> tuple[str, ...]:
    """Return the names of the texts without English words."""
    return tuple(dict.fromkeys(".".join(path) for path, text in _texts((), rule_set) if text.en is None))


def _texts(path: tuple[str, ...], part: object) -> Iterator[tuple[tuple[str, ...], Text]]:
    match part:
        case Text():
            yield path, part
        case Ladder():
            yield from ((_about(part), rung.text) for rung in part.rungs if rung.text)
        case Example():
            yield ("examples", f'"{part.say.da}"'), part.say
        case RuleModel():
            for key in type(part).model_fields:
                inner = (_WRITTEN.get(key, key),)
                yield from _texts(inner if key in _BY_THEMSELVES else (*path, *inner), getattr(part, key))
        case tuple():
            for number, inner in enumerate(part):
                yield from _texts((*path, str(getattr(inner, "id", number))), inner)


def _about(ladder: Ladder) -> tuple[str, ...]:
    """Return the name of the reminders of a requirement, or of a wait in general."""
    if ladder.requirement:
        remind = "refused_remind" if ladder.waiting is WaitingKind.DECISION else "remind"
        return "requirements", ladder.requirement, remind
    return (*(("steps", ladder.step) if ladder.step else ()), "reminders", ladder.waiting)
