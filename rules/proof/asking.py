"""Asks whether some citizen is so: shows one whom the evaluator decides on alike, or proves that there is none."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Final

from domain.calendar import Calendar
from domain.state.verdict import TARGET_GROUP
from rules.engine.book import Book
from rules.engine.compiler import Compiled
from rules.engine.gates import CompiledRequirement
from rules.engine.operands import Reckoned, facts_in
from rules.engine.stated import FactAt
from rules.language.examples import Circumstances, whole_circumstances
from rules.language.rule_set import RuleSet
from rules.language.steps import Step
from rules.proof.cells import Cells
from rules.proof.gates import GateOf
from rules.proof.likeness import is_near, mended
from rules.proof.logic import Answer, Formula, Logic, Solver, equal
from rules.proof.shown import Decided, Shown
from rules.proof.view import View

_REFINED: Final = 30
"""How often what was reckoned wrongly of a citizen is mended before his question is left undecided."""

_BEGUN: Final = 60
"""How many days after a set began a citizen is looked for where no situation says a day."""

_MOST_DAYS: Final = 4


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a question, with the citizen where there is one who could be shown."""

    answer: Answer
    citizen: Circumstances | None = None
    decided: Decided | None = None
    against: tuple[Formula, ...] = ()


Judge = Callable[[Decided], bool]
"""Says whether the evaluator finds of a citizen what was asked."""


def passing(row: int) -> Judge:
    """Return the judge of whether a citizen follows a row of the route table and nothing holds him back."""
    return lambda decided: decided.row == row and decided.verdict.is_ready


class Asking:
    """One step of one set, and the solver that knows what holds of everybody who stands there."""

    def __init__(self, book: Book, step: Step, calendar: Calendar, logic: Logic | None = None) -> None:
        """Name the step's citizen and what is said of him."""
        self.book, self.step, self.calendar = book, step, calendar
        self.logic = logic or Logic()
        self.view = View(self.logic, book.rule_set, step)
        self.cells = Cells(self.view)
        self.gate = GateOf(book, self.cells)
        self.solver = Solver(self.logic)
        self.solver.say(self.logic.implies(self.cells.functions.shown, self.view.group_known))
        self.shown = Shown(book, calendar, _staff(book))
        self._said = [0, 0]
        self._near: set[int] = set()
        self.questions = 0
        told = [whole_circumstances(book.rule_set.situations, one) for one in book.rule_set.situations]
        self._told = [one for one in told if one.step == step.id]
        self.days = _days(book.rule_set, self._told)
        self._groups = _groups(book.rule_set, self._told)

    def some(self, judge: Judge, *wanted: Formula) -> Found:
        """Return a citizen who is so and whom the evaluator finds so, that there is none, or that nobody can tell.

        Nothing has been waived for him, unless it is wanted that somebody is waiving.
        """
        self.questions += 1
        if all(one is not self.view.waiving for one in wanted):
            wanted = (*wanted, self.logic.no(self.view.waiving))
        for place, day in enumerate(self.days):
            self._say()
            on_day = equal(self.view.today, self.logic.number(day.toordinal()))
            found = self._shown(judge, (*wanted, self.cells.functions.shown, on_day))
            if found is not None:
                return found
            if place == 0 and (none := self.none(*wanted)).answer is Answer.NONE:
                return none
        return Found(Answer.UNDECIDED)

    def none(self, *wanted: Formula) -> Found:
        """Return whether there is no citizen who is so, of all that there may be; if not, it shows nobody."""
        self._say()
        self.questions += 1
        answer = self.solver.ask(*wanted)
        against = self.solver.against(wanted) if answer is Answer.NONE else ()
        return Found(Answer.NONE if answer is Answer.NONE else Answer.UNDECIDED, against=against)

    def nobody_or_shown(self, judge: Judge, *wanted: Formula) -> Found:
        """Return that there is no citizen who is so, or else one who can be shown: for what should never be."""
        found = self.none(*wanted)
        return found if found.answer is Answer.NONE else self.some(judge, *wanted)

    @cached_property
    def asked(self) -> tuple[CompiledRequirement, ...]:
        """Return what may be asked here: before leaving, before entering a step to which it leads, and closing."""
        leading = (place for place, row in enumerate(self.step.routes) if not row.close)
        entered = dict.fromkeys(asked for place in leading for asked in self._entered(place))
        return (*self.gate.gate.leave, *self.gate.gate.close, *entered)

    def _entered(self, place: int) -> Iterator[CompiledRequirement]:
        """Yield what may be asked before a row of the route table leads into other steps."""
        entering = (one for one in self.gate.asked(place) if one[0].step != self.step.id)
        for _, alike in groupby(entering, key=lambda one: id(one[1])):
            asked, when = zip(*alike, strict=True)
            if self.none(self.gate.hits[place], when[0]).answer is not Answer.NONE:
                yield from asked

    def _shown(self, judge: Judge, wanted: Sequence[Formula]) -> Found | None:
        for _ in range(_REFINED):
            if self.solver.ask(*wanted) is not Answer.SOME:
                return None
            citizen = self.shown.circumstances(self.solver.citizen, self.view)
            decided = self.shown.decided(citizen)
            if decided is not None and judge(decided):
                return Found(Answer.SOME, citizen, decided)
            lemmas = self.mended()
            if not lemmas:
                return None
            self.solver.say(*lemmas)
        return None

    def mended(self) -> list[Formula]:
        """Return what is to be said because the last citizen was reckoned otherwise than the engine does."""
        return [*mended(self.cells.functions, self.view, self.solver.citizen, self.calendar)]

    def least(self, judge: Judge, found: Circumstances, *wanted: Formula) -> Circumstances:
        """Return a citizen who is so and of whom as little as possible is said, for others to read."""
        on_day = equal(self.view.today, self.logic.number((found.today or date.min).toordinal()))
        fixed = (*wanted, self.cells.functions.shown, on_day)
        quiet = [*self._quiet()]
        while quiet:
            if self.solver.ask(*fixed, *quiet) is Answer.SOME:
                least = self.shown.circumstances(self.solver.citizen, self.view)
                decided = self.shown.decided(least)
                return least if decided is not None and judge(decided) else found
            loud = set(map(id, self.solver.against(quiet)[:1])) or {id(quiet[-1])}
            quiet = [one for one in quiet if id(one) not in loud]
        return found

    def _quiet(self) -> Iterator[Formula]:
        """Yield that nothing is said, written or open, and that all began on one day."""
        for fact in self.view.facts.values():
            yield self.logic.no(fact.said)
            yield equal(fact.said_on, self.view.today)
        for step in self.book.steps:
            yield self.logic.no(self.view.open_beside(step))
        for written in self.view.notes.values():
            yield equal(written, self.logic.number(0))
        yield self.logic.no(self.view.waiving)
        yield equal(self.view.entered_on, self.view.today)
        yield equal(self.view.started_on, self.view.entered_on)
        for known, _ in self.view.groups.values():
            yield equal(known.value, self.view.group_now.value)
        for group in self._groups:
            yield equal(self.view.group_now.value, self.logic.number(group))

    def _say(self) -> None:
        """Let the solver know of all that has been named since it was last asked."""
        for fact in [*self.view.facts.values()]:
            if id(fact) not in self._near:
                self._near.add(id(fact))
                self.solver.say(self.logic.implies(self.cells.functions.shown, is_near(self.logic, self.view, fact)))
        for place, said in enumerate((self.view.said, self.cells.functions.said)):
            self.solver.say(*said[self._said[place] :])
            self._said[place] = len(said)


