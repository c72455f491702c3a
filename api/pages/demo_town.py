"""Fills the town of `fodslag demo` from the front page, on this machine alone; the same courses by the same API."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from fastapi import APIRouter, Depends
from rich.console import Console
from starlette.requests import Request
from starlette.responses import RedirectResponse

from api.http.codes import ApiCode
from api.http.dependencies import GivenServices, Services
from api.http.problems import ProblemError
from api.http.same_origin import expect_same_origin
from api.pages.addresses import FRONT, see_other
from api.pages.demo import MUNICIPALITY, is_demo
from clients.caller import Caller
from clients.demo.running import Demo
from domain.calendar import danish_day
from infra.security.tokens import sign
from infra.settings import Settings
from infra.store.queries.courses import how_many

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

COURSES: Final = 40
"""How many courses are played."""
_LIFETIME: Final = timedelta(hours=1)

_log = structlog.stdlib.get_logger("api")
_filling: set[asyncio.Task[int]] = set()
"""What fills the town now; at most one."""


@dataclass(frozen=True, slots=True)
class TownRead:
    """How far the town is filled."""

    courses: int
    is_filling: bool

    @property
    def lacks(self) -> bool:
        """Whether there are fewer courses than are played, because nobody asked or it broke off, and none come."""
        return self.courses < COURSES and not self.is_filling


async def read_town(services: Services) -> TownRead:
    """Return how many courses there are, and whether more come."""
    async with services.store.municipality(MUNICIPALITY) as connection:
        return TownRead(await how_many(connection), bool(_filling))


@router.post("/demo/town")
async def fill_town(request: Request, services: GivenServices) -> RedirectResponse:
    """Begin to fill a town; one that is full, or is being filled, stays as it is."""
    if not is_demo(request, services):
        raise ProblemError(ApiCode.ROUTE_UNKNOWN)
    town = await read_town(services)
    if town.lacks:
        play = asyncio.to_thread(_play, services.settings, services.clock.now(), f"{town.courses + 1}")
        task = asyncio.create_task(play)
        _filling.add(task)
        task.add_done_callback(_ended)
    return see_other(FRONT)


def _ended(task: asyncio.Task[int]) -> None:
    _filling.discard(task)
    if not task.cancelled() and (error := task.exception()):
        _log.error("The town could not be filled", exc_info=error)


def _play(settings: Settings, now: datetime, run: str) -> int:
    """Play a run of the demo against this very API, as whoever has the key to sign may."""

    def caller_for(person: str, roles: list[str]) -> Caller:
        token = sign(
            settings.jwt_key.get_secret_value(),
            person=person,
            roles=roles,
            municipality=MUNICIPALITY,
            units=("*",),
            lifetime=_LIFETIME,
            now=now,
            issuer=settings.jwt_issuer,
            audience=settings.jwt_audience,
        )
        return Caller(f"http://127.0.0.1:{settings.api_port}", token)

    return Demo(caller_for, MUNICIPALITY, run, danish_day(now)).play(Console(quiet=True))
