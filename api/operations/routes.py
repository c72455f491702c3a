"""What those who operate the system ask: does it live, is every part there, how does it fare; nobody named (P10)."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from api.http.dependencies import GivenServices, Services
from api.http.metrics import RequestMetrics
from infra.store.errors import StoreAwayError
from infra.store.finding_rows import FindingKind
from infra.store.registers import findings
from infra.store.registers.findings import Audited

router = APIRouter(tags=["operations"])
_WITHOUT_TOKEN: Final[dict[str, list[str]]] = {"security": []}
_UNAVAILABLE: Final = 503


class Alive(BaseModel):
    """The process answers."""

    status: str = "alive"


class Readiness(BaseModel):
    """Which parts are there; commands need all of them, reads need the store."""

    store: bool
    temporal: bool
    worker: bool


@router.get("/livez", summary="Does the process answer?", openapi_extra=_WITHOUT_TOKEN)
async def live() -> Alive:
    """Answer, whatever else is away: to restart the process would not bring it back."""
    return Alive()


@router.get(
    "/readyz",
    summary="Is every part there?",
    responses={_UNAVAILABLE: {"model": Readiness, "description": "The parts that are `false` are away."}},
    openapi_extra=_WITHOUT_TOKEN,
)
async def ready(services: GivenServices, response: Response) -> Readiness:
    """Ask each part now: the store, Temporal, and whether a worker polls for courses."""
    result = await _readiness(services)
    if not (result.store and result.temporal and result.worker):
        response.status_code = _UNAVAILABLE
    return result


class PrometheusResponse(Response):
    """RequestMetrics in Prometheus' text format."""

    media_type = CONTENT_TYPE_LATEST


@router.get("/metrics", summary="How does it fare?", response_class=PrometheusResponse, openapi_extra=_WITHOUT_TOKEN)
async def metrics(services: GivenServices, request: Request) -> PrometheusResponse:
    """Return the metrics of this API, with which parts are there now, what the audit found and when it was awake."""
    request_metrics: RequestMetrics = request.app.state.metrics
    result = await _readiness(services)
    request_metrics.readiness(**result.model_dump())
    request_metrics.audited(*await _audited(services))
    return PrometheusResponse(request_metrics.as_text())


async def _readiness(services: Services) -> Readiness:
    await services.probe.ask()
    return Readiness(
        store=await services.store.is_alive(),
        temporal=services.probe.away_since is None,
        worker=services.probe.has_worker,
    )


async def _audited(services: Services) -> tuple[Mapping[FindingKind, int] | None, Audited | None]:
    """Return what the audit finds by kind, and when it was complete last; nothing while the store is away."""
    try:
        async with services.store.anywhere() as connection:
            audited = await findings.audited(connection)
            counts = await findings.counts(connection)
            return counts, audited
    except StoreAwayError:
        return None, None
