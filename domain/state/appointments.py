"""Meetings of both roles as they are planned, and which role cannot come."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from domain.identity import Role
from domain.model import Instant, Model


class Decline(Model):
    """A role that cannot come, said by its holder or the cover; `reason` names the staged words that came with it."""

    role: Role
    by: str
    at: Instant
    another_time: Instant | None = None
    reason: UUID | None = None


class Appointment(Model):
    """A meeting of both roles: day, Danish wall time and P-number, and who has been told and is to come.

    `sequence` rises whenever anybody is told of it, and `moved` says that it once was to be at another time or place.
    `since` is when it was made, moved or cancelled last, or what is known of who comes was changed.
    `declines` are of the meeting as it stands; one that is moved or cancelled has none.
    """

    id: str
    on: date
    at: str | None = None
    place: str | None = None
    sequence: int = 0
    moved: bool = False
    cancelled: bool = False
    told: tuple[str, ...] = ()
    declines: tuple[Decline, ...] = ()
    since: Instant

    def expects(self, person: str) -> bool:
        """Whether somebody has been told to come to the meeting, and it is to be."""
        return not self.cancelled and person in self.told

    def decline_of(self, role: Role) -> Decline | None:
        """Return that a role cannot come, None while it can."""
        return next((decline for decline in self.declines if decline.role == role), None)

    def with_declines(self, roles: Collection[Role], declines: Iterable[Decline], at: datetime) -> "Appointment":
        """Return the meeting with what some roles say of it at an instant, in the place of what they said before."""
        others = (decline for decline in self.declines if decline.role not in roles)
        return self.model_copy(update={"declines": (*others, *declines), "since": at})
