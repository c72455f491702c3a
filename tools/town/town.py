"""A whole system as processes, as `fodslag run` starts it: servers, worker and API, each of which a test may kill."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from temporalio.client import Client
from temporalio.testing import TimeSkipper

from clients.caller import Caller
from infra.security.tokens import sign
from standalone.child_process import ChildProcess
from standalone.environment import database_urls
from standalone.keys import environment_of_keys
from standalone.postgres import PostgresServer
from standalone.settings import StandaloneSettings
from standalone.supervisor import worker_and_api
from standalone.temporal import TemporalServer
from tools.town.ports import free_port

MUNICIPALITY: Final = "0990"
ACKNOWLEDGING: Final = "0989"
"""The municipality whose systems may tell that a human acknowledged in them."""
COUNTING: Final = "0975"
"""The municipality whose staff was heard about figures."""
_POLL: Final = 0.1
"""How many seconds a caller waits before asking once more; there is nobody else to be spared."""


@dataclass
class Town:
    """The parts of one system, and what they share; `environment` is that of its programs."""

    postgres: PostgresServer
    temporal: TemporalServer
    worker: ChildProcess
    api: ChildProcess
    settings: StandaloneSettings
    keys: Mapping[str, str]
    environment: Mapping[str, str]
    speakers: list[Caller] = field(default_factory=list)

    @classmethod
    def start(cls, var: Path) -> "Town":
        """Start everything under `var`, on free ports."""
        api, metrics, temporal_port, ui, database, figures = (free_port() for _ in range(6))
        settings = StandaloneSettings(
            var=var,
            api_port=api,
            metrics_port=metrics,
            temporal_port=temporal_port,
            temporal_ui_port=ui,
            postgres_port=database,
        )
        keys = environment_of_keys(var, courses_exist=False)
        postgres = PostgresServer(var / "postgres", settings.postgres_port, log=var / "log" / "postgres.log")
        log = var / "log" / "temporal.log"
        temporal = TemporalServer(
            var / "temporal.db", settings.temporal_port, time_skipping=True, log=log, metrics_port=figures
        )
        postgres.start()
        postgres.migrate()
        temporal.start()
        environment = {
            **os.environ,
            **keys,
            **database_urls(postgres),
            "FODSLAG_API_PORT": str(settings.api_port),
            "FODSLAG_METRICS_PORT": str(settings.metrics_port),
            "FODSLAG_VAR": str(var),
            "FODSLAG_ACKNOWLEDGING_SYSTEMS": ACKNOWLEDGING,
            "FODSLAG_STATISTICS_IN": COUNTING,
            "FODSLAG_DEMO_LOGIN": "true",
            "FODSLAG_TEMPORAL_URL": f"http://127.0.0.1:{settings.temporal_ui_port}",
            "TEMPORAL_ADDRESS": temporal.address,
            "TEMPORAL_NAMESPACE": temporal.namespace,
        }
        worker, http = worker_and_api(settings, environment)
        worker.start()
        http.start()
        return cls(postgres, temporal, worker, http, settings, keys, environment)

    async def time_passes(self, course: str, by: timedelta) -> None:
        """Let the clock of one course run ahead; all others, and those of API and store, stay as they are."""
        client = await Client.connect(self.temporal.address, namespace=self.temporal.namespace)
        await TimeSkipper(client).fast_forward(client.get_workflow_handle(f"course/{course}"), by)

    def stop(self) -> None:
        """Stop whatever still runs."""
        for part in (self.api, self.worker, self.temporal, self.postgres):
            part.stop()

    def close(self) -> None:
        """Stop everything for good."""
        for speaker in self.speakers:
            speaker.http.close()
        self.stop()

    def speaks(
        self, person: str, *roles: str, municipality: str = MUNICIPALITY, units: Sequence[str] = ("job",)
    ) -> Caller:
        """Return a caller of the API with a token of its own."""
        key, port = self.keys["FODSLAG_JWT_KEY"], self.settings.api_port
        speaker = speaking(key, port, person, *roles, municipality=municipality, units=units)
        self.speakers.append(speaker)
        return speaker


@contextmanager
def own_town() -> Iterator[Town]:
    """Start a system in a folder of its own, and stop it for good at the end."""
    with TemporaryDirectory() as folder:
        town = Town.start(Path(folder))
        try:
            yield town
        finally:
            town.close()


def speaking(
    key: str, port: int, person: str, *roles: str, municipality: str = MUNICIPALITY, units: Sequence[str] = ("job",)
) -> Caller:
    """Return a caller of the API at a port, with a token signed by `key`; the caller is closed by its user."""
    token = sign(
        key,
        person=person,
        roles=roles,
        municipality=municipality,
        units=units,
        lifetime=timedelta(hours=1),
        now=datetime.now(UTC),
    )
    return Caller(f"http://127.0.0.1:{port}", token, language="en", patience=0.0, longest_pause=_POLL)
