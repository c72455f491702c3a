"""A course's state as a revision keeps it: sent as text and parsed once, for a busy one has thousands of values."""

from typing import Any, Final

from sqlalchemy import Label, Text, cast

from domain.state.course import CourseState
from infra.store import tables as t

WHOLE: Final[Label[Any]] = cast(t.revision.c.snapshot, Text).label("whole")
"""The state of a revision as JSON, NULL where it has been erased."""


def state_of(whole: str | None) -> CourseState | None:
    """Return the state of a revision, or None where it has been erased."""
    return CourseState.model_validate_json(whole) if whole else None
