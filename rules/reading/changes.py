"""What differs between two rule sets, in sentences: entry by entry, and the rows of numbers by their day and group."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from rules.engine.book import Book
from rules.explain.spans import Pair
from rules.language.formats import Language
from rules.language.rule_set import RuleSet
from rules.language.steps import Parameter, ParameterRow
from rules.language.text import Text
from rules.reading.aspects import Aspect
from rules.reading.entries import Entry, Section, entries_of
from rules.reading.words import Words

_SECTIONS: Final[Mapping[Section, Pair]] = {
    "head": ("Regelsættet", "The rule set"),
    "steps": ("Trin", "Steps"),
    "requirements": ("Krav", "Requirements"),
    "routes": ("Veje", "Routes"),
    "reminders": ("Påmindelser", "Reminders"),
    "numbers": ("Tal", "Numbers"),
    "facts": ("Oplysninger", "Facts"),
    "notes": ("Notater", "Notes"),
    "examples": ("Eksempler", "Examples"),
}
_AT_WORK: Final[Mapping[Section, frozenset[str]]] = {
    "steps": frozenset({"navnet", "møderne"}),
    "requirements": frozenset({"ordlyden", "hvem", "senest", "det, der skal gøres"}),
    "routes": frozenset(),
    "reminders": frozenset({"hvornår og hvem"}),
    "numbers": frozenset({"navnet", "enheden"}),
}
"""What concerns those who work by the rules, part by part, by the names of what can be said."""
_TITLED: Final = "ordlyden"
"""What the title of what is new says already."""
_FROM_TO: Final = ("Fra {0}, version {1}, til {2}, version {3}:", "From {0}, version {1}, to {2}, version {3}:")
_NOTHING: Final = (
    "Der er ingen forskel på {0}, version {1}, og {2}, version {3}.",
    "Nothing differs between {0}, version {1}, and {2}, version {3}.",
)
_SAME_NAME: Final = Text(
    da="De hedder begge version {0}, men indholdet er ikke det samme (kontroltallene begynder med {1} og {2}). "
    "Giv det sæt, der gælder senest, en ny version.",
    en="Both are called version {0}, but their content differs (the check numbers begin with {1} and {2}). "
    "Give the set that counts last a new version.",
)
_UNSAID: Final = (
    "Der er kun forskel på version, forfattere, eksemplernes situationer, rækkefølge eller ord på engelsk.",
    "Only version, authors, the situations of examples, order or words in Danish differ.",
)
_NEW: Final = ("Nyt: {0}{1}", "New: {0}{1}")
_GONE: Final = ("Falder bort: {0}", "Removed: {0}")
_CHANGED: Final = ("{0}: {1} er ændret. Før: {2}. Nu: {3}.", "{0}: {1} has changed. Before: {2}. Now: {3}.")
_ALTERED: Final = ("{0}: {1} er ændret.", "{0}: {1} has changed.")
_MORE: Final = (" Nyt: {0}.", " New: {0}.")
_LESS: Final = (" Falder bort: {0}.", " Removed: {0}.")
_ADDED: Final = ("{0}: {1} er nyt: {2}.", "{0}: {1} is new: {2}.")
_LEFT_OUT: Final = ("{0}: {1} falder bort. Før: {2}.", "{0}: {1} is removed. Before: {2}.")
_ROW_CHANGED: Final = ("{0}: {1} → {2} fra {3} for {4}.", "{0}: {1} → {2} from {3} for {4}.")
_ROW_ADDED: Final = ("{0}: {1} fra {2} for {3}.", "{0}: {1} from {2} for {3}.")
_ROW_GONE: Final = ("{0}: {1} fra {2} for {3} falder bort.", "{0}: {1} from {2} for {3} is removed.")
_SHOWN: Final = 12
"""How many signs of a check number are enough to tell two apart."""

_OTHERS: Final = ("alle andre målgrupper", "all other target groups")
_EVERYBODY: Final = ("alle målgrupper", "all target groups")

_RowKey = tuple[date, frozenset[str]]


class SectionOfChanges(NamedTuple):
    """What differs in one part of two sets, in sentences."""

    heading: str
    sentences: tuple[str, ...]


class Differences(NamedTuple):
    """What differs between two versions: which two they are, what must be known of both, and part by part."""

    lead: str
    caution: str | None
    sections: tuple[SectionOfChanges, ...]
    otherwise: str | None


def differences(before: Book, after: Book, language: Language) -> Differences:
    """Return what differs; where no sentence says it, `otherwise` says what it can be."""
    old, new = before.rule_set, after.rule_set
    words = Words(new, language)
    named = (words.text(old.title), old.version, words.text(new.title), new.version)
    if old.sha256 == new.sha256:
        return Differences(words.pick(_NOTHING).format(*named), None, (), None)
    is_same_name = (old.id, old.version) == (new.id, new.version)
    hashes = (new.version, old.sha256[:_SHOWN], new.sha256[:_SHOWN])
    sections = tuple(_differing(before, after, language).values())
    return Differences(
        words.pick(_FROM_TO).format(*named),
        words.text(_SAME_NAME).format(*hashes) if is_same_name else None,
        sections,
        None if sections else words.pick(_UNSAID),
    )


def differences_at_work(before: Book, after: Book, language: Language) -> tuple[SectionOfChanges, ...]:
    """Return what differs for those who work by the rules: what is asked of whom until when, and how it goes on."""
    return tuple(_differing(before, after, language, _AT_WORK).values())


def changes(before: Book, after: Book, language: Language) -> Iterator[str]:
    """Yield what differs as lines of Markdown; one sentence when nothing does."""
    found = differences(before, after, language)
    yield found.lead
    yield from ("", found.caution) if found.caution else ()
    for section in found.sections:
        yield from ("", f"## {section.heading}", "", *(f"- {sentence}" for sentence in section.sentences))
    yield from (found.otherwise,) if found.otherwise else ()


def _differing(
    before: Book, after: Book, language: Language, told: Mapping[Section, frozenset[str]] | None = None
) -> dict[Section, SectionOfChanges]:
    """Return the parts that differ, in the order in which they are read; with `told` no more than it names."""
    sayings, words = _Changes(before, after, language, told), Words(after.rule_set, language)
    parts = (part for part in _SECTIONS if told is None or part in told)
    every = {part: SectionOfChanges(words.pick(_SECTIONS[part]), tuple(sayings.of(part))) for part in parts}
    return {part: section for part, section in every.items() if section.sentences}


class _Changes:
    def __init__(
        self, before: Book, after: Book, language: Language, told: Mapping[Section, frozenset[str]] | None
    ) -> None:
        self._told = told
        self._since = after.rule_set.valid_from
        self._words = Words(after.rule_set, language)
        self._old_words = Words(before.rule_set, language)
        self._old = entries_of(before, language)
        self._new = entries_of(after, language)
        self._old_numbers = _numbers(before.rule_set)
        self._new_numbers = _numbers(after.rule_set)

    def of(self, section: Section) -> Iterator[str]:
        """Yield what differs in one section: what is new or changed in the order of the new set, then what is gone."""
        for key, entry in self._new.items():
            if key[0] != section:
                continue
            former = self._old.get(key)
            yield from self._changed(key[0], former, entry) if former else [self._added(key[0], entry)]
            if section == "numbers":
                yield from self._rows(key[1], entry)
        gone = (entry for key, entry in self._old.items() if key[0] == section and key not in self._new)
        yield from (self._words.pick(_GONE).format(entry.title) for entry in gone)

    def _aspects(self, section: Section, entry: Entry) -> Iterator[tuple[Pair, Aspect]]:
        """Yield what can be said of an entry, as far as it is told."""
        told = None if self._told is None else self._told[section]
        yield from ((name, aspect) for name, aspect in entry.aspects.items() if told is None or name[0] in told)

    def _added(self, section: Section, entry: Entry) -> str:
        said = [
            f"{self._words.pick(name)}: {aspect.said}"
            for name, aspect in self._aspects(section, entry)
            if aspect.said and (self._told is None or name[0] != _TITLED)
        ]
        return self._words.pick(_NEW).format(entry.title, f" – {'; '.join(said)}" if said else "")

    def _changed(self, section: Section, former: Entry, entry: Entry) -> Iterator[str]:
        for name, aspect in self._aspects(section, entry):
            old = former.aspects[name]
            if old.value != aspect.value:
                yield self._sentence(
                    self._words.heading(entry.title), self._words.quoted(self._words.pick(name)), old, aspect
                )

    def _sentence(self, title: str, name: str, old: Aspect, new: Aspect) -> str:
        if old.said == new.said:
            return self._words.pick(_ALTERED).format(title, name)
        if not set(old.parts).isdisjoint(new.parts) and set(old.parts) != set(new.parts):
            return self._words.pick(_ALTERED).format(title, name) + self._parts(old, new)
        if not old.said:
            return self._words.pick(_ADDED).format(title, name, new.said.rstrip("."))
        if not new.said:
            return self._words.pick(_LEFT_OUT).format(title, name, old.said.rstrip("."))
        changed = self._words.pick(_CHANGED).format(title, name, old.said.rstrip("."), new.said.rstrip("."))
        return changed.replace("?.", "?")

    def _parts(self, old: Aspect, new: Aspect) -> str:
        """Return what of a list is new and what is gone."""
        sides = ((_MORE, new.parts, old.parts), (_LESS, old.parts, new.parts))
        differing = ((form, [part for part in these if part not in those]) for form, these, those in sides)
        said = (self._words.pick(form).format("; ".join(parts).rstrip(".")) for form, parts in differing if parts)
        return "".join(said).replace("?.", "?")

    def _rows(self, number: str, entry: Entry) -> Iterator[str]:
        """Yield the rows of a number that are new, changed or gone; a new row says what was in force before it."""
        new = self._new_numbers[number]
        old = self._old_numbers.get(number)
        was, now = _rows(old) if old else {}, _rows(new)
        for key, row in now.items():
            former = was.get(key) or _in_force_before(key, was)
            if key not in was or was[key].value != row.value:
                yield self._row(entry.title, new, row, old, former)
        for key in (key for key in was if key not in now and old):
            row, declared, words = was[key], self._old_numbers[number], self._old_words
            value, place = words.row(declared, row.value), _place(declared, row, words, row.valid_from)
            yield self._words.pick(_ROW_GONE).format(entry.title, value, *place)

    def _row(
        self, title: str, new: Parameter, row: ParameterRow, old: Parameter | None, former: ParameterRow | None
    ) -> str:
        value, place = self._words.row(new, row.value), _place(new, row, self._words, self._since)
        if old is None or former is None or former.value == row.value:
            return self._words.pick(_ROW_ADDED).format(title, value, *place)
        return self._words.pick(_ROW_CHANGED).format(title, self._old_words.row(old, former.value), value, *place)


def _place(number: Parameter, row: ParameterRow, words: Words, since: date) -> tuple[str, str]:
    """Return from when a row counts, as soon as its set does, and for whom."""
    day = words.day(max(row.valid_from, since))
    if row.target_groups:
        return day, words.joined(map(words.group, row.target_groups))
    named = any(other.target_groups for other in number.rows)
    return day, words.pick(_OTHERS if named else _EVERYBODY)


def _numbers(rules: RuleSet) -> dict[str, Parameter]:
    return {parameter.id: parameter for parameter in rules.parameters}


def _rows(parameter: Parameter) -> dict[_RowKey, ParameterRow]:
    return {(row.valid_from, frozenset(row.target_groups)): row for row in parameter.rows}


def _in_force_before(key: _RowKey, rows: Mapping[_RowKey, ParameterRow]) -> ParameterRow | None:
    """Return the row of the same groups, or else that of all others, which was in force on the day before."""
    day, groups = key
    for wanted in (groups, frozenset[str]()):
        earlier = [row for (begins, of), row in rows.items() if of == wanted and begins <= day]
        if earlier:
            return max(earlier, key=lambda row: row.valid_from)
    return None
