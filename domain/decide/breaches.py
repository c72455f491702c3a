"""Deciding what of the law was not met in a visit: it is noted for both roles, and holds nothing."""

from datetime import datetime

from domain.state.course import Visit
from domain.state.verdict import VisitVerdict


def breaches_of(visit: Visit, verdict: VisitVerdict, now: datetime) -> tuple[str, ...]:
    """Return what of the law is not met; what a course that closes no longer asks stays as it was noted."""
    now_broken = tuple(asked.requirement for asked in verdict.requirements if asked.is_breach(now))
    if verdict.route is None or verdict.route.closing is None:
        return now_broken
    asked_still = {asked.requirement for asked in verdict.requirements}
    noted = (name for name in visit.judgement.breaches if name not in asked_still)
    return (*noted, *now_broken)
