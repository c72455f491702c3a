"""What an observer may not find in any answer: the labels of all that the rules do not let the kind read."""

from typing import Final

from domain.state.reads import Reads
from rules.engine.book import Book
from wording.labels import Labels

LONG_ENOUGH: Final = 5
"""How many signs a word has at least that is looked for: a shorter one may be in any answer."""


def hidden_labels(book: Book, reads: Reads, labels: Labels) -> set[str]:
    """Return what the rules call the facts, values, kinds of notes, steps and requirements that are not read."""
    rules = book.rule_set
    hidden = {labels.step(step.id) for step in rules.steps if step.id not in reads.steps}
    hidden |= {labels.requirement(r.id) for step in rules.steps for r in step.requirements}
    hidden |= {labels.requirement_missing(r.id) for step in rules.steps for r in step.requirements}
    hidden |= {labels.note_kind(kind) for kind in book.note_kinds if kind not in reads.note_kinds}
    for fact in rules.facts:
        if fact.id not in reads.facts:
            hidden |= {labels.fact(fact.id), *(labels.text(value.label) for value in fact.values)}
    shown = {labels.step(step) for step in reads.steps} | {labels.note_kind(kind) for kind in reads.note_kinds}
    for fact in rules.facts:
        if fact.id in reads.facts:
            shown |= {labels.fact(fact.id), *(labels.text(value.label) for value in fact.values)}
    common = " ".join((*shown, *(labels.appointment(step.id, m.id) for step in rules.steps for m in step.appointments)))
    return {word for word in hidden if _is_telling(word) and word not in common}


def _is_telling(word: str) -> bool:
    """Whether a label is long enough to be looked for, and no common word, which may be the name of a field."""
    return len(word) >= LONG_ENOUGH and word != word.lower()
