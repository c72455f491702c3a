"""The production topology as processes: PostgreSQL over TCP, a Temporal server, two APIs and three workers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from infra.embedded.keys import environment_of_keys
from infra.embedded.parts import Part
from infra.embedded.postgres import PostgresServer
from infra.embedded.supervisor import Program
from infra.embedded.temporal import TemporalServer
from tests.journeys.town import Speaker, speaking
from tests.ports import free_port

APIS: Final = 2
WORKERS: Final = 3


@dataclass
class Cluster:
    """The processes, each with an address of its own."""

    apis: dict[int, Part]
    workers: list[Part]
    signing_key: str
    speakers: list[Speaker] = field(default_factory=list)

    def speaks(self, api: int, person: str, role: str) -> Speaker:
        """Return somebody who speaks to one of the APIs."""
        speaker = speaking(self.signing_key, list(self.apis)[api % APIS], person, role)
        self.speakers.append(speaker)
        return speaker


@contextmanager
def cluster(var: Path) -> Iterator[Cluster]:
    """Start everything as `docker-compose.yml` does, and stop it in reverse order."""
    keys = environment_of_keys(var, courses_exist=False)
    postgres = PostgresServer(var / "postgres", free_port(), log=var / "log" / "postgres.log")
    temporal = TemporalServer(var / "temporal.db", free_port(), log=var / "log" / "temporal.log")
    environment = {
        **os.environ,
        **keys,
        "TEMPORAL_ADDRESS": temporal.address,
        "TEMPORAL_NAMESPACE": temporal.namespace,
    }
    started: list[Part] = []
    try:
        for server in (postgres, temporal):
            started.append(server)
            server.start()
        environment["FODSLAG_DATABASE_URL"] = postgres.url
        subprocess.run([sys.executable, "-m", "cli", "migrate"], env=environment, check=True)
        workers = [_worker(var, number, environment) for number in range(WORKERS)]
        apis = {port: _api(var, port, environment) for port in (free_port() for _ in range(APIS))}
        for program in (*workers, *apis.values()):
            started.append(program)
            program.start()
        running = Cluster(apis, workers, keys["FODSLAG_JWT_KEY"])
        yield running
        for speaker in running.speakers:
            speaker.http.close()
    finally:
        for part in reversed(started):
            part.stop()


def _worker(var: Path, number: int, environment: dict[str, str]) -> Part:
    port = free_port()
    own = {**environment, "FODSLAG_VAR": str(var / "worker"), "FODSLAG_METRICS_PORT": str(port)}
    log = var / "log" / f"worker-{number}.log"
    return Program(f"Worker {number}", ["-m", "worker"], own, log=log, port=port, says="worker ready")


def _api(var: Path, port: int, environment: dict[str, str]) -> Part:
    own = {**environment, "FODSLAG_VAR": str(var / "api"), "FODSLAG_API_PORT": str(port)}
    return Program(f"API {port}", ["-m", "cli", "api"], own, log=var / "log" / f"api-{port}.log", port=port)
