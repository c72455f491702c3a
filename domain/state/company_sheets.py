"""What a company may be told before and at the start of a trial or paid hours, and the sheet that was made of it (P10).

Facts are told that the rules name; words are told that a role approved verbatim for this company, and those about
health and considerations only while the citizen consents.
"""

from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.model import Instant, Model
from domain.state.briefing import ManifestFact


class SheetChannel(StrEnum):
    """How a company was told; nothing is mailed."""

    PRINT = "print"
    TELEPHONE = "telephone"


class SheetStop(StrEnum):
    """Why a sheet stands no longer."""

    CONSENT = "consent_not_given"
    NOTE = "words_changed"
    APPROVAL = "approval_withdrawn"
    STOPPED = "stopped_before_time"
    COMPANY = "company_changed"
    FACTS = "facts_changed"
    PROTECTED = "name_protected"
    VISIT_WITHDRAWN = "visit_withdrawn"


TOLD_AT_ONCE: Final = frozenset({SheetStop.CONSENT, SheetStop.STOPPED})
"""What both roles are told at once, and not the next morning."""


class ApprovedNote(Model):
    """That a human approved the words of a note for one company; `digest` is the keyed digest of these words.

    `about_health` is what that human said of them; words about health and considerations need consent.
    """

    note: UUID
    digest: str
    p_number: str
    about_health: bool
    by: str
    at: Instant


class SheetContent(Model):
    """What a company may be told of a visit; `considerations` are those of the notes that need consent."""

    p_number: str
    facts: tuple[ManifestFact, ...] = ()
    notes: tuple[ApprovedNote, ...] = ()
    considerations: tuple[UUID, ...] = ()


class SheetTold(Model):
    """That somebody told the company what a sheet says."""

    how: SheetChannel
    by: str
    at: Instant


class CompanySheet(Model):
    """One version of the sheet of a visit; `details` are the names and numbers on it, which the store has.

    `citizen_text` is the citizen's name on it, None where it names nobody.
    """

    version: int
    digest: str
    content: SheetContent
    details: UUID
    citizen_text: UUID | None
    told: tuple[SheetTold, ...] = ()
    stopped: SheetStop | None = None

    @property
    def stands(self) -> bool:
        """Whether it may be given out, as long as its visit is open."""
        return self.stopped is None