def _staff(book: Book) -> frozenset[str]:
    """Return the schedules that hold a company's staff by month."""
    return frozenset(fact.fact for fact in _schedules(book))


def _schedules(book: Book) -> Iterator[FactAt]:
    for gate in book.gates.values():
        for asked in (*gate.leave, *gate.enter, *gate.close):
            for condition in filter(None, (asked.when, asked.must, asked.refused)):
                yield from _read_as_staff(condition)
        for row in gate.rows:
            yield from _read_as_staff(row.when) if row.when else ()


def _read_as_staff(condition: Compiled) -> Iterator[FactAt]:
    for side in condition.sides:
        if isinstance(side, Reckoned) and side.name == "ratio_limit":
            yield from facts_in(side.arguments[0])
    for part in condition.parts:
        yield from _read_as_staff(part)


def _days(rules: RuleSet, situations: Sequence[Circumstances]) -> tuple[date, ...]:
    """Return the days on which a citizen is looked for: those of the step's situations, and of new numbers."""
    days = [one.today for one in situations if one.today is not None and one.today >= rules.valid_from]
    rows = {row.valid_from for parameter in rules.parameters for row in parameter.rows}
    later = [day for day in sorted(rows) if day > rules.valid_from]
    return tuple(dict.fromkeys((*days[:2], rules.valid_from + timedelta(days=_BEGUN), *later[:_MOST_DAYS])))


def _groups(rules: RuleSet, situations: Sequence[Circumstances]) -> tuple[int, ...]:
    """Return the place of the target group of which the step's first situation tells."""
    values = next((fact.values for fact in rules.facts if fact.id == TARGET_GROUP), ())
    places = {value.id: place for place, value in enumerate(values)}
    return tuple(places[one.target_group] for one in situations[:1] if one.target_group in places)
