"""Deciding about time: pausing, resuming, and time that passed (P5)."""

from domain import commands as cmd
from domain import events as ev
from domain.calendar import danish_day
from domain.decide.decision import Decision, decides
from domain.errors import Code, refuse
from domain.identity import ENGINE
from domain.state.course import CourseState


@decides(cmd.PauseCourse)
def pause_course(decision: Decision, command: cmd.PauseCourse) -> None:
    """Stop the clock; waits stand still and nothing is issued or advanced until it runs again.

    The same pause again changes nothing. Refuses with `course-paused`, `pause-period`.
    """
    if decision.state.is_paused and not _is_paused_so(decision.state, command):
        raise refuse(Code.COURSE_PAUSED)
    if decision.state.is_paused:
        return
    since = command.since or decision.now
    ended = [pause.until for pause in decision.state.pauses if pause.until]
    if since > decision.now or danish_day(since) < (decision.state.started_on or decision.today):
        raise refuse(Code.PAUSE_PERIOD, "from")
    if ended and since < max(ended):
        raise refuse(Code.PAUSE_PERIOD, "from")
    if command.until is not None and command.until <= decision.now:
        raise refuse(Code.PAUSE_PERIOD, "until")
    decision.record(ev.CoursePaused, since=since, until=command.until, reason=command.reason)


def _is_paused_so(course: CourseState, command: cmd.PauseCourse) -> bool:
    """Say whether a paused course stands still from and until when the command says."""
    return command.since in (None, course.pauses[-1].since) and command.until == course.resumes_at


@decides(cmd.ResumeCourse)
def resume_course(decision: Decision, command: cmd.ResumeCourse) -> None:
    """Let the clock run again; one that runs is left alone."""
    if decision.state.is_paused:
        decision.record(ev.CourseResumed, reason=command.reason)


def end_pause_that_is_over(decision: Decision) -> None:
    """End a pause when its end has come, whatever came first: the alarm, or a command after an outage."""
    resumes_at = decision.state.resumes_at
    if decision.state.is_paused and resumes_at is not None and resumes_at <= decision.now:
        decision.record(ev.CourseResumed, by=ENGINE, ended_at=resumes_at)


@decides(cmd.TimePassed, after_closing=True)
def time_passed(_decision: Decision, _command: cmd.TimePassed) -> None:
    """Do nothing but let the course be settled: what time brings follows from the state alone."""
