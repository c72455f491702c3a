"""How escalations that are taken and waits that are answered change the course; notices change nothing of it."""

from domain import events as ev
from domain.evolve.base import on
from domain.state.course import CourseState
from domain.state.waiting import Taken, WaitAnswer


@on.register
def _(event: ev.EscalationTaken, state: CourseState) -> CourseState:
    taken = Taken(by=event.by, at=event.at, look_again_at=event.look_again_at, reason=event.reason)
    waiting = (w.model_copy(update={"taken": taken}) if w.escalation == event.escalation else w for w in state.waiting)
    return state.model_copy(update={"waiting": tuple(waiting)})


@on.register
def _(event: ev.WaitAnswered, state: CourseState) -> CourseState:
    answer = WaitAnswer(
        waiting_on=event.waiting_on,
        until=event.until,
        by=event.by,
        at=event.at,
        times=event.times,
        reason=event.reason,
    )
    update = {"answer": answer, "level": 0, "climbed_at": None}
    waiting = (w.model_copy(update=update) if w.key == event.waiting else w for w in state.waiting)
    return state.model_copy(update={"waiting": tuple(waiting)})
