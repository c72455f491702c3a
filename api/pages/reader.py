"""Who reads a page, as the page greets that person."""

from dataclasses import dataclass
from typing import Annotated, Final, NamedTuple

from fastapi import Depends

from api.http.access import allowed_roles
from api.http.caller import Caller
from api.http.dependencies import GivenServices, Services
from api.search.routes import search
from domain.identity import Role
from infra.security.tokens import Claims
from infra.store.registers import people


class PageLink(NamedTuple):
    """A page that stands on top of every page, by its address and the code of its word."""

    address: str
    word: str


_OF_EVERYBODY: Final = (PageLink("/list", "my_list"),)
_OF_WHO_WORKS: Final = (PageLink("/since-last", "since_last"), PageLink("/absences", "absences"))
_OF_LEADERS: Final = (PageLink("/board", "board"), PageLink("/statistics", "statistics"))
_OF_RULE_EDITORS: Final = (PageLink("/rules", "rule_book"),)
_WORKING: Final = frozenset({Role.CASEWORKER, Role.COMPANY_CONSULTANT, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is logged in, by the name of the directory or else the id."""

    person: str
    name: str
    roles: tuple[Role, ...]

    @property
    def pages(self) -> tuple[PageLink, ...]:
        """Return the pages that stand on top of every page."""
        of_work = () if _WORKING.isdisjoint(self.roles) else _OF_WHO_WORKS
        of_leaders = _OF_LEADERS if Role.SUPERVISOR in self.roles else ()
        return _OF_EVERYBODY + of_work + of_leaders + (_OF_RULE_EDITORS if Role.RULE_EDITOR in self.roles else ())

    @property
    def may_search(self) -> bool:
        """Say whether the field for searching is for somebody in these roles."""
        return not allowed_roles(search).isdisjoint(self.roles)


async def reader_of(services: Services, claims: Claims) -> Reader:
    """Return how somebody is greeted."""
    async with services.store.municipality(claims.municipality) as connection:
        person = await people.get(connection, claims.person)
    return Reader(claims.person, person.name if person else claims.person, tuple(sorted(claims.roles)))


async def _reader(services: GivenServices, caller: Caller) -> Reader:
    return await reader_of(services, caller)


GivenReader = Annotated[Reader, Depends(_reader)]
