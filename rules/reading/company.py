"""What a company may be told at a step, in sentences for a jurist."""

from collections.abc import Iterator
from typing import Final

from rules.language.planning import CompanyTold
from rules.reading.words import Words

_HEADING: Final = ("### Hvad virksomheden får at vide", "### What the company is told")
_FACTS: Final = ("Oplysninger: {}.", "Facts: {}.")
_NOTES: Final = (
    "Ord, som en af de to roller har godkendt til netop denne virksomhed, af typerne: {}.",
    "Words that one of the two roles approved for this very company, of the kinds: {}.",
)
_CONSIDERATIONS: Final = (
    "Kun med borgerens samtykke ({}: {}), og godkendt på samme måde: {}, og alt om helbred og hensyn.",
    "With the citizen’s consent alone ({}: {}), and approved likewise: {}, and all about health and considerations.",
)
_NO_CONSENT: Final = (
    "Helbred og hensyn får virksomheden ikke at vide; regelsættet har intet samtykke til det.",
    "The company is told nothing of health and considerations; the set has no consent for it.",
)


def company_lines(told: CompanyTold, words: Words) -> Iterator[str]:
    """Yield what a company is told, under a heading."""
    yield from ("", words.pick(_HEADING), "")
    yield from (f"- {sentence}" for sentence in company_sentences(told, words))


def company_sentences(told: CompanyTold, words: Words) -> Iterator[str]:
    """Yield what a company is told: the purpose, facts, approved words, and what takes consent."""
    yield words.text(told.purpose)
    if told.facts:
        yield words.pick(_FACTS).format(words.joined(map(words.fact, told.facts)))
    if told.notes:
        yield words.pick(_NOTES).format(words.joined(map(words.note, told.notes)))
    declared = words.facts.get(told.consent) if told.consent is not None else None
    if declared is None:
        yield words.pick(_NO_CONSENT)
        return
    given = words.joined(words.text(value.label) for value in declared.values if value.id in told.given)
    kinds = words.joined(map(words.note, told.considerations)) if told.considerations else "–"
    yield words.pick(_CONSIDERATIONS).format(words.fact(declared.id), given, kinds)
