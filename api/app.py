"""The application: its parts connected, its layers in order, its routes and its description."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final

from fastapi import APIRouter, Depends, FastAPI
from fastapi_offline import FastAPIOffline

from api.briefings import not_current
from api.http.access import access_table, permitted
from api.http.dependencies import Services
from api.http.feed_heads import FeedHeads
from api.http.handlers import handle_everything
from api.http.head import HeadAsGet
from api.http.idempotency import NotCurrentError
from api.http.identity import provider_of, verifier_of
from api.http.metrics import RequestMetrics
from api.http.openapi_document import describe
from api.http.request_body import BodyLimit, clean
from api.http.request_log import RequestLog
from api.http.safe_headers import SafeHeaders
from api.http.streams import Streams
from api.operations import routes as operations
from api.pages import assets, demo_town, front, login
from api.pages.every_page import PAGES
from api.pages.problems import problem_page
from api.resources import RESOURCES
from domain.identity import Role
from infra.clock import SystemClock
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.security.openid import new_http
from infra.settings import Settings
from infra.store.engine import Store, create_engine
from infra.store.logins import Login
from infra.store.queries.feed import head_of
from infra.store.registers import data_keys
from infra.store.registers.course_ids import CourseIds
from infra.telemetry.logs import configure_logs
from infra.telemetry.traces import exported_traces
from infra.temporal.client import connect
from infra.temporal.keyring import StoreKeyring
from infra.temporal.probe import Probe
from workflows.messages import COURSE_QUEUE

_PROBE_EVERY: Final = timedelta(seconds=5)

OPEN_PAGES: Final = (assets, front, demo_town, login)
"""What browsers load, and the pages for those who are not logged in yet."""


def create_app(settings: Settings, streams: Streams) -> FastAPI:
    """Return the application of this installation; its server ends `streams` before it waits for open requests."""
    configure_logs()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with connected(settings, streams) as services, services.probe.asking():
            app.state.services = services
            yield

    # What it would measure we measure, and what it would log may be a citizen's words.
    telemetry = {"tracing": bool(settings.traces_to), "metrics": False, "logs": False, "auto_configure": False}
    # A slash too many is another path: a redirect would go wherever the caller's Host header says.
    offline = FastAPIOffline(
        redirect_slashes=False, redoc_url=None, static_url="/docs/static", lifespan=lifespan, telemetry=telemetry
    )
    app = routed(offline)
    return _layered(app, settings.body_limit_bytes)


@asynccontextmanager
async def connected(settings: Settings, streams: Streams) -> AsyncIterator[Services]:
    """Connect the parts; the store and Temporal are reached when first used, so that either may be away now."""
    clock = SystemClock()
    async with AsyncExitStack() as parts:
        interceptors = parts.enter_context(exported_traces(settings.traces_to, "fodslag-api"))
        http = await parts.enter_async_context(new_http())
        store = Store(create_engine(settings.database_url, Login.API))
        parts.push_async_callback(store.close)
        keyring = StoreKeyring(partial(data_keys.fetch, store), settings.master_key_bytes, settings.master_key_id)
        client = await connect(keyring, interceptors=interceptors, lazy=True)
        yield Services(
            settings=settings,
            store=store,
            course_ids=CourseIds(store, keyring),
            client=client,
            verifier=verifier_of(settings, http),
            provider=provider_of(settings, http),
            clock=clock,
            probe=Probe(client, COURSE_QUEUE, clock, _PROBE_EVERY),
            rulebooks=Rulebooks(store, settings.rule_cache),
            calendars=Calendars(store, settings.calendar_cache),
            streams=streams,
            heads=FeedHeads(partial(head_of, store), settings.events_every_seconds),
        )


def routed(app: FastAPI) -> FastAPI:
    """Give `app` its routes and its description; raises UnguardedRouteError when a /v1 route names no roles."""
    app.include_router(guarded(resource.router for resource in (*RESOURCES, *PAGES)))
    app.include_router(operations.router)
    for page in OPEN_PAGES:
        app.include_router(page.router)
    describe(app)
    return app


def guarded(resources: Iterable[APIRouter]) -> APIRouter:
    """Return the routes of `resources`, with the caller's roles and the body judged before all else."""
    every_route = APIRouter(dependencies=[Depends(permitted), Depends(clean)])
    for router in resources:
        access_table(router)  # Raises UnguardedRouteError.
        every_route.include_router(router)
    return every_route


def who_may_call() -> dict[str, frozenset[Role]]:
    """Return the roles that each route under /v1 is for, by `METHOD path`, in the order of the description."""
    return {route: roles for resource in RESOURCES for route, roles in access_table(resource.router).items()}


def who_may_open() -> dict[str, frozenset[Role]]:
    """Return the roles that each page is for, by `METHOD path`."""
    return {route: roles for page in PAGES for route, roles in access_table(page.router).items()}


def _layered(app: FastAPI, body_limit: int) -> FastAPI:
    """Give `app` the layers around its routes; the one added last is the outermost."""
    app.state.metrics = RequestMetrics()
    app.state.problem_page = problem_page
    app.add_middleware(BodyLimit, limit=body_limit)
    app.add_middleware(RequestLog, metrics=app.state.metrics)
    app.add_middleware(SafeHeaders)
    app.add_middleware(HeadAsGet)
    handle_everything(app)
    app.add_exception_handler(NotCurrentError, not_current.answer)
    return app
