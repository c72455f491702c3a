"""Plays the straight course of a rule set: whatever the engine says is missing or due is reported, and nothing else."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, islice, product
from typing import Final

from domain.calendar import danish_day
from domain.identity import GATE_ROLES, Role
from domain.state.course import Visit
from domain.state.facts import FactValue
from domain.state.verdict import CLOSING_OUTCOME, TARGET_GROUP, Outcome, RequirementVerdict, VisitVerdict
from rules.burden.course import PlayedCourse, Saying
from rules.burden.values import TRIAL_DAYS, Values, planned_ends, wanted_by
from rules.explain.ways import Asked, Way, ways_to_meet
from rules.language.rule_set import RuleSet
from rules.language.steps import Requirement, RouteRow

WORK_DAYS: Final = 16 * 7
"""How long a straight course stays in a step that can stop and has no planned end: ordinary paid work."""

_LONGEST: Final = 2 * 365
_MOST_TRIED: Final = 400
_A_WEEK: Final = timedelta(days=7)


class StuckError(Exception):
    """Nothing that can be reported leads on from a step; `missing` are the requirements that hold it."""

    def __init__(self, step: str, missing: tuple[str, ...]) -> None:
        """Name the step and what it lacks."""
        super().__init__(f"{step}: {', '.join(missing) or 'no route'}")
        self.step = step
        self.missing = missing


def usual_group(rules: RuleSet) -> str:
    """Return the first target group that no row of a parameter names, and so has the values of all others."""
    groups = [value.id for fact in rules.facts if fact.id == TARGET_GROUP for value in fact.values]
    named = {group for parameter in rules.parameters for row in parameter.rows for group in row.target_groups}
    return next((group for group in groups if group not in named), groups[0])


def rows_that_lead_on(rules: RuleSet) -> dict[str, RouteRow]:
    """Return for each step the row to the nearest later step from which the last step is reached; the last has none."""
    rows: dict[str, RouteRow] = {}
    reached = [rules.steps[-1].id]
    for step in reversed(rules.steps[:-1]):
        leading = {row.to: row for row in reversed(step.routes) if not row.stay and not row.close}
        row = next((leading[later,] for later in reached if (later,) in leading), None)
        if row is not None:
            rows[step.id] = row
            reached.insert(0, step.id)
    return rows


def play(course: PlayedCourse) -> None:
    """Play a course that has just begun straight to its end; raises StuckError where no way leads there."""
    player = _Player(course)
    for _ in range(_LONGEST):
        while player.act():
            pass
        if not course.is_open:
            return
        course.next_day()
    visit = course.state.open_visits[-1]
    holding = (r.requirement for verdict in course.verdicts() for r in verdict.requirements if r.holds_back)
    raise StuckError(visit.step, tuple(holding))


class _Player:
    def __init__(self, course: PlayedCourse) -> None:
        self._course = course
        self._book = course.book
        self._rules = course.book.rule_set
        self._steps = {step.id: step for step in self._rules.steps}
        self._asks = {r.id: (step.id, r) for step in self._rules.steps for r in step.requirements}
        self._planned = planned_ends(self._rules)
        self._rows = rows_that_lead_on(self._rules)
        self._values = {step.id: Values(self._rules, step, self._rows.get(step.id)) for step in self._rules.steps}
        self._ways = {id_: ways_to_meet(self._rules, asks.must) for id_, (_, asks) in self._asks.items()}
        self._read_by = Counter(chain.from_iterable({one.id for one in chain(*ways)} for ways in self._ways.values()))
        self._not_before: dict[tuple[int, str], date] = {}
        self._met_by: dict[tuple[int, str], tuple[str, ...]] = {}

    def act(self) -> bool:
        """Do one thing that is missing or due today; return whether there was one."""
        visits = {visit.number: visit for visit in self._course.state.open_visits}
        for verdict in self._course.verdicts():
            if self._ends(visits[verdict.visit]) or self._reports(visits[verdict.visit], verdict):
                return True
        return self._course.acknowledge()

    def _ends_on(self, visit: Visit) -> date:
        """Return the day on which a straight course leaves a visit: at once, unless the step runs for some time."""
        step = self._steps[visit.step]
        if step.stop is None:
            return visit.entered_on
        planned = [fact.id for fact in self._rules.facts if fact.step == visit.step and fact.id in self._planned]
        days = [date.fromisoformat(str(day)) for day in map(self._known, planned) if day is not None]
        if days:
            return max(days) + timedelta(days=1)
        return visit.entered_on + timedelta(days=TRIAL_DAYS if planned else WORK_DAYS)

    def _ends(self, visit: Visit) -> bool:
        """Close the course when it has come to the end of its last step."""
        course = self._course
        is_last = visit.step == self._book.steps[-1] and course.today >= self._ends_on(visit)
        if not is_last or course.state.on_record(CLOSING_OUTCOME, None) is not None:
            return False
        declared = next(fact for fact in self._rules.facts if fact.id == CLOSING_OUTCOME)
        course.close(visit.step, declared.values[0].id)
        return True

    def _reports(self, visit: Visit, verdict: VisitVerdict) -> bool:
        today = self._course.today
        for judged in verdict.requirements:
            key = visit.number, judged.requirement
            if not judged.is_waited_for or not self._is_due(visit, judged) or self._not_before.get(key, today) > today:
                continue
            if not self._is_met_by_time(visit, judged) and self._meets(visit, judged):
                return True
            self._not_before[key] = today + _A_WEEK
        return today >= self._ends_on(visit) and self._chooses_the_way(visit, verdict)

    def _is_due(self, visit: Visit, judged: RequirementVerdict) -> bool:
        """Return whether something is to be reported now: in a step that runs, on the day of its deadline.

        That the step has begun is reported at once; what a deadline counts from comes before what it is for.
        """
        if self._course.today >= self._ends_on(visit):
            return True
        if judged.due is None:
            return self._asks[judged.requirement][1].deadline is None
        asked = {one.id for one in chain(*self._ways[judged.requirement])}
        return not asked.isdisjoint(self._book.begun_by(visit.step)) or danish_day(judged.due) <= self._course.today

    def _is_met_by_time(self, visit: Visit, judged: RequirementVerdict) -> bool:
        """Return whether time alone meets a requirement until the visit is left."""
        later = max(self._ends_on(visit), self._course.today) + _A_WEEK
        outcomes = {r.requirement: r.outcome for v in self._course.verdicts(on=later) for r in v.requirements}
        return outcomes.get(judged.requirement) is Outcome.MET

    def _meets(self, visit: Visit, judged: RequirementVerdict) -> bool:
        """Report what meets a requirement, in the first way of its condition that the engine accepts."""
        step, requirement = self._asks[judged.requirement]
        for sayings in self._sayings(visit, requirement):
            if self._would_be_met(visit, judged, sayings):
                self._met_by[visit.number, requirement.id] = tuple(said.thing for said in sayings)
                self._course.say(visit.number, sayings, step, requirement)
                return True
        return False

    def _chooses_the_way(self, visit: Visit, verdict: VisitVerdict) -> bool:
        """Report what leads on to the next step, where the rules do not already."""
        row = self._rows.get(visit.step)
        if row is None or (verdict.route is not None and verdict.route.to == row.to):
            return False
        for sayings in self._combined(visit, wanted_by(self._rules, row), ()):
            after = self._course.if_said(visit.number, sayings)
            verdicts = self._course.verdicts(after) if after else ()
            if any(v.visit == visit.number and v.route and v.route.to == row.to for v in verdicts):
                self._course.say(visit.number, sayings, visit.step, None)
                return True
        return False

    def _would_be_met(self, visit: Visit, judged: RequirementVerdict, sayings: tuple[Saying, ...]) -> bool:
        after = self._course.if_said(visit.number, sayings)
        verdicts = self._course.verdicts(after) if after else ()
        own = (r for v in verdicts if v.visit == visit.number for r in v.requirements)
        return any(r.requirement == judged.requirement and r.outcome is Outcome.MET for r in own)

    def _sayings(self, visit: Visit, requirement: Requirement) -> Iterator[tuple[Saying, ...]]:
        """Yield what could be said: what met it before, what is not known yet, or one known thing once more.

        Known things are taken in the order of how few requirements read them: a day that many read is not moved.
        """
        ways = [way for way in self._ways[requirement.id] if all(one.kind != "step" for one in way)]
        things = {one.id: one for one in chain(*ways)}
        before = tuple(things[thing] for thing in self._met_by.get((visit.number, requirement.id), ()))
        unknown = (tuple(one for one in way if self._known(one.id) is None) for way in ways)
        known = (one for one in things.values() if one.kind == "fact" and self._known(one.id) is not None)
        again = ((one,) for one in sorted(known, key=lambda one: self._read_by[one.id]))
        for asked in filter(None, chain([before], unknown, again)):
            yield from self._combined(visit, asked, requirement.roles)

    def _known(self, thing: str) -> FactValue | None:
        """Return what is on record of a fact: in the newest visit to its step, else of the course or a step to come."""
        declared = self._book.declaration(thing)
        if declared is None:
            return None
        newest = {each.step: each.number for each in self._course.state.visits if not each.withdrawn}
        on_record = self._course.state.on_record(thing, newest.get(declared.step or ""))
        return on_record.fact.value if on_record else None

    def _combined(self, visit: Visit, asked: Way, roles: tuple[Role, ...]) -> Iterator[tuple[Saying, ...]]:
        """Yield the things that are asked for with every combination of likely values."""
        candidates = [tuple(self._candidates(visit, one, roles)) for one in asked]
        yield from islice(product(*candidates), _MOST_TRIED)

    def _candidates(self, visit: Visit, asked: Asked, roles: tuple[Role, ...]) -> Iterator[Saying]:
        declared = self._book.declaration(asked.id) if asked.kind == "fact" else None
        if declared is None:
            yield Saying(asked.by or next(iter(roles), Role.CASEWORKER), asked.id)
            return
        first = declared.reporters[0]
        able = (role for role in (*roles, *declared.reporters) if role in GATE_ROLES and role in declared.reporters)
        role = first if first is Role.SYSTEM else next(able, first)
        known = {first: self._known(first) for first in self._planned.values()}
        days = {first: date.fromisoformat(str(day)) for first, day in known.items() if day is not None}
        today = self._course.today
        for value in self._values[visit.step].of(declared, asked, today, max(today, self._ends_on(visit)), days):
            yield Saying(role, declared.id, value)
