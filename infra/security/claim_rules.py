"""From what a login says of a person to who that is here, by an installation's own rules; nothing is guessed."""

from collections.abc import Mapping
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, ValidationError

from domain.identity import Municipality, Role, Unit
from domain.model import Model
from infra.security.tokens import Claims

Ours = TypeVar("Ours", bound=str)


class NobodyHereError(Exception):
    """Somebody logged in who is nobody here, or works for several municipalities; it holds nothing of the login."""


def _is_of_people(role: Role) -> Role:
    if role is Role.SYSTEM:
        raise ValueError("Nobody who logs in is a system.")
    return role


PersonRole = Annotated[Role, AfterValidator(_is_of_people)]
UnitOrAll = Unit | Literal["*"]


class Rule(Model, Generic[Ours]):
    """Reads one claim, a text or a list of texts: each that `values` names counts, by our name there."""

    claim: str
    values: dict[str, Ours]

    def read(self, claims: Mapping[str, Any]) -> frozenset[Ours]:
        """Return what the claim says in our names, nothing when it is not there."""
        said = claims.get(self.claim)
        listed = said if isinstance(said, list) else [said]
        return frozenset(self.values[text] for text in listed if isinstance(text, str) and text in self.values)


class ClaimRules(Model):
    """How a login is read: `person` is the claim with the id that the directory has, in small letters."""

    person: str
    municipality: Rule[Municipality]
    roles: Rule[PersonRole]
    units: Rule[UnitOrAll]

    def read(self, claims: Mapping[str, Any]) -> Claims:
        """Return who somebody is; raises NobodyHereError without a person, exactly one municipality and a role."""
        person, municipalities = claims.get(self.person), self.municipality.read(claims)
        if not isinstance(person, str) or len(municipalities) != 1:
            raise NobodyHereError
        try:
            return Claims(
                person=person.lower(),
                municipality=next(iter(municipalities)),
                roles=self.roles.read(claims),
                units=self.units.read(claims),
            )
        except ValidationError:
            raise NobodyHereError from None
