"""The whole business of a course: which events follow from a command, given the rules, the calendar and now."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from domain import commands as cmd
from domain.calendar import Calendar
from domain.decide import (
    appointments,
    clock,
    company_sheets,
    corrections,
    course,
    disputes,
    facts,
    informing,
    notes,
    notices,
    parties,
    proposals,
    re_pinning,
    stories,
    visits,
)
from domain.decide.basis import correct_left_visits
from domain.decide.briefings import issue_versions
from domain.decide.decision import AFTER_CLOSING, DECIDERS, Decision
from domain.decide.settle.advance import settle
from domain.decide.shown import acknowledge_as_shown
from domain.errors import Code, refuse
from domain.identity import Role
from domain.rules_port import RuleBook
from domain.state.course import CourseState, Status

__all__ = ["Decision", "decide", "decide_report"]

SUBJECTS: Final = (
    appointments,
    clock,
    company_sheets,
    corrections,
    course,
    disputes,
    facts,
    informing,
    notes,
    notices,
    parties,
    proposals,
    re_pinning,
    stories,
    visits,
)
"""The modules whose deciders register themselves."""


def decide(
    state: CourseState,
    command: cmd.Command,
    rules: RuleBook,
    now: datetime,
    calendar: Calendar,
    caseloads: Mapping[tuple[Role, str], int] = MappingProxyType({}),
    unknown: Collection[tuple[Role, str]] = (),
    next_rules: RuleBook | None = None,
) -> Decision:
    """Return what follows from `command`; without events when it changes nothing.

    `caseloads` are how many other open courses a person has in a role, where the rules ask for it; `unknown` are the
    holders of a role whom the directory does not know in it. `next_rules` are those that a re-pin names, or that the
    course follows from its next visit on.
    Pure: reads no clock and changes nothing. Raises RefusedError when the course as it stands does not allow it.
    Serves P1–P6, P9 and P11.
    """
    decision = Decision(state, rules, calendar, now, command.actor, command.id, caseloads, unknown, next_rules)
    _do(decision, command)
    acknowledge_as_shown(decision, command)
    settle(decision)
    decision.finish()
    return decision


def decide_report(
    state: CourseState, report: cmd.ReportFacts | cmd.AddNotes, rules: RuleBook, now: datetime, calendar: Calendar
) -> Decision:
    """Return what would follow from a report up to the versions that it issues, which nobody has acknowledged yet.

    Raises RefusedError when the course as it stands does not allow the report.
    """
    decision = Decision(state, rules, calendar, now, report.actor, report.id)
    _do(decision, report)
    if decision.state.status is Status.OPEN:
        issue_versions(decision)
    decision.finish()
    return decision


def _do(decision: Decision, command: cmd.Command) -> None:
    """Decide what a command itself does, before the course is brought to rest."""
    _expect_possible(decision.state, command)
    clock.end_pause_that_is_over(decision)
    DECIDERS[type(command)](decision, command)
    stories.remove_story_of_another(decision)
    correct_left_visits(decision)
    company_sheets.stop_sheets(decision)


def _expect_possible(state: CourseState, command: cmd.Command) -> None:
    """Raise what no command of its kind survives: another revision, no course yet, a course that is over."""
    if command.expected_revisions is not None and state.revision not in command.expected_revisions:
        raise refuse(Code.REVISION_MISMATCH, "If-Match", current=state.revision)
    if state.status is Status.NOT_STARTED and not isinstance(command, cmd.StartCourse):
        raise refuse(Code.COURSE_NOT_FOUND)
    if state.is_over and type(command) not in AFTER_CLOSING:
        raise refuse(Code.COURSE_CLOSED)
