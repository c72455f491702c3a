"""The verdict on a course by plain recursion over the written rules: slow, obvious, and without the engine's code."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from domain.calendar import NEVER, WORKING_UNITS, Calendar, Span, danish_day, end_of_day
from domain.identity import GATE_ROLES, Role
from domain.state.course import CourseState, Visit
from domain.state.facts import Audience
from domain.state.verdict import Kind, Outcome, RequirementVerdict, Route, VisitVerdict
from rules.calendar.data import CalendarData
from rules.language.conditions import All, AnyOf, Comparison, Condition, Derived, Not, NoteCount, OpenBeside, Param
from rules.language.facts import FactType
from rules.language.rule_set import RuleSet
from rules.language.steps import Before, Deadline, Level, Parameter, Requirement, RouteRow
from tests.oracles.functions import Reckoning
from tests.oracles.statements import UNKNOWN, Place, Rules, newest, of_type

Answer = bool | None

_DECIMALS: Final = ("most_hours", "ratio_limit", "total_paid_hours")
_PARAMETERS_OF: Final = {
    "ratio_limit": (FactType.INT, *[FactType.DECIMAL] * 5),
    "sustained_weeks": (FactType.DECIMAL, FactType.INT),
}


class Judge:
    """Judges courses by one rule set and one calendar."""

    def __init__(self, rule_set: RuleSet, calendar: Calendar, data: CalendarData) -> None:
        """Take the calendar and the data that it was made of."""
        self.rules = Rules(rule_set)
        self._steps = {step.id: step for step in rule_set.steps}
        self._parameters = {parameter.id: parameter for parameter in rule_set.parameters}
        self._climbed = {ladder.requirement for ladder in rule_set.ladders}
        self._calendar = calendar
        self._data = data

    def judge(self, state: CourseState, now: datetime) -> tuple[VisitVerdict, ...]:
        """Judge every open visit."""
        return tuple(self.visit(state, visit, now) for visit in state.visits if visit.left_at is None)

    def visit(self, state: CourseState, visit: Visit, now: datetime) -> VisitVerdict:
        """Judge one open visit."""
        place = Place(self.rules, state, visit, now, self._calendar)
        route, roles = self._route(place)
        open_then = () if route is None else (*route.to, visit.step) if route.stays else route.to
        after = place.seen(None, open_then)
        judged = [self.requirement(after, step, written, route) for step, written in self._asked(after, route)]
        return VisitVerdict(visit.number, tuple(judged), route, roles)

    def _route(self, place: Place) -> tuple[Route | None, tuple[Role, ...]]:
        """Return the first row that matches, or who may say what is not known about the one that holds."""
        for row in self._steps[place.visit.step].routes:
            answer = self.matches(place, row)
            if answer is None:
                return None, self._who_knows(place, row)
            if answer:
                closing = place.known("closing_outcome") if row.close else None
                return Route(row.to, closing, row.stay, row.join), ()
        return None, GATE_ROLES

    def matches(self, place: Place, row: RouteRow) -> Answer:
        """Whether a row of a route table matches."""
        if row.close and place.known("closing_outcome") is None:
            return UNKNOWN if place.statements("closing_outcome") else False
        beside = {v.step for v in place.state.visits if v.left_at is None and v.number != place.visit.number}
        if row.stay and (beside.intersection(row.to) or self._was_followed(place, row)):
            return False
        return True if row.when is None else self.answer(row.when, place)

    def _was_followed(self, place: Place, row: RouteRow) -> bool:
        """Whether a row that stays was followed already and nothing that it asks was stated since."""
        led = [
            v for v in place.state.visits if v.follows == place.visit.number and v.step in row.to and not v.withdrawn
        ]
        if not led:
            return False
        stated = [one.recorded_at for fact in facts_in(row.when, self._parameters) for one in place.statements(fact)]
        return not stated or max(stated) <= max(v.entered_at for v in led)

    def _who_knows(self, place: Place, row: RouteRow) -> tuple[Role, ...]:
        unknown = [fact for fact in facts_in(row.when, self._parameters) if self._is_unknown(place, fact)]
        reporters = {role for fact in unknown for role in self.rules.facts[fact].reporters}
        return tuple(role for role in GATE_ROLES if role in reporters) or GATE_ROLES

    def _is_unknown(self, place: Place, fact: str) -> bool:
        return place.known(fact) is None

    def _asked(self, place: Place, route: Route | None) -> list[tuple[str, Requirement]]:
        """Return what is asked before a route is followed, each with its step."""
        of_all = [(step.id, written) for step in self._steps.values() for written in step.requirements]
        if route is not None and route.closing is not None:
            return [(step, written) for step, written in of_all if written.before is Before.CLOSE]
        leave = [(s, w) for s, w in of_all if s == place.visit.step and w.before is Before.LEAVE]
        named = {w.id: (s, w) for s, w in of_all if w.before is Before.LEAVE}
        leave += [named[asked.requirement] for asked in place.visit.asks_left if asked.requirement in named]
        if route is None:
            return leave
        beside = {v.step for v in place.state.visits if v.left_at is None and v.number != place.visit.number}
        to = [step for step in route.to if not (route.joins and step in beside)]
        enter = [(s, w) for step in to for s, w in of_all if s == step and w.before is Before.ENTER]
        refused = [(s, w) for s, w in enter if w.level is Level.BLOCK and self._outcome(place, s, w) is Outcome.REFUSED]
        return leave + (refused or enter)

    def _outcome(self, place: Place, step: str, written: Requirement) -> Outcome:
        place = place.seen(step if written.before is Before.ENTER else None, place.followed)
        if written.waivers and written.id in {waiver.requirement for waiver in place.visit.waivers}:
            return Outcome.WAIVED
        if written.when is not None and self.answer(written.when, place) is False:
            return Outcome.NOT_APPLICABLE
        if written.refused is not None and self.answer(written.refused.when, place) is True:
            return Outcome.REFUSED
        answer = self.answer(written.must, place)
        return Outcome.UNKNOWN if answer is None else Outcome.MET if answer else Outcome.UNMET

    def requirement(
        self, place: Place, step: str, written: Requirement, route: Route | None = None
    ) -> RequirementVerdict:
        """Judge a requirement of a step, whether or not it is asked there."""
        outcome = self._outcome(place, step, written)
        blocks = written.level is Level.BLOCK
        only_reminds = route is not None and route.stays and written.before is Before.LEAVE
        reminds = (blocks and only_reminds) or (not blocks and written.id in self._climbed)
        is_refused = outcome is Outcome.REFUSED and written.refused is not None
        judged = RequirementVerdict(
            written.id,
            outcome,
            blocks=blocks and not only_reminds,
            roles=(written.refused.roles if is_refused and written.refused else ()) or written.roles,
            counts_back=written.deadline is not None and written.deadline.before is not None,
            reminds=reminds,
            is_law=written.kind is Kind.LAW,
        )
        if written.deadline is None or outcome in (Outcome.NOT_APPLICABLE, Outcome.WAIVED, Outcome.REFUSED):
            return judged
        entering = step if written.before is Before.ENTER else None
        reckoned = self._deadline(place.seen(entering, place.followed), written.deadline)
        return replace(judged, due=reckoned.due, span=reckoned.span, since=reckoned.since)

    def answer(self, condition: Condition, place: Place) -> Answer:  # noqa: PLR0911 - One case for each kind.
        """Return whether a condition holds, or unknown."""
        match condition:
            case All(all=parts):
                answers = [self.answer(part, place) for part in parts]
                return False if False in answers else UNKNOWN if None in answers else True
            case AnyOf(any=parts):
                answers = [self.answer(part, place) for part in parts]
                return True if True in answers else UNKNOWN if None in answers else False
            case Not(not_=part):
                answer = self.answer(part, place)
                return UNKNOWN if answer is None else not answer
            case NoteCount():
                return self._noted(condition, place)
            case OpenBeside(open=step):
                visits = place.state.visits
                beside = {v.step for v in visits if v.left_at is None and v.number != place.visit.number}
                return step in beside or step in place.followed
            case Comparison():
                return self._comparison(condition, place)
            case presence:
                is_there: Answer = place.known(presence.fact)
                return is_there

    def _noted(self, asked: NoteCount, place: Place) -> bool:
        number = 0
        for note in place.state.notes:
            is_shared = note.audience is Audience.BOTH and note.visit == place.visit.number
            if is_shared and note.kind == asked.note and (asked.by is None or asked.by in note.by_roles):
                number += 1
        return number >= asked.at_least

    def _comparison(self, asked: Comparison, place: Place) -> Answer:
        subject = asked.subject
        if asked.operator == "is_missing" and isinstance(subject, str):
            return True if not place.statements(subject) else UNKNOWN if place.known(subject) is None else False
        left = self._side(subject, place, None) if isinstance(subject, Derived) else place.known(subject)
        rights = [self._side(operand, place, subject) for operand in asked.operands]
        if left is None or None in rights:
            return UNKNOWN
        return self._compared(asked.operator, left, rights)

    def _compared(self, operator: str, left: Any, rights: Sequence[Any]) -> bool:
        first = rights[0]
        match operator:
            case "is" | "in":
                return left in rights
            case "at_least":
                return bool(left >= first)
            case "at_most":
                return bool(left <= first)
            case "between":
                return bool(first <= left <= rights[1])
            case "before":
                return bool(left < first)
            case _:
                return bool(left > first)

    def _side(self, operand: Any, place: Place, subject: str | Derived | None) -> Any:
        """Return a side of a comparison; a literal or a parameter is read as what it is held against."""
        if isinstance(operand, Derived):
            return self.derived(operand, place)
        stored = self.parameter(operand.param, place) if isinstance(operand, Param) else operand
        if isinstance(subject, str):
            return self.rules.value(subject, stored)
        return of_type(type_of(subject), stored)

    def derived(self, asked: Derived, place: Place) -> Any:
        """Return today or what a function gives."""
        if asked.derived == "today":
            return place.today
        kinds = iter(_PARAMETERS_OF.get(asked.derived, ()))
        of = [of_type(next(kinds), self.parameter(x.param, place)) if isinstance(x, Param) else x for x in asked.of]
        return Reckoning(place, self._data).reckon(asked.derived, of)

    def parameter(self, name: str, place: Place, dated_by: str | None = None) -> Any:
        """Return the stored value of a parameter on its day for the group of that day, or unknown."""
        parameter = self._parameters[name]
        day = self.dated(parameter, place, dated_by)
        groups = {group for row in parameter.rows for group in row.target_groups}
        group = self.group_on(day, place) if groups else None
        if day is None or (groups and group is None):
            return UNKNOWN
        begun = sorted((row for row in parameter.rows if row.valid_from <= day), key=lambda row: row.valid_from)
        named = [row.value for row in begun if group in row.target_groups]
        unnamed = [row.value for row in begun if not row.target_groups]
        return next(reversed(named or unnamed), UNKNOWN)

    def dated(self, parameter: Parameter, place: Place, dated_by: str | None = None) -> date | None:
        """Return the day that decides which row of a parameter counts."""
        dating = dated_by or parameter.dated_by
        match dating:
            case "today":
                return place.today
            case "course_start":
                return place.state.started_on
            case "visit_entered":
                return place.today if place.entering else place.visit.entered_on
            case _:
                return place.day(dating.removeprefix("fact:"))

    def group_on(self, day: date | None, place: Place) -> Any:
        """Return the target group as it was stated until a day, or as it was stated first."""
        statements = place.statements("target_group")
        if day is not None and statements:
            last = max(day, min(one.occurred_on for one in statements))
            statements = [one for one in statements if one.occurred_on <= last]
        return place.known("target_group", statements) if newest(statements) else UNKNOWN

    def _deadline(self, place: Place, written: Deadline) -> "_Reckoned":
        amount = written.amount
        if isinstance(amount, Param):
            amount = of_type(FactType.INT, self.parameter(amount.param, place, written.dated_by))
        anchor = self._anchor(place, written)
        since = anchor if written.from_ == "course_start" else None
        if amount is None:
            return _Reckoned(None, None, since)
        span = Span(amount=amount, unit=written.unit)
        return _Reckoned(self._due(place, written, anchor, span) if anchor else None, span, since)

    def _due(self, place: Place, written: Deadline, anchor: datetime, span: Span) -> datetime | None:
        """Return the end of the day of a deadline, not before a quarter of its length since the visit was entered."""
        entered, is_working = place.visit.entered_at, span.unit in WORKING_UNITS
        if written.before is None:
            reached = self._calendar.after(anchor, span, pauses=place.state.pauses)
            quarter = Span(amount=-(-span.amount // 4), unit=span.unit)
            earliest = self._calendar.after(entered, quarter, pauses=place.state.pauses)
        else:
            reached = self._calendar.before(anchor, span)
            earliest = entered + max((anchor - entered) / 4, timedelta())
            if is_working and entered < anchor:
                opens = self._calendar.after(earliest, Span(amount=0, unit=span.unit), pauses=place.state.pauses)
                earliest = min(anchor, opens)
        if reached >= NEVER:
            return None
        return max(end_of_day(danish_day(reached)), end_of_day(danish_day(earliest)))

    def _anchor(self, place: Place, written: Deadline) -> datetime | None:
        """Return from when a deadline runs: what is not of the moment itself is the end of its day."""
        visit, state = place.visit, place.state
        if written.anchor.startswith("fact:"):
            day = place.day(written.anchor.removeprefix("fact:"))
            return None if day is None else self._end(day, written)
        at, on = visit.entered_at, visit.entered_on
        is_first = written.anchor == "course_start" and visit.ordinal == 1
        if is_first and state.started_at is not None and state.started_on is not None:
            at, on = state.started_at, state.started_on
        return at if danish_day(at) == on else self._end(on, written)

    def _end(self, day: date, written: Deadline) -> datetime:
        """Return the last minute of a day or, in working time, the last closing of the office until then."""
        end = end_of_day(day)
        if written.unit in WORKING_UNITS:
            return self._calendar.before(end, Span(amount=0, unit=written.unit))
        return end


class _Reckoned(NamedTuple):
    due: datetime | None
    span: Span | None
    since: datetime | None


def type_of(subject: Derived | None) -> FactType:
    """Return the type of what a function gives."""
    if subject is None or subject.derived == "today":
        return FactType.DATE
    return FactType.DECIMAL if subject.derived in _DECIMALS else FactType.INT


def facts_in(condition: Condition | None, parameters: dict[str, Parameter]) -> Iterator[str]:
    """Yield every fact that a condition reads, also to choose the row of a parameter."""
    match condition:
        case None | NoteCount() | OpenBeside():
            return
        case All(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from facts_in(part, parameters)
        case Not(not_=part):
            yield from facts_in(part, parameters)
        case Comparison():
            for side in (condition.subject, *condition.operands):
                yield from _of_side(side, parameters, is_subject=side is condition.subject)
        case presence:
            yield presence.fact


def _of_side(side: Any, parameters: dict[str, Parameter], *, is_subject: bool = False) -> Iterator[str]:
    if isinstance(side, Derived):
        for one in side.of:
            yield from _of_side(one, parameters, is_subject=one != "today")
    elif isinstance(side, Param):
        yield from _of_parameter(parameters[side.param])
    elif is_subject:
        yield side


def _of_parameter(parameter: Parameter) -> Iterable[str]:
    if any(row.target_groups for row in parameter.rows):
        yield "target_group"
    if parameter.dated_by.startswith("fact:"):
        yield parameter.dated_by.removeprefix("fact:")
