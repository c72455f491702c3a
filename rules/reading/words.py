"""The words of a rule set in one language: its labels, roles, values and amounts."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from domain.calendar import TimeUnit
from domain.identity import Role
from domain.state.facts import FactValue
from domain.state.verdict import TARGET_GROUP, Kind
from domain.state.waiting import WaitingKind
from rules.explain.models import ExplainedValue
from rules.explain.sentences import COMMON_NOTES, UNITS, Sentences
from rules.explain.spans import Pair
from rules.language.conditions import Param
from rules.language.facts import Sensitivity
from rules.language.formats import Language, written_day
from rules.language.rule_set import RuleSet
from rules.language.steps import FACT_PREFIX, Amount, Parameter, RungRecipient
from rules.language.text import Text

_ROLES: Final[Mapping[str, Pair]] = {
    Role.CASEWORKER: ("sagsbehandler", "caseworker"),
    Role.COMPANY_CONSULTANT: ("virksomhedskonsulent", "company consultant"),
    Role.SUPERVISOR: ("leder", "supervisor"),
    Role.OBSERVER: ("observatør", "observer"),
    Role.SYSTEM: ("et andet system", "another system"),
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
_UNITS: Final[Mapping[TimeUnit, tuple[Pair, Pair]]] = {
    TimeUnit.WORKING_HOURS: (("arbejdstime", "working hour"), ("arbejdstimer", "working hours")),
    TimeUnit.WORKING_DAYS: (("arbejdsdag", "working day"), ("arbejdsdage", "working days")),
    TimeUnit.CALENDAR_DAYS: (("dag", "day"), ("dage", "days")),
    TimeUnit.CALENDAR_MONTHS: (("måned", "month"), ("måneder", "months")),
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
_OF_MANY: Final = ("{amounts} {unit} (tallet {label})", "{amounts} {unit} (the number {label})")


class Words:
    """The words of one rule set in one language."""

    def __init__(self, rules: RuleSet, language: Language) -> None:
        """Take the labels of the set."""
        self._named = rules.roles.given
        self.language = language
        self.sentences = Sentences(rules)
        self.facts = {name: fact for fact in rules.facts for name in (fact.id, *fact.aliases)}
        self.parameters = {parameter.id: parameter for parameter in rules.parameters}
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

    def step(self, step: str) -> str:
        return self.text(self._steps[step]) if step in self._steps else step

    def fact_label(self, fact: str) -> str:
        return self.text(self.facts[fact].label) if fact in self.facts else fact

    def note_label(self, kind: str) -> str:
        return self.text(self._notes[kind]) if kind in self._notes else kind

    def fact(self, fact: str) -> str:
        return self.quoted(self.fact_label(fact))

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
        return self.fact(dated_by.removeprefix(FACT_PREFIX))

    def number(self, parameter: str) -> str:
        """Return a parameter: its value where it has only one, and else its label."""
        written = self.parameters[parameter]
        values = {row.value for row in written.rows}
        return self.row(written, values.pop()) if len(values) == 1 else self.quoted(self.text(written.label))

    def span(self, amount: Amount, unit: TimeUnit) -> str:
        """Return an amount of time: `10 working days`, or by the number that says how many for whom."""
        one, several = _UNITS[unit]
        if isinstance(amount, Param):
            values = {row.value for row in self.parameters[amount.param].rows}
            if len(values) > 1:
                amounts = self.joined(map(str, sorted(map(int, values))), _OR)
                label = self.number(amount.param)
                return self.pick(_OF_MANY).format(amounts=amounts, unit=self.pick(several), label=label)
            return self.span(int(values.pop()), unit)
        return f"{amount} {self.pick(one if amount == 1 else several)}"
