"""Why a course stands where it stands and what would move it, recomputed from state, rules and calendar alone (P8).

The same inputs give the same bytes, so an explanation need not be kept to be shown again years later.
"""

from datetime import datetime
from typing import Final

from domain.course import CourseState
from domain.verdict import Outcome, RequirementVerdict, VisitVerdict
from rules.book import Book
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
from rules.knowledge import Knowledge, View
from rules.telling import ANSWERS, least_wishes, not_known, tell, tell_value
from rules.working_time import NEVER, WorkingTime

ENGINE_SEMANTICS: Final = "1"
"""The version of what conditions, routes and deadlines mean; it rises when an old answer would change."""

_DECIDED_BY_A_CONDITION: Final = (Outcome.MET, Outcome.UNMET, Outcome.UNKNOWN)


def explain(book: Book, state: CourseState, now: datetime, calendar: WorkingTime) -> Explanation:
    """Return the full explanation of the verdict on every open visit."""
    verdict = book.judge(state, now, calendar)
    knowledge = Knowledge(state, now, calendar, book.aliases)
    return Explanation(
        rules=book.reference,
        engine_semantics=ENGINE_SEMANTICS,
        calendar=calendar.reference,
        at=now,
        changes_at=verdict.changes_at,
        visits=tuple(
            _visit(book, View(knowledge, visit), found, calendar)
            for visit, found in zip(state.open_visits, verdict.visits, strict=True)
        ),
    )


def _visit(book: Book, view: View, verdict: VisitVerdict, calendar: WorkingTime) -> ExplainedVisit:
    step = view.visit.step
    gate = book.gates.get(step)
    asked = book.asked(step, verdict.route.to if verdict.route else ()) if gate else ()
    followed = gate.hit(view)[0] if gate else None
    needs = [_need(found, view) for found, judged in zip(asked, verdict.requirements, strict=True) if judged.holds_back]
    return ExplainedVisit(
        visit=view.visit.number,
        step=step,
        label=next((found.label for found in book.rule_set.steps if found.id == step), None),
        is_ready=verdict.is_ready,
        requirements=tuple(
            _requirement(found, judged, view, calendar)
            for found, judged in zip(asked, verdict.requirements, strict=True)
        ),
        routes=tuple(_row(row, view, followed) for row in gate.rows) if gate else (),
        would_advance_with=WayForward(needs=tuple(needs), route_from=verdict.route_roles),
    )


def _requirement(
    compiled: CompiledRequirement, judged: RequirementVerdict, view: View, calendar: WorkingTime
) -> ExplainedRequirement:
    written = compiled.requirement
    is_decided = judged.outcome in _DECIDED_BY_A_CONDITION
    lacking = (*not_known(compiled.when, view), *not_known(compiled.must, view)) if is_decided else ()
    return ExplainedRequirement(
        id=written.id,
        step=compiled.step,
        text=written.text,
        reference=written.reference,
        roles=written.roles,
        level=written.level,
        before=written.before,
        outcome=judged.outcome,
        when=tell(compiled.when, view) if compiled.when else None,
        must=tell(compiled.must, view),
        not_known=lacking,
        deadline=_deadline(compiled.deadline, view, calendar) if compiled.deadline else None,
    )


def _deadline(compiled: CompiledDeadline, view: View, calendar: WorkingTime) -> ExplainedDeadline:
    since, span = compiled.anchor(view), compiled.span(view)
    told = ExplainedDeadline(
        since=since,
        amount=tell_value(compiled.amount, view),
        unit=compiled.deadline.unit,
        counted_from=compiled.deadline.from_,
        due=None,
    )
    if since is None or span is None:
        return told
    derived = calendar.derive(since, span, pauses=view.knowledge.state.pauses)
    skipped = tuple(ExplainedSkip(since=line.since, until=line.until, why=line.why) for line in derived.skipped)
    due = derived.due if derived.due < NEVER else None
    return told.model_copy(update={"due": due, "skipped": skipped})


def _row(row: CompiledRow, view: View, followed: CompiledRow | None) -> ExplainedRow:
    return ExplainedRow(
        to=row.row.to,
        closes=bool(row.row.close),
        answer=ANSWERS[row.matches(view)],
        followed=row is followed,
        when=tell(row.when, view) if row.when else None,
        closing_outcome=tell_value(row.closing_outcome, view) if row.row.close else None,
        not_known=not_known(row.when, view),
    )


def _need(compiled: CompiledRequirement, view: View) -> Need:
    wishes = least_wishes(compiled.must, view)
    return Need(
        requirement=compiled.requirement.id,
        roles=compiled.requirement.roles,
        cells=tuple(tell(leaf, view) for leaf, _ in wishes),
        wanted=tuple(ANSWERS[wanted] for _, wanted in wishes),
    )
