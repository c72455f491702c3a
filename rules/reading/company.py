"""What a company may be told at a step, and what it may say when it calls, in sentences for a jurist."""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.state.facts import FactValue
from rules.explain.models import ExplainedValue
from rules.language.planning import CallIn, CompanyTold
from rules.reading.words import Words

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

_ANSWERED: Final = ("{} besvares med {}", "{} is answered with {}")
_NOTE: Final = ("et notat siger {}", "a note says {}")
_DAY: Final = ("{} er dagen for opkaldet", "{} is the day of the call")


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


def call_sentences(calls: Sequence[CallIn], words: Words) -> Iterator[str]:
    """Yield what each thing that a company may say by one tap records."""
    for call in calls:
        recorded = [_stated(name, value, words) for name, value in call.facts.items()]
        recorded += [words.pick(_DAY).format(words.fact(call.day))] if call.day else []
        recorded += [words.pick(_NOTE).format(words.quoted(words.text(call.words).rstrip(".")))] if call.words else []
        yield f"{words.text(call.label)}: {words.joined(recorded)}."


def _stated(name: str, value: FactValue, words: Words) -> str:
    answer = words.value(ExplainedValue(kind="fact", name=name), value)
    return words.pick(_ANSWERED).format(words.fact(name), words.quoted(answer))
