"""How going through the former course's proposals changes the course."""

from domain import events as ev
from domain.evolve.base import on
from domain.state.course import CourseState


@on.register
def _(event: ev.ProposalsReviewed, state: CourseState) -> CourseState:
    reviewed = (*event.kept, *(dropped.proposal for dropped in event.dropped))
    return state.model_copy(update={"reviewed": (*state.reviewed, *reviewed)})
