"""A whole system as processes, as `fodslag run` starts it: servers, worker and API, each of which a test may kill."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx

from infra.security.tokens import sign
from infra.store.migrate import upgrade
from standalone.child_process import ChildProcess
from standalone.keys import environment_of_keys
from standalone.postgres import PostgresServer
from standalone.settings import StandaloneSettings
from standalone.supervisor import worker_and_api
from standalone.temporal import TemporalServer
from tests.ports import free_port

MUNICIPALITY: Final = "0990"
ACKNOWLEDGING: Final = "0989"
"""The municipality whose systems may tell that a human acknowledged in them."""
ANSWER_WITHIN: Final = 60.0
POLL: Final = 0.1


@dataclass
class Town:
    """The parts of one system, and what they share."""

    postgres: PostgresServer
    temporal: TemporalServer
    worker: ChildProcess
    api: ChildProcess
    settings: StandaloneSettings
    keys: Mapping[str, str]
    speakers: list["Speaker"] = field(default_factory=list)

    @classmethod
    def founded(cls, var: Path) -> "Town":
        """Start everything under `var`, on free ports."""
        api, metrics, temporal_port, ui, database = (free_port() for _ in range(5))
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
        temporal = TemporalServer(var / "temporal.db", settings.temporal_port, log=var / "log" / "temporal.log")
        postgres.start()
        upgrade(postgres.url)
        temporal.start()
        environment = {
            **os.environ,
            **keys,
            "FODSLAG_DATABASE_URL": postgres.url,
            "FODSLAG_API_PORT": str(settings.api_port),
            "FODSLAG_METRICS_PORT": str(settings.metrics_port),
            "FODSLAG_VAR": str(var),
            "FODSLAG_ACKNOWLEDGING_SYSTEMS": ACKNOWLEDGING,
            "TEMPORAL_ADDRESS": temporal.address,
            "TEMPORAL_NAMESPACE": temporal.namespace,
        }
        worker, http = worker_and_api(settings, environment)
        worker.start()
        http.start()
        return cls(postgres, temporal, worker, http, settings, keys)

    def stopped(self) -> None:
        """Stop whatever still runs."""
        for part in (self.api, self.worker, self.temporal, self.postgres):
            part.stop()

    def abandoned(self) -> None:
        """Stop everything for good."""
        for speaker in self.speakers:
            speaker.http.close()
        self.stopped()

    def speaks(
        self, person: str, *roles: str, municipality: str = MUNICIPALITY, units: Sequence[str] = ("job",)
    ) -> "Speaker":
        """Return somebody who speaks to the API with a token of his own."""
        key, port = self.keys["FODSLAG_JWT_KEY"], self.settings.api_port
        speaker = speaking(key, port, person, *roles, municipality=municipality, units=units)
        self.speakers.append(speaker)
        return speaker


@contextmanager
def town_of_its_own() -> Iterator[Town]:
    """Start a system in a folder of its own, and stop it for good at the end."""
    with TemporaryDirectory() as folder:
        town = Town.founded(Path(folder))
        try:
            yield town
        finally:
            town.abandoned()


def speaking(
    key: str, port: int, person: str, *roles: str, municipality: str = MUNICIPALITY, units: Sequence[str] = ("job",)
) -> "Speaker":
    """Return somebody who speaks to the API at a port, with a token signed by `key`; whoever asks closes him."""
    token = sign(
        key,
        person=person,
        roles=roles,
        municipality=municipality,
        units=units,
        lifetime=timedelta(hours=1),
        now=datetime.now(UTC),
    )
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    return Speaker(httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30.0))


@dataclass
class Speaker:
    """One caller of the API."""

    http: httpx.Client

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Read, and expect to be answered."""
        answer = self.http.get(path, params=query)
        assert answer.is_success, answer.text
        read: dict[str, Any] = answer.json()
        return read

    def says(self, path: str, key: str | None = None, **body: Any) -> httpx.Response:
        """Send a command and return whatever comes back."""
        return self.http.post(path, json=body, headers={"Idempotency-Key": key} if key else {})

    def does(self, path: str, **body: Any) -> dict[str, Any]:
        """Send a command, and expect it to be done."""
        answer = self.says(path, **body)
        assert answer.is_success, answer.text
        done: dict[str, Any] = answer.json()
        return done

    def sees_header(self, path: str, header: str) -> bool:
        """Say whether an answer bears a header before long; the API looks around every few seconds."""
        deadline = time.monotonic() + ANSWER_WITHIN
        while time.monotonic() < deadline:
            answer = self.http.get(path)
            assert answer.is_success, answer.text
            if header in answer.headers:
                return True
            time.sleep(POLL)
        return False

    def insists(self, path: str, key: str, **body: Any) -> httpx.Response:
        """Send the same command again and again while the service is away, as every client should."""
        deadline = time.monotonic() + ANSWER_WITHIN
        while True:
            answer = self.says(path, key, **body)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                return answer
            assert "Retry-After" in answer.headers
            time.sleep(POLL)
