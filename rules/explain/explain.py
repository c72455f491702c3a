"""Explains the verdict on a course and what would change it, from state, rules and calendar alone (P8).

The same inputs give the same bytes, so an explanation need not be kept to be shown again years later.
"""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Final

from domain.calendar import Pause, Span, TimeUnit
from domain.state.course import CourseState
from domain.state.verdict import Outcome, RequirementVerdict, VisitVerdict
from domain.state.waiting import WaitAnswer, Waiting, WaitingKey, WaitingKind
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book, changes_at
from rules.engine.deadlines import CompiledDeadline
from rules.engine.gates import CompiledRequirement, CompiledRow
from rules.engine.view import VisitView
from rules.explain.conditions import ANSWERS, Change, ConditionExplainer, least_changes
from rules.explain.models import (
    ExplainedAnswer,
    ExplainedCondition,
    ExplainedDeadline,
    ExplainedRequirement,
    ExplainedRow,
    ExplainedSkip,
    ExplainedVisit,
    Explanation,
    Need,
    WayForward,
)
from rules.explain.sentences import Sentences
from rules.language.steps import Requirement
from rules.language.text import Text

ENGINE_SEMANTICS: Final = "1"
"""The version of what conditions, routes and deadlines mean; it rises when an old answer would change."""

_DECIDED_BY_A_CONDITION: Final = (Outcome.MET, Outcome.UNMET, Outcome.UNKNOWN)


def explain(book: Book, state: CourseState, now: datetime, calendar: WorkingTime) -> Explanation:
    """Explain the verdict on every open visit."""
    views = book.views(state, now, calendar)
    verdicts = [book.judge_visit(view) for view in views]
    may_change = changes_at(views)
    return Explanation(
        rules=book.reference,
        engine_semantics=ENGINE_SEMANTICS,
        calendar=calendar.reference,
        at=now,
        changes_at=may_change,
        visits=tuple(
            _Explainer(book, view, calendar).visit(verdict) for view, verdict in zip(views, verdicts, strict=True)
        ),
        answers=tuple(_answer(waiting, waiting.answer) for waiting in state.shown_waits if waiting.answer),
    )


def _answer(waiting: Waiting, answer: WaitAnswer) -> ExplainedAnswer:
    """Return on whom those who are asked for something wait, as they answered last."""
    asked = {"kind": waiting.kind, "what": waiting.what or None, "visit": waiting.visit, "roles": waiting.roles}
    answered = answer.model_dump(include={"waiting_on", "until", "by", "at"})
    return ExplainedAnswer.model_validate(asked | answered)


def _missing(written: Requirement, judged: RequirementVerdict) -> Text:
    """Return what is to be done: another way to be chosen where what was asked for is refused."""
    if written.refused is not None and judged.outcome is Outcome.REFUSED:
        return written.refused.missing
    return written.missing


@lru_cache(maxsize=64)
def _sentences(book: Book) -> Sentences:
    return Sentences(book.rule_set)


@lru_cache(maxsize=1024)
def _skipped(
    calendar: WorkingTime, start: datetime, amount: int, unit: TimeUnit, pauses: tuple[Pause, ...]
) -> tuple[ExplainedSkip, ...]:
    left_out = calendar.derive(start, Span(amount=amount, unit=unit), pauses=pauses).skipped
    return tuple(ExplainedSkip(since=line.since, until=line.until, why=line.why) for line in left_out)


