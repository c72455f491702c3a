"""Who holds the roles of chosen courses, so that they can be handed over from one to another."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Annotated
from uuid import UUID

from api.directory.names import NameOf, Register, with_names
from api.http.caller import reach_of
from api.http.dependencies import Services
from api.http.read_model import ReadModel
from domain.identity import GATE_ROLES
from infra.security.tokens import Claims
from infra.store.queries import courses
from infra.store.registers import people
from infra.store.registers.people import Person


class HolderOfChosen(ReadModel):
    """A person or a unit's queue that holds a role, and in which of the chosen courses."""

    person: str | None
    unit: str | None
    courses: list[UUID]
    person_name: Annotated[str | None, NameOf("person")] = None
    unit_name: Annotated[str | None, NameOf("unit", Register.UNITS)] = None

    @property
    def key(self) -> str:
        """Return the holder as one text, for a choice in a form."""
        return f"person:{self.person}" if self.person else f"unit:{self.unit}"


async def holders_of(services: Services, caller: Claims, chosen: Collection[UUID]) -> list[HolderOfChosen]:
    """Return who holds a role in the chosen courses that the caller governs."""
    reach = reach_of(caller, services.clock.now())
    held = defaultdict[tuple[str | None, str | None], dict[UUID, None]](dict)
    async with services.store.municipality(caller.municipality) as connection:
        stored = await courses.several(connection, set(chosen))
        for course, one in stored.items():
            for party in one.state.parties if one.state and reach.governs(one.row.unit) else ():
                if party.role in GATE_ROLES:
                    held[party.person, None if party.person else party.unit][course] = None
        found = [HolderOfChosen(person=who, unit=unit, courses=[*each]) for (who, unit), each in held.items()]
        return await with_names(connection, sorted(found, key=lambda one: -len(one.courses)))


async def takers_of(services: Services, caller: Claims) -> Sequence[Person]:
    """Return who in the units that the caller governs can hold a role, by name."""
    reach = reach_of(caller, services.clock.now())
    async with services.store.municipality(caller.municipality) as connection:
        every = await people.everybody(connection)
    able = (person for person in every if reach.governs(person.unit) and not set(GATE_ROLES).isdisjoint(person.roles))
    return sorted(able, key=lambda person: (person.name, person.person_id))
