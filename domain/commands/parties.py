"""Commands about who holds a role and who observes."""

from typing import Literal
from uuid import UUID

from domain.commands.base import CommandBase
from domain.identity import Role
from domain.model import Model
from domain.state.observers import ObserverKind


class PartyClaim(Model):
    """Who shall hold a role: a person, or a unit's queue."""

    person: str | None = None
    unit: str | None = None

    @property
    def persons(self) -> frozenset[str]:
        """Return the person, none for a queue."""
        return frozenset({self.person}) if self.person is not None else frozenset()


class AssignParty(CommandBase):
    """Give a role to a person or a unit's queue; a change is a hand-over, and `citizen_told_by` tells the citizen.

    With `held_by` it is taken from nobody else.
    """

    kind: Literal["assign_party"] = "assign_party"
    role: Role
    to: PartyClaim
    held_by: PartyClaim | None = None
    reason: UUID | None = None
    citizen_told_by: Role | None = None

    @property
    def given_to(self) -> frozenset[str]:
        """Return the person to whom the role goes, unless it goes to a queue."""
        return self.to.persons


class ShareRoles(CommandBase):
    """Let one person hold both roles from now on, with the staged reason."""

    kind: Literal["share_roles"] = "share_roles"
    person: str
    reason: UUID

    @property
    def given_to(self) -> frozenset[str]:
        """Return the person who has both roles."""
        return frozenset({self.person})


class SeparateRoles(CommandBase):
    """Let the roles be held by two again: `role` is given to somebody else, with the staged reason."""

    kind: Literal["separate_roles"] = "separate_roles"
    role: Role
    to: PartyClaim
    reason: UUID

    @property
    def given_to(self) -> frozenset[str]:
        """Return the person to whom the role goes, unless it goes to a queue."""
        return self.to.persons


class AddObserver(CommandBase):
    """Let somebody observe the course, who holds no role in it."""

    kind: Literal["add_observer"] = "add_observer"
    person: str
    observer_kind: ObserverKind
    reason: UUID


class RemoveObserver(CommandBase):
    """Let somebody observe the course no longer."""

    kind: Literal["remove_observer"] = "remove_observer"
    person: str
    reason: UUID
