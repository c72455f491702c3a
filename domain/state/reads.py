"""What somebody reads who only observes a course: what the rules say of his kind, and what he said himself (P14)."""

from collections.abc import Collection
from typing import Final

from domain.model import Model
from domain.state.appointments import Appointment
from domain.state.course import CourseState, Visit
from domain.state.facts import Audience, Fact, FactValue, Note
from domain.state.verdict import CLOSING_OUTCOME

_OF_EVERY_READER: Final = (
    *("course", "municipality", "unit", "reference", "ordinal", "citizen", "protected", "status"),
    *("revision", "epoch", "digest", "rules", "calendar", "started_on", "started_at", "updated_at"),
    *("shared_role", "parties"),
)
"""What everybody reads for whom the course exists: which it is, since when, and who holds it."""


class Reads(Model):
    """The facts, the kinds of notes and the visits to steps that one observer reads, by their names in the rules."""

    person: str
    facts: frozenset[str] = frozenset()
    note_kinds: frozenset[str] = frozenset()
    steps: frozenset[str] = frozenset()

    def includes_fact(self, fact: Fact) -> bool:
        """Say whether the observer reads a statement: of a fact that is named, or his own."""
        return fact.fact in self.facts or fact.reporter == self.person

    def includes_note(self, note: Note) -> bool:
        """Say whether the observer reads a note: of a kind that is named and for both roles, or his own."""
        return note.by == self.person or (note.kind in self.note_kinds and note.audience is Audience.BOTH)

    def fact(self, fact: Fact) -> Fact:
        """Return a statement without the step it belongs to, unless that is named."""
        return fact if fact.step in self.steps else fact.model_copy(update={"step": None})

    def of(self, course: CourseState) -> CourseState:
        """Return the course as the observer reads it: all else is not there, and so no view can show it."""
        facts = tuple(self.fact(fact) for fact in course.facts if self.includes_fact(fact))
        values = {fact.value for fact in facts}
        visits = tuple(_visit(visit, self.steps, values) for visit in course.visits if visit.step in self.steps)
        return CourseState(
            **{name: getattr(course, name) for name in _OF_EVERY_READER},
            observers=tuple(observer for observer in course.observers if observer.person == self.person),
            outcome=course.outcome if CLOSING_OUTCOME in self.facts else None,
            facts=facts,
            notes=tuple(note for note in course.notes if self.includes_note(note)),
            visits=visits,
        )


def _visit(visit: Visit, steps: Collection[str], values: Collection[FactValue]) -> Visit:
    """Return when a visit was and which meetings it has, without what was asked, decided and acknowledged in it."""
    return Visit(
        number=visit.number,
        step=visit.step,
        ordinal=visit.ordinal,
        entered_on=visit.entered_on,
        entered_at=visit.entered_at,
        left_at=visit.left_at,
        to=tuple(step for step in visit.to if step in steps),
        withdrawn=visit.withdrawn,
        appointments=tuple(_meeting(planned, values) for planned in visit.appointments),
    )


def _meeting(planned: Appointment, values: Collection[FactValue]) -> Appointment:
    """Return a meeting without the words of who cannot come, and without a place that no fact names that is read."""
    declines = tuple(decline.model_copy(update={"reason": None}) for decline in planned.declines)
    place = planned.place if planned.place in values else None
    return planned.model_copy(update={"declines": declines, "place": place, "told": ()})
