"""How its start, its citizen and its end change the course."""

from domain import events as ev
from domain.evolve.base import on
from domain.state.course import CourseState, Status


@on.register
def _(event: ev.CourseStarted, state: CourseState) -> CourseState:
    copied = ("municipality", "unit", "reference", "ordinal", "follows", "citizen", "protected", "rules", "started_on")
    update = {name: getattr(event, name) for name in (*copied, "quiet_until", "proposals")}
    begun = {"status": Status.OPEN, "started_at": event.at}
    return state.model_copy(update={**update, **begun})


@on.register
def _(event: ev.CitizenDescribed, state: CourseState) -> CourseState:
    return state.model_copy(update={"protected": event.protected})


@on.register
def _(event: ev.RePinPlanned, state: CourseState) -> CourseState:
    return state.model_copy(update={"rules_next": event.rules})


@on.register
def _(event: ev.CourseRePinned, state: CourseState) -> CourseState:
    followed = {"rules": event.rules, "rules_next": None, "re_pinned_at": event.at, "promises": event.promises}
    return state.model_copy(update=followed)


@on.register
def _(event: ev.CourseCompleted, state: CourseState) -> CourseState:
    return state.model_copy(update={"status": Status.COMPLETED, "outcome": event.outcome})


@on.register
def _(_event: ev.CourseReopened, state: CourseState) -> CourseState:
    return state.model_copy(update={"status": Status.OPEN, "outcome": None})
