"""Deciding about time: pausing, resuming, and time that passed (P5)."""

from domain import commands as cmd
from domain import events as ev
from domain.calendar import danish_day
from domain.decide.turn import Turn
from domain.errors import Code, refuse
from domain.identity import ENGINE


def pause_course(turn: Turn, command: cmd.PauseCourse) -> None:
    """Stop the clock; waits stand still and nothing is issued or advanced until it runs again."""
    if turn.state.is_paused:
        raise refuse(Code.COURSE_PAUSED)
    since = command.since or turn.now
    ended = [pause.until for pause in turn.state.pauses if pause.until]
    if since > turn.now or danish_day(since) < (turn.state.started_on or turn.today):
        raise refuse(Code.PAUSE_PERIOD, "from")
    if ended and since < max(ended):
        raise refuse(Code.PAUSE_PERIOD, "from")
    if command.until is not None and command.until <= turn.now:
        raise refuse(Code.PAUSE_PERIOD, "until")
    turn.happen(ev.CoursePaused, since=since, until=command.until, reason=command.reason)


def resume_course(turn: Turn, command: cmd.ResumeCourse) -> None:
    """Let the clock run again."""
    if not turn.state.is_paused:
        raise refuse(Code.COURSE_NOT_PAUSED)
    turn.happen(ev.CourseResumed, reason=command.reason)


def end_pause_that_is_over(turn: Turn) -> None:
    """End a pause when its end has come, whatever came first: the alarm, or a command after an outage."""
    resumes_at = turn.state.resumes_at
    if turn.state.is_paused and resumes_at is not None and resumes_at <= turn.now:
        turn.happen(ev.CourseResumed, by=ENGINE, ended_at=resumes_at)


def time_passed(_turn: Turn, _command: cmd.TimePassed) -> None:
    """Do nothing but let the course be settled: what time brings follows from the state alone."""
