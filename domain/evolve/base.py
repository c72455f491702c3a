"""What every event leaves as it is, and the ways to change a visit, disputes and what an entry answered."""

from collections.abc import Callable
from functools import singledispatch
from uuid import UUID

from domain import events as ev
from domain.state.briefing import Dispute
from domain.state.course import CourseState, Visit
from domain.state.facts import Note


@singledispatch
def on(_event: ev.EventBase, state: CourseState) -> CourseState:
    """Leave the course as it is: the event tells of notices only."""
    return state


def change_visit(state: CourseState, number: int, change: Callable[[Visit], Visit]) -> CourseState:
    """Return the course with one visit changed."""
    visits = tuple(change(visit) if visit.number == number else visit for visit in state.visits)
    return state.model_copy(update={"visits": visits})


def change_disputes(state: CourseState, change: Callable[[Dispute], Dispute]) -> CourseState:
    """Return the course with its disputes changed."""
    visits = tuple(
        visit.model_copy(update={"disputes": tuple(map(change, visit.disputes))}) if visit.disputes else visit
        for visit in state.visits
    )
    return state.model_copy(update={"visits": visits})


def without_answer(state: CourseState, answer: UUID, instead: UUID | None = None) -> CourseState:
    """Return the course with what an entry answered as unanswered again, unless others or one `instead` answer it."""

    def remaining(answers: tuple[UUID, ...]) -> tuple[UUID, ...]:
        changed = (instead if each == answer else each for each in answers)
        return tuple(each for each in changed if each is not None)

    def disputed(dispute: Dispute) -> Dispute:
        if answer not in dispute.answered_by:
            return dispute
        standing = remaining(dispute.answered_by)
        return dispute.model_copy(update={"answered_by": standing}) if standing else dispute.opened_again

    def asked(note: Note) -> Note:
        if answer not in note.answered_by:
            return note
        standing = remaining(note.answered_by)
        return note.model_copy(update={"answered_by": standing, "answered_in": note.answered_in if standing else None})

    after = change_disputes(state, disputed)
    return after.model_copy(update={"notes": tuple(map(asked, after.notes))})
