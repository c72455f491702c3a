"""The worker: connects, puts the activities together, runs and drains."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
import uvloop
from temporalio.client import Client, Interceptor
from temporalio.service import RPCError

from activities import Activities, channels_of
from activities.inviting import Sender
from activities.webhooks.sender import WebhookSender
from infra.clock import SystemClock
from infra.documents.calendars import Calendars
from infra.documents.carrying_on import carry_on_everywhere
from infra.documents.rulebooks import Rulebooks
from infra.outward.posting import Poster
from infra.settings import Settings, SettingsError
from infra.store.engine import Store, create_engine
from infra.store.logins import Login, LoginError, expect_least
from infra.store.registers import data_keys
from infra.telemetry.logs import configure_logs
from infra.telemetry.metrics import metrics_runtime
from infra.telemetry.traces import exported_traces
from infra.temporal.client import connect, exit_without_teardown
from infra.temporal.keyring import StoreKeyring, unwrap
from rules.loading.library import shipped_library
from workflows.audit import schedule_audit
from workflows.courier import start_courier
from workflows.describe import LINKS
from workflows.renewal import schedule_renewals
from workflows.workers import workers

_LOOK_FOR_COURIER: Final = timedelta(minutes=1)

_log = structlog.get_logger(__name__)


def activities_of(settings: Settings, store: Store, client: Client) -> Activities:
    """Return the activities of this installation."""
    rulebooks = Rulebooks(store, settings.rule_cache)
    calendars = Calendars(store, settings.calendar_cache)
    sender = WebhookSender(store, Poster(), partial(unwrap, settings.master_key_bytes, settings.master_key_id))
    mails_from = Sender(settings.mail_from, settings.public_url, settings.mail_foot)
    channels = channels_of(settings)
    watched, heard = settings.heartbeat_url, settings.statistics_in
    return Activities(client, store, rulebooks, calendars, channels, sender, mails_from, watched, heard)


async def run(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM, then finish running tasks and activities."""
    with exported_traces(settings.traces_to, "fodslag-worker") as interceptors:
        await _work(settings, interceptors)


async def _work(settings: Settings, interceptors: Sequence[Interceptor]) -> None:
    store = Store(create_engine(settings.database_url, Login.WORKER))
    keyring = StoreKeyring(partial(data_keys.fetch, store), settings.master_key_bytes, settings.master_key_id)
    runtime = metrics_runtime(settings.metrics_host, settings.metrics_port)
    client = await connect(keyring, interceptors=interceptors, runtime=runtime)
    activities = activities_of(settings, store, client)
    await activities.rulebooks.publish()
    await activities.calendars.publish()
    await carry_on_everywhere(store, shipped_library(), SystemClock().now())
    LINKS.pages = settings.public_url
    await schedule_audit(client)
    await schedule_renewals(client)
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    courses, courier = workers(client, activities.for_courses, activities.for_courier)
    async with courses, courier:
        _log.info("worker ready")
        await _keep_courier(client, stopping)
        _log.info("worker draining")
    await store.close()


async def _keep_courier(client: Client, stopping: asyncio.Event) -> None:
    """See to it minute by minute that there is a courier, whatever Temporal has forgotten, until the worker stops."""
    while not stopping.is_set():
        try:
            await start_courier(client)
        except RPCError:
            _log.warning("courier could not be started yet")
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_FOR_COURIER.total_seconds()):
                await stopping.wait()


if __name__ == "__main__":
    configure_logs()
    try:
        given = Settings.from_environment()
        expect_least(given.database_url, Login.WORKER)
    except (SettingsError, LoginError) as error:
        sys.exit(str(error))
    uvloop.run(run(given))
    exit_without_teardown(0)
