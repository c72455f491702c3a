"""What the rule set calls things, in the reader's language; an id the rules no longer know is shown as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from domain.calendar import danish_day, iso_day
from domain.identity import Role
from domain.state.appointments import Appointment
from domain.state.course import CourseState, Visit
from domain.state.facts import REMOVED, FactValue
from domain.state.verdict import CLOSING_OUTCOME, Outcome
from domain.state.waiting import Waiting, WaitingKind
from infra.store.rows import WaitingRow
from rules.engine.book import Book
from rules.language.facts import FactDeclaration, FactType
from rules.language.formats import Language, written_day, written_list, written_moment, written_number, written_time
from rules.language.steps import Level, Requirement
from rules.language.text import Text
from wording.catalog import Catalog, catalog


@dataclass(frozen=True, slots=True)
class Names:
    """What the registers call people, units and companies, by id and P-number; one without a name keeps its id."""

    people: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    companies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Labels:
    """The words for one course's rules in one language, with the names of whom and what its texts name."""

    book: Book
    language: Language
    names: Names = field(default_factory=Names)

    @cached_property
    def catalog(self) -> Catalog:
        """Return the texts that no rule set holds, with what the set calls its roles and observers."""
        own = {name: self.text(text) for name, text in self.book.rule_set.roles.given.items()}
        return catalog(self.language).with_terms(own)

    @cached_property
    def requirements(self) -> Mapping[str, Requirement]:
        """Return every requirement of the rules by its id."""
        return {entry.id: entry for step in self.book.rule_set.steps for entry in step.requirements}

    def text(self, text: Text) -> str:
        """Return a text of the rules, in Danish where nobody has written the English."""
        return text.da if self.language == "da" else text.en or text.da

    def step(self, step: str) -> str:
        entry = next((candidate for candidate in self.book.rule_set.steps if candidate.id == step), None)
        return self.text(entry.label) if entry else step

    def step_message(self, step: str) -> str | None:
        """Return the words for those who are informed at a step, if it has any; its placeholders are not filled."""
        entry = next((candidate for candidate in self.book.rule_set.steps if candidate.id == step), None)
        return self.text(entry.message) if entry and entry.message else None

    def rung(self, kind: WaitingKind, step: str | None, what: str, level: int) -> str | None:
        """Return the words of the rung that a wait has reached, if it has any; its placeholders are not filled."""
        message = self.book.rung_message(kind, step, what, level=level)
        return self.text(message) if message else None

    def fact(self, fact: str) -> str:
        declared = self.book.declaration(fact)
        return self.text(declared.label) if declared else fact

    def value(self, fact: str, value: FactValue) -> str:
        """Return a fact's value in words, with its unit."""
        declared = self.book.declaration(fact)
        if value == REMOVED:
            return self.catalog.briefing["erased"]
        if isinstance(value, bool):
            return self.catalog.term(str(value).lower())
        if declared is None:
            return str(value)
        return self._typed(declared, value)

    def _typed(self, declared: FactDeclaration, value: FactValue) -> str:
        match declared.type:
            case FactType.ENUM:
                labels = {candidate.id: self.text(candidate.label) for candidate in declared.values}
                return labels.get(str(value), str(value))
            case FactType.DATE:
                return self.day(str(value))
            case FactType.SCHEDULE:
                return "; ".join(self._since(day, amount, declared.unit) for day, amount in _rows(value))
            case FactType.INT | FactType.DECIMAL:
                return self._measured(value, declared.unit)
            case FactType.P_NUMBER if value in self.names.companies:
                return self.workplace(str(value))
            case _:
                return written_time(str(value), self.language) if declared.type is FactType.TIME else str(value)

    def workplace(self, p_number: str) -> str:
        """Return how a workplace is written: with the company's name where the register has it."""
        company = self.names.companies.get(p_number)
        text = self.catalog.calendar["place" if company is None else "place_named"]
        return self.catalog.fill(text, {"p_number": p_number, "company": company or ""})

    def person(self, person: str) -> str:
        """Return a person's name, or the id where the directory does not know it."""
        return self.names.people.get(person, person)

    def named_unit(self, unit: str) -> str:
        """Return a unit's name, or the id while nobody has registered it."""
        return self.names.units.get(unit, unit)

    def change(self, fact: str, before: FactValue | None, after: FactValue | None) -> str:
        """Return how a fact changed: from one value to another, or that it came, holds no longer or was taken back."""
        name = "changed" if before is not None and after is not None else "came" if after is not None else "went"
        values = {"fact": self.fact(fact)}
        values |= {"before": self.value(fact, before)} if before is not None else {}
        values |= {"after": self.value(fact, after)} if after is not None else {}
        name = name if values.keys() > {"fact"} else "taken_back_unseen"
        return self.catalog.fill(self.catalog.briefing[name], values)

    def _since(self, day: str, amount: str, unit: str | None) -> str:
        return self.catalog.fill(
            self.catalog.briefing["since"], {"value": self._measured(amount, unit), "on": self.day(day)}
        )

    def _measured(self, value: FactValue, unit: str | None) -> str:
        number = written_number(value, self.language)
        if unit is None:
            return number
        one = self.catalog.terms.get(f"{unit}_one") if str(value) == "1" else None
        return f"{number} {one or self.catalog.term(unit)}"

    def unit(self, fact: str) -> str | None:
        """Return what a fact's amounts are counted in, None where the rules say nothing of it."""
        declared = self.book.declaration(fact)
        return declared.unit if declared else None

    def place_of_fact(self, fact: str) -> int:
        """Return where the rules write a fact among others; one that they no longer know comes last."""
        declared = [candidate.id for candidate in self.book.rule_set.facts]
        return declared.index(fact) if fact in declared else len(declared)

    def note_kind(self, kind: str) -> str:
        """Return the label of a kind of note: the rule set's, or else the catalogue's."""
        entry = next((candidate for candidate in self.book.rule_set.note_kinds if candidate.id == kind), None)
        return self.text(entry.label) if entry else self.catalog.term(kind)

    def appointment(self, step: str, appointment: str) -> str:
        """Return the label of a meeting that a step plans."""
        planned = (
            candidate for entry in self.book.rule_set.steps if entry.id == step for candidate in entry.appointments
        )
        entry = next((candidate for candidate in planned if candidate.id == appointment), None)
        return self.text(entry.label) if entry else appointment

    def was_held(self, course: CourseState, visit: Visit, planned: Appointment) -> bool:
        """Say whether a meeting was held on the day on which it stands, as the facts of its visit say."""
        rule = next((rule for rule in self.book.appointments(visit.step) if rule.appointment == planned.id), None)
        on_record = course.on_record(rule.held, visit.number) if rule and rule.held else None
        return on_record is not None and not planned.cancelled and iso_day(on_record.fact.value) == planned.on

    def in_order(self, requirements: Iterable[str]) -> list[str]:
        """Return requirements as the rules write them; those that the rules no longer know come last."""
        places = {name: place for place, name in enumerate(self.requirements)}
        return sorted(requirements, key=lambda name: (places.get(name, len(places)), name))

    def requirement(self, requirement: str) -> str:
        entry = self.requirements.get(requirement)
        return self.text(entry.text) if entry else requirement

    def requirement_missing(self, requirement: str, outcome: str | None = None) -> str:
        """Return what the one who is asked shall do to meet a requirement, or instead of it when it is refused."""
        entry = self.requirements.get(requirement)
        refused = entry.refused if entry and outcome == Outcome.REFUSED else None
        return self.text((refused or entry).missing) if entry else requirement

    def requirement_refused(self, requirement: str) -> str:
        """Return what to do instead of meeting a requirement that is refused."""
        return self.requirement_missing(requirement, Outcome.REFUSED)

    def requirements_missing(self, requirements: Iterable[str]) -> str:
        """Return what shall be done to meet requirements that are missing together."""
        *before, last = dict.fromkeys(map(self.requirement_missing, requirements))
        return "; ".join([*(text.removesuffix(".") for text in before), last])

    def requirement_blocks(self, requirement: str) -> bool:
        """Say whether a requirement holds a visit; one that the rules no longer know holds none."""
        entry = self.requirements.get(requirement)
        return entry is not None and entry.level is Level.BLOCK

    def outcome(self, outcome: str) -> str:
        """Return the label of a closing outcome."""
        return self.value(CLOSING_OUTCOME, outcome)

    def role(self, role: Role) -> str:
        return self.catalog.term(role.value)

    def roles(self, roles: Iterable[Role]) -> str:
        """Return the labels of roles as a list in words."""
        return self.listed(map(self.role, roles))

    def steps(self, steps: Iterable[str]) -> str:
        """Return the labels of steps as a list in words."""
        return self.listed(map(self.step, steps))

    def listed(self, texts: Iterable[str]) -> str:
        """Return texts as a list in words."""
        return written_list(texts, self.language)

    def rules(self) -> str:
        """Return the title and version of the rule set."""
        return f"{self.title} {self.book.rule_set.version}"

    @property
    def title(self) -> str:
        """Return the title of the rule set."""
        return self.text(self.book.rule_set.title)

    def moment(self, at: datetime | None) -> str:
        """Return an instant as Danish clocks show it; nothing for none."""
        return written_moment(at, self.language) if at else ""

    def day(self, on: date | str) -> str:
        """Return the Danish day of a date, an instant or a text as `2026-11-05`; another text as it is."""
        if isinstance(on, datetime):
            return written_day(danish_day(on), self.language)
        day = on if isinstance(on, date) else iso_day(on)
        return written_day(day, self.language) if day else str(on)

    def days(self, first: date, last: date | None) -> str:
        """Return from which day to which something was, and one day as one."""
        if first == last:
            return self.day(first)
        texts = {"from": self.day(first), "until": self.day(last) if last else ""}
        return self.catalog.fill(self.catalog.briefing["from_until"], texts)

    def waiting(self, waiting: Waiting | WaitingRow) -> str:
        if waiting.kind is WaitingKind.REQUIREMENT:
            return self.requirement_missing(waiting.what)
        is_refused = waiting.kind is WaitingKind.DECISION and waiting.what
        return self.requirement_refused(waiting.what) if is_refused else self.catalog.inbox[waiting.kind.value]


def _rows(schedule: FactValue) -> list[tuple[str, str]]:
    """Return the days and amounts of a schedule, which is written `2026-10-05=5 2026-11-02=8`."""
    return [(day, amount) for day, _, amount in (row.partition("=") for row in str(schedule).split(" "))]
