"""The sheet of a company as it is asked for and read."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, StrictBool

from api.directory.names import NameOf, Register
from api.http.fields import Body, ContentDigest, GateRole, Number, PNumber, examples
from api.http.read_model import ReadModel
from domain.model import Model
from domain.state.company_sheets import SheetChannel, SheetStop

_DIGEST: Final = "0" * 64


class SheetStanding(StrEnum):
    """How a sheet stands: not issued, the one that is given out, or one that is given out no longer."""

    PREVIEW = "preview"
    STANDS = "stands"
    STOPPED = "stopped"
    REPLACED = "replaced"
    OVER = "visit_over"


class ApproveBody(Body):
    """The words that were read, by their digest, and for which company they are approved."""

    p_number: PNumber
    digest: ContentDigest = Field(description="The `digest` of the note in the preview: of these very words.")
    about_health: StrictBool = Field(description="They say something of health or considerations: told with consent.")

    model_config = examples({"p_number": "1000000001", "digest": _DIGEST, "about_health": False})


class DisapproveBody(Body):
    """For which company words are approved no longer."""

    p_number: PNumber

    model_config = examples({"p_number": "1000000001"})


class IssueBody(Body):
    """The sheet that was shown, with whom the company may call and who comes along."""

    visit: Number | None = Field(default=None, description="May be left out while one open visit has a company.")
    contact: GateRole = Field(default=GateRole.COMPANY_CONSULTANT, description="Whom the company calls.")
    comes_along: list[GateRole] = Field(default=[], max_length=2, description="Who comes along on the first day.")
    digest: ContentDigest = Field(description="The `digest` of the preview that was read.")

    model_config = examples({"comes_along": ["company_consultant"], "digest": _DIGEST})


class TellBody(Body):
    """Which version the company was told, and how; nothing is mailed."""

    version: Number
    how: SheetChannel

    model_config = examples({"version": 1, "how": "telephone"})


class SheetPerson(Model):
    """Somebody of the municipality on the sheet; of who comes along, the number is not told."""

    name: str
    role: str
    phone: str | None = None


class SheetDetails(Model):
    """The names and numbers on a sheet as they were when it was issued; the store alone has them."""

    unit: str
    municipality: str
    municipality_name: str | None = None
    company: str | None = None
    contact: SheetPerson | None = None
    comes_along: tuple[SheetPerson, ...] = ()


class SheetFact(ReadModel):
    """One thing that is agreed."""

    label: str
    text: str


class SheetPage(ReadModel):
    """Exactly what the company sees."""

    authority: str = Field(description="The municipality and the unit it comes from.")
    company: str | None = Field(description="Null where the municipality does not know the company's name.")
    p_number: str
    citizen: str | None = Field(description="The name; null where it is protected, was never given, or is erased.")
    step: str = Field(description="What it is about.")
    purpose: str
    facts: list[SheetFact]
    agreed: list[str] = Field(description="Words that were approved for this company.")
    considerations: list[str] = Field(description="Such words about health and considerations, with consent.")
    contact: SheetPerson | None
    comes_along: list[SheetPerson]


class ApprovalRead(ReadModel):
    """That a human approved the words of a note for the company."""

    note: UUID
    by: str
    at: datetime
    about_health: bool
    by_name: Annotated[str | None, NameOf("by")] = None


class NoteForCompany(ReadModel):
    """A note whose words may be approved for the company."""

    id: UUID
    label: str
    text: str
    digest: str
    needs_consent: bool = Field(description="Of a kind, or approved as something, that is told with consent alone.")
    approved: ApprovalRead | None
    is_on_sheet: bool


class ToldRead(ReadModel):
    """That the company was told."""

    how: SheetChannel
    by: str
    at: datetime
    by_name: Annotated[str | None, NameOf("by")] = None


class SheetVersionRead(ReadModel):
    """A version that was issued, and what became of it."""

    version: int
    visit: int
    p_number: str
    digest: str
    at: datetime
    by: str
    standing: SheetStanding
    stopped_at: datetime | None = None
    because: SheetStop | None = Field(default=None, description="Why it stands no longer.")
    because_text: str | None = None
    told: list[ToldRead]
    approvals: list[ApprovalRead] = Field(description="Who approved the words on it.")
    by_name: Annotated[str | None, NameOf("by")] = None
    company: Annotated[str | None, NameOf("p_number", Register.COMPANIES)] = None


class CompanySheetRead(ReadModel):
    """The sheet as it would be now, or a version as it was issued."""

    course: UUID
    visit: int
    version: int | None = Field(description="Null for a preview.")
    standing: SheetStanding
    digest: str | None = Field(description="Of all that the page says; null while it cannot be issued.")
    has_consent: bool = Field(description="The company may now hear of health and considerations.")
    page: SheetPage | None = Field(description="Null while nothing can be told.")
    missing: list[str] = Field(description="What is missing before it can be issued.")
    notes: list[NoteForCompany] = Field(description="Of a preview: what may be approved for the company.")
    versions: list[SheetVersionRead] = Field(description="Every version of the course, the first one first.")
