"""What a proof finds of a rule set: where, what, and the citizen whom it would hold, or free, for no reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rules.checks.flaws import Path
from rules.language.examples import Circumstances
from rules.language.phrases import Phrase, PhraseValue, phrase
from rules.language.rule_set import RuleSet
from rules.proof.told import told

Question = Literal[
    "afterwards",
    "by-itself",
    "by-nobody",
    "contradict",
    "ends-elsewhere",
    "endless",
    "falls",
    "gap",
    "group",
    "loss",
    "moved",
    "never-followed",
    "no-ladder",
    "number-gap",
    "outcome-never",
    "ready",
    "silent",
    "unanswerable",
    "unasked",
]
"""What is asked of every citizen, by the fault that a citizen shows."""


Values = Mapping[str, PhraseValue]
"""What the words of a fault name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault with its place, in words, and the citizen who shows it, if it can be shown by one.

    `is_undecided` says that nobody can tell whether it is so, which is refused as well.
    """

    path: Path
    question: Question
    phrase: Phrase
    citizen: Circumstances | None = None
    is_undecided: bool = False


def refuted(
    rules: RuleSet, path: Path, question: Question, values: Values, citizen: Circumstances | None = None
) -> Finding:
    """Return a fault, and in its words the citizen who shows it."""
    shown = {} if citizen is None else {"citizen": told(rules, citizen)}
    return Finding(path, question, phrase(f"proof-{question}", **values, **shown), citizen)


def undecided(path: Path, question: Question, values: Values) -> Finding:
    """Return that a question cannot be answered, naming it."""
    asked = phrase(f"question-{question}", **values)
    return Finding(path, question, phrase("proof-undecided", question=asked), is_undecided=True)