class _Explainer:
    """Explains the verdict on one visit; the route table is explained as it was before a route was followed."""

    def __init__(self, book: Book, view: VisitView, calendar: WorkingTime) -> None:
        self._book = book
        self._view = view
        self._calendar = calendar
        self._conditions = ConditionExplainer(view)
        self._sentences = _sentences(book)
        self._table = self._conditions

    def visit(self, verdict: VisitVerdict) -> ExplainedVisit:
        """Explain the verdict on the visit and what would change it."""
        visit = self._view.visit
        if verdict.route is not None:
            self._table = ConditionExplainer(VisitView(self._view.course, visit))
        gate = self._book.gates.get(visit.step)
        asked = self._book.asked(self._view, verdict.route) if gate else ()
        judged = tuple(zip(asked, verdict.requirements, strict=True))
        followed = gate.hit(self._table.view)[0] if gate else None
        return ExplainedVisit(
            visit=visit.number,
            step=visit.step,
            label=next((step.label for step in self._book.rule_set.steps if step.id == visit.step), None),
            is_ready=verdict.is_ready,
            requirements=tuple(self._requirement(compiled, outcome) for compiled, outcome in judged),
            routes=tuple(self._row(row, followed) for row in gate.rows) if gate else (),
            would_advance_with=WayForward(
                needs=tuple(self._need(compiled, outcome) for compiled, outcome in judged if outcome.holds_back),
                route_from=verdict.route_roles,
            ),
        )

    def _requirement(self, compiled: CompiledRequirement, judged: RequirementVerdict) -> ExplainedRequirement:
        written, conditions = compiled.requirement, self._conditions
        is_decided = judged.outcome in _DECIDED_BY_A_CONDITION
        not_known = (conditions.not_known(condition) for condition in (compiled.when, compiled.must))
        return ExplainedRequirement(
            id=written.id,
            step=compiled.step,
            text=written.text,
            missing=_missing(written, judged),
            reference=written.source,
            kind=written.kind,
            roles=judged.roles,
            level=written.level,
            before=written.before,
            outcome=judged.outcome,
            when=conditions.condition(compiled.when) if compiled.when else None,
            must=conditions.condition(compiled.must),
            refused=conditions.condition(compiled.refused) if compiled.refused else None,
            not_known=tuple(chain.from_iterable(not_known)) if is_decided else (),
            deadline=self._deadline(compiled.deadline, judged) if compiled.deadline else None,
        )

    def _deadline(self, compiled: CompiledDeadline, judged: RequirementVerdict) -> ExplainedDeadline:
        view, written = self._view, compiled.deadline
        anchor, span = compiled.anchor(view), compiled.span(view)
        due = compiled.due(view, span)
        explained = ExplainedDeadline(
            since=anchor if written.before is None else None,
            amount=self._conditions.value(compiled.amount),
            unit=written.unit,
            counted_from=written.from_,
            counted_back_from=written.before,
            reckoned=compiled.reckoned(view, span),
            due=due,
            held_to=self._held_to(judged.requirement, due) if due else None,
        )
        start, pauses = (anchor, view.course.state.pauses) if written.before is None else (due, ())
        if start is None or span is None:
            return explained
        return replace(explained, skipped=_skipped(self._calendar.offices, start, span.amount, span.unit, pauses))

    def _held_to(self, requirement: str, due: datetime) -> datetime | None:
        """Return the end of the running wait where it is not the deadline as it is reckoned now."""
        key = WaitingKey(kind=WaitingKind.REQUIREMENT, visit=self._view.visit.number, what=requirement)
        waits = (waiting for waiting in self._view.course.state.waiting if waiting.what == requirement)
        until = next((waiting.until for waiting in waits if waiting.key == key), None)
        return None if until == due else until

    def _row(self, row: CompiledRow, followed: CompiledRow | None) -> ExplainedRow:
        return ExplainedRow(
            to=row.row.to,
            closes=bool(row.row.close),
            stays=row.row.stay,
            joins=row.row.join,
            answer=ANSWERS[row.matches(self._table.view)],
            followed=row is followed,
            when=self._table.condition(row.when) if row.when else None,
            closing_outcome=self._table.value(row.closing_outcome) if row.row.close else None,
            not_known=self._table.not_known(row.when),
        )

    def _because(self, cell: ExplainedCondition, change: Change) -> Text:
        return self._sentences.because(cell, wanted=change[1])

    def _need(self, compiled: CompiledRequirement, judged: RequirementVerdict) -> Need:
        is_refused = judged.outcome is Outcome.REFUSED
        changes = () if is_refused else least_changes(compiled.must, self._view)
        cells = tuple(self._conditions.condition(leaf) for leaf, _ in changes)
        return Need(
            requirement=compiled.requirement.id,
            missing=_missing(compiled.requirement, judged),
            roles=judged.roles,
            cells=cells,
            wanted=tuple(ANSWERS[wanted] for _, wanted in changes),
            because=tuple(self._because(cell, change) for cell, change in zip(cells, changes, strict=True)),
        )
