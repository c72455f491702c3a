"""Why a course stands where it stands and what would move it, recomputed from state, rules and calendar alone (P8).

The same inputs give the same bytes, so an explanation need not be kept to be shown again years later.
"""

from datetime import datetime
from typing import Final

from domain.course import CourseState
from domain.verdict import Outcome, RequirementVerdict, VisitVerdict
from rules.book import Book, changes_at
from rules.explained import (
    ExplainedDeadline,
    ExplainedRequirement,
    ExplainedRow,
    ExplainedSkip,
    ExplainedVisit,
    Explanation,
    Need,
    WayForward,
)
from rules.gates import CompiledDeadline, CompiledRequirement, CompiledRow
from rules.knowledge import View
from rules.telling import ANSWERS, Telling, least_wishes
from rules.working_time import NEVER, WorkingTime

ENGINE_SEMANTICS: Final = "1"
"""The version of what conditions, routes and deadlines mean; it rises when an old answer would change."""

_DECIDED_BY_A_CONDITION: Final = (Outcome.MET, Outcome.UNMET, Outcome.UNKNOWN)


def explain(book: Book, state: CourseState, now: datetime, calendar: WorkingTime) -> Explanation:
    """Return the full explanation of the verdict on every open visit."""
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
            _Explainer(book, view, calendar).visit(found) for view, found in zip(views, verdicts, strict=True)
        ),
    )


class _Explainer:
    """Explains the verdict on one visit."""

    def __init__(self, book: Book, view: View, calendar: WorkingTime) -> None:
        self._book = book
        self._view = view
        self._calendar = calendar
        self._telling = Telling(view)

    def visit(self, verdict: VisitVerdict) -> ExplainedVisit:
        """Return why the visit stands where it stands and what would move it."""
        visit = self._view.visit
        gate = self._book.gates.get(visit.step)
        to = verdict.route.to if verdict.route else ()
        asked = self._book.asked(visit.step, to) if gate else ()
        judged = tuple(zip(asked, verdict.requirements, strict=True))
        followed = gate.hit(self._view)[0] if gate else None
        return ExplainedVisit(
            visit=visit.number,
            step=visit.step,
            label=next((step.label for step in self._book.rule_set.steps if step.id == visit.step), None),
            is_ready=verdict.is_ready,
            requirements=tuple(self._requirement(found, outcome) for found, outcome in judged),
            routes=tuple(self._row(row, followed) for row in gate.rows) if gate else (),
            would_advance_with=WayForward(
                needs=tuple(self._need(found) for found, outcome in judged if outcome.holds_back),
                route_from=verdict.route_roles,
            ),
        )

    def _requirement(self, compiled: CompiledRequirement, judged: RequirementVerdict) -> ExplainedRequirement:
        written, tell = compiled.requirement, self._telling
        is_decided = judged.outcome in _DECIDED_BY_A_CONDITION
        return ExplainedRequirement(
            id=written.id,
            step=compiled.step,
            text=written.text,
            reference=written.reference,
            roles=written.roles,
            level=written.level,
            before=written.before,
            outcome=judged.outcome,
            when=tell.condition(compiled.when) if compiled.when else None,
            must=tell.condition(compiled.must),
            not_known=(*tell.not_known(compiled.when), *tell.not_known(compiled.must)) if is_decided else (),
            deadline=self._deadline(compiled.deadline) if compiled.deadline else None,
        )

    def _deadline(self, compiled: CompiledDeadline) -> ExplainedDeadline:
        since, span = compiled.anchor(self._view), compiled.span(self._view)
        told = ExplainedDeadline(
            since=since,
            amount=self._telling.value(compiled.amount),
            unit=compiled.deadline.unit,
            counted_from=compiled.deadline.from_,
            due=None,
        )
        if since is None or span is None:
            return told
        derived = self._calendar.derive(since, span, pauses=self._view.knowledge.state.pauses)
        skipped = tuple(ExplainedSkip(since=line.since, until=line.until, why=line.why) for line in derived.skipped)
        due = derived.due if derived.due < NEVER else None
        return told.model_copy(update={"due": due, "skipped": skipped})

    def _row(self, row: CompiledRow, followed: CompiledRow | None) -> ExplainedRow:
        return ExplainedRow(
            to=row.row.to,
            closes=bool(row.row.close),
            answer=ANSWERS[row.matches(self._view)],
            followed=row is followed,
            when=self._telling.condition(row.when) if row.when else None,
            closing_outcome=self._telling.value(row.closing_outcome) if row.row.close else None,
            not_known=self._telling.not_known(row.when),
        )

    def _need(self, compiled: CompiledRequirement) -> Need:
        wishes = least_wishes(compiled.must, self._view)
        return Need(
            requirement=compiled.requirement.id,
            roles=compiled.requirement.roles,
            cells=tuple(self._telling.condition(leaf) for leaf, _ in wishes),
            wanted=tuple(ANSWERS[wanted] for _, wanted in wishes),
        )
