"""What a caller may see and decide, as the token says it; the store makes its conditions of this alone (P14)."""

from datetime import date
from typing import Final

from domain.identity import ACTING, PersonId, Role, Unit
from domain.model import Model

_WORKING_WITH_COURSES: Final = ACTING | {Role.DATA_PROTECTION}
_GOVERNING: Final = frozenset({Role.SUPERVISOR, Role.SYSTEM})


class Reach(Model):
    """How far a caller of one municipality reaches on a Danish day; `units` is None for the whole municipality."""

    person: PersonId
    roles: frozenset[Role]
    units: frozenset[Unit] | None
    today: date

    @property
    def works_with_courses(self) -> bool:
        """Say whether courses exist for the caller by unit, by a role held in them, or by covering for somebody."""
        return not self.roles.isdisjoint(_WORKING_WITH_COURSES)

    @property
    def works_with_every_course(self) -> bool:
        """Say whether every course of the municipality exists for the caller, whoever holds it."""
        return self.works_with_courses and self.units is None

    @property
    def observes_courses(self) -> bool:
        """Say whether the courses exist for the caller that this person observes."""
        return Role.OBSERVER in self.roles

    @property
    def reads_protected_names(self) -> bool:
        """Say whether the caller reads protected names of all courses, and not only of those held (P10)."""
        return Role.DATA_PROTECTION in self.roles

    def includes(self, unit: Unit | None) -> bool:
        """Say whether the caller works in a unit, or, with None, in the whole municipality."""
        return self.units is None or unit in self.units

    @property
    def governed_units(self) -> frozenset[Unit] | None:
        """Return the units that the caller governs, None for every unit and the municipality itself."""
        return frozenset() if self.roles.isdisjoint(_GOVERNING) else self.units

    def governs(self, unit: Unit | None) -> bool:
        """Say whether the caller decides for a unit, or, with None, for what belongs to the whole municipality."""
        units = self.governed_units
        return units is None or unit in units

    def roles_in(self, unit: Unit, *, observes: bool = False) -> frozenset[Role]:
        """Return the roles that the caller has in a course of a unit, of which his token may name more.

        Who only `observes` it is an observer alone, and a supervisor is one where he governs the unit.
        """
        if observes:
            return frozenset({Role.OBSERVER})
        return self.roles if self.governs(unit) else self.roles - {Role.SUPERVISOR}
