"""The rule book of a set in Markdown: what a jurist reads, and signs at the end."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from domain.state.observers import ObserverKind
from rules.engine.book import Book
from rules.language.facts import COURSE, FactDeclaration
from rules.language.formats import Language
from rules.language.steps import Level, Parameter, Requirement, Step
from rules.reading.company import call_lines, company_lines
from rules.reading.measures import clarifying_labels, measure_sentences
from rules.reading.reminded import HOW_TO_READ, REMINDED
from rules.reading.requirements import RequirementWords
from rules.reading.words import KINDS, SENSITIVITY, WAITS, Words

_TITLE: Final = ("# Regelbog: {}", "# Rule book: {}")
_HEAD: Final = ("Regelsæt {0}, version {1}, gælder fra {2}.", "Rule set {0}, version {1}, valid from {2}.")
_DRAFT: Final = ("Dette er et udkast, som intet forløb følger.", "This is a draft that no course follows.")
_UNKNOWN: Final = (
    "En oplysning, der mangler, opfylder intet krav, medmindre kravet spørger, om den mangler.",
    "What is not known meets no requirement, unless the requirement asks whether it is missing.",
)
_BOTH: Final = (
    "Begge roller skal have kvitteret for orienteringen, før næste skridt tages; det kan intet regelsæt ændre.",
    "Both roles must have acknowledged the briefing before the next step is taken; no rule set can change that.",
)
_UNSURE: Final = (
    "Vides det ikke, om et krav gælder, så gælder det; »er besvaret med« gælder kun, når der er svaret.",
    "While it is not known whether a requirement applies, it does; “was answered with” needs an answer.",
)
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
_STORY: Final = (
    "Én gang spørges {}, om der er en god historie at fortælle. Det er frivilligt og holder intet tilbage.",
    "Once, {} is asked whether there is a good story to tell. It is voluntary and holds nothing back.",
)
_CLARIFYING: Final = ("I tallene er borgeren afklaret ved: {}.", "In the figures the citizen is clarified by: {}.")
_NUMBERS: Final = ("## Tal", "## Numbers")
_NUMBER_COLUMNS: Final = (
    ("Tal", "Værdi", "Gælder fra", "Målgruppe", "Dagen, der afgør det", "Kilde"),
    ("Number", "Value", "Valid from", "Target group", "The day that decides", "Source"),
)
_OTHERS: Final = ("alle andre", "all others")
_EVERYBODY: Final = ("alle", "all")
_FACTS: Final = ("## Oplysninger", "## Facts")
_COURSE: Final = ("Hele forløbet", "The whole course")
_NOTES: Final = ("Notater", "Notes")
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
    yield from _RuleBook(book, language).lines()


class _RuleBook:
    def __init__(self, book: Book, language: Language) -> None:
        self._book = book
        self._rules = book.rule_set
        self._words = Words(book.rule_set, language)
        self._requirements = RequirementWords(book, self._words)

    def lines(self) -> Iterator[str]:
        """Yield the whole book: head, steps, numbers, facts, observers, other reminders, and a place to sign."""
        yield from self._head()
        for number, step in enumerate(self._rules.steps, 1):
            yield from self._step(number, step)
        yield from self._numbers()
        yield from self._facts()
        yield from self._observers()
        yield from self._reminders()
        yield from self._signature()

    def _head(self) -> Iterator[str]:
        words, rules = self._words, self._rules
        yield words.pick(_TITLE).format(words.text(rules.title))
        identity = words.pick(_HEAD).format(rules.id, rules.version, words.day(rules.valid_from))
        draft = words.pick(_DRAFT) if rules.draft else ""
        for line in (identity, draft, words.text(rules.description), words.text(rules.notes)):
            yield from ("", line) if line else ()
        if rules.clarifying:
            yield from ("", words.pick(_CLARIFYING).format(words.joined(clarifying_labels(rules, words))))
        yield ""
        yield words.pick(_UNKNOWN)
        yield words.pick(_UNSURE)
        yield words.pick(_BOTH)
        yield from ("", words.pick(HOW_TO_READ), "")
        yield from (f"- {words.pick(rule)}" for rule in REMINDED)

    def _step(self, number: int, step: Step) -> Iterator[str]:
        words = self._words
        yield from ("", words.pick(_STEP).format(number, words.text(step.label)), "")
        numbered = [(f"{number}.{place}", asked) for place, asked in enumerate(step.requirements, 1)]
        yield from self._table(_COLUMNS, (self._row(place, step, asked) for place, asked in numbered))
        yield from ("", words.pick(_EXACTLY))
        for place, asked in numbered:
            yield from ("", f"**{place}** {words.text(asked.text)}", "")
            yield from self._conditions(asked)
        yield from ("", words.pick(_ROUTES), "", words.pick(_FIRST), "")
        yield from (f"{place}. {self._requirements.way(row)}" for place, row in enumerate(step.routes, 1))
        yield from ("", words.pick(_STORY).format(words.roles([step.story.ask]))) if step.story else ()
        yield from company_lines(step.company, words) if step.company else ()
        yield from call_lines(step.call_ins, words)
        yield from ("", " ".join(measure_sentences(step.measure, words))) if step.measure else ()

    def _row(self, place: str, step: Step, asked: Requirement) -> tuple[str, ...]:
        text = self._words.text(asked.text)
        return (
            place,
            text if asked.level is Level.BLOCK else self._words.pick(_WARNING).format(text),
            self._requirements.who(asked),
            self._requirements.until(asked),
            self._requirements.reminders(step.id, asked, of_leader=False),
            self._requirements.reminders(step.id, asked, of_leader=True),
            f"{self._words.pick(KINDS[asked.kind])}: {asked.source}",
        )

    def _conditions(self, asked: Requirement) -> Iterator[str]:
        """Yield when a requirement applies, when it is met, what is to be done else, and whether it may be waived."""
        words, conditions = self._words, self._requirements.conditions
        if asked.when is not None:
            yield f"- {words.pick(_APPLIES)}"
            yield from conditions.lines(asked.when, depth=1)
        yield f"- {words.pick(_MET)}"
        yield from conditions.lines(asked.must, depth=1)
        yield f"- {words.pick(_TO_DO).format(words.text(asked.missing))}"
        if asked.refused is not None:
            yield f"- {words.pick(_REFUSED)}"
            yield from conditions.lines(asked.refused.when, depth=1)
            yield f"- {words.pick(_INSTEAD).format(self._requirements.instead(asked.refused, asked))}"
        waivers = sorted(asked.waivers)
        yield f"- {words.pick(_WAIVED).format(words.roles(waivers)) if waivers else words.pick(_NOT_WAIVED)}"

    def _numbers(self) -> Iterator[str]:
        yield from ("", self._words.pick(_NUMBERS))
        for kind, heading in KINDS.items():
            own = [parameter for parameter in self._rules.parameters if parameter.kind is kind]
            if own:
                yield from ("", f"### {self._words.pick(heading)}", "")
                yield from self._table(_NUMBER_COLUMNS, (row for parameter in own for row in self._rows_of(parameter)))

    def _rows_of(self, parameter: Parameter) -> Iterator[tuple[str, ...]]:
        """Yield the rows of a number; the first has its name and its source."""
        words = self._words
        for place, row in enumerate(parameter.rows):
            named = any(other.target_groups for other in parameter.rows if other.valid_from <= row.valid_from)
            others = words.pick(_OTHERS if named else _EVERYBODY)
            groups = words.joined(map(words.group, row.target_groups)) if row.target_groups else others
            written = words.text(parameter.label), words.dated_by(parameter.dated_by), parameter.source
            name, day, source = written if place == 0 else ("", "", "")
            yield name, words.row(parameter, row.value), words.day(row.valid_from), groups, day, source

    def _facts(self) -> Iterator[str]:
        words = self._words
        yield from ("", words.pick(_FACTS))
        for scope in (COURSE, *self._book.steps):
            own = [fact for fact in self._rules.facts if fact.scope == scope]
            if own:
                yield from ("", f"### {words.pick(_COURSE) if scope == COURSE else words.step(scope)}", "")
                yield from self._table(_FACT_COLUMNS, map(self._fact, own))

        kinds = map(self._note_kind, self._book.note_kinds)
        yield from ("", f"### {words.pick(_NOTES)}", "", *self._table(_FACT_COLUMNS, kinds))

    def _note_kind(self, kind: str) -> tuple[str, ...]:
        words, kept = self._words, self._rules.kept(kind)
        return (
            words.note_label(kind),
            words.pick(_EVERYBODY),
            words.pick(SENSITIVITY[kept.sensitivity]),
            words.text(kept.purpose) or "–",
            kept.legal_basis or "–",
        )

    def _fact(self, fact: FactDeclaration) -> tuple[str, ...]:
        words = self._words
        sensitivity = words.pick(SENSITIVITY[fact.sensitivity])
        return (
            words.text(fact.label),
            words.reporters(fact),
            sensitivity,
            words.text(fact.purpose) or "–",
            fact.legal_basis or "–",
        )

    def _observers(self) -> Iterator[str]:
        words, observers = self._words, self._rules.observers
        read = {kind: "; ".join(map(words.readable, observers.reads(kind))) for kind in ObserverKind}
        rows = ((words.heading(words.role(kind)), names or "–") for kind, names in read.items())
        yield from ("", words.pick(_OBSERVERS), "", words.pick(_NOTHING_ELSE), "")
        yield from self._table(_OBSERVER_COLUMNS, rows)

    def _reminders(self) -> Iterator[str]:
        """Yield the ladders that are about no single requirement."""
        words = self._words
        general = [ladder for ladder in self._rules.ladders if ladder.requirement is None]
        rows = []
        for ladder in general:
            place = f" ({words.step(ladder.step)})" if ladder.step else ""
            when = "; ".join(map(self._requirements.rung, ladder.rungs))
            rows.append((words.pick(WAITS[ladder.waiting]) + place, when))
        if rows:
            yield from ("", words.pick(_REMINDERS), "")
            yield from self._table(_REMINDER_COLUMNS, rows)

    def _signature(self) -> Iterator[str]:
        words, rules = self._words, self._rules
        yield from ("", words.pick(_SIGNATURE), "")
        yield words.pick(_IDENTITY).format(words.text(rules.title), rules.version, rules.sha256)
        yield from ("", words.pick(_SIGNED).format(_TO_WRITE_ON))

    def _table(self, columns: tuple[Sequence[str], Sequence[str]], rows: Iterable[Sequence[str]]) -> Iterator[str]:
        heads = columns[self._words.language == "en"]
        yield from (_line(heads), _line(["---"] * len(heads)))
        yield from map(_line, rows)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
