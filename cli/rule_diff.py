"""What differs between two versions of rules, for people as lines of Markdown and for other programs as JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from rules.language.formats import Language
from rules.language.rule_set import RuleSet
from rules.proof.diff import Diff, Differing
from rules.proof.diff_classes import Allowed, Class, Effect, OtherEffect, OtherTime, OtherWay, Way
from rules.proof.diff_told import DiffWords
from rules.proof.diff_vocabulary import Vocabulary
from rules.reading.changes import changes

_SAME, _DIFFERENT, _UNDECIDED = 0, 1, 2
_DIFFERS: Final[Mapping[type[Class], str]] = {OtherWay: "way", OtherEffect: "effect", OtherTime: "deadline"}
_RUNNING: Final = {
    "da": "Hvilke åbne forløb det rammer, siger `fodslag rules what-if {0} --municipality KOMMUNE`.",
    "en": "Which open courses it meets is told by `fodslag rules what-if {0} --municipality MUNICIPALITY`.",
}


def diff_exit_code(diff: Diff) -> int:
    """Return 0 where every citizen is decided on the same, 2 where something is undecided, else 1."""
    if diff.undecided:
        return _UNDECIDED
    return _SAME if diff.is_equivalent else _DIFFERENT


def diff_lines(diff: Diff, after: str, language: Language) -> Iterator[str]:
    """Yield the differences in text, then whom they are of; `after` is how the command names the second version."""
    yield from changes(diff.before.book, diff.after.book, language)
    yield ""
    yield from DiffWords(diff, language).lines()
    if not diff.is_equivalent:
        yield from ("", _RUNNING[language].format(after))


def diff_as_json(diff: Diff) -> str:
    """Return the same as JSON; a citizen of a class is written as an example has her."""
    books = (diff.before.book, diff.after.book)
    words = DiffWords(diff, "da"), DiffWords(diff, "en")
    return json.dumps(
        {
            **{name: _named(book.rule_set) for name, book in zip(("before", "after"), books, strict=True)},
            "equivalent": diff.is_equivalent,
            "since": diff.since.isoformat(),
            "questions": diff.questions,
            "classes": [_differing(one, words) for one in diff.classes],
            "undecided": [_class(kind, words) for kind in diff.undecided],
            "only_before": _only(diff.steps_only_before, diff.before),
            "only_after": _only(diff.steps_only_after, diff.after),
            "changes": {"da": [*changes(*books, "da")], "en": [*changes(*books, "en")]},
        },
        ensure_ascii=False,
        indent=2,
    )


def _named(rules: RuleSet) -> dict[str, str]:
    return {"id": rules.id, "version": rules.version, "sha256": rules.sha256}


def _only(steps: tuple[str, ...], version: Vocabulary) -> dict[str, Any]:
    return {
        "steps": steps,
        "target_groups": [group.model_dump() for group in version.own_groups],
        "target_groups_by_former_name": [group.model_dump() for group in version.own_former_groups],
    }


def _class(kind: Class, words: tuple[DiffWords, DiffWords]) -> dict[str, Any]:
    danish, english = (each.kind(kind) for each in words)
    return {
        "step": kind.step,
        "differs": _DIFFERS[type(kind)],
        "requirement": None if isinstance(kind, OtherWay) else kind.requirement,
        "before": _outcome(kind.before),
        "after": _outcome(kind.after),
        "text": {"da": danish, "en": english},
    }


def _outcome(outcome: Way | Allowed | Effect | None) -> Any:  # noqa: ANN401 - what `json` writes
    return outcome._asdict() if isinstance(outcome, Way | Allowed) else outcome


def _differing(one: Differing, words: tuple[DiffWords, DiffWords]) -> dict[str, Any]:
    danish, english = (each.differing(one) for each in words)
    return {
        **_class(one.kind, words),
        "text": {"da": danish, "en": english},
        "whom": {
            "target_groups": one.whom.groups,
            "target_groups_on": one.whom.groups_on,
            "target_group_unsure": one.whom.unsure,
            "days_of": one.whom.days_of,
            "since": one.whom.since and one.whom.since.isoformat(),
            "until": one.whom.until and one.whom.until.isoformat(),
        },
        "citizen": one.citizen.model_dump(mode="json", exclude_defaults=True),
    }
