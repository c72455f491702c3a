"""The people of `make run`, whom anybody on this machine may be: fictional, and nobody anywhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from api.http.dependencies import Services
from domain.identity import ACTING, WHOLE_MUNICIPALITY, Role
from infra.security.tokens import Claims
from infra.security.web_addresses import is_loopback
from infra.store.registers import people

MUNICIPALITY: Final = "0990"
_SHOWN: Final = ACTING | {Role.RULE_EDITOR}
_BEFORE_THE_DEMO: Final = (
    ("anna", Role.CASEWORKER),
    ("bo", Role.COMPANY_CONSULTANT),
    ("sara", Role.SUPERVISOR),
    ("rie", Role.RULE_EDITOR),
    ("ruth", Role.RULE_EDITOR),
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to choose."""

    name: str
    claims: Claims


def is_demo(request: Request, services: Services) -> bool:
    """Say whether one may choose to be somebody: asked for, and from this machine by one of its own names.

    A page elsewhere that has its name resolved to this machine is called by that name.
    """
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    client = request.client.host if request.client else None
    return services.settings.demo_login and is_loopback(client) and is_loopback(host)


async def demo_people(services: Services) -> Sequence[DemoPerson]:
    """Return everybody in the directory who works with courses or rules, and five people while there is nobody."""
    async with services.store.municipality(MUNICIPALITY) as connection:
        known = await people.everybody(connection)
    named = [_demo_person(p.person_id, p.name, p.roles, p.unit) for p in known if not _SHOWN.isdisjoint(p.roles)]
    return named or [_demo_person(id_, id_.title(), (role,), None) for id_, role in _BEFORE_THE_DEMO]


def _demo_person(id_: str, name: str, roles: Sequence[Role], unit: str | None) -> DemoPerson:
    units = frozenset({unit or WHOLE_MUNICIPALITY})
    return DemoPerson(name, Claims(person=id_, roles=frozenset(roles), municipality=MUNICIPALITY, units=units))
