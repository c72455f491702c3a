"""A citizen of the solver as the circumstances of an example, decided by the evaluator of real courses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import count, islice
from typing import Final, NamedTuple
from uuid import UUID

from stdnum.dk import cvr

from domain.calendar import Calendar
from domain.errors import RefusedError
from domain.identity import GATE_ROLES, Role
from domain.state.course import CourseState
from domain.state.facts import QUESTION, FactValue
from domain.state.verdict import TARGET_GROUP, VisitVerdict
from rules.engine.book import Book
from rules.engine.view import VisitView
from rules.language.examples import Circumstances, ExampleNote, Stated, Statement
from rules.language.facts import FactDeclaration, FactType
from rules.proof.logic import Citizen
from rules.proof.view import FactOf, View
from rules.proving.scenario import Scenario

_MONTHS: Final = 48
_MOST_CVR: Final = 64
_MOVE: Final = UUID(int=1)


class Decided(NamedTuple):
    """What the evaluator says of a citizen's visit, and the course on which it says so."""

    book: Book
    verdict: VisitVerdict
    row: int | None
    view: VisitView
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Shown:
    """How citizens of one set are written as circumstances; `staff` are the schedules of a company's staff by month."""

    book: Book
    calendar: Calendar
    staff: frozenset[str]

    def circumstances(self, citizen: Citizen, view: View) -> Circumstances:
        """Return a citizen as an example would have him."""
        today, started_on, entered_on = (
            _day(citizen.amount(day)) for day in (view.today, view.started_on, view.entered_on)
        )
        facts: dict[str, Stated] = {}
        ahead: dict[str, Stated] = {}
        systems: dict[str, Stated] = {}
        before: dict[str, dict[str, Stated]] = {}
        beside = tuple(step for step in self.book.steps if citizen.is_so(view.open_beside(step)))
        for fact in view.facts.values():
            if fact.declaration.id == TARGET_GROUP or not citizen.is_so(fact.said):
                continue
            stated = self._stated(citizen, fact, today)
            if fact.is_ahead:
                ahead[fact.declaration.id] = stated
            elif fact.step is None or fact.step == view.step.id or fact.step in beside:
                facts[fact.declaration.id] = stated
                if not citizen.is_so(fact.known):
                    systems[fact.declaration.id] = _other(fact.declaration, stated)
            else:
                before.setdefault(fact.step, {})[fact.declaration.id] = stated
        group, later = _groups(citizen, view, started_on, today)
        if later:
            facts[TARGET_GROUP] = later
        return Circumstances(
            step=view.step.id,
            target_group=group,
            started_on=started_on,
            entered_on=entered_on,
            today=today,
            notes=tuple(_notes(citizen, view)),
            before=before,
            beside=beside,
            facts=facts,
            ahead=ahead,
            systems=systems,
            waived=tuple(name for name, waived in view.waivers.items() if citizen.is_so(waived)),
        )

    def _stated(self, citizen: Citizen, fact: FactOf, today: date) -> Stated:
        said_on = _day(citizen.amount(fact.said_on))
        value = self._value(fact.declaration, citizen, fact, today)
        return value if said_on == today else (Statement(value=value, on=said_on),)

    def _value(self, declared: FactDeclaration, citizen: Citizen, fact: FactOf, today: date) -> FactValue:
        if declared.type is FactType.SCHEDULE:
            hours = _written(citizen.amount(fact.most))
            if declared.id in self.staff:
                return " ".join(f"{month.isoformat()}={hours}" for month in months_around(today))
            return f"{_day(citizen.amount(fact.value)).isoformat()}={hours}"
        return value_of(declared, citizen.amount(fact.value))

    def decided(self, circumstances: Circumstances) -> Decided | None:
        """Return what the evaluator decides on a citizen, or None when no course would take what is said of him."""
        try:
            scenario = Scenario(self.book, self.calendar, circumstances)
        except RefusedError:
            return None
        return self._judged(scenario, scenario.state)

    def in_group(self, decided: Decided, group: str, before: str) -> Decided:
        """Return what is decided on the same course in a target group since today, and in another when it began."""
        state = decided.scenario.state
        begun = next(fact for fact in state.facts if fact.fact == TARGET_GROUP)
        others = tuple(fact for fact in state.facts if fact.fact != TARGET_GROUP)
        moved = begun.model_copy(update={"id": _MOVE, "value": group, "occurred_on": decided.scenario.today})
        stated = (begun.model_copy(update={"value": before}), moved)
        return self._judged(decided.scenario, state.model_copy(update={"facts": (*others, *stated)}))

    def _judged(self, scenario: Scenario, state: CourseState) -> Decided:
        views = self.book.views(state, scenario.now, self.calendar)
        view = next(view for view in views if view.visit.number == scenario.visit)
        gate = self.book.gates[view.visit.step]
        row, _ = gate.hit(view)
        number = None if row is None else gate.rows.index(row)
        return Decided(self.book, self.book.judge_visit(view), number, view, scenario)


