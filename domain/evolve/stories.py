"""How the question for a good story, and what becomes of the story, change the course."""

from domain import events as ev
from domain.evolve.base import on
from domain.state.course import CourseState
from domain.state.stories import Story


@on.register
def _(event: ev.StoryAnswered, state: CourseState) -> CourseState:
    return state.model_copy(update={"story": Story(by=event.by, at=event.at, id=event.story)})


@on.register
def _(_event: ev.StoryApproved, state: CourseState) -> CourseState:
    return _changed(state, is_approved=True)


@on.register
def _(_event: ev.StoryRemoved, state: CourseState) -> CourseState:
    return _changed(state, is_removed=True)


def _changed(state: CourseState, **update: bool) -> CourseState:
    return state.model_copy(update={"story": state.story.model_copy(update=update) if state.story else None})
