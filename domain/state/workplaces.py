"""Where the visits of a course take place."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.state.course import CourseState


@dataclass(frozen=True, slots=True)
class Workplaces:
    """How rules place a visit: by facts that name a production unit, the one that counts first, or by where it was led.

    A step at the same place is where the visit that led to it was, unless a fact of its own names another.
    """

    p_number_facts: tuple[str, ...] = ()
    steps_at_same_place: frozenset[str] = frozenset()

    def of(self, state: CourseState, visit: int) -> str | None:
        """Return the P-number of a visit's workplace, None while nobody has named it or it is contradicted."""
        stated = [on_record for fact in self.p_number_facts if (on_record := state.on_record(fact, visit))]
        if stated:
            return next((str(each.fact.value) for each in stated if each.contradicted_by is None), None)
        there = state.visit(visit)
        if there is None or there.follows is None or there.step not in self.steps_at_same_place:
            return None
        return self.of(state, there.follows)

    def expected(self, state: CourseState) -> Mapping[str, str]:
        """Return the P-numbers that are named ahead of a visit, by the step they are named for."""
        ahead = [on_record for fact in self.p_number_facts if (on_record := state.on_record(fact))]
        stated = {each.fact.step: str(each.fact.value) for each in reversed(ahead) if each.contradicted_by is None}
        return {step: p_number for step, p_number in stated.items() if step is not None}