def value_of(declared: FactDeclaration, amount: Fraction | int) -> FactValue:  # noqa: PLR0911 - one per type
    """Return what a number of the solver stands for, as it is reported."""
    place = int(amount)
    match declared.type:
        case FactType.BOOL:
            return bool(place)
        case FactType.ENUM:
            return declared.values[place].id
        case FactType.DATE:
            return _day(amount).isoformat()
        case FactType.TIME:
            return f"{place // 60:02}:{place % 60:02}"
        case FactType.P_NUMBER:
            return f"10{place:08}"
        case FactType.CVR:
            return next(islice(_cvr_numbers(), place % _MOST_CVR, None))
        case _:
            return _written(amount)


def _cvr_numbers() -> Iterable[str]:
    return (text for number in count(10_000_000) if cvr.is_valid(text := str(number)))


def _day(amount: Fraction | int) -> date:
    return date.fromordinal(int(amount))


def _written(amount: Fraction | int) -> int | str:
    """Return an amount as it is reported: a whole number, or a text with its decimals."""
    return int(amount) if amount == int(amount) else f"{float(amount):f}".rstrip("0")


def months_around(today: date) -> list[date]:
    """Return the first days of the months from two years before a day to two years after it."""
    first = today.year * 12 + today.month - 1 - _MONTHS // 2
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, first + _MONTHS + 1)]


def _groups(citizen: Citizen, view: View, started_on: date, today: date) -> tuple[str, tuple[Statement, ...]]:
    """Return the target group with which a course began, and those that were stated for later days."""
    declared = view.facts_by_name[TARGET_GROUP]
    start = value_of(declared, citizen.amount(view.group_at_start.value))
    on_days: dict[date, FactValue] = {}
    for known, day in view.groups.values():
        on = _day(min(max(int(citizen.amount(day)), 1), today.toordinal()))
        if started_on < on <= today:
            on_days[on] = value_of(declared, citizen.amount(known.value))
    statements, last = [], start
    for on, group in sorted(on_days.items()):
        if group != last:
            statements.append(Statement(value=group, on=on))
        last = group
    return str(start), tuple(statements)


def _notes(citizen: Citizen, view: View) -> Iterable[ExampleNote]:
    for (kind, by), written in view.notes.items():
        to = next(role for role in GATE_ROLES if role is not by) if kind == QUESTION else None
        for _ in range(int(citizen.amount(written))):
            yield ExampleNote.model_validate({"note": kind, "by": by, "to": to})


def _other(declared: FactDeclaration, stated: Stated) -> FactValue:
    """Return another value of a fact, which a system says of the same day."""
    said = stated[0].value if isinstance(stated, tuple) else stated
    match declared.type:
        case FactType.BOOL:
            return not said
        case FactType.ENUM:
            return next(value.id for value in declared.values if value.id != said)
        case FactType.DATE:
            return (date.fromisoformat(str(said)) - timedelta(days=1)).isoformat()
        case FactType.INT | FactType.DECIMAL:
            return 1 if said != 1 else 2
        case FactType.SCHEDULE:
            return f"{str(said).partition('=')[0]}=2"
        case _:
            return value_of(declared, 7)


def can_be_contradicted(declared: FactDeclaration) -> bool:
    """Return whether a person and a system may say different things of a fact."""
    people = set(declared.reporters) - {Role.SYSTEM, Role.OBSERVER}
    return Role.SYSTEM in declared.reporters and bool(people) and (not declared.values or len(declared.values) > 1)
