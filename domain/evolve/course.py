"""How its start, its citizen and its end change the course."""

from domain import events as ev
from domain.evolve.base import on
from domain.state.course import CourseState, Status, Visit
from domain.state.verdict import LeftRequirement


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
    return state.model_copy(update={"rules_next": event.rules, "rules_next_ask_left": event.ask_left})


@on.register
def _(event: ev.CourseRePinned, state: CourseState) -> CourseState:
    followed = {"rules": event.rules, "rules_next": None, "rules_next_ask_left": False, "graces": event.graces}
    asking = (visit.model_copy(update={"asks_left": _kept(visit, event.asked_left)}) for visit in state.visits)
    visits = tuple(asking)
    asked = {left for visit in visits if visit.is_open for left in visit.asks_left}
    ask_next = tuple(left for left in event.asked_left if left not in asked)
    update = {**followed, "re_pinned_at": event.at, "visits": visits, "ask_next": ask_next}
    return state.model_copy(update=update)


def _kept(visit: Visit, asked: tuple[LeftRequirement, ...]) -> tuple[LeftRequirement, ...]:
    return tuple(left for left in visit.asks_left if left in asked)


@on.register
def _(event: ev.CourseCompleted, state: CourseState) -> CourseState:
    return state.model_copy(update={"status": Status.COMPLETED, "outcome": event.outcome})


@on.register
def _(_event: ev.CourseReopened, state: CourseState) -> CourseState:
    return state.model_copy(update={"status": Status.OPEN, "outcome": None})
