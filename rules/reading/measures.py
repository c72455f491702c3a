"""How a set is counted in the figures, in sentences for a jurist."""

from collections.abc import Iterator
from typing import Final

from domain.state.measures import MeasureKind
from domain.state.verdict import CLOSING_OUTCOME
from rules.language.planning import Measured
from rules.language.rule_set import RuleSet
from rules.reading.words import Words

_KINDS: Final = {
    MeasureKind.FIRST_VISIT: ("besøg hos en virksomhed", "visit to a company"),
    MeasureKind.TRIAL: ("praktik", "trial"),
    MeasureKind.PAID_HOURS: ("løntimer", "paid hours"),
}
_COUNTS: Final = (
    "I tallene tæller trinnet som {}. Det begynder ved {}.",
    "In the figures the step counts as {}. It begins by {}.",
)
_ENDS: Final = ("Det slutter ved {}.", "It ends by {}.")
_PRESENT: Final = ("Begge var med, medmindre nej er svaret på {}.", "Both took part, unless no is the answer to {}.")
_ELSE: Final = (", ellers ", ", or else ")


def measure_sentences(measure: Measured, words: Words) -> Iterator[str]:
    """Yield what a step counts as in the figures, and by which facts it begins and ends in reality."""
    between = words.pick(_ELSE)
    yield words.pick(_COUNTS).format(words.pick(_KINDS[measure.kind]), between.join(map(words.fact, measure.begins)))
    if measure.ends:
        yield words.pick(_ENDS).format(between.join(map(words.fact, measure.ends)))
    if measure.present:
        yield words.pick(_PRESENT).format(words.joined(map(words.fact, measure.present)))


def clarifying_labels(rules: RuleSet, words: Words) -> Iterator[str]:
    """Yield the closing outcomes by which the figures take the citizen for clarified."""
    for fact in rules.facts:
        if fact.id == CLOSING_OUTCOME:
            yield from (words.text(value.label) for value in fact.values if value.id in rules.clarifying)
