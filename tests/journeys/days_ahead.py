"""The town on days to come: an API and courses whose clocks run ahead, and whatever is ordered for then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Thread
from typing import Any, Final
from uuid import UUID

import pytest
import uvicorn
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.testing import TimeSkipper

from activities.bulk import BulkRunner
from api.app import create_app
from api.http.dependencies import Services
from api.http.streams import Streams
from clients.caller import Caller
from domain.identity import course_workflow_id
from infra.security.tokens import sign
from infra.settings import Settings
from infra.store.engine import Store, create_engine
from infra.store.logins import Login
from infra.store.registers import data_keys
from infra.store.registers.course_ids import CourseIds
from infra.temporal.converter import data_converter
from infra.temporal.keyring import StoreKeyring, new_wrapped_key
from tests.journeys.vocabulary import CASE
from tools.town.ports import free_port
from tools.town.town import Town
from workflows.messages import COURSE_QUEUE, CourseInput

_AN_HOUR: Final = timedelta(hours=1)
_WAITED: Final = timedelta(seconds=0.5)
"""What of the delay of a start is waited for and not skipped.

Skipping is counted from when the server hears of it, so that what of it is left after the start would be skipped then.
"""
_BUSY: Final = 120.0
"""How many seconds an answer may take on a busy machine: every example of a set is tried before it is proposed."""


class AheadClock:
    """Tells the time of a day to come, and goes on from there."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """Return the present instant of then."""
        return datetime.now(UTC) + self.ahead


@dataclass
class DaysAhead:
    """One municipality on days to come; its courses are begun by it, and their clocks go with its own."""

    url: str
    key: str
    master_key: bytes
    municipality: str
    clock: AheadClock
    store: Store
    client: Client
    ids: CourseIds
    runner: BulkRunner
    courses: list[str] = field(default_factory=list)
    speakers: list[Caller] = field(default_factory=list)

    def speaks(self, person: str, *roles: str, units: tuple[str, ...] = ("*",)) -> Caller:
        """Return a caller whose token counts for an hour from now."""
        now, place = self.clock.now(), self.municipality
        token = sign(self.key, person=person, roles=roles, municipality=place, units=units, lifetime=_AN_HOUR, now=now)
        speaker = Caller(self.url, token, language="da", patience=0.0)
        speaker.http.timeout = _BUSY
        self.speakers.append(speaker)
        return speaker

    async def starts(self, reference: str, **what: Any) -> str:
        """Start a course now and return its id; its workflow is there before the command, to begin on the same day."""
        course = await self.ids.course_id(self.municipality, reference, 1)
        async with self.store.municipality(self.municipality) as connection:
            await data_keys.ensure(connection, course, new_wrapped_key(self.master_key, "m1", str(course)))
        begin, late = CourseInput(course=course, municipality=self.municipality), self.clock.ahead
        handle = await self.client.start_workflow(
            "Course", begin, id=course_workflow_id(course), task_queue=COURSE_QUEUE, start_delay=late
        )
        await TimeSkipper(self.client).fast_forward(handle, late - _WAITED)
        async for event in handle.fetch_history_events(wait_new_event=True):
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
                break  # It has begun, on its day; a command that comes earlier may begin it today.
        body = {**CASE, "municipality": self.municipality, "reference": reference, "started_on": None, **what}
        assert self.speaks("case-system", "system").does("/v1/courses", **body)["course"] == str(course)
        self.courses.append(str(course))
        return str(course)

    async def passes_until(self, instant: datetime) -> None:
        """Let time pass for everybody, and let what is ordered be carried out when it is due."""
        by = instant - self.clock.now()
        self.clock.ahead += by
        for course in self.courses:
            handle = self.client.get_workflow_handle(course_workflow_id(UUID(course)))
            await TimeSkipper(self.client).fast_forward(handle, by)
        await self.carries()

    async def carries(self) -> None:
        """Let every order that is due be carried out."""
        while await self.runner.carry(self.clock.now()):
            continue


@asynccontextmanager
async def days_ahead(town: Town, municipality: str) -> AsyncIterator[DaysAhead]:
    """Let an API of the town, and whatever carries orders out, live on days to come."""
    clock = AheadClock()
    stores = {login: Store(create_engine(town.postgres.url(login), login)) for login in (Login.API, Login.WORKER)}
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {**town.environment, "FODSLAG_DATABASE_URL": town.postgres.url(Login.API)}.items():
            environment.setenv(name, value)
        settings = Settings()
        keyring = StoreKeyring(
            partial(data_keys.fetch, stores[Login.API]), settings.master_key_bytes, settings.master_key_id
        )
        client = await Client.connect(
            town.temporal.address, namespace=town.temporal.namespace, data_converter=data_converter(keyring)
        )
        async with _serving(settings, clock) as url:
            ahead = DaysAhead(
                url=url,
                key=town.keys["FODSLAG_JWT_KEY"],
                master_key=settings.master_key_bytes,
                municipality=municipality,
                clock=clock,
                store=stores[Login.API],
                client=client,
                ids=CourseIds(stores[Login.API], keyring),
                runner=BulkRunner(stores[Login.WORKER], client),
            )
            yield ahead
            for speaker in ahead.speakers:
                speaker.http.close()
    for store in stores.values():
        await store.close()


@asynccontextmanager
async def _serving(settings: Settings, clock: AheadClock) -> AsyncIterator[str]:
    """Serve the API by a clock in a thread of its own, and yield its address."""
    app, port = create_app(settings, Streams()), free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, timeout_graceful_shutdown=1))
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        await asyncio.sleep(0.01)
    services: Services = app.state.services
    app.state.services = replace(services, clock=clock)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
