"""The rule book of a set in Markdown: what a jurist reads, and signs at the end."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from rules.engine.book import Book
from rules.explain.spans import Pair
from rules.language.formats import Language
from rules.reading.book_in_words import book_in_words
from rules.reading.book_models import (
    BookInWords,
    Clause,
    KeptInWords,
    NumberInWords,
    RequirementInWords,
    StepInWords,
)
from rules.reading.reminded import HOW_TO_READ
from rules.reading.words import KINDS, Words

_TITLE: Final = ("# Regelbog: {}", "# Rule book: {}")
_HEAD: Final = ("Regelsæt {0}, version {1}, gælder fra {2}.", "Rule set {0}, version {1}, valid from {2}.")
_DRAFT: Final = ("Dette er et udkast, som intet forløb følger.", "This is a draft that no course follows.")
_STEP: Final = ("## Trin {}: {}", "## Step {}: {}")
_COLUMNS: Final = (
    ("Nr.", "Krav", "Hvem", "Senest", "Påmindelse", "Lederen hører", "Kilde"),
    ("No.", "Requirement", "Who", "Until", "Reminder", "The leader hears", "Source"),
)
_WARNING: Final = ("{} (advarsel; holder intet tilbage)", "{} (a warning; holds nothing back)")
_EXACTLY: Final = ("### Præcist", "### Exactly")
_APPLIES: Final = ("Gælder, når:", "Applies when:")
_MET: Final = ("Opfyldt, når:", "Met when:")
_TO_DO: Final = ("Mangler det: {}", "When it is missing: {}")
_REFUSED: Final = ("Der er sagt nej, når:", "It is refused when:")
_INSTEAD: Final = ("Så: {}", "Then: {}")
_NOT_WAIVED: Final = ("Kan ikke fraviges.", "Cannot be waived.")
_WAIVED: Final = ("Kan fraviges af: {}.", "May be waived by: {}.")
_ROUTES: Final = ("### Vejen videre", "### Where it leads")
_FIRST: Final = ("Den første række, der passer, følges.", "The first row that fits is followed.")
_COMPANY: Final = ("### Hvad virksomheden får at vide", "### What the company is told")
_CALLS: Final = ("### Når virksomheden ringer", "### When the company calls")
_NUMBERS: Final = ("## Tal", "## Numbers")
_NUMBER_COLUMNS: Final = (
    ("Tal", "Værdi", "Gælder fra", "Målgruppe", "Dagen, der afgør det", "Kilde"),
    ("Number", "Value", "Valid from", "Target group", "The day that decides", "Source"),
)
_FACTS: Final = ("## Oplysninger", "## Facts")
_FACT_COLUMNS: Final = (
    ("Oplysning", "Hvem oplyser", "Følsomhed", "Formål", "Hjemmel"),
    ("Fact", "Who reports", "Sensitivity", "Purpose", "Legal basis"),
)
_OBSERVERS: Final = ("## Hvad iagttagere læser", "## What observers read")
_OBSERVER_COLUMNS: Final = (("Iagttager", "Læser"), ("Observer", "Reads"))
_NOTHING_ELSE: Final = (
    "Af et trin læses, hvornår det var, og dets møder; desuden læser enhver det, vedkommende selv har sagt.",
    "Of a step is read when it was, and its meetings; besides, everybody reads what he or she said.",
)
_REMINDERS: Final = ("## Påmindelser i øvrigt", "## Other reminders")
_REMINDER_COLUMNS: Final = (("Når der ventes på", "Hvornår og hvem"), ("What is waited for", "When and who"))
_SIGNATURE: Final = ("## Underskrift", "## Signature")
_IDENTITY: Final = ("{0}, version {1}. Kontroltal: {2}", "{0}, version {1}. Check number: {2}")
_SIGNED: Final = ("Dato: {0} Underskrift: {0}", "Date: {0} Signature: {0}")
_TO_WRITE_ON: Final = "_" * 24


def rule_book(book: Book, language: Language) -> Iterator[str]:
    """Yield the lines of the rule book of a set."""
    yield from _RuleBook(book_in_words(book, language), Words(book.rule_set, language)).lines()


class _RuleBook:
    def __init__(self, book: BookInWords, words: Words) -> None:
        self._book = book
        self._words = words

    def lines(self) -> Iterator[str]:
        """Yield the whole book: head, steps, numbers, facts, observers, other reminders, and a place to sign."""
        yield from self._head()
        for step in self._book.steps:
            yield from self._step(step)
        yield from self._numbers()
        yield from self._kept()
        yield from self._observers()
        yield from self._reminders()
        yield from self._signature()

    def _head(self) -> Iterator[str]:
        words, book = self._words, self._book
        yield words.pick(_TITLE).format(book.title)
        identity = words.pick(_HEAD).format(book.id, book.version, words.day(book.valid_from))
        draft = words.pick(_DRAFT) if book.draft else None
        for line in (identity, draft, book.description, book.notes, book.clarifying):
            yield from ("", line) if line else ()
        yield from ("", *book.principles)
        yield from ("", words.pick(HOW_TO_READ), "")
        yield from (f"- {rule}" for rule in book.reminding)

    def _step(self, step: StepInWords) -> Iterator[str]:
        words = self._words
        yield from ("", words.pick(_STEP).format(step.place, step.label), "")
        yield from self._table(_COLUMNS, map(self._row, step.requirements))
        yield from ("", words.pick(_EXACTLY))
        for asked in step.requirements:
            yield from ("", f"**{asked.place}** {asked.text}", "")
            yield from self._conditions(asked)
        yield from ("", words.pick(_ROUTES), "", words.pick(_FIRST), "")
        yield from (f"{place}. {way}" for place, way in enumerate(step.ways, 1))
        yield from ("", step.story) if step.story else ()
        yield from self._listed(_COMPANY, step.company)
        yield from self._listed(_CALLS, step.calls)
        yield from ("", step.measure) if step.measure else ()

    def _row(self, asked: RequirementInWords) -> tuple[str, ...]:
        return (
            asked.place,
            asked.text if asked.blocks else self._words.pick(_WARNING).format(asked.text),
            asked.who,
            asked.until,
            asked.reminded,
            asked.leader_hears,
            f"{self._words.pick(KINDS[asked.kind])}: {asked.source}",
        )

    def _conditions(self, asked: RequirementInWords) -> Iterator[str]:
        """Yield when a requirement applies, when it is met, what is to be done else, and whether it may be waived."""
        words = self._words
        if asked.when is not None:
            yield from (f"- {words.pick(_APPLIES)}", *_clause_lines(asked.when, depth=1))
        yield from (f"- {words.pick(_MET)}", *_clause_lines(asked.must, depth=1))
        yield f"- {words.pick(_TO_DO).format(asked.missing)}"
        if asked.refused_when is not None:
            yield from (f"- {words.pick(_REFUSED)}", *_clause_lines(asked.refused_when, depth=1))
            yield f"- {words.pick(_INSTEAD).format(asked.instead)}"
        yield f"- {words.pick(_WAIVED).format(asked.waived_by) if asked.waived_by else words.pick(_NOT_WAIVED)}"

    def _listed(self, heading: Pair, sentences: Sequence[str]) -> Iterator[str]:
        if sentences:
            yield from ("", self._words.pick(heading), "")
            yield from (f"- {sentence}" for sentence in sentences)

    def _numbers(self) -> Iterator[str]:
        yield from ("", self._words.pick(_NUMBERS))
        for kind, numbers in groupby(self._book.numbers, lambda number: number.kind):
            yield from ("", f"### {self._words.pick(KINDS[kind])}", "")
            yield from self._table(_NUMBER_COLUMNS, (row for number in numbers for row in self._rows_of(number)))

    def _rows_of(self, number: NumberInWords) -> Iterator[tuple[str, ...]]:
        """Yield the rows of a number; the first has its name and its source."""
        for place, row in enumerate(number.rows):
            name, day, source = (number.label, number.dated_by, number.source) if place == 0 else ("", "", "")
            yield name, row.value, self._words.day(row.since), row.groups, day, source

    def _kept(self) -> Iterator[str]:
        yield from ("", self._words.pick(_FACTS))
        for group in self._book.kept:
            yield from ("", f"### {group.label}", "", *self._table(_FACT_COLUMNS, map(_kept_row, group.kept)))

    def _observers(self) -> Iterator[str]:
        words = self._words
        yield from ("", words.pick(_OBSERVERS), "", words.pick(_NOTHING_ELSE), "")
        yield from self._table(_OBSERVER_COLUMNS, ((row.name, row.text) for row in self._book.observers))

    def _reminders(self) -> Iterator[str]:
        """Yield the ladders that are about no single requirement."""
        if self._book.reminders:
            yield from ("", self._words.pick(_REMINDERS), "")
            yield from self._table(_REMINDER_COLUMNS, ((row.name, row.text) for row in self._book.reminders))

    def _signature(self) -> Iterator[str]:
        words, book = self._words, self._book
        yield from ("", words.pick(_SIGNATURE), "")
        yield words.pick(_IDENTITY).format(book.title, book.version, book.sha256)
        yield from ("", words.pick(_SIGNED).format(_TO_WRITE_ON))

    def _table(self, columns: tuple[Sequence[str], Sequence[str]], rows: Iterable[Sequence[str]]) -> Iterator[str]:
        heads = columns[self._words.language == "en"]
        yield from (_line(heads), _line(["---"] * len(heads)))
        yield from map(_line, rows)


def _kept_row(kept: KeptInWords) -> tuple[str, ...]:
    return kept.label, kept.reporters, kept.sensitivity, kept.purpose or "–", kept.legal_basis or "–"


def _clause_lines(clause: Clause, *, depth: int) -> Iterator[str]:
    """Yield a condition as a list in Markdown."""
    yield "  " * depth + f"- {clause.text}"
    for part in clause.parts:
        yield from _clause_lines(part, depth=depth + 1)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
