"""The system that is broken: a whole cluster on a disk of its own, every way into which can be slow, cut or shut."""

import base64
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx
from temporalio.client import Client

from infra.security.tokens import sign
from infra.store.engine import Store, create_engine
from infra.store.logins import Login
from infra.store.registers import data_keys
from infra.temporal.converter import data_converter
from infra.temporal.keyring import StoreKeyring
from standalone.child_process import ChildProcess
from standalone.ports import LOOPBACK
from tools.chaos.disk import Disk, small_disk
from tools.chaos.outside import Outside
from tools.chaos.proxy import Proxy
from tools.chaos.worker import PORT, TRUSTED
from tools.town.cluster import Cluster, cluster
from tools.town.town import MUNICIPALITY

_ANSWER_WITHIN: Final = 20.0
_LONGER_THAN_ANY_RUN: Final = timedelta(hours=12)
UNIT: Final = "job"
PEOPLE: Final = {
    "case-system": "system",
    "anna": "caseworker",
    "carl": "caseworker",
    "bo": "company_consultant",
    "sara": "supervisor",
}


@dataclass
class Broken:
    """What can be broken: parts in the order in which they start, the ways into them, and their disk."""

    cluster: Cluster
    ways: dict[str, Proxy]
    disk: Disk
    outside: Outside

    @property
    def processes(self) -> dict[str, ChildProcess]:
        """Return every process by its name."""
        servers: dict[str, ChildProcess] = {"PostgreSQL": self.cluster.postgres, "Temporal": self.cluster.temporal}
        workers = {f"worker {number}": part for number, part in enumerate(self.cluster.workers, 1)}
        apis = {f"API {number}": part for number, part in enumerate(self.cluster.apis.values(), 1)}
        return {**servers, **workers, **apis}

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return where clients reach each API."""
        return tuple(f"http://{LOOPBACK}:{way.port}" for name, way in self.ways.items() if name.startswith("API"))

    def speaker(self, person: str) -> httpx.AsyncClient:
        """Return how one of the people speaks, whichever API is asked; the caller of this function closes it."""
        token = sign(
            self.cluster.environment["FODSLAG_JWT_KEY"],
            person=person,
            roles=(PEOPLE[person],),
            municipality=MUNICIPALITY,
            units=("*",) if PEOPLE[person] == "supervisor" else (UNIT,),
            lifetime=_LONGER_THAN_ANY_RUN,
            now=datetime.now(UTC),
        )
        return httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=_ANSWER_WITHIN)

    @property
    def url(self) -> str:
        """The address of the store that nothing breaks, as the worker, who reads all that is checked."""
        return self.cluster.postgres.url(Login.WORKER)

    def store(self) -> Store:
        """Return the way to the store that nothing breaks."""
        return Store(create_engine(self.url, Login.WORKER))

    async def temporal(self, store: Store) -> Client:
        """Return a client that reads what workflows say of themselves."""
        master_key = base64.b64decode(self.cluster.environment["FODSLAG_MASTER_KEY"])
        keyring = StoreKeyring(partial(data_keys.fetch, store), master_key, "m1")
        return await Client.connect(self.cluster.temporal.address, data_converter=data_converter(keyring))


@contextmanager
def breakable(pairs: int) -> Iterator[Broken]:
    """Start everything on a small disk, so many APIs and workers, each part reached through a way of ours."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        disk = stack.enter_context(small_disk(folder))
        to: dict[int, Proxy] = {}

        def through(port: int) -> int:
            if port not in to:
                to[port] = Proxy(port)
                stack.callback(to[port].close)
            return to[port].port

        outside = Outside(folder)
        stack.callback(outside.close)
        receiver = through(outside.port)
        more = {
            "FODSLAG_HEARTBEAT_URL": outside.heartbeat_url,
            PORT: str(receiver),
            TRUSTED: str(outside.trusted),
        }
        whole = cluster(folder, apis=pairs, workers=pairs, through=through, worker="tools.chaos.worker", more=more)
        running = stack.enter_context(whole)
        ways = {"store": to[running.postgres.port], "Temporal": to[running.temporal.port], "receiver": to[outside.port]}
        for number, port in enumerate(running.apis, 1):
            through(port)
            ways[f"API {number}"] = to[port]
        yield Broken(running, ways, disk, outside)
