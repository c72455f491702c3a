"""Puts a whole rule set into the words of one language, in the order of the work, for its rule book."""

from collections.abc import Iterator
from typing import Final

from domain.state.observers import ObserverKind
from domain.state.verdict import Kind
from rules.engine.book import Book
from rules.language.examples import whole_circumstances
from rules.language.facts import COURSE, FactDeclaration
from rules.language.formats import Language
from rules.language.steps import Level, Parameter, ParameterRow, Requirement, Step
from rules.reading.book_models import (
    BookInWords,
    ExampleInWords,
    KeptGroup,
    KeptInWords,
    NumberInWords,
    NumberRow,
    RequirementInWords,
    Row,
    StepInWords,
)
from rules.reading.company import call_sentences, company_sentences
from rules.reading.measures import clarifying_labels, measure_sentences
from rules.reading.reminded import REMINDED
from rules.reading.requirements import RequirementWords
from rules.reading.words import SENSITIVITY, WAITS, Words

_PRINCIPLES: Final = (
    (
        "En oplysning, der mangler, opfylder intet krav, medmindre kravet spørger, om den mangler.",
        "What is not known meets no requirement, unless the requirement asks whether it is missing.",
    ),
    (
        "Vides det ikke, om et krav gælder, så gælder det; »er besvaret med« gælder kun, når der er svaret.",
        "While it is not known whether a requirement applies, it does; “was answered with” needs an answer.",
    ),
    (
        "Begge roller skal have kvitteret for orienteringen, før næste skridt tages; det kan intet regelsæt ændre.",
        "Both roles must have acknowledged the briefing before the next step is taken; no rule set can change that.",
    ),
)
_STORY: Final = (
    "Én gang spørges {}, om der er en god historie at fortælle. Det er frivilligt og holder intet tilbage.",
    "Once, {} is asked whether there is a good story to tell. It is voluntary and holds nothing back.",
)
_CLARIFYING: Final = ("I tallene er borgeren afklaret ved: {}.", "In the figures the citizen is clarified by: {}.")
_OTHERS: Final = ("alle andre", "all others")
_EVERYBODY: Final = ("alle", "all")
_COURSE: Final = ("Hele forløbet", "The whole course")
_NOTES: Final = ("Notater", "Notes")
_NOTHING: Final = "–"


def book_in_words(book: Book, language: Language) -> BookInWords:
    """Return a rule set in words."""
    return _Writer(book, language).book()


