"""Reads how far bulk acts have come, whatever was ordered by them."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import TypeAdapter

from api.bulk.models import BulkActRead, BulkItemRead, act_read, item_read
from api.directory.names import with_names
from api.http.access import Reporter
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.idempotency import Sender
from api.http.paging import GivenPaging, PageOf
from api.http.problems import ProblemError
from api.http.responses import problems
from infra.security.tokens import Claims
from infra.store.bulk_rows import ItemState
from infra.store.queries import bulk_acts
from infra.store.queries.bulk_acts import Cursor

router = APIRouter(tags=["bulk acts"])

_BY_AGE: Final[TypeAdapter[Cursor]] = TypeAdapter(Cursor)
_BY_ORDINAL: Final[TypeAdapter[int]] = TypeAdapter(int)

BulkInPath = Annotated[UUID, Path(description="The id of a bulk act, as ordering it gave it.")]
_States = Annotated[
    list[ItemState] | None,
    Query(max_length=len(ItemState), description="Only these, such as `failed`; may be repeated."),
]


@router.get("/v1/bulk-acts", summary="What was ordered of many courses at once?", responses=problems())
async def list_bulk_acts(
    services: GivenServices, caller: Reporter, paging: GivenPaging, _reading: GivenReading
) -> PageOf[BulkActRead]:
    """Return the bulk acts in whose courses the caller works, the last ordered first, counted over these courses."""
    reach, after = reach_of(caller, services.clock.now()), paging.position(_BY_AGE)
    async with services.store.municipality(caller.municipality) as connection:
        page = await bulk_acts.listed(connection, reach, paging.limit, after)
        acts = await with_names(connection, [act_read(act) for act in page.items])
    return paging.page(acts, page.next, _BY_AGE)


@router.get("/v1/bulk-acts/{bulk}", summary="How far has a bulk act come?", responses=problems(404))
async def read_bulk_act(
    bulk: BulkInPath, services: GivenServices, caller: Reporter, _reading: GivenReading
) -> BulkActRead:
    """Return how many courses have still to do it, did it and could not, of those in which the caller works."""
    return await bulk_act_of(services, caller, bulk)


@router.get("/v1/bulk-acts/{bulk}/items", summary="What became of it in each course?", responses=problems(404))
async def list_bulk_items(
    bulk: BulkInPath,
    request: Request,
    services: GivenServices,
    caller: Reporter,
    paging: GivenPaging,
    _reading: GivenReading,
    state: _States = None,
) -> PageOf[BulkItemRead]:
    """Return what became of it in each course in which the caller works, in the order in which it is done."""
    reach, after = reach_of(caller, services.clock.now()), paging.position(_BY_ORDINAL)
    await bulk_act_of(services, caller, bulk)
    async with services.store.municipality(caller.municipality) as connection:
        page = await bulk_acts.items(connection, reach, bulk, state, paging.limit, after)
        items = await with_names(connection, [item_read(item, request) for item in page.items])
    return paging.page(items, page.next, _BY_ORDINAL)


async def bulk_act_of(services: Services, caller: Claims, bulk: UUID) -> BulkActRead:
    """Return a bulk act as the caller reads it; raises ProblemError 404 where it does not exist for him (P14)."""
    reach = reach_of(caller, services.clock.now())
    async with services.store.municipality(caller.municipality) as connection:
        act = await bulk_acts.progress(connection, reach, bulk)
        if act is None:
            raise ProblemError(ApiCode.BULK_ACT_NOT_FOUND)
        return await with_names(connection, act_read(act))


async def ordered(response: Response, sender: Sender) -> BulkActRead:
    """Return the bulk act that this request ordered, now or before, and say in `Location` where its progress is."""
    response.headers["Location"] = f"/v1/bulk-acts/{sender.command_id}"
    return await bulk_act_of(sender.services, sender.caller, sender.command_id)
