"""What those who operate the system ask: does it live, is every part there, how does it fare; nobody named (P10)."""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from api.http.dependencies import GivenParts, Parts
from api.http.metrics import Figures
from infra.store.errors import StoreAwayError
from infra.store.queries import courses

router = APIRouter(tags=["operations"])
_WITHOUT_TOKEN: Final[dict[str, list[str]]] = {"security": []}
_UNAVAILABLE: Final = 503
_ASLEEP_AFTER: Final = timedelta(minutes=30)
"""Twice the quarter of an hour over which wake-ups are spread."""


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
async def ready(parts: GivenParts, response: Response) -> Readiness:
    """Ask each part now: the store, Temporal, and whether a worker polls for courses."""
    found = await _readiness(parts)
    if not (found.store and found.temporal and found.worker):
        response.status_code = _UNAVAILABLE
    return found


class PrometheusResponse(Response):
    """Figures in Prometheus' text format."""

    media_type = CONTENT_TYPE_LATEST


@router.get("/metrics", summary="How does it fare?", response_class=PrometheusResponse, openapi_extra=_WITHOUT_TOKEN)
async def metrics(parts: GivenParts, request: Request) -> PrometheusResponse:
    """Return the figures of this API, with which parts are there now and which courses need an operator."""
    figures: Figures = request.app.state.figures
    found = await _readiness(parts)
    figures.parts(**found.model_dump())
    figures.courses(asleep=await _asleep(parts), failing=await parts.probe.failing())
    return PrometheusResponse(figures.told())


async def _readiness(parts: Parts) -> Readiness:
    await parts.probe.look()
    return Readiness(
        store=await parts.store.is_alive(),
        temporal=parts.probe.away_since is None,
        worker=parts.probe.has_worker,
    )


async def _asleep(parts: Parts) -> int | None:
    """Return how many courses should have woken by now and did not (P5), or None while the store is away."""
    try:
        async with parts.store.anywhere() as connection:
            return await courses.asleep(connection, parts.clock.now() - _ASLEEP_AFTER)
    except StoreAwayError:
        return None
