"""Events of who holds a role and who observes."""

from typing import Literal
from uuid import UUID

from domain.commands import PartyClaim
from domain.events.base import EventBase
from domain.identity import Role
from domain.state.observers import ObserverKind


class ObserverAdded(EventBase):
    """Somebody observes the course from now on, as what `observer_kind` says."""

    kind: Literal["observer_added"] = "observer_added"
    person: str
    observer_kind: ObserverKind
    reason: UUID


class ObserverRemoved(EventBase):
    """Somebody observes the course no longer."""

    kind: Literal["observer_removed"] = "observer_removed"
    person: str
    reason: UUID


class RolesShared(EventBase):
    """One person may hold both roles from now on, and is informed once."""

    kind: Literal["roles_shared"] = "roles_shared"
    reason: UUID


class RolesSeparated(EventBase):
    """The roles are held by two from now on."""

    kind: Literal["roles_separated"] = "roles_separated"
    reason: UUID


class PartyAssigned(EventBase):
    """A role was given to a person or queue; receipts the former holder gave for open versions are void.

    `citizen_told_by` is the role that tells the citizen, where somebody said so.
    """

    kind: Literal["party_assigned"] = "party_assigned"
    role: Role
    to: PartyClaim
    reason: UUID | None = None
    citizen_told_by: Role | None = None
