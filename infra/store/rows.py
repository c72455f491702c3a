"""What the store's rows are when read: frozen values, named as the tables name them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import product
from typing import NamedTuple, Self
from uuid import UUID

from pydantic import ConfigDict
from sqlalchemy import Row as SqlRow

from domain.address import Address, AddressKind
from domain.identity import GATE_ROLES, Role
from domain.model import Model
from domain.reach import Reach
from domain.state.briefing import OnBehalfReason, Receipt
from domain.state.course import Status
from domain.state.notice import Subject
from domain.state.observers import ObserverKind
from domain.state.reads import Reads
from domain.state.verdict import CLOSING_OUTCOME
from domain.state.waiting import WaitingKind, WaitingOn


class StoredRow(Model):
    """A row of the store."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def read(cls, row: SqlRow[tuple[object, ...]]) -> Self:
        """Return a fetched row as a model."""
        return cls.model_validate(row)


class InForce(NamedTuple):
    """The working time in force: the hash of the offices' calendar, and an id of all people's own times.

    None is the customary calendar, or that nobody has a time of his own.
    """

    calendar: str | None = None
    own_times: UUID | None = None


Known = Mapping[str, Sequence[str] | None]
"""In which roles the directory knows people, or that it does not know them at all."""


def unknown_among(known: Known) -> frozenset[tuple[Role, str]]:
    """Return in which of the two roles each of some persons is unknown."""
    roles = {(Role(role), person) for person, roles in known.items() for role in roles or ()}
    return frozenset(product(GATE_ROLES, known)) - roles


class CourseRow(StoredRow):
    """A course as lists show it; `due_at` is the earliest deadline, `waiting_since` the oldest wait.

    `observed_as` is the kind of observer as which alone it exists for the caller.
    """

    course_id: UUID
    unit: str
    reference: str
    ordinal: int
    follows: UUID | None
    citizen: str
    citizen_text: UUID | None
    citizen_key: str | None
    protected: bool
    status: Status
    steps: tuple[str, ...]
    outcome: str | None
    started_on: date
    updated_at: datetime
    revision: int
    epoch: int
    digest: str
    rules_id: str
    rules_version: str
    rules_sha256: str
    is_stalled: bool
    is_ahead_of_informing: bool
    due_at: datetime | None
    waiting_since: datetime | None
    observed_as: ObserverKind | None = None

    @property
    def open_name(self) -> UUID | None:
        """Return the id of the citizen's name where everybody who sees the course may read it (P10)."""
        return None if self.protected else self.citizen_text

    def roles_of(self, reach: Reach) -> frozenset[Role]:
        """Return the roles that the caller has in the course for whom the row was read (P14)."""
        return reach.roles_in(self.unit, observes=self.observed_as is not None)

    def read_by(self, reads: Reads) -> "CourseRow":
        """Return the row as an observer reads it: without what the course waits for and how it stands."""
        return self.model_copy(
            update={
                "follows": None,
                "steps": tuple(step for step in self.steps if step in reads.steps),
                "outcome": self.outcome if CLOSING_OUTCOME in reads.facts else None,
                "is_stalled": False,
                "is_ahead_of_informing": False,
                "due_at": None,
                "waiting_since": None,
            }
        )


class VisitRow(StoredRow):
    """A visit; `version` counts the briefings issued, and `issued_at` is that of the last."""

    course_id: UUID
    number: int
    step: str
    ordinal: int
    entered_on: date
    entered_at: datetime
    left_at: datetime | None
    ready: bool
    version: int
    issued_at: datetime | None
    went_ahead: bool
    withdrawn: bool
    breaches: list[str]


class ReceiptRow(StoredRow):
    """That a person was informed of a version, or disputed it; never a receipt that a hand-over made void."""

    course_id: UUID
    visit: int
    version: int
    role: Role
    person: str
    acted_by: str
    acknowledged_at: datetime | None
    disputed_at: datetime | None
    on_behalf: OnBehalfReason | None

    @property
    def receipt(self) -> Receipt:
        """Return the row as a receipt."""
        return Receipt.model_validate(
            {
                "role": self.role,
                "person": self.person,
                "by": self.acted_by,
                "at": self.acknowledged_at or self.disputed_at,
                "on_behalf": self.on_behalf,
                "disputed": self.acknowledged_at is None,
            }
        )


class WaitingRow(StoredRow):
    """A thing a course waits for; supervisors take it by its `escalation`, a board shows the one that `is_foremost`."""

    course_id: UUID
    key: str
    kind: WaitingKind
    visit: int | None
    what: str
    roles: tuple[Role, ...]
    persons: tuple[str, ...]
    since: datetime
    until: datetime | None
    level: int
    next_rung_at: datetime | None
    escalation: UUID | None
    escalated_at: datetime | None
    is_foremost: bool
    taken_by: str | None
    taken_at: datetime | None
    look_again_at: datetime | None
    taken_reason: UUID | None
    waiting_on: WaitingOn | None
    answered_until: datetime | None


class Outcome(StrEnum):
    """The outcome of an attempt; what is `refused` may be taken later and what is `rejected` is not, for this person.

    The message of one that is still `begun` may have arrived.
    """

    BEGUN = "begun"
    REFUSED = "refused"
    REJECTED = "rejected"
    SENT = "sent"
    DELIVERED = "delivered"


class NoticeRow(StoredRow):
    """One notice, of no course where it is about an absence; each thing that happened to it has its time (P4)."""

    notice_id: UUID
    course_id: UUID | None
    about: str
    recipient_kind: AddressKind
    recipient: str
    subject: Subject
    visit: int | None
    level: int | None
    waiting: str | None
    revision: int
    queued_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    seen_at: datetime | None
    seen_by: str | None
    done_at: datetime | None
    attempts: int

    @property
    def address(self) -> Address:
        """Return whom the notice is for."""
        return Address(kind=self.recipient_kind, name=self.recipient)
