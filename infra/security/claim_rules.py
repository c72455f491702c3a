"""From what a login says of a person to who that is here, by an installation's own rules; nothing is guessed."""

from collections.abc import Mapping
from typing import Annotated, Any, Generic, Literal, NamedTuple, Self, TypeVar

from pydantic import AfterValidator, ValidationError, model_validator

from domain.identity import Municipality, Role, Unit
from domain.model import Model
from infra.security.privileges import PrivilegeGroup, privilege_groups
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


class Granted(NamedTuple):
    """What a login says of somebody in our names."""

    municipalities: frozenset[Municipality]
    roles: frozenset[PersonRole]
    units: frozenset[UnitOrAll]


class UnitConstraint(Model):
    """The constraint that names units; a group without it is of the unit `without`, or counts for nothing."""

    constraint: str
    values: dict[str, UnitOrAll]
    without: UnitOrAll | None = None


class PrivilegeRules(Model):
    """Reads a claim of privileges (OIO-BPP): by the CVR number of their scope, their URI, and the units' constraint.

    A group with a constraint of another name counts for nothing, for it grants less than it seems.
    """

    claim: str
    municipality: dict[str, Municipality]
    roles: dict[str, PersonRole]
    units: UnitConstraint

    def read(self, claims: Mapping[str, Any]) -> Granted:
        """Return what is granted: every unit, and of the roles those that are granted in each of these units."""
        by_unit: dict[UnitOrAll, frozenset[PersonRole]] = {}
        municipalities = frozenset[Municipality]()
        for group in privilege_groups(claims, self.claim):
            roles = frozenset(self.roles[uri] for uri in group.privileges if uri in self.roles)
            units = self._units(group)
            if group.cvr in self.municipality and roles and units:
                municipalities |= {self.municipality[group.cvr]}
                by_unit |= {unit: by_unit.get(unit, frozenset()) | roles for unit in units}
        everywhere = by_unit.get("*", frozenset())
        granted = [roles | everywhere for roles in by_unit.values()]
        return Granted(municipalities, frozenset.intersection(*granted) if granted else frozenset(), frozenset(by_unit))

    def _units(self, group: PrivilegeGroup) -> frozenset[UnitOrAll]:
        """Return the units of a group, none when it is constrained by what these rules do not know."""
        if group.constraints.keys() - {self.units.constraint}:
            return frozenset()
        named = group.constraints.get(self.units.constraint)
        if named is None:
            return frozenset({self.units.without} if self.units.without else ())
        return frozenset(self.units.values[name] for name in named if name in self.units.values)


class ClaimRules(Model):
    """How a login is read: `person` is the claim with the id that the directory has, in small letters.

    The rest is read of `privileges`, or else of one claim each.
    """

    person: str
    municipality: Rule[Municipality] | None = None
    roles: Rule[PersonRole] | None = None
    units: Rule[UnitOrAll] | None = None
    privileges: PrivilegeRules | None = None

    @model_validator(mode="after")
    def _is_read_one_way(self) -> Self:
        each = (self.municipality, self.roles, self.units)
        if any(rule is None for rule in each) if self.privileges is None else any(each):
            raise ValueError("Name either privileges, or municipality, roles and units.")
        return self

    def read(self, claims: Mapping[str, Any]) -> Claims:
        """Return who somebody is; raises NobodyHereError without a person, exactly one municipality and a role."""
        person, granted = claims.get(self.person), self._granted(claims)
        if not isinstance(person, str) or len(granted.municipalities) != 1:
            raise NobodyHereError
        try:
            return Claims(
                person=person.lower(),
                municipality=next(iter(granted.municipalities)),
                roles=granted.roles,
                units=granted.units,
            )
        except ValidationError:
            raise NobodyHereError from None

    def _granted(self, claims: Mapping[str, Any]) -> Granted:
        if self.privileges is not None:
            return self.privileges.read(claims)
        return Granted(
            self.municipality.read(claims) if self.municipality else frozenset(),
            self.roles.read(claims) if self.roles else frozenset(),
            self.units.read(claims) if self.units else frozenset(),
        )
