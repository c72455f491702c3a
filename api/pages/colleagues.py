"""Whom a form lets be chosen: those of the reader's unit who work with courses."""

from typing import Final

from api.http.dependencies import Services
from domain.identity import ACTING, PersonId
from infra.security.tokens import Claims
from infra.store.registers import people
from infra.store.registers.people import Person

_MOST: Final = 200


async def name_of(services: Services, caller: Claims, person: PersonId) -> str:
    """Return what somebody is called, by the id where the directory does not know him."""
    async with services.store.municipality(caller.municipality) as connection:
        entry = await people.get(connection, person)
    return entry.name if entry else person


async def colleagues_of(services: Services, caller: Claims) -> list[Person]:
    """Return who may cover or be away: those of the caller's unit who work with courses, by name."""
    async with services.store.municipality(caller.municipality) as connection:
        entry = await people.get(connection, caller.person)
        listed = await people.find(connection, _MOST, unit=entry.unit if entry else None)
    return sorted((one for one in listed.items if not ACTING.isdisjoint(one.roles)), key=lambda one: one.name)
