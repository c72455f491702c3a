"""What was removed because it was of another citizen: the list that those answer from who protect data (P10)."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter

from api.directory.names import NameOf, PersonNamed, with_names
from api.http.access import Allowed
from api.http.caller import Caller, reach_of
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.paging import GivenPaging, PageOf
from api.http.read_model import ReadModel
from api.http.responses import problems
from domain.identity import Role
from domain.state.facts import FactValue
from infra.store.queries.removals import removals
from infra.store.registers import texts

router = APIRouter(tags=["data protection"])

_POSITION: Final[TypeAdapter[tuple[datetime, UUID]]] = TypeAdapter(tuple[datetime, UUID])


class RemovalRead(ReadModel):
    """A statement, note or other text that was removed; its content is here alone, until a second person agrees."""

    id: UUID = Field(description="The id that the statement or note had.")
    course: UUID
    reference: str
    entry: Literal["fact", "note", "text"]
    name: str = Field(description="Which fact or kind of note; of other words `note` or `reason`.")
    said_by: str
    said_at: datetime
    removed_by: str
    removed_at: datetime
    reason: str | None
    shown_to: list[PersonNamed] = Field(description="Who acknowledged or disputed a briefing while it was there.")
    content: FactValue | None = Field(description="The value or text, until somebody has agreed and it is erased.")
    agreed_by: str | None = Field(description="The second person, who took it back as another citizen's too.")
    agreed_at: datetime | None
    said_by_name: Annotated[str | None, NameOf("said_by")] = None
    removed_by_name: Annotated[str | None, NameOf("removed_by")] = None
    agreed_by_name: Annotated[str | None, NameOf("agreed_by")] = None


@router.get("/v1/data-protection/removals", summary="What was of another citizen?", responses=problems())
async def list_removals(
    services: GivenServices,
    caller: Annotated[Caller, Allowed(Role.DATA_PROTECTION)],
    paging: GivenPaging,
    _reading: GivenReading,
) -> PageOf[RemovalRead]:
    """Return what was removed because it was of another citizen, the first removal first."""
    after = paging.position(_POSITION)
    async with services.store.municipality(caller.municipality) as connection:
        page = await removals(connection, reach_of(caller, services.clock.now()), paging.limit, after)
        reasons = await texts.texts(connection, [row.reason for row in page.items])
        items = [
            RemovalRead.of(row, id=row.removal_id, course=row.course_id, reason=reasons.get(row.reason))
            for row in page.items
        ]
        await with_names(connection, items)
    return paging.page(items, page.next, _POSITION)
