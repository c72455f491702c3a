"""Makes the example that a requirement lacks, in which it alone holds a step, or proves that there can be none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.engine.gates import CompiledRequirement
from rules.language.examples import Circumstances
from rules.language.phrases import Phrase, phrase
from rules.language.steps import Level
from rules.proof.asking import Asking
from rules.proof.logic import Answer, Formula
from rules.proof.shown import Decided
from rules.proof.told import told


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed of a requirement: a citizen whom it alone holds, or None where it never holds anybody alone."""

    requirement: str
    phrase: Phrase
    citizen: Circumstances | None = None


def proposals(askings: Sequence[Asking], names: Sequence[str]) -> Iterator[Proposal]:
    """Yield a proposal for each requirement of these names."""
    for name in names:
        yield next(_shown(askings, name), None) or _never(askings, name)


def _ways(askings: Sequence[Asking], name: str) -> Iterator[tuple[Asking, int, CompiledRequirement, Formula]]:
    """Yield each way on which a requirement is asked, with that it holds the visit back and no other does."""
    for asking in askings:
        for place in range(len(asking.step.routes)):
            held = asking.gate.held_by(place)
            for asked, holds in held.items():
                if asked.requirement.id == name and asked.requirement.level is Level.BLOCK:
                    others = (asking.logic.no(other) for one, other in held.items() if one is not asked)
                    yield asking, place, asked, asking.logic.all_of((asking.gate.hits[place], holds, *others))


def _shown(askings: Sequence[Asking], name: str) -> Iterator[Proposal]:
    for asking, place, _, alone in _ways(askings, name):

        def is_alone(decided: Decided, place: int = place) -> bool:
            holding = [one.requirement for one in decided.verdict.requirements if one.holds_back]
            return decided.row == place and holding == [name]

        found = asking.some(is_alone, alone)
        if found.citizen is not None:
            rules, citizen = asking.book.rule_set, asking.least(is_alone, found.citizen, alone)
            yield Proposal(name, phrase("proof-proposes", name=name, citizen=told(rules, citizen)), citizen)


def _never(askings: Sequence[Asking], name: str) -> Proposal:
    answers = [asking.none(alone).answer for asking, _, _, alone in _ways(askings, name)]
    is_proved = all(answer is Answer.NONE for answer in answers)
    return Proposal(name, phrase("proof-never-alone" if is_proved else "proof-proposes-nothing", name=name))
