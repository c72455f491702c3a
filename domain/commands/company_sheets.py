"""The commands about the sheet of a company: words approved for it, a version issued, and that the company was told."""

from typing import Literal
from uuid import UUID

from domain.commands.base import CommandBase
from domain.state.company_sheets import SheetChannel, SheetContent


class ApproveNote(CommandBase):
    """Approve the words of a note, known by their digest, for one company."""

    kind: Literal["approve_note"] = "approve_note"
    note: UUID
    words_digest: str
    p_number: str
    about_health: bool

    @property
    def keeps_refusal(self) -> bool:
        """Whether a refusal is the answer to every repeat: no, for the company may be named later."""
        return False


class WithdrawApproval(CommandBase):
    """Approve the words of a note for a company no longer."""

    kind: Literal["withdraw_approval"] = "withdraw_approval"
    note: UUID
    p_number: str


class IssueSheet(CommandBase):
    """Issue the sheet of a visit as it was shown; `details` is the id of the staged names and numbers on it."""

    kind: Literal["issue_sheet"] = "issue_sheet"
    visit: int
    page_digest: str
    content: SheetContent
    details: UUID
    citizen_text: UUID | None = None

    @property
    def keeps_refusal(self) -> bool:
        """Whether a refusal is the answer to every repeat: no, for what was shown may be so again."""
        return False


class TellCompany(CommandBase):
    """Say that the company was told what a version says."""

    kind: Literal["tell_company"] = "tell_company"
    version: int
    how: SheetChannel
