"""Deciding what of the law was not met in a visit: it is noted for both roles, and holds nothing."""

from datetime import datetime

from domain.calendar import NEVER
from domain.decide.decision import Decision
from domain.rules_port import RuleBook
from domain.state.course import CourseState, Visit
from domain.state.verdict import Grace, RequirementVerdict, VisitVerdict
from domain.state.waiting import WaitingKind


def breaches_of(state: CourseState, visit: Visit, verdict: VisitVerdict, now: datetime) -> tuple[str, ...]:
    """Return what of the law is not met; what a course that closes no longer asks stays as it was noted.

    What other rules brought forward is no breach before the time is over that was granted meanwhile.
    """
    granted = _granted(state, visit, now) if state.re_pinned_at is not None else frozenset[str]()
    broken = (asked.requirement for asked in verdict.requirements if asked.is_breach(now))
    now_broken = tuple(name for name in broken if name not in granted or name in visit.judgement.breaches)
    if verdict.route is None or verdict.route.closing is None:
        return now_broken
    asked_still = {asked.requirement for asked in verdict.requirements}
    noted = (name for name in visit.judgement.breaches if name not in asked_still)
    return (*noted, *now_broken)


def _granted(state: CourseState, visit: Visit, now: datetime) -> frozenset[str]:
    """Return the requirements of a visit for which those who are asked have time yet."""
    waits = (wait for wait in state.waiting if wait.kind is WaitingKind.REQUIREMENT and wait.visit == visit.number)
    asked = {wait.what for wait in waits if wait.until is not None and wait.until > now}
    noted = (each for each in state.graces if each.visit == visit.number and each.until > now)
    return frozenset(asked.union(each.requirement for each in noted))


def graces(decision: Decision, rules: RuleBook) -> tuple[Grace, ...]:
    """Return until when what is only noted is no breach, where other rules would have it be one earlier (P6)."""
    formerly = {(v.visit, r.requirement): r for v in decision.verdict.visits for r in v.requirements if r.is_noted}
    granted = {(each.visit, each.requirement): each.until for each in decision.state.graces}
    noted = {visit.number: visit.judgement.breaches for visit in decision.state.open_visits}
    made = (
        _grace(decision, v.visit, r, formerly.get((v.visit, r.requirement)), granted.get((v.visit, r.requirement)))
        for v in rules.judge(decision.state, decision.now, decision.calendar).visits
        for r in v.requirements
        if r.is_noted and r.requirement not in noted[v.visit]
    )
    return tuple(grace for grace in made if grace is not None)


def _grace(
    decision: Decision,
    visit: int,
    asked: RequirementVerdict,
    former: RequirementVerdict | None,
    granted: datetime | None,
) -> Grace | None:
    """Return the whole new amount from now on, or what there was of it, where it would be over earlier.

    What cannot have it, because it has no deadline or one that is counted back, is no breach of the visit in which
    other rules begin to ask it.
    """
    due, anew = asked.due or decision.now, None if asked.counts_back else decision.end_of(decision.now, asked.span)
    had = granted or (former.due if former is not None else None)
    if had is None:
        had = decision.now if former is not None and asked.due is None else NEVER
    until = min(had, max(due, anew or NEVER))
    return Grace(visit=visit, requirement=asked.requirement, until=until) if due < until else None
