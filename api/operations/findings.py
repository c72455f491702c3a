"""What the audit found in a supervisor's courses: what has gone asleep, and since when (P5, P14)."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from api.directory.names import UnitName, with_names
from api.http.access import Supervisor
from api.http.caller import reach_of
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging, PageOf
from api.http.read_model import ReadModel
from api.http.responses import problems
from infra.store.finding_rows import FindingKind
from infra.store.queries.findings import FindingCursor, FindingInUnit, findings
from infra.store.registers import findings as register
from wording.catalog import catalog

router = APIRouter(tags=["operations"])

_POSITION: Final[TypeAdapter[FindingCursor]] = TypeAdapter(FindingCursor)


class FindingRead(ReadModel):
    """One finding, in whichever course it is; one of no course here is for who governs the whole municipality."""

    kind: FindingKind
    text: str
    subject: UUID = Field(description="The course, the notice or the webhook that it is about.")
    what: str = Field(description="What of the subject: the `key` of a wait, a channel or a workflow; or nothing.")
    course: UUID | None
    reference: str | None
    unit: str | None
    unit_name: UnitName = None
    first_seen: datetime
    last_seen: datetime
    mended_at: datetime | None = Field(description="When the audit found it no longer.")


class FindingPage(PageOf[FindingRead]):
    """A page of findings, and when everything was looked at last; null for never."""

    audited_at: datetime | None


class WantedFindings(BaseModel):
    """Which findings are asked for."""

    model_config = ConfigDict(frozen=True)

    mended: bool = Field(default=False, description="What was found in the last thirty days and is mended, instead.")


@router.get("/v1/findings", summary="What has gone asleep?", responses=problems())
async def list_findings(
    wanted: Annotated[WantedFindings, Query()],
    services: GivenServices,
    caller: Supervisor,
    language: CallersLanguage,
    paging: GivenPaging,
    _reading: GivenReading,
) -> FindingPage:
    """Return what the audit finds in the units that the caller supervises, the newest first."""
    reach, after = reach_of(caller, services.clock.now()), paging.position(_POSITION)
    words = catalog(language).findings
    async with services.store.municipality(caller.municipality) as connection:
        page = await findings(connection, reach, is_mended=wanted.mended, limit=paging.limit, after=after)
        audited = await register.audited(connection)
        items = [_read(row, words[row.kind]) for row in page.items]
        await with_names(connection, items)
    shown = paging.page(items, page.next, _POSITION)
    return FindingPage(items=shown.items, next=shown.next, audited_at=audited.completed_at if audited else None)


def _read(row: FindingInUnit, text: str) -> FindingRead:
    return FindingRead.of(row, course=row.course_id, text=text)
