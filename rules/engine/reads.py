"""What the rules let somebody read who observes a course as one of its kinds."""

from domain.state.facts import NOTE_KINDS
from domain.state.observers import ObserverKind
from domain.state.reads import Reads
from rules.language.rule_set import RuleSet


def reads_of(rules: RuleSet, kind: ObserverKind, person: str) -> Reads:
    """Return what somebody reads who observes as this kind: facts, kinds of notes, and visits to steps."""
    names = frozenset(rules.observers.reads(kind))
    return Reads(
        person=person,
        facts=names.intersection(fact.id for fact in rules.facts),
        note_kinds=names.intersection((*NOTE_KINDS, *(kind.id for kind in rules.note_kinds))),
        steps=names.intersection(step.id for step in rules.steps),
    )
