"""The system that is broken: a whole town on a disk of its own, whose ways to the servers can be slow or cut."""

import base64
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx
from temporalio.client import Client

from chaos.proxy import Proxy
from infra.keyring import StoreKeyring
from infra.store import keys
from infra.store.engine import Store, create_engine
from infra.temporal import connect
from tests.journeys.town import Town, speaking

_DISK: Final = "size=2g"
PEOPLE: Final = {
    "system": ("case-system", "system"),
    "anna": ("anna", "caseworker"),
    "bo": ("bo", "company_consultant"),
}


@contextmanager
def breakable() -> Iterator[tuple[Town, dict[str, Proxy], bool]]:
    """Start a town; yield it with the ways to its store and its Temporal, and whether its disk can be filled."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        has_disk = stack.enter_context(_small_disk(folder))
        ways: dict[int, Proxy] = {}

        def through(port: int) -> int:
            ways[port] = Proxy(port)
            stack.callback(ways[port].close)
            return ways[port].port

        town = Town.founded(folder, through=through)
        stack.callback(town.abandoned)
        settings = town.settings
        named = {"store": ways[settings.postgres_port], "temporal": ways[settings.temporal_port]}
        yield town, named, has_disk


@contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    """Lay a small file system over a folder where this user may; without it no disk is filled, for all would suffer."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    is_small = False
    if mount and umount:
        laid = subprocess.run([mount, "-t", "tmpfs", "-o", _DISK, "fodslag-chaos", folder], check=False)
        is_small = laid.returncode == 0
    try:
        yield is_small
    finally:
        if umount and is_small:
            subprocess.run([umount, "--lazy", folder], check=True)


def speaker(town: Town, name: str) -> httpx.AsyncClient:
    """Return one of the people who drive courses."""
    person, role = PEOPLE[name]
    spoken = speaking(town.keys["FODSLAG_JWT_KEY"], town.settings.api_port, person, role)
    spoken.http.close()
    return httpx.AsyncClient(base_url=spoken.http.base_url, headers=spoken.http.headers, timeout=20.0)


async def reader(town: Town, store: Store) -> Client:
    """Return a client that reads what workflows say of themselves."""
    keyring = StoreKeyring(partial(keys.fetch, store), base64.b64decode(town.keys["FODSLAG_MASTER_KEY"]), "m1")
    return await connect(keyring)


def store_of(town: Town) -> Store:
    """Return the way to the town's store, not through the proxy."""
    return Store(create_engine(town.postgres.url))
