"""Describes a course for Temporal's own lists and pages, without naming any person (P10)."""

from typing import Any

from temporalio.common import SearchAttributeUpdate

from domain.state.course import CourseState
from workflows import options


def search_attributes(state: CourseState) -> list[SearchAttributeUpdate[Any]]:
    """Return the search attributes by which operators find a course."""
    return [
        options.STEP.value_set([visit.step for visit in state.open_visits]),
        options.STATUS.value_set(state.status.value),
        options.STALLED.value_set(state.is_stalled),
        options.MUNICIPALITY.value_set(state.municipality),
    ]


def describe(state: CourseState) -> str:
    """Return Markdown with steps, status and waits."""
    steps = ", ".join(f"{visit.step}#{visit.ordinal}" for visit in state.open_visits) or "no open step"
    lines = [f"**{state.status.value}** – {steps}, revision {state.revision}"]
    if state.is_ahead_of_informing:
        lines.append(f"* reality is ahead of the informing: {', '.join(state.ahead_of_informing)}")
    for waiting in state.waiting:
        roles = ", ".join(waiting.roles)
        until = f", until {waiting.until:%Y-%m-%d %H:%M}Z" if waiting.until else ""
        what = f" {waiting.what}" if waiting.what else ""
        lines.append(f"* {waiting.kind.value}{what}: {roles}, since {waiting.since:%Y-%m-%d}{until}")
    return "\n".join(lines)
