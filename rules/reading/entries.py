"""What a rule set consists of, entry by entry, each with what can be said of it; by these entries sets are compared."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

from domain.state.facts import OBSERVATION, Carried
from domain.state.observers import ObserverKind
from domain.state.waiting import WaitingKind
from rules.engine.book import Book
from rules.explain.spans import Pair
from rules.language.conditions import Condition
from rules.language.examples import Example
from rules.language.facts import FactDeclaration, FactType
from rules.language.formats import Language
from rules.language.rule_set import NoteKind
from rules.language.steps import Ladder, Level, Parameter, Requirement, Step
from rules.language.text import Text
from rules.reading.aspects import Aspect, in_parts
from rules.reading.company import call_sentences, company_sentences
from rules.reading.measures import clarifying_labels, measure_sentences
from rules.reading.requirements import RequirementWords
from rules.reading.words import KINDS, SENSITIVITY, WAITS, Words

Section = Literal["head", "steps", "requirements", "routes", "reminders", "numbers", "facts", "notes", "examples"]

_HOLDS: Final[Mapping[Level, Pair]] = {
    Level.BLOCK: ("holder forløbet tilbage", "holds the course back"),
    Level.WARN: ("er en advarsel, som intet holder tilbage", "is a warning that holds nothing back"),
}
_TYPES: Final[Mapping[FactType, Pair]] = {
    FactType.BOOL: ("ja eller nej", "yes or no"),
    FactType.INT: ("helt tal", "whole number"),
    FactType.DECIMAL: ("tal", "number"),
    FactType.DATE: ("dag", "day"),
    FactType.ENUM: ("et valg", "a choice"),
    FactType.CVR: ("CVR-nummer", "CVR number"),
    FactType.P_NUMBER: ("P-nummer", "P-number"),
    FactType.SCHEDULE: ("tal fra dag til dag", "numbers from day to day"),
    FactType.TIME: ("klokkeslæt", "time of day"),
}
_CARRIED: Final[Mapping[Carried, Pair]] = {
    Carried.NO: ("nej", "no"),
    Carried.NEXT: ("øverst i de næste orienteringer", "on top of the next briefings"),
    Carried.EVERY: ("i hver orientering", "in every briefing"),
    Carried.FIRST: ("først i hver orientering", "first in every briefing"),
}
_SENTENCES: Final = re.compile(r"(?<=[.?!]) (?=[A-ZÆØÅ])")
_KIND: Final = ("lov, metode eller lokalt", "law, method or local")
_AT_ONCE: Final = ("det, begge hører straks", "what both hear at once")
_DATED: Final = ("dagen, der afgør rækken", "the day that decides the row")
_OF_STEP: Final = ("»{0}« ({1})", "“{0}” ({1})")
_WAY: Final = ("fra {0} {1}", "from {0} {1}")


class Entry(NamedTuple):
    """One entry of a set with its name in words, and what can be said of it by the name of each aspect."""

    title: str
    aspects: Mapping[Pair, Aspect]


Key = tuple[Section, str]
Entries = Mapping[Key, Entry]


def entries_of(book: Book, language: Language) -> Entries:
    """Return the entries of a set, in the order in which the set has them."""
    return dict(_Entries(book, language).entries())


class _Entries:
    def __init__(self, book: Book, language: Language) -> None:
        self._rules = book.rule_set
        self._words = Words(book.rule_set, language)
        self._asked = RequirementWords(book, self._words)
        self._titles = {r.id: self._title(step, r) for step in self._rules.steps for r in step.requirements}

    def entries(self) -> Iterator[tuple[Key, Entry]]:
        steps, rules = self._rules.steps, self._rules
        yield ("head", ""), self._head()
        yield from ((("steps", step.id), self._step(place, step)) for place, step in enumerate(steps, 1))
        asked = ((step, requirement) for step in steps for requirement in step.requirements)
        yield from ((("requirements", r.id), self._requirement(step, r)) for step, r in asked)
        for step in steps:
            yield from self._routes(step)
        for ladder in rules.ladders:
            yield ("reminders", f"{ladder.waiting}/{ladder.step}/{ladder.requirement}"), self._ladder(ladder)
        yield from ((("numbers", parameter.id), self._number(parameter)) for parameter in rules.parameters)
        yield from ((("facts", fact.id), self._fact(fact)) for fact in rules.facts)
        yield from ((("notes", kind.id), self._note_kind(kind)) for kind in rules.note_kinds)
        yield from ((("examples", example.say.da), self._example(example)) for example in rules.examples)

    def _said(self, text: str) -> Aspect:
        return Aspect(text, text)

    def _prose(self, text: Text | None) -> Aspect:
        """Return a text of several sentences, of which only those that differ are said."""
        said = self._words.text(text)
        return Aspect(said, said, tuple(_SENTENCES.split(said)))

    def _yes(self, value: bool) -> Aspect:  # noqa: FBT001 - one word for a value that is a yes or a no
        return Aspect(value, self._words.yes(value=value))

    def _head(self) -> Entry:
        rules, words = self._rules, self._words
        of_notes = rules.kept(OBSERVATION)
        aspects = {
            ("navnet", "the title"): self._said(words.text(rules.title)),
            ("beskrivelsen", "the description"): self._prose(rules.description),
            ("det, læseren skal vide", "what the reader is to know"): self._prose(rules.notes),
            ("formålet med notater", "the purpose of notes"): self._said(words.text(of_notes.purpose)),
            ("hjemlen for notater", "the legal basis of notes"): self._said(of_notes.legal_basis or ""),
            ("dagen, det gælder fra", "the day it counts from"): self._said(words.day(rules.valid_from)),
            ("det, der afklarer", "what clarifies"): in_parts(rules.clarifying, clarifying_labels(rules, words)),
            ("udkast", "draft"): self._yes(rules.draft),
            ("godkendt af", "approved by"): self._said(rules.approved_by or ""),
        }
        return Entry(words.text(rules.title), {**aspects, **dict(map(self._observer, ObserverKind))})

    def _observer(self, kind: ObserverKind) -> tuple[Pair, Aspect]:
        words, reads = self._words, self._rules.observers.reads(kind)
        name = words.role(kind)
        return (f"det, {name} læser", f"what {name} reads"), in_parts(
            frozenset(reads), map(words.readable, reads), "; "
        )

    def _step(self, place: int, step: Step) -> Entry:
        words = self._words
        aspects = {
            ("navnet", "the name"): self._said(words.text(step.label)),
            ("pladsen i rækken", "its place"): Aspect(place, str(place)),
            ("beskeden", "the message"): self._said(words.text(step.message)),
            ("møderne", "the meetings"): in_parts(step.appointments, (words.text(m.label) for m in step.appointments)),
            ("det, virksomheden får at vide", "what the company is told"): in_parts(
                step.company, company_sentences(step.company, words) if step.company else (), " "
            ),
            ("det, virksomheden kan ringe om", "what the company may call about"): in_parts(
                step.call_ins, call_sentences(step.call_ins, words), " "
            ),
            ("det, det tæller som", "what it counts as"): in_parts(
                step.measure, measure_sentences(step.measure, words) if step.measure else (), " "
            ),
            ("det, der kan oplyses på forhånd", "what may be reported ahead"): in_parts(
                frozenset(step.observes), map(words.fact, step.observes)
            ),
        }
        return Entry(words.quoted(words.step(step.id)), aspects)

    def _title(self, step: Step, requirement: Requirement) -> str:
        text = self._words.text(requirement.text).rstrip(".")
        return self._words.pick(_OF_STEP).format(text, self._words.text(step.label))

    def _requirement(self, step: Step, asked: Requirement) -> Entry:
        words = self._words
        another_way = self._asked.instead(asked.refused, asked) if asked.refused else ""
        waivers = [words.role(role) for role in sorted(asked.waivers)] or [words.yes(value=False)]
        aspects = {
            ("ordlyden", "the wording"): self._said(words.text(asked.text)),
            ("trinnet", "the step"): Aspect(step.id, words.text(step.label)),
            ("hvem", "who"): in_parts(asked.roles, map(words.role, asked.roles), said=self._asked.who(asked)),
            ("senest", "until when"): Aspect((asked.deadline, asked.before), self._asked.until(asked)),
            ("virkningen", "the effect"): Aspect(asked.level, words.pick(_HOLDS[asked.level])),
            ("gælder, når", "applies when"): self._condition(asked.when),
            ("opfyldt, når", "met when"): self._condition(asked.must),
            ("det, der skal gøres", "what is to be done"): self._said(words.text(asked.missing)),
            ("afslag, når", "refused when"): self._condition(asked.refused.when if asked.refused else None),
            ("efter et afslag", "after a refusal"): self._said(another_way),
            _KIND: Aspect(asked.kind, words.pick(KINDS[asked.kind])),
            ("kilden", "the source"): self._said(asked.source),
            ("kan fraviges af", "may be waived by"): in_parts(asked.waivers, waivers, said=words.joined(waivers)),
        }
        return Entry(self._titles[asked.id], aspects)

    def _condition(self, condition: Condition | None) -> Aspect:
        """Return a condition; of what must all hold only those parts are said that differ."""
        if condition is None:
            return Aspect(None, "")
        conditions = self._asked.conditions
        return Aspect(condition, conditions.sentence(condition), conditions.parts(condition))

    def _routes(self, step: Step) -> Iterator[tuple[Key, Entry]]:
        """Yield the ways from a step; each is told by itself, for it has no name."""
        for row in step.routes:
            way = self._words.pick(_WAY).format(self._words.quoted(self._words.step(step.id)), self._asked.way(row))
            yield ("routes", f"{step.id}/{row.model_dump_json(by_alias=True)}"), Entry(way, {})

    def _ladder(self, ladder: Ladder) -> Entry:
        words = self._words
        wait = words.pick(WAITS[ladder.waiting])
        about = self._titles.get(ladder.requirement or "", wait)
        where = f" ({words.step(ladder.step)})" if ladder.step else ""
        refused = f" ({wait})" if ladder.waiting is WaitingKind.DECISION else ""
        timed = tuple(rung.model_copy(update={"text": None}) for rung in ladder.rungs)
        texts = [rung.text for rung in ladder.rungs if rung.text]
        aspects = {
            ("hvornår og hvem", "when and who"): in_parts(timed, map(self._asked.rung, ladder.rungs), "; "),
            ("teksten", "the text"): in_parts(texts, map(words.text, texts), " / "),
        }
        return Entry(about + (where or (refused if ladder.requirement else "")), aspects)

    def _number(self, parameter: Parameter) -> Entry:
        words = self._words
        aspects = {
            ("navnet", "the name"): self._said(words.text(parameter.label)),
            ("kilden", "the source"): self._said(parameter.source),
            _KIND: Aspect(parameter.kind, words.pick(KINDS[parameter.kind])),
            ("enheden", "the unit"): Aspect(parameter.unit, words.unit(parameter.unit)),
            _DATED: Aspect(parameter.dated_by, words.dated_by(parameter.dated_by)),
        }
        return Entry(words.quoted(words.text(parameter.label)), aspects)

    def _fact(self, fact: FactDeclaration) -> Entry:
        words = self._words
        values, reporters = {v.id: words.text(v.label) for v in fact.values}, words.who_report(fact)
        aspects = {
            ("navnet", "the name"): self._said(words.text(fact.label)),
            ("vejledningen", "the help"): self._said(words.text(fact.help)),
            ("arten", "the type"): Aspect(fact.type, words.pick(_TYPES[fact.type])),
            ("valgmulighederne", "the choices"): in_parts(values, map(words.quoted, values.values())),
            _AT_ONCE: in_parts(fact.at_once, (words.quoted(values[value]) for value in fact.at_once)),
            ("hvem oplyser", "who reports"): in_parts(
                frozenset(reporters), map(words.role, reporters), said=words.reporters(fact)
            ),
            ("trinnet", "the step"): Aspect(fact.scope, words.step(fact.scope) if fact.step else ""),
            ("med i orienteringen", "part of the briefing"): self._yes(fact.material),
            ("følsomheden", "the sensitivity"): Aspect(fact.sensitivity, words.pick(SENSITIVITY[fact.sensitivity])),
            ("formålet", "the purpose"): self._said(words.text(fact.purpose)),
            ("hjemlen", "the legal basis"): self._said(fact.legal_basis or ""),
        }
        return Entry(words.fact(fact.id), aspects)

    def _note_kind(self, kind: NoteKind) -> Entry:
        words = self._words
        aspects = {
            ("navnet", "the name"): self._said(words.text(kind.label)),
            ("vejledningen", "the help"): self._said(words.text(kind.help)),
            ("med i orienteringen", "part of the briefing"): self._yes(kind.material),
            ("vises siden", "shown later"): Aspect(kind.carried, words.pick(_CARRIED[kind.carried])),
            ("følsomheden", "the sensitivity"): Aspect(kind.sensitivity, words.pick(SENSITIVITY[kind.sensitivity])),
            ("formålet", "the purpose"): self._said(words.text(kind.purpose)),
            ("hjemlen", "the legal basis"): self._said(kind.legal_basis or ""),
        }
        return Entry(words.note(kind.id), aspects)

    def _example(self, example: Example) -> Entry:
        what = Aspect(example.model_copy(update={"say": None}), "")
        return Entry(self._words.quoted(self._words.text(example.say)), {("det, det viser", "what it shows"): what})
