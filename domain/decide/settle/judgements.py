"""The short verdicts that history and journal keep of a course; a replay makes them again in the same way (P8)."""

from collections.abc import Mapping
from datetime import datetime

from domain.decide.breaches import breaches_of
from domain.state.course import CourseState
from domain.state.verdict import Judgement, Verdict, VisitVerdict
from domain.state.waiting import Waiting, WaitingKind


def judgements_that_differ(
    state: CourseState, verdict: Verdict, waits: tuple[Waiting, ...], now: datetime
) -> dict[int, Judgement]:
    """Return the short verdict on each open visit that is not what the course says already (P8).

    `waits` are those of the course from now on: a deadline is until when something is waited for.
    """
    held_to = {(w.visit, w.what): w.until for w in waits if w.kind is WaitingKind.REQUIREMENT}
    verdicts = {v.visit: v for v in verdict.visits}
    judged = {
        visit.number: _judgement(v, held_to, breaches_of(state, visit, v, now))
        for visit in state.open_visits
        for v in (verdicts[visit.number],)
    }
    return {v.number: judged[v.number] for v in state.open_visits if v.judgement != judged[v.number]}


def _judgement(
    verdict: VisitVerdict, held_to: Mapping[tuple[int | None, str], datetime | None], breaches: tuple[str, ...]
) -> Judgement:
    return Judgement(
        ready=verdict.is_ready,
        outcomes={r.requirement: r.outcome.value for r in verdict.requirements},
        breaches=breaches,
        to=verdict.way.to if verdict.way else None,
        closing=verdict.way.closing if verdict.way else None,
        due={
            r.requirement: held_to.get((verdict.visit, r.requirement)) or r.due
            for r in verdict.requirements
            if r.due and r.holds_back
        },
    )
