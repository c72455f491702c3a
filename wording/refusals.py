"""All that a visit was refused, which one decision answers."""

from domain.state.course import CourseState
from domain.state.verdict import Outcome


def refused_in(course: CourseState, number: int | None) -> tuple[str, ...]:
    """Return the requirements that are refused in a visit."""
    visit = course.visit(number) if number is not None else None
    outcomes = visit.judgement.outcomes if visit is not None else {}
    return tuple(name for name, outcome in outcomes.items() if outcome == Outcome.REFUSED)
