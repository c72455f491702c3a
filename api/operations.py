"""What those who operate the system ask: does it live, and is every part it needs there. No personal data (P10)."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.parts import GivenParts

router = APIRouter(tags=["operations"])
_UNAVAILABLE = 503


class Alive(BaseModel):
    """The process answers."""

    status: str = "alive"


class Readiness(BaseModel):
    """Which parts are there; commands need all of them, reads need the store."""

    store: bool
    temporal: bool
    worker: bool


@router.get("/livez", summary="Does the process answer?")
async def live() -> Alive:
    """Answer, whatever else is away: to restart the process would not bring it back."""
    return Alive()


@router.get(
    "/readyz",
    summary="Is every part there?",
    responses={_UNAVAILABLE: {"model": Readiness, "description": "The parts that are `false` are away."}},
)
async def ready(parts: GivenParts, response: Response) -> Readiness:
    """Ask each part now: the store, Temporal, and whether a worker polls for courses."""
    await parts.probe.look()
    found = Readiness(
        store=await parts.store.is_alive(),
        temporal=parts.probe.away_since is None,
        worker=parts.probe.has_worker,
    )
    if not (found.store and found.temporal and found.worker):
        response.status_code = _UNAVAILABLE
    return found
