"""One citizen at one step before two versions of rules: asked for by formulas, played and judged by both evaluators."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from typing import Final, NamedTuple

from domain.calendar import Calendar
from domain.state.course import CourseState
from domain.state.verdict import TARGET_GROUP
from rules.language.examples import Circumstances, Statement
from rules.proof.asking import Asking
from rules.proof.cells import Cells
from rules.proof.diff_classes import Class, Judged, classes_of
from rules.proof.diff_course import Told, joined_course
from rules.proof.diff_functions import SideFunctions, compared
from rules.proof.diff_standing import Standing
from rules.proof.diff_view import SideView
from rules.proof.diff_vocabulary import Vocabulary
from rules.proof.gates import GateOf
from rules.proof.likeness import is_near
from rules.proof.logic import Answer, Citizen, Formula, Logic, Number, Solver, equal

_REFINED: Final = 30
"""How often what was reckoned wrongly of a citizen is mended before she is given up."""


class Side(Asking):
    """A step as one of two versions has it; both sides speak of one citizen, and to one solver."""

    def __init__(self, vocabulary: Vocabulary, step: str, calendar: Calendar, logic: Logic) -> None:
        """Name the citizen as the other side does."""
        book = vocabulary.book
        written = next(one for one in book.rule_set.steps if one.id == step)
        super().__init__(book, written, calendar, logic)
        self.vocabulary = vocabulary
        self.view: SideView = SideView(logic, vocabulary, written)
        self.functions = SideFunctions(logic)
        self.cells = Cells(self.view, self.functions)
        self.gate = GateOf(book, self.cells, with_waivers=True)

    def learn(self) -> None:
        """Let the solver know of all that has been named since it was last asked."""
        self._say()

    def _say(self) -> None:
        logic, shown, view = self.logic, self.cells.functions.shown, self.view
        for place, fact in [*view.as_said.items()]:
            if id(fact) not in self._near:
                self._near.add(id(fact))
                near = is_near(logic, view, fact)
                own = logic.no(fact.said) if place[1] in self.vocabulary.own_steps else logic.true
                self.solver.say(logic.implies(shown, logic.all_of((near, own))))
        self._near.update(map(id, view.facts.values()))
        super()._say()

    def quiet(self) -> list[Formula]:
        """Return that the citizen is in the usual group, that nothing is said, and that all began on one day."""
        quiet = [*self._quiet()]
        return [*quiet[len(quiet) - len(self._groups) :], *quiet[: len(quiet) - len(self._groups)]]

    def told(self, citizen: Citizen) -> Circumstances:
        """Return what this version is told of a citizen: all that it can read."""
        told = self.shown.circumstances(citizen, self.view.heard_of(citizen))
        other = None if citizen.is_so(self.view.group_known) else self.view.another_group(citizen)
        said = {} if other is None else {TARGET_GROUP: (Statement(value=other, on=told.started_on or date.min),)}
        return told.model_copy(update={"systems": {**told.systems, **said}})


class Met(NamedTuple):
    """A citizen whom both versions judged on the same course: the classes to which she belongs."""

    circumstances: Circumstances
    course: CourseState
    now: datetime
    visit: int
    classes: frozenset[Class]


class Answered(NamedTuple):
    """The answer to a question about both versions, with the citizen where one was met."""

    answer: Answer
    met: Met | None = None


class Sides:
    """One step before two versions, and the solver that knows what holds of everybody who stands there."""

    def __init__(self, before: Vocabulary, after: Vocabulary, step: str, calendar: Calendar) -> None:
        """Make the formulas of both versions before anything is asked."""
        self.logic, self.step, self.calendar = Logic(), step, calendar
        self.before, self.after = (Side(one, step, calendar, self.logic) for one in (before, after))
        self.before.view.meet(self.after.view)
        self.after.view.meet(self.before.view)
        self.solver = self.before.solver = self.after.solver = Solver(self.logic)
        self.shown = self.before.cells.functions.shown
        self.standings = tuple(Standing(side.gate, self.logic) for side in self.pair)
        self.solver.say(*compared(self.logic, self.before.functions, self.after.functions))
        self._say_of_who_is_shown()
        self.questions = 0

    @property
    def pair(self) -> tuple[Side, Side]:
        return self.before, self.after

    def ask(self, *wanted: Formula) -> Answer:
        """Return whether there is a citizen who is so, of all that there may be."""
        self._learn()
        self.questions += 1
        return self.solver.ask(*wanted)

    def none(self, *wanted: Formula) -> bool:
        """Return whether it is proved that no citizen is so."""
        return self.ask(*wanted) is Answer.NONE

    def meet(self, kind: Class, *wanted: Formula) -> Answered:
        """Return a citizen of a class on whom both evaluators decide so, that nobody is so, or that nobody can tell."""
        self._learn()
        for day in (*self._days(), None):
            on_day = () if day is None else (equal(self.before.view.today, self._ordinal(day)),)
            fixed = (*wanted, self.shown, *on_day)
            met = self._met(kind, fixed)
            if met is not None:
                return Answered(Answer.SOME, self._least(kind, fixed) or met)
        return Answered(Answer.NONE if self.none(*wanted) else Answer.UNDECIDED)

    def _met(self, kind: Class, fixed: tuple[Formula, ...]) -> Met | None:
        """Return a citizen who is so, once all that the solver reckoned otherwise than the engine is mended."""
        for _ in range(_REFINED):
            if self.solver.ask(*fixed) is not Answer.SOME:
                return None
            met = self.judged(self.solver.citizen)
            if met is not None and kind in met.classes:
                return met
            lemmas = [*self.before.mended(), *self.after.mended()]
            if not lemmas:
                return None
            self.solver.say(*lemmas)
        return None

    def _least(self, kind: Class, fixed: tuple[Formula, ...]) -> Met | None:
        """Return a citizen who is so and of whom as little as possible is said, for others to read."""
        view = self.before.view
        quiet = [*chain.from_iterable(side.quiet() for side in self.pair)]
        quiet = [view.group_known, *quiet]
        while quiet and self.solver.ask(*fixed, *quiet) is not Answer.SOME:
            loud = set(map(id, self.solver.against(quiet)[:1])) or {id(quiet[-1])}
            quiet = [one for one in quiet if id(one) not in loud]
        return self._met(kind, (*fixed, *quiet))

    def judged(self, citizen: Citizen) -> Met | None:
        """Tell both versions of a citizen and let both judge the one course of it; None when one cannot take her."""
        told = Told(*(side.told(citizen) for side in self.pair)).with_the_same_visits()
        played = [side.shown.decided(one) for side, one in zip(self.pair, told, strict=True)]
        (one, other), (mine, theirs) = played, (side.vocabulary for side in self.pair)
        course = one and other and joined_course(one.scenario.state, other.scenario.state, mine, theirs)
        if not one or not course:
            return None
        now, visit = one.scenario.now, one.scenario.visit
        return Met(told.joined(mine), course, now, visit, self._classes(course, now, visit))

    def is_of(self, kind: Class, met: Met, group: str) -> bool:
        """Return whether a citizen would belong to a class had she been in a target group all along."""
        begun = next(fact for fact in met.course.facts if fact.fact == TARGET_GROUP)
        others = (fact for fact in met.course.facts if fact.fact != TARGET_GROUP)
        facts = (*others, begun.model_copy(update={"value": group}))
        return kind in self._classes(met.course.model_copy(update={"facts": facts}), met.now, met.visit)

    def _classes(self, course: CourseState, now: datetime, visit: int) -> frozenset[Class]:
        return frozenset(classes_of(*(self._judged(*side, course, now, visit) for side in self._sides)))

    @property
    def _sides(self) -> Iterator[tuple[Side, Standing]]:
        yield from zip(self.pair, self.standings, strict=True)

    def _judged(self, side: Side, standing: Standing, course: CourseState, now: datetime, visit: int) -> Judged:
        views = side.book.views(course, now, self.calendar)
        verdict = side.book.judge_visit(next(view for view in views if view.visit.number == visit))
        return Judged(self.step, verdict, standing.requirements)

    def _say_of_who_is_shown(self) -> None:
        """Let who is shown be somebody whose course both versions can take: at no step that one does not have.

        Of whom two sources say different target groups, they say so from the beginning.
        """
        view = self.before.view
        for group, _ in view.groups.values():
            is_one = self.logic.any_of((view.group_known, equal(group.value, view.groups["today"][0].value)))
            self.solver.say(self.logic.implies(self.shown, is_one))
        for side in self.pair:
            for step in side.vocabulary.own_steps:
                self.solver.say(self.logic.implies(self.shown, self.logic.no(side.view.open_beside(step))))

    def _learn(self) -> None:
        self.before.learn()
        self.after.learn()

    def _days(self) -> Iterator[date]:
        first = max(side.book.rule_set.valid_from for side in self.pair)
        days = dict.fromkeys(day for side in self.pair for day in side.days if day >= first)
        yield from days

    def _ordinal(self, day: date) -> Number:
        return self.logic.number(day.toordinal())
