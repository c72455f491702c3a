"""The events of the sheet of a company; the words on it are in the store alone (P10)."""

from typing import Literal
from uuid import UUID

from domain.events.base import EventBase
from domain.state.company_sheets import SheetChannel, SheetContent, SheetStop


class NoteApproved(EventBase):
    """The words of a note were approved for one company."""

    kind: Literal["note_approved"] = "note_approved"
    note: UUID
    digest: str
    p_number: str
    about_health: bool


class ApprovalWithdrawn(EventBase):
    """The words of a note are approved for a company no longer."""

    kind: Literal["approval_withdrawn"] = "approval_withdrawn"
    note: UUID
    p_number: str


class SheetIssued(EventBase):
    """A version of the sheet of a visit was issued."""

    kind: Literal["sheet_issued"] = "sheet_issued"
    visit: int
    version: int
    digest: str
    content: SheetContent
    details: UUID
    citizen_text: UUID | None = None


class CompanyTold(EventBase):
    """The company was told what a version says."""

    kind: Literal["company_told"] = "company_told"
    visit: int
    version: int
    how: SheetChannel


class SheetStopped(EventBase):
    """A version stands no longer, and the company must hear it."""

    kind: Literal["sheet_stopped"] = "sheet_stopped"
    visit: int
    version: int
    because: SheetStop