class _Writer:
    def __init__(self, book: Book, language: Language) -> None:
        self._book = book
        self._rules = book.rule_set
        self._words = Words(book.rule_set, language)
        self._asked = RequirementWords(book, self._words)
        situations = self._rules.situations
        self._steps_of_examples = [whole_circumstances(situations, one).step for one in self._rules.examples]

    def book(self) -> BookInWords:
        words, rules = self._words, self._rules
        clarifying = list(clarifying_labels(rules, words))
        return BookInWords(
            id=rules.id,
            version=rules.version,
            sha256=rules.sha256,
            title=words.text(rules.title),
            valid_from=rules.valid_from,
            draft=rules.draft,
            description=words.text(rules.description),
            notes=words.text(rules.notes) or None,
            clarifying=words.pick(_CLARIFYING).format(words.joined(clarifying)) if clarifying else None,
            principles=tuple(map(words.pick, _PRINCIPLES)),
            reminding=tuple(map(words.pick, REMINDED)),
            steps=tuple(self._step(place, step) for place, step in enumerate(rules.steps, 1)),
            numbers=tuple(self._number(number) for kind in Kind for number in rules.parameters if number.kind is kind),
            kept=tuple(self._kept()),
            observers=tuple(map(self._observer, ObserverKind)),
            reminders=tuple(self._reminders()),
        )

    def _step(self, place: int, step: Step) -> StepInWords:
        words = self._words
        return StepInWords(
            place=place,
            id=step.id,
            label=words.text(step.label),
            requirements=tuple(
                self._requirement(f"{place}.{number}", step, asked) for number, asked in enumerate(step.requirements, 1)
            ),
            ways=tuple(map(self._asked.way, step.routes)),
            story=words.pick(_STORY).format(words.roles([step.story.ask])) if step.story else None,
            company=tuple(company_sentences(step.company, words)) if step.company else (),
            calls=tuple(call_sentences(step.call_ins, words)),
            measure=" ".join(measure_sentences(step.measure, words)) if step.measure else None,
            examples=self._examples(None, step.id),
        )

    def _requirement(self, place: str, step: Step, asked: Requirement) -> RequirementInWords:
        words, conditions = self._words, self._asked.conditions
        waivers = sorted(asked.waivers)
        return RequirementInWords(
            place=place,
            id=asked.id,
            text=words.text(asked.text),
            blocks=asked.level is Level.BLOCK,
            who=self._asked.who(asked),
            until=self._asked.until(asked),
            reminded=self._asked.reminders(step.id, asked, of_leader=False),
            leader_hears=self._asked.reminders(step.id, asked, of_leader=True),
            kind=asked.kind,
            source=asked.source,
            when=conditions.clause(asked.when) if asked.when is not None else None,
            must=conditions.clause(asked.must),
            missing=words.text(asked.missing),
            refused_when=conditions.clause(asked.refused.when) if asked.refused else None,
            instead=self._asked.instead(asked.refused, asked) if asked.refused else None,
            waived_by=words.roles(waivers) if waivers else None,
            examples=self._examples(asked.id),
        )

    def _examples(self, shows: str | None, step: str | None = None) -> tuple[ExampleInWords, ...]:
        """Return the examples that show a requirement, or those of a step that show none."""
        return tuple(
            ExampleInWords(number=number, text=self._words.text(example.say))
            for number, (example, at) in enumerate(zip(self._rules.examples, self._steps_of_examples, strict=True), 1)
            if example.shows == shows and step in (None, at)
        )

    def _number(self, number: Parameter) -> NumberInWords:
        words = self._words
        return NumberInWords(
            id=number.id,
            label=words.text(number.label),
            kind=number.kind,
            dated_by=words.dated_by(number.dated_by),
            source=number.source,
            rows=tuple(self._row(number, row) for row in number.rows),
        )

    def _row(self, number: Parameter, row: ParameterRow) -> NumberRow:
        words = self._words
        named = any(other.target_groups for other in number.rows if other.valid_from <= row.valid_from)
        others = words.pick(_OTHERS if named else _EVERYBODY)
        groups = words.joined(map(words.group, row.target_groups)) if row.target_groups else others
        return NumberRow(value=words.row(number, row.value), since=row.valid_from, groups=groups)

    def _kept(self) -> Iterator[KeptGroup]:
        """Yield what is kept of the whole course, of each step, and in notes."""
        words = self._words
        for scope in (COURSE, *self._book.steps):
            own = tuple(self._fact(fact) for fact in self._rules.facts if fact.scope == scope)
            if own:
                yield KeptGroup(label=words.pick(_COURSE) if scope == COURSE else words.step(scope), kept=own)
        yield KeptGroup(label=words.pick(_NOTES), kept=tuple(map(self._note_kind, self._book.note_kinds)))

    def _fact(self, fact: FactDeclaration) -> KeptInWords:
        words = self._words
        return KeptInWords(
            id=fact.id,
            label=words.text(fact.label),
            reporters=words.reporters(fact),
            sensitivity=words.pick(SENSITIVITY[fact.sensitivity]),
            purpose=words.text(fact.purpose) or None,
            legal_basis=fact.legal_basis,
        )

    def _note_kind(self, kind: str) -> KeptInWords:
        words, kept = self._words, self._rules.kept(kind)
        return KeptInWords(
            id=kind,
            label=words.note_label(kind),
            reporters=words.pick(_EVERYBODY),
            sensitivity=words.pick(SENSITIVITY[kept.sensitivity]),
            purpose=words.text(kept.purpose) or None,
            legal_basis=kept.legal_basis,
        )

    def _observer(self, kind: ObserverKind) -> Row:
        words = self._words
        read = "; ".join(map(words.readable, self._rules.observers.reads(kind)))
        return Row(name=words.heading(words.role(kind)), text=read or _NOTHING)

    def _reminders(self) -> Iterator[Row]:
        """Yield the ladders that are about no single requirement."""
        words = self._words
        for ladder in (ladder for ladder in self._rules.ladders if ladder.requirement is None):
            place = f" ({words.step(ladder.step)})" if ladder.step else ""
            name = words.pick(WAITS[ladder.waiting]) + place
            yield Row(name=name, text="; ".join(map(self._asked.rung, ladder.rungs)))
