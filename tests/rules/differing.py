"""The vocabulary of the tests of differences: versions with one change, and random courses judged by both of two."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from domain.calendar import danish_day
from domain.state.course import CourseState
from domain.state.facts import Fact
from domain.state.verdict import TARGET_GROUP
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.engine.gates import CompiledRequirement
from rules.engine.view import VisitView, statements_until, value_among
from rules.language.facts import FactType
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped_library
from rules.loading.read_toml import read_set
from rules.proof.diff import Diff, diff
from rules.proof.diff_classes import Class, Judged, classes_of
from rules.proof.diff_view import SideView
from rules.proof.diff_whom import Whom
from rules.proof.logic import Logic
from tests.oracles.states import States

FILES: Final = shipped_library().files
OFFICE: Final = WorkingTime(customary())

Edit = tuple[str, str, str]
"""A file of a set, what stands there, and what is to stand there instead."""


def version(name: str, *edits: Edit) -> RuleSet:
    """Return a shipped set after some changes, each to its first place."""
    files = dict(FILES)
    for file, before, after in edits:
        path = f"{name}/{file}.toml"
        assert before in files[path], before
        files[path] = files[path].replace(before, after, 1)
    return read_set(name, files)


def between(before: RuleSet, after: RuleSet) -> Diff:
    """Return what is proved between two versions."""
    return diff(Book(before), Book(after), OFFICE)


class Escaped(NamedTuple):
    """A random course that belongs to a class of which nothing is told, or not for those like its citizen."""

    number: int
    kind: Class


def escaped(found: Diff, numbers: Sequence[int]) -> Iterator[Escaped]:
    """Yield the random courses that two versions decide on differently without that it was told."""
    sample = _Sample(found)
    whom = {one.kind: one.whom for one in found.classes}
    for number in numbers:
        for kind, view in sample.classes(number):
            if kind not in whom or not sample.is_among(whom[kind], view):
                yield Escaped(number, kind)


def differing(found: Diff, numbers: Sequence[int]) -> set[Class]:
    """Return the classes to which random courses belong."""
    sample = _Sample(found)
    return {kind for number in numbers for kind, _ in sample.classes(number)}


class _Sample:
    """Random courses as far as they are such as the proof speaks of: nobody reports what her step does not hear."""

    def __init__(self, found: Diff) -> None:
        self.before, self.after = found.before, found.after
        self.states = States(self.before.book.rule_set)
        self.since = found.since
        shared = [one for one in self.before.book.rule_set.steps if one.id not in self.before.own_steps]
        self.views = {step.id: SideView(Logic(), self.before, step) for step in shared}

    def classes(self, number: int) -> Iterator[tuple[Class, VisitView]]:
        """Yield the classes of each open visit of a random course, with how the first version sees it."""
        state, now = self.states.state(number)
        if danish_day(now) < self.since:
            return
        for visit in state.open_visits:
            if visit.step in self.views and state.started_on and state.started_on <= visit.entered_on:
                course = self._plain(state, visit.step, danish_day(now))
                one, other = (self._judged(side.book, course, now, visit.number) for side in (self.before, self.after))
                views = self.before.book.views(course, now, OFFICE)
                view = next(view for view in views if view.visit.number == visit.number)
                yield from ((kind, view) for kind in classes_of(one, other))

    def _plain(self, state: CourseState, step: str, today: date) -> CourseState:
        """Return a course of which only that is said what a course at a step can know."""
        visits = tuple(visit.model_copy(update={"asks_left": ()}) for visit in state.visits)
        facts = tuple(fact for fact in state.facts if self._can_be_known(fact, step, today))
        groups = self._groups([fact for fact in facts if fact.fact == TARGET_GROUP], state.started_on or today)
        others = [fact for fact in facts if fact.fact != TARGET_GROUP]
        return state.model_copy(update={"visits": visits, "facts": (*groups, *others)})

    def _groups(self, stated: Sequence[Fact], started_on: date) -> Iterator[Fact]:
        """Yield the target groups of a course: one since it began, and those that one source stated for later days."""
        reads = [side.declared(TARGET_GROUP).read for side in (self.before, self.after)]
        usable = [fact for fact in stated if None not in [read(fact.value) for read in reads]]
        for number, fact in enumerate(sorted(usable, key=lambda fact: fact.occurred_on)):
            if number == 0:
                yield fact.model_copy(update={"occurred_on": started_on, "by_system": False})
            elif fact.occurred_on > started_on:
                yield fact.model_copy(update={"by_system": False})

    def _can_be_known(self, fact: Fact, step: str, today: date) -> bool:
        declared = self.before.declared(fact.fact)
        is_future = declared.has_come and str(fact.value) > today.isoformat()
        is_ahead = declared.step is not None and fact.visit is None
        can_be_heard = self.views[step].can_be_heard(declared, None if is_ahead else declared.step)
        return can_be_heard and not is_future and fact.occurred_on <= today

    def _judged(self, book: Book, course: CourseState, now: datetime, visit: int) -> Judged:
        view = next(view for view in book.views(course, now, OFFICE) if view.visit.number == visit)
        step = view.visit.step
        return Judged(step, book.judge_visit(view), {one.requirement.id: one for one in _asked(book)})

    def is_among(self, whom: Whom, view: VisitView) -> bool:
        """Return whether the citizen of a course is one of whom a class was told to be."""
        return self._is_of_groups(whom, view) and self._is_of_days(whom, view)

    def _is_of_groups(self, whom: Whom, view: VisitView) -> bool:
        declared = self.before.declared(TARGET_GROUP)
        day = self._day(whom.groups_on, view)
        statements = view.course.statements(TARGET_GROUP, None)
        group = value_among(statements if day is None else statements_until(statements, day), declared.read)
        is_unsure = group is None and whom.unsure
        return not whom.groups or is_unsure or group in {declared.read(name) for name in whom.groups}

    def _is_of_days(self, whom: Whom, view: VisitView) -> bool:
        day = self._day(whom.days_of, view)
        if whom.since is None and whom.until is None:
            return True
        return day is not None and (whom.since or day) <= day and (whom.until is None or day < whom.until)

    def _day(self, dating: str, view: VisitView) -> date | None:
        days = {"today": view.today, "visit_entered": view.visit.entered_on}
        if dating == "course_start":
            return view.course.state.started_on
        if dating in days:
            return days[dating]
        declared = self.before.declared(dating.removeprefix("fact:"))
        visit = None if declared.step is None else view.visit_of(declared.step)
        places = [visit] if declared.step in (None, view.visit.step) else [visit, None]
        values = [view.course.value(declared.id, place, declared.read) for place in places]
        return next((day for value in values if (day := _as_day(value, declared.type))), None)


def _as_day(value: object, kind: FactType) -> date | None:
    if kind is FactType.SCHEDULE and isinstance(value, tuple):
        return next((day for day, hours in value if hours), None)
    return value if isinstance(value, date) else None


def _asked(book: Book) -> Iterator[CompiledRequirement]:
    for gate in book.gates.values():
        yield from (*gate.leave, *gate.enter, *gate.close)
