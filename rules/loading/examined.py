"""Examines a rule set that can be read as publishing does: its examples, then the proof, which rests on them."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.calendar import Calendar
from rules.checks.flaws import Flaw
from rules.language.phrases import Phrase, phrase
from rules.language.rule_set import RuleSet
from rules.loading.read_toml import Reading
from rules.proof.findings import Finding
from rules.proof.proof import Progress, Proof, prove
from rules.proving.coverage import indecisive, report
from rules.proving.differing import differing_lines
from rules.proving.run_examples import ExampleResult, run_examples


@dataclass(frozen=True, slots=True)
class Examined:
    """What examples and proof say of a set; there is no proof while an example differs."""

    reading: Reading
    results: tuple[ExampleResult, ...]
    proof: Proof | None

    @property
    def is_sound(self) -> bool:
        """Return whether every example fits and nothing is refuted or undecided."""
        return self.proof is not None and not self.proof.findings

    @property
    def differing(self) -> tuple[Phrase, ...]:
        """Return how examples differ from what the rules say."""
        return tuple(differing_lines(self.results, self.reading.examples))

    @property
    def refused(self) -> tuple[tuple[Flaw, Finding], ...]:
        """Return what the proof found, each with the line in which it was written."""
        found = self.proof.findings if self.proof else ()
        return tuple((self.reading.flaw(one.path, one.phrase), one) for one in found)

    @property
    def report(self) -> tuple[Phrase, ...]:
        """Return the report of the examples, what is proposed for them, and how much was proved."""
        proof, lines = self.proof, tuple(example_report(self.reading, self.results))
        if proof is None:
            return (*lines, phrase("report-not-proved"))
        counted = {"questions": proof.questions, "found": len(proof.findings)}
        return (*lines, *(one.phrase for one in proof.proposals), phrase("report-proved", **counted))


def example_report(reading: Reading, results: tuple[ExampleResult, ...]) -> Iterator[Phrase]:
    """Yield the report of the examples, with what the reader of the files noted."""
    noted = (phrase("report-note", file=note.file, line=note.line, note=note.phrase) for note in reading.notes)
    yield from report(reading.rule_set, results, reading.examples, dict.fromkeys(noted))


def examined(reading: Reading, calendar: Calendar, progress: Progress = lambda _: None) -> Examined:
    """Return what examples and proof say of a set; `progress` hears of each step that is being proved."""
    return Examined(reading, *tried_and_proved(reading.rule_set, calendar, progress))


def tried_and_proved(
    rules: RuleSet, calendar: Calendar, progress: Progress = lambda _: None
) -> tuple[tuple[ExampleResult, ...], Proof | None]:
    """Return how the examples of a set come out, and the proof, which there is once they all fit."""
    results = run_examples(rules, calendar)
    if any(result.differences for result in results):
        return results, None
    return results, prove(rules, calendar, indecisive(rules, results), progress)
