"""The environment in which the standalone system's own programs run, and commands beside it."""

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from infra.store.logins import Login
from standalone.keys import environment_of_keys
from standalone.postgres import PostgresServer
from standalone.settings import StandaloneSettings
from standalone.temporal import TemporalServer

_DATABASE_URL: Final = "FODSLAG_DATABASE_URL"
_DATABASE_URLS: Final = MappingProxyType(
    {Login.API: "FODSLAG_API_DATABASE_URL", Login.WORKER: "FODSLAG_WORKER_DATABASE_URL"}
)


def servers(settings: StandaloneSettings) -> tuple[PostgresServer, TemporalServer]:
    """Return the two servers of a folder; starts nothing."""
    var = settings.var.resolve()
    log = var / "log"
    return (
        PostgresServer(var / "postgres", settings.postgres_port, log=log / "postgres.log"),
        TemporalServer(
            var / "temporal.db", settings.temporal_port, settings.temporal_ui_port, log=log / "temporal.log"
        ),
    )


def addresses(settings: StandaloneSettings, postgres: PostgresServer, temporal: TemporalServer) -> dict[str, str]:
    """Return the variables that name our servers and ports."""
    return {
        "FODSLAG_API_PORT": str(settings.api_port),
        **database_urls(postgres),
        "FODSLAG_METRICS_PORT": str(settings.metrics_port),
        "FODSLAG_VAR": str(settings.var.resolve()),
        "TEMPORAL_ADDRESS": temporal.address,
        "TEMPORAL_NAMESPACE": temporal.namespace,
    }


def defaults(settings: StandaloneSettings) -> dict[str, str]:
    """Return the variables by which mails land in our own mailbox, and anybody on this machine may be a demo's person.

    Who is named in the environment, such as another mail server or address, comes before these.
    """
    return {
        "FODSLAG_DEMO_LOGIN": str("FODSLAG_PUBLIC_URL" not in os.environ).lower(),
        "FODSLAG_CHANNELS": "log,email",
        "FODSLAG_SMTP_URL": f"smtp+plain://127.0.0.1:{settings.mail_port}",
        "FODSLAG_MAIL_FROM": "fodslag@kommune.example",
        "FODSLAG_PUBLIC_URL": f"http://127.0.0.1:{settings.api_port}",
        "FODSLAG_TEMPORAL_URL": f"http://127.0.0.1:{settings.temporal_ui_port}",
    }


def database_urls(postgres: PostgresServer) -> dict[str, str]:
    """Return the variables that name the database, one for each login."""
    return {variable: postgres.url(login) for login, variable in _DATABASE_URLS.items()}


def as_login(login: Login, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a program that has one login and knows no other."""
    own = {name: value for name, value in environment.items() if name not in _DATABASE_URLS.values()}
    return {**own, _DATABASE_URL: environment[_DATABASE_URLS[login]]}


def use_standalone_system(settings: StandaloneSettings) -> None:
    """Let this process speak to the system that `fodslag run` keeps in the folder, as its worker, if it ever ran there.

    An environment that names a database speaks to that one. Raises KeyLostError.
    """
    postgres, temporal = servers(settings)
    if _DATABASE_URL in os.environ or not postgres.data.exists():
        return
    keys = environment_of_keys(settings.var, courses_exist=True)
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        del os.environ[name]
    os.environ.update({**as_login(Login.WORKER, addresses(settings, postgres, temporal)), **keys})
