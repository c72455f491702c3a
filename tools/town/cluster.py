"""The production topology as processes: PostgreSQL over TCP, a Temporal server, two APIs and three workers."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from clients.caller import Caller
from infra.store.logins import Login
from standalone.child_process import ChildProcess
from standalone.environment import as_login, database_urls
from standalone.keys import environment_of_keys
from standalone.ports import LOOPBACK
from standalone.postgres import PostgresServer
from standalone.supervisor import Program
from standalone.temporal import TemporalServer
from tools.town.ports import free_port
from tools.town.town import speaking

APIS: Final = 2
WORKERS: Final = 3


@dataclass
class Cluster:
    """The processes, each with an address of its own."""

    var: Path
    postgres: PostgresServer
    temporal: TemporalServer
    apis: dict[int, ChildProcess]
    workers: list[ChildProcess]
    environment: dict[str, str]
    starters: ThreadPoolExecutor
    """Its threads live as long as all this, for no part outlives the thread that started it."""
    speakers: list[Caller] = field(default_factory=list)

    def start(self, start: Callable[[ChildProcess], None], programs: Iterable[ChildProcess]) -> None:
        """Start programs together, each by `start`."""
        for each in [self.starters.submit(start, program) for program in programs]:
            each.result()

    def speaks(self, api: int, person: str, role: str) -> Caller:
        """Return somebody who speaks to one of the APIs."""
        speaker = speaking(self.environment["FODSLAG_JWT_KEY"], list(self.apis)[api % APIS], person, role)
        self.speakers.append(speaker)
        return speaker


@contextmanager
def cluster(
    var: Path,
    build: Path | None = None,
    *,
    apis: int = APIS,
    workers: int = WORKERS,
    through: Callable[[int], int] = int,
    worker: str = "worker",
    more: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Cluster]:
    """Start everything as `docker-compose.yml` does, and stop it in reverse order.

    Workers can be of a `build`, or another module with `more` in its environment; workers and APIs reach a server's
    port `through` another.
    """
    postgres = PostgresServer(var / "postgres", free_port(), log=var / "log" / "postgres.log")
    temporal = TemporalServer(var / "temporal.db", free_port(), log=var / "log" / "temporal.log")
    its_workers: list[ChildProcess] = []
    its_apis: dict[int, ChildProcess] = {}
    with ThreadPoolExecutor(workers + apis) as starters:
        try:
            postgres.start()
            temporal.start()
            environment = _environment(var, postgres, temporal, through)
            owner = {"FODSLAG_OWNER_DATABASE_URL": postgres.owner_url}
            subprocess.run([sys.executable, "-m", "cli", "migrate"], env={**environment, **owner}, check=True)
            its_workers += [worker_of(var, each, {**environment, **more}, build, worker) for each in range(workers)]
            its_apis |= {port: _api(var, port, environment) for port in (free_port() for _ in range(apis))}
            running = Cluster(var, postgres, temporal, its_apis, its_workers, environment, starters)
            running.start(lambda part: part.start(), [*its_workers, *its_apis.values()])
            yield running
            for speaker in running.speakers:
                speaker.http.close()
        finally:
            for part in (*its_apis.values(), *its_workers, temporal, postgres):  # Those that were replaced too.
                part.stop()


def _environment(
    var: Path, postgres: PostgresServer, temporal: TemporalServer, through: Callable[[int], int]
) -> dict[str, str]:
    """Return the environment of the programs."""
    there = f":{postgres.port}/"
    return {
        **os.environ,
        **environment_of_keys(var, courses_exist=False),
        **{name: url.replace(there, f":{through(postgres.port)}/") for name, url in database_urls(postgres).items()},
        "TEMPORAL_ADDRESS": f"{LOOPBACK}:{through(temporal.port)}",
        "TEMPORAL_NAMESPACE": temporal.namespace,
    }


def worker_of(
    var: Path, number: int, environment: dict[str, str], build: Path | None = None, module: str = "worker"
) -> ChildProcess:
    """Return a worker, of another build if one is named."""
    port = free_port()
    own = {"FODSLAG_VAR": str(var / "worker"), "FODSLAG_METRICS_PORT": str(port)}
    log = var / "log" / f"worker-{port}.log"
    own = {**as_login(Login.WORKER, environment), **own}
    return Program(f"Worker {number}", _run(module, build), own, log=log, port=port, ready_message="worker ready")


def _api(var: Path, port: int, environment: dict[str, str]) -> ChildProcess:
    own = {**as_login(Login.API, environment), "FODSLAG_VAR": str(var / "api"), "FODSLAG_API_PORT": str(port)}
    return Program(f"API {port}", ["-m", "cli", "api"], own, log=var / "log" / f"api-{port}.log", port=port)


def _run(module: str, build: Path | None) -> list[str]:
    """Return how Python runs a module, that of another build instead of what is installed."""
    if build is None:
        return ["-m", module]
    first = f"import runpy, sys; sys.path.insert(0, {str(build)!r})"
    return ["-c", f"{first}; runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"]
