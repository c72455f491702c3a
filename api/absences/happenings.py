"""What happened in a course while somebody was not there, in a few lines and without what was taken back (P13)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple
from uuid import UUID

from api.journal.sentences import JournalWords
from api.journal.statements import StatementIndex
from domain import events as ev
from domain.identity import ENGINE
from domain.state.facts import Fact
from infra.store.queries.since_last import Happening
from infra.store.rows import VisitRow
from wording.labels import Labels

_MOST_LINES: Final = 5
"""How many lines there are at most of one course, and of what one person did for the reader."""
_MOST_FACTS: Final = 4
_FIRST: Final = 1
"""The revision of a start."""
_LONGEST_NOTE: Final = 160
_CUT: Final = "…"
_OF_THE_COURSE: Final = ("course_", "visit_", "went_ahead", "party_")
"""How the kinds begin of what comes first: where the course stands, and who has it."""


class Acts(NamedTuple):
    """What somebody did for the reader: acknowledged in his place, or reported as his cover."""

    person: str
    acts: list[str]


class Changes(NamedTuple):
    """What changed in a course, how many things more did, and what others did for the reader."""

    changes: list[str]
    more: int
    for_reader: list[Acts]


class Happened(NamedTuple):
    """A row of the journal with its event, which is read once."""

    entry: Happening
    event: ev.Event | None

    @property
    def is_of_start(self) -> bool:
        """Say whether it is of the command that started the course, which is told by the start alone."""
        return self.entry.revision == _FIRST and not isinstance(self.event, ev.CourseStarted)


class _Line(NamedTuple):
    position: int
    kind: str
    by: str
    text: str


@dataclass(frozen=True)
class Happenings:
    """What happened in one course, for one reader, who is told nothing of what he did himself."""

    reader: str
    entries: Sequence[Happened]
    statements: StatementIndex
    visits: Mapping[int, VisitRow]
    labels: Labels

    def told(self, covers: Collection[str]) -> Changes:
        """Return the lines; what `covers` did is told as done for the reader."""
        of_cover: list[_Line] = []
        changes: list[_Line] = []
        for line in sorted(self._lines()):
            is_for_reader = line.by in covers or line.kind == "briefing_acknowledged"
            (of_cover if is_for_reader else changes).append(line)
        unread = self.entries[0].entry.happened - len(self.entries) if self.entries else 0
        for_reader = [Acts(by, _texts(line for line in of_cover if line.by == by)) for by in _authors(of_cover)]
        kept = sorted(changes[-_MOST_LINES:], key=lambda line: _place(line.kind))
        texts = list(dict.fromkeys(map(self._with_name, kept)))
        return Changes(texts, len(changes[:-_MOST_LINES]) + unread, for_reader)

    def _with_name(self, line: _Line) -> str:
        if line.by == ENGINE:
            return line.text
        params = {"what": line.text.rstrip("."), "by": self.labels.person(line.by)}
        return self.labels.catalog.fill(self.labels.catalog.inbox["news_item"], params)

    def _lines(self) -> Iterator[_Line]:
        words = JournalWords(self.statements, self.visits, self.labels)
        yield from self._facts(words)
        for each in self.entries:
            if each.event is None or each.is_of_start or each.entry.actor == self.reader:
                continue
            text = self._text(each.event, words)
            if text is not None:
                yield _Line(each.entry.position, each.entry.kind, each.entry.actor, text)

    def _facts(self, words: JournalWords) -> Iterator[_Line]:
        """Yield what each reported that still counts, one line for each who did."""
        newest: dict[tuple[str, int | None], tuple[Fact, Happening]] = {}
        for each in self.entries:
            event = None if each.is_of_start else each.event
            for fact in event.facts if isinstance(event, ev.FactsReported) else ():
                known = newest.get((fact.fact, fact.visit))
                if fact.id not in self.statements.taken_back and (known is None or known[0].newness < fact.newness):
                    newest[fact.fact, fact.visit] = fact, each.entry
        of_each: defaultdict[str, list[tuple[Fact, Happening]]] = defaultdict(list)
        for fact, entry in newest.values():
            of_each[entry.actor].append((fact, entry))
        for person, those in of_each.items():
            if person != self.reader:
                last = max((entry for _, entry in those), key=lambda entry: entry.position)
                facts = sorted((fact for fact, _ in those), key=lambda fact: self.labels.place_of_fact(fact.fact))
                yield _Line(last.position, last.kind, person, self._reported(last, facts, words))

    def _reported(self, entry: Happening, facts: Sequence[Fact], words: JournalWords) -> str:
        """Return what somebody reported in one line, and how much more it was."""
        shown = ev.FactsReported(at=entry.at, by=entry.actor, facts=tuple(facts[:_MOST_FACTS]))
        text, more = words.of(shown, None).rstrip("."), len(facts) - _MOST_FACTS
        params = {"items": text, "count": more}
        return self.labels.catalog.fill(self.labels.catalog.inbox["news_more"], params) if more > 0 else text

    def _text(self, event: ev.Event, words: JournalWords) -> str | None:
        """Return what an event says, None where it says nothing to the reader: the words of a note on one line."""
        match event:
            case ev.FactsReported():
                return None
            case ev.NoteAdded():
                if event.note.id not in self.statements.notes or event.note.id in self.statements.taken_back:
                    return None
                return words.of(event, _cut(self.statements.texts.get(event.note.id)))
            case ev.FactRetracted() | ev.NoteRetracted():
                return self._taken_back(event)
            case ev.BasisCorrected():
                return self.labels.catalog.inbox["correction"]
            case _:
                return words.of(event, None)

    def _taken_back(self, event: ev.FactRetracted | ev.NoteRetracted) -> str | None:
        """Return that something the reader may know was taken back, without its words; None for what was put right."""
        if event.superseded_by is not None:
            return None
        if isinstance(event, ev.FactRetracted):
            fact = self.statements.facts.get(event.fact)
            is_new = event.fact in self._reported_meanwhile
            what = self.labels.fact(fact.fact) if fact is not None else None
        else:
            note = self.statements.notes.get(event.note)
            is_new = event.note in self._reported_meanwhile
            what = self.labels.note_kind(note.kind) if note is not None else None
        if is_new or what is None:
            return None
        return self.labels.catalog.fill(self.labels.catalog.inbox["news_taken_back"], {"what": what})

    @cached_property
    def _reported_meanwhile(self) -> set[UUID]:
        """Return the statements of others that came meanwhile, of which the reader never knew."""
        others = [each.event for each in self.entries if each.entry.actor != self.reader]
        notes = {event.note.id for event in others if isinstance(event, ev.NoteAdded)}
        return notes | {fact.id for event in others if isinstance(event, ev.FactsReported) for fact in event.facts}


def _authors(lines: Iterable[_Line]) -> list[str]:
    return list(dict.fromkeys(line.by for line in lines))


def _texts(lines: Iterable[_Line]) -> list[str]:
    return list(dict.fromkeys(line.text for line in lines))[-_MOST_LINES:]


def _cut(text: str | None) -> str | None:
    """Return words on one line, and only their beginning when they are long."""
    line = " ".join(text.split()) if text is not None else None
    return line if line is None or len(line) <= _LONGEST_NOTE else f"{line[:_LONGEST_NOTE].rstrip()}{_CUT}"


def _place(kind: str) -> int:
    """Return where a line stands: the course first, then facts, notes and the rest."""
    if kind.startswith(_OF_THE_COURSE):
        return 0
    return 1 if kind.startswith("facts_") else 2 if kind.startswith("note_") else 3


def older_statements(happened: Iterable[Happened]) -> set[UUID]:
    """Return what was taken back, and was reported before all of this or noted by the reader."""
    events = [each.event for each in happened]
    taken_back = {event.fact for event in events if isinstance(event, ev.FactRetracted)}
    taken_back |= {event.note for event in events if isinstance(event, ev.NoteRetracted)}
    facts = {fact.id for event in events if isinstance(event, ev.FactsReported) for fact in event.facts}
    return taken_back - facts - {event.note.id for event in events if isinstance(event, ev.NoteAdded)}
