"""Describes a course for Temporal's own lists and pages, which are not sealed: without naming any person (P10)."""

from dataclasses import dataclass
from typing import Any, Final

from temporalio.common import SearchAttributeUpdate

from domain.calendar import NEVER, danish_day
from domain.state.course import CourseState
from domain.state.waiting import Waiting
from workflows import options

_MOST: Final = 20
"""How many entries a list has at most: Temporal takes 2 KB of each attribute, and a task that gives more fails."""


@dataclass
class Links:
    """Where a worker's own pages lead: `pages` is the address of Fodslag's, or empty where nobody opens them."""

    pages: str = ""


LINKS: Final = Links()
"""The process's one: workflow code is given nothing but its input, so it finds here what the worker was set up with."""


def search_attributes(state: CourseState) -> list[SearchAttributeUpdate[Any]]:
    """Return where a course is; what it waits for changes with every command, and is among the details."""
    return [
        options.STEP.value_set(_steps(state)[:_MOST]),
        options.STATUS.value_set(state.status.value),
        options.STALLED.value_set(state.is_stalled),
        options.MUNICIPALITY.value_set(state.municipality),
        options.UNIT.value_set(state.unit),
    ]


def details(state: CourseState) -> str:
    """Return it in Markdown for Temporal's page of the course, with what it waits for, and the way to ours.

    Each wait has its roles, since when it is and until when, by days in Denmark, the earliest deadline first.
    Nothing of it is stored: a worker answers it when the page asks.
    """
    steps = ", ".join(_steps(state)) or "no step"
    lines = [f"**{steps}** · {state.status} · unit {state.unit or 'none'}", ""]
    lines += map(_line, _waits(state)[:_MOST])
    if LINKS.pages:
        lines += ["", f"[The course in Fodslag]({LINKS.pages.rstrip('/')}/courses/{state.course})"]
    return "\n".join(lines)


def _steps(state: CourseState) -> list[str]:
    return list(dict.fromkeys(visit.step for visit in state.open_visits))


def _waits(state: CourseState) -> list[Waiting]:
    return sorted(state.shown_waits, key=lambda waiting: waiting.until or NEVER)


def _line(waiting: Waiting) -> str:
    """Return a wait as a line of a list; a narrow column of Temporal's page shows no table."""
    what = f"{waiting.kind}/{waiting.what}" if waiting.what else waiting.kind
    days = {"since": waiting.since, "due": waiting.until, "supervisors told": waiting.escalated_at}
    told = (f"{name} {danish_day(at):%Y-%m-%d}" for name, at in days.items() if at)
    return f"- **{what}** {', '.join((*waiting.roles, *told))}"
