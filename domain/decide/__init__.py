"""The whole business of a course: which events follow from a command, given the rules, the calendar and now."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import reduce
from types import MappingProxyType
from typing import Any, Final

from domain import commands as cmd
from domain import events as ev
from domain.calendar import Calendar
from domain.decide import clock, corrections, course, facts, informing, notes, notices, parties, visits
from domain.decide.settle.advance import settle
from domain.decide.turn import Turn
from domain.errors import Code, refuse
from domain.evolve import evolve
from domain.identity import Role
from domain.rules_port import RuleBook
from domain.state.course import CourseState, Status

__all__ = ["decide", "evolve_all"]


def decide(
    state: CourseState,
    command: cmd.Command,
    rules: RuleBook,
    now: datetime,
    calendar: Calendar,
    caseloads: Mapping[tuple[Role, str], int] = MappingProxyType({}),
) -> tuple[ev.Event, ...]:
    """Return the events that follow from `command`; none when it changes nothing.

    `caseloads` are how many other open courses a person has in a role, where the rules ask for it.
    Pure: reads no clock and changes nothing. Raises RefusedError when the course as it stands does not allow it.
    Serves P1–P6, P9 and P11.
    """
    _expect_possible(state, command)
    turn = Turn(state, rules, calendar, now, command.actor, command.id, caseloads)
    clock.end_pause_that_is_over(turn)
    _HANDLERS[type(command)](turn, command)
    settle(turn)
    return tuple(turn.events)


def evolve_all(state: CourseState, events: tuple[ev.Event, ...]) -> CourseState:
    """Return the course after `events` in order."""
    return reduce(evolve, events, state)


def _expect_possible(state: CourseState, command: cmd.Command) -> None:
    """Raise what no command of its kind survives: another revision, no course yet, a course that is over."""
    if command.expected_revision not in (None, state.revision):
        raise refuse(Code.REVISION_MISMATCH, "If-Match", current=state.revision)
    if state.status is Status.UNBORN and not isinstance(command, cmd.StartCourse):
        raise refuse(Code.COURSE_NOT_FOUND)
    if state.is_over and not isinstance(command, _AFTER_CLOSING):
        raise refuse(Code.COURSE_CLOSED)


_AFTER_CLOSING: Final = (cmd.Acknowledge, cmd.ReopenCourse, cmd.MarkSeen, cmd.ReportUnreachable, cmd.TimePassed)

_HANDLERS: Final[dict[type[Any], Callable[[Turn, Any], None]]] = {
    cmd.StartCourse: course.start_course,
    cmd.ReportFacts: facts.report_facts,
    cmd.RetractFact: corrections.retract_fact,
    cmd.SupersedeFact: corrections.supersede_fact,
    cmd.AddNote: notes.add_note,
    cmd.RetractNote: corrections.retract_note,
    cmd.BriefNow: informing.brief_now,
    cmd.Acknowledge: informing.acknowledge,
    cmd.Dispute: informing.dispute,
    cmd.AssignParty: parties.assign_party,
    cmd.DescribeCitizen: course.describe_citizen,
    cmd.AddObserver: parties.add_observer,
    cmd.RemoveObserver: parties.remove_observer,
    cmd.PauseCourse: clock.pause_course,
    cmd.ResumeCourse: clock.resume_course,
    cmd.WaiveRequirement: visits.waive_requirement,
    cmd.CloseCourse: course.close_course,
    cmd.ReopenCourse: course.reopen_course,
    cmd.ReopenVisit: visits.reopen_visit,
    cmd.MarkSeen: notices.mark_seen,
    cmd.TakeEscalation: notices.take_escalation,
    cmd.ReportUnreachable: notices.tell_unreachable,
    cmd.TimePassed: clock.time_passed,
}
