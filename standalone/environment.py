"""The environment in which the standalone system's own programs run, and commands beside it."""

import os

from standalone.keys import environment_of_keys
from standalone.postgres import PostgresServer
from standalone.settings import StandaloneSettings
from standalone.temporal import TemporalServer


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
        "FODSLAG_DATABASE_URL": postgres.url,
        "FODSLAG_METRICS_PORT": str(settings.metrics_port),
        "FODSLAG_VAR": str(settings.var.resolve()),
        "TEMPORAL_ADDRESS": temporal.address,
        "TEMPORAL_NAMESPACE": temporal.namespace,
    }


def use_standalone_system(settings: StandaloneSettings) -> None:
    """Let this process speak to the system that `fodslag run` keeps in the folder, if it was ever run there.

    An environment that names a database speaks to that one. Raises KeyLostError.
    """
    postgres, temporal = servers(settings)
    if "FODSLAG_DATABASE_URL" in os.environ or not postgres.data.exists():
        return
    keys = environment_of_keys(settings.var, courses_exist=True)
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        del os.environ[name]
    os.environ.update({**addresses(settings, postgres, temporal), **keys})
