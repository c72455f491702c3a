"""The words of a rule set in one language: its labels, roles, values and amounts."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from domain.calendar import TimeUnit
from domain.identity import Role
from domain.state.facts import FactValue
from domain.state.observers import ObserverKind
from domain.state.verdict import TARGET_GROUP, Kind
from domain.state.waiting import WaitingKind
from rules.explain.models import ExplainedValue
from rules.explain.sentences import COMMON_NOTES, UNITS, Sentences
from rules.explain.spans import Pair
from rules.language.conditions import Param
from rules.language.facts import FactDeclaration, FactType, Sensitivity
from rules.language.formats import Language, written_day
from rules.language.rule_set import RuleSet
from rules.language.steps import FACT_PREFIX, Amount, Parameter, ParameterRow, RungRecipient
from rules.language.text import Text
from rules.reading.amounts import UNIT_WORDS, WHOLE_UNITS, differing_rows

_ROLES: Final[Mapping[str, Pair]] = {
    Role.CASEWORKER: ("sagsbehandler", "caseworker"),
    Role.COMPANY_CONSULTANT: ("virksomhedskonsulent", "company consultant"),
    Role.SUPERVISOR: ("leder", "supervisor"),
    Role.OBSERVER: ("iagttager", "observer"),
    Role.SYSTEM: ("fagsystemet", "the case system"),
    ObserverKind.MENTOR: ("mentor", "mentor"),
    ObserverKind.UNEMPLOYMENT_FUND: ("a-kasse", "unemployment fund"),
    ObserverKind.GRANT_CLERK: ("bevillingsmedarbejder", "grant clerk"),
    ObserverKind.OTHER: ("anden iagttager", "another observer"),
    RungRecipient.ASKED: ("den, der bliver spurgt", "who is asked"),
    RungRecipient.BOTH: ("begge roller", "both roles"),
    RungRecipient.UNIT: ("enheden", "the unit"),
}
KINDS: Final[Mapping[Kind, Pair]] = {
    Kind.LAW: ("Lov", "Law"),
    Kind.METHOD: ("Metode", "Method"),
    Kind.LOCAL: ("Lokalt", "Local"),
}
SENSITIVITY: Final[Mapping[Sensitivity, Pair]] = {
    Sensitivity.ORDINARY: ("almindelig", "ordinary"),
    Sensitivity.CONFIDENTIAL: ("fortrolig", "confidential"),
    Sensitivity.SPECIAL: ("særlig (artikel 9)", "special (article 9)"),
}
WAITS: Final[Mapping[WaitingKind, Pair]] = {
    WaitingKind.REQUIREMENT: ("et krav", "a requirement"),
    WaitingKind.DECISION: ("en beslutning", "a decision"),
    WaitingKind.ACKNOWLEDGEMENT: ("en kvittering", "an acknowledgement"),
    WaitingKind.DISPUTE: ("en indsigelse", "a dispute"),
    WaitingKind.ASSIGNMENT: ("en ledig rolle", "a vacant role"),
    WaitingKind.QUESTION: ("svar på et spørgsmål", "the answer to a question"),
    WaitingKind.PROPOSALS: ("gennemgang af forslag", "the review of proposals"),
    WaitingKind.STORY: ("en god historie", "a good story"),
    WaitingKind.STORY_APPROVAL: ("godkendelse af en historie", "the approval of a story"),
    WaitingKind.PAUSE: ("at en pause slutter", "the end of a pause"),
    WaitingKind.SILENCE: ("at der sker noget", "anything to happen"),
}
_DATED_BY: Final[Mapping[str, Pair]] = {
    "course_start": ("forløbets begyndelse", "the start of the course"),
    "visit_entered": ("trinnets begyndelse", "the beginning of the step"),
    "today": ("dagen i dag", "the present day"),
    "wait_began": ("ventetidens begyndelse", "the beginning of the wait"),
}
_YES_OR_NO: Final[Mapping[bool, Pair]] = {True: ("ja", "yes"), False: ("nej", "no")}
_QUOTED: Final = ("»{}«", "“{}”")
_AND: Final = (" og ", " and ")
_OR: Final = (" eller ", " or ")
_FOR: Final = (" for {}", " for {}")
_OTHERS: Final = ("alle andre", "all others")
_FROM: Final[Mapping[str, Pair]] = {
    "course_start": (", når forløbet begynder {} eller senere", ", when the course begins on {} or later"),
    "visit_entered": (", når trinnet begynder {} eller senere", ", when the step begins on {} or later"),
    "today": (" fra {}", " from {}"),
    "wait_began": (", når ventetiden begynder {} eller senere", ", when the wait begins on {} or later"),
}
_FROM_DAY: Final = (", når {} er {} eller senere", ", when {} is {} or later")
_FIRST_DAY: Final = ("startdagen i {}", "the first day of {}")
_DAY_OF: Final = ("dagen for {}", "the day of {}")


class Words:
    """The words of one rule set in one language."""

    def __init__(self, rules: RuleSet, language: Language) -> None:
        """Take the labels of the set."""
        self._named = rules.roles.given
        self.language = language
        self.sentences = Sentences(rules)
        self.facts = {name: fact for fact in rules.facts for name in (fact.id, *fact.aliases)}
        self.parameters = {parameter.id: parameter for parameter in rules.parameters}
        self.requirements = {one.id: one.text for step in rules.steps for one in step.requirements}
        self._notes = {**COMMON_NOTES, **{kind.id: kind.label for kind in rules.note_kinds}}
        self._steps = {step.id: step.label for step in rules.steps}
        groups = self.facts[TARGET_GROUP].values
        self._groups = {name: value.label for value in groups for name in (value.id, *value.aliases)}

    def pick(self, pair: Pair) -> str:
        """Return the text of a pair in this language."""
        return pair[self.language == "en"]

    def text(self, text: Text | None) -> str:
        """Return a text of the set, in Danish where nobody has written the English."""
        if text is None:
            return ""
        return text.da if self.language == "da" else text.en or text.da

    def quoted(self, text: str) -> str:
        return self.pick(_QUOTED).format(text)

    def heading(self, text: str) -> str:
        """Return a text with a capital first letter, as it begins a line."""
        return text[:1].upper() + text[1:]

    def joined(self, texts: Iterable[str], word: Pair = _AND) -> str:
        """Return texts as a list in a sentence."""
        *first, last = texts
        return f"{', '.join(first)}{self.pick(word)}{last}" if first else last

    def role(self, role: str) -> str:
        named = self._named.get(role)
        if named is not None:
            return self.text(named)
        return self.pick(_ROLES[role]) if role in _ROLES else role

    def roles(self, roles: Iterable[str]) -> str:
        return self.joined(self.role(role) for role in roles)

    def who_report(self, fact: FactDeclaration) -> list[str]:
        """Return who may report a fact; of observers the kinds that may."""
        return [*(role for role in fact.reporters if role is not Role.OBSERVER), *fact.observers]

    def reporters(self, fact: FactDeclaration) -> str:
        return self.roles(self.who_report(fact))

    def readable(self, name: str) -> str:
        """Return what an observer reads: a visit to a step, a fact, or notes of a kind."""
        if name in self._steps:
            return self.step(name)
        return self.fact_label(name) if name in self.facts else self.note_label(name)

    def step(self, step: str) -> str:
        return self.text(self._steps[step]) if step in self._steps else step

    def fact_label(self, fact: str) -> str:
        return self.text(self.facts[fact].label) if fact in self.facts else fact

    def note_label(self, kind: str) -> str:
        return self.text(self._notes[kind]) if kind in self._notes else kind

    def fact(self, fact: str) -> str:
        return self.quoted(self.fact_label(fact))

    def day_of(self, fact: str) -> str:
        """Return a fact as the day that it names; the day of a schedule is its first."""
        return self.pick(_FIRST_DAY).format(self.fact(fact)) if self._is_schedule(fact) else self.fact(fact)

    def the_day_of(self, fact: str) -> str:
        """Return the day that a fact names, as what a sentence is about."""
        return self.day_of(fact) if self._is_schedule(fact) else self.pick(_DAY_OF).format(self.fact(fact))

    def _is_schedule(self, fact: str) -> bool:
        return self.facts[fact].type is FactType.SCHEDULE

    def note(self, kind: str) -> str:
        return self.quoted(self.note_label(kind))

    def group(self, group: str) -> str:
        return self.text(self._groups[group]) if group in self._groups else group

    def day(self, day: date) -> str:
        return written_day(day, self.language)

    def yes(self, *, value: bool) -> str:
        return self.pick(_YES_OR_NO[value])

    def value(self, subject: ExplainedValue, value: FactValue) -> str:
        return self.sentences.value(subject, value, self.language)

    def row(self, parameter: Parameter, value: FactValue) -> str:
        """Return a value of a parameter with its unit."""
        return self.value(ExplainedValue(kind="parameter", name=parameter.id, unit=parameter.unit), value)

    def unit(self, unit: str) -> str:
        """Return a unit of numbers, or the words it is written with."""
        return self.text(UNITS[unit][1]) if unit in UNITS else unit.replace("_", " ")

    def dated_by(self, dated_by: str) -> str:
        """Return the day that decides which row of a number counts."""
        if dated_by in _DATED_BY:
            return self.pick(_DATED_BY[dated_by])
        return self.day_of(dated_by.removeprefix(FACT_PREFIX))

    def number(self, parameter: str) -> str:
        """Return a number: its value, and in brackets its other values with those for whom and when they count."""
        written = self.parameters[parameter]
        return self._amounts(written, lambda value: self.row(written, value))

    def span(self, amount: Amount, unit: TimeUnit) -> str:
        """Return an amount of time, such as `10 working days`, with the other amounts of a number that has several."""
        return self._span(amount, UNIT_WORDS[unit])

    def whole_span(self, amount: Amount, unit: TimeUnit) -> str:
        """Return an amount of time that has to pass from beginning to end: `3 whole working days`."""
        return self._span(amount, WHOLE_UNITS[unit])

    def _span(self, amount: Amount, unit: tuple[Pair, Pair]) -> str:
        def say(value: FactValue) -> str:
            return f"{value} {self.pick(unit[value != 1])}"

        return self._amounts(self.parameters[amount.param], say) if isinstance(amount, Param) else say(amount)

    def _amounts(self, written: Parameter, say: Callable[[FactValue], str]) -> str:
        """Return the first value of a number and, in brackets, what counts for others or from a later day."""
        first, *others = differing_rows(written)
        has_groups = any(row.target_groups for row in (first, *others))
        said = say(first.value) + (self._for(first) if first.target_groups else "")
        exceptions = [
            say(row.value)
            + (self._for(row) if has_groups else "")
            + (self._from(written, row.valid_from) if row.valid_from > first.valid_from else "")
            for row in others
        ]
        return f"{said} ({'; '.join(exceptions)})" if exceptions else said

    def _for(self, row: ParameterRow) -> str:
        groups = [self.quoted(self.group(group)) for group in row.target_groups] or [self.pick(_OTHERS)]
        return self.pick(_FOR).format(self.joined(groups))

    def _from(self, written: Parameter, day: date) -> str:
        """Return from which beginning a row counts that is not the first."""
        if written.dated_by in _FROM:
            return self.pick(_FROM[written.dated_by]).format(self.day(day))
        return self.pick(_FROM_DAY).format(self.dated_by(written.dated_by), self.day(day))
