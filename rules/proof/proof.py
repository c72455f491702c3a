"""The whole proof of a rule set: every question asked of every citizen, and what the examples do not show yet."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from domain.calendar import Calendar
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from rules.proof.afterwards import afterwards_findings
from rules.proof.answering import answering_findings
from rules.proof.asking import Asking
from rules.proof.deciding import Proposal, proposals
from rules.proof.findings import Finding
from rules.proof.gaps import gap_findings
from rules.proof.keeping import keeping_findings
from rules.proof.lives import Lives
from rules.proof.logic import Logic
from rules.proof.numbers import number_findings
from rules.proof.openings import closed_ways, opening_findings
from rules.proof.waits import wait_findings

Progress = Callable[[str], None]
"""Told of each step, by its id, when its turn comes."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found of a set, what is proposed for its examples, and how many questions were asked about citizens."""

    findings: tuple[Finding, ...]
    proposals: tuple[Proposal, ...]
    questions: int


def prove(
    rule_set: RuleSet, calendar: Calendar, unsure: Sequence[str] = (), progress: Progress = lambda _: None
) -> Proof:
    """Prove of a set without flaws what must hold of every citizen; `unsure` are requirements that lack an example."""
    book, logic = Book(rule_set.model_copy(update={"ladders": ()})), Logic()  # Ladders decide nothing, and are slow.
    askings = [Asking(book, step, calendar, logic) for step in rule_set.steps]
    found = {(one.path, one.phrase): one for one in _findings(rule_set, askings, progress)}
    proposed = tuple(proposals(askings, unsure))
    return Proof(tuple(found.values()), proposed, sum(asking.questions for asking in askings))


def _findings(rule_set: RuleSet, askings: Sequence[Asking], progress: Progress) -> Iterator[Finding]:
    yield from number_findings(rule_set)
    yield from wait_findings(rule_set)
    openings: list[Finding] = []
    for number, asking in enumerate(askings):
        progress(asking.step.id)
        openings += opening_findings(asking, number)
        yield from gap_findings(asking, number)
        yield from keeping_findings(asking, number)
        yield from answering_findings(asking)
        yield from afterwards_findings(asking, number)
    yield from openings
    yield from Lives(rule_set, askings, closed_ways(rule_set, openings)).findings()
