"""Deciding what of the law was not met in a visit: it is noted for both roles, and holds nothing."""

from datetime import datetime

from domain.state.course import CourseState, Visit
from domain.state.verdict import VisitVerdict
from domain.state.waiting import WaitingKind


def breaches_of(state: CourseState, visit: Visit, verdict: VisitVerdict, now: datetime) -> tuple[str, ...]:
    """Return what of the law is not met; what a course that closes no longer asks stays as it was noted.

    What other rules brought forward is no breach before the time is over that was promised meanwhile.
    """
    promised = _promised(state, visit, now) if state.re_pinned_at is not None else frozenset[str]()
    broken = (asked.requirement for asked in verdict.requirements if asked.is_breach(now))
    now_broken = tuple(name for name in broken if name not in promised or name in visit.judgement.breaches)
    if verdict.route is None or verdict.route.closing is None:
        return now_broken
    asked_still = {asked.requirement for asked in verdict.requirements}
    noted = (name for name in visit.judgement.breaches if name not in asked_still)
    return (*noted, *now_broken)


def _promised(state: CourseState, visit: Visit, now: datetime) -> frozenset[str]:
    """Return the requirements of a visit for which those who are asked have time yet."""
    waits = (wait for wait in state.waiting if wait.kind is WaitingKind.REQUIREMENT and wait.visit == visit.number)
    return frozenset(wait.what for wait in waits if wait.until is not None and wait.until > now)
