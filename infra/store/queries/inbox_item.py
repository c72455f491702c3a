"""One thing that somebody must know or do, as the inbox reads it."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from domain.address import AddressKind
from domain.identity import Role
from domain.state.notice import Subject
from domain.state.waiting import WaitingKind, WaitingOn
from infra.store.rows import StoredRow


class InboxItem(StoredRow):
    """One thing: a wait with the newest notice of it, if any, or a notice without a wait.

    `missing` are all requirements of the escalation of which more than one are notified, `roles` all who are asked.
    What the reader must know or do as an absent person's cover is `on_behalf_of` that person.
    What is about an absence is of no course.
    """

    id: str
    urgency: Decimal
    course_id: UUID | None
    reference: str | None
    citizen: str | None
    citizen_text: UUID | None
    rules_sha256: str | None
    notice: UUID | None
    about: str | None
    recipient_kind: AddressKind | None
    subject: Subject | None
    level: int | None
    seen_at: datetime | None
    at: datetime
    visit: int | None
    waiting: str | None
    kind: WaitingKind | None
    what: str | None
    roles: tuple[Role, ...] | None
    until: datetime | None
    taken_by: str | None
    look_again_at: datetime | None
    waiting_on: WaitingOn | None
    answered_until: datetime | None
    missing: tuple[str, ...] | None = None
    on_behalf_of: str | None
