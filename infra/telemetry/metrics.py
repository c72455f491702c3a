"""A worker's metrics for Prometheus: the SDK's own and ours, on one port and without any personal data (P10)."""

from datetime import timedelta
from typing import Final
from urllib.request import urlopen

from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

from infra.settings import SettingsError

COMMANDS: Final = "fodslag_commands"
"""Counts applied commands by `kind` and `outcome`: done, refused, or failed."""

DELIVERIES: Final = "fodslag_deliveries"
"""Counts attempts to carry a notice outward by `channel` and `outcome`: sent, delivered, or refused."""

WEBHOOK_ATTEMPTS: Final = "fodslag_webhook_attempts"
"""Counts attempts to deliver an event to a webhook by `outcome`, as `GET /v1/webhooks/{webhook}/deliveries` has it."""

WEBHOOKS_LOST: Final = "fodslag_webhooks_lost"
"""Counts by `what`: a receiver that is `gone`, and an event that was given up as `dead_letter`."""

_POLLERS: Final = "temporal_num_pollers{"
_TIMEOUT: Final = timedelta(seconds=3)


def metrics_runtime(host: str, port: int) -> Runtime:
    """Return a runtime that serves its metrics at `/metrics` of this address; raises SettingsError when it cannot."""
    metrics = PrometheusConfig(
        bind_address=f"{host}:{port}", counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True
    )
    try:
        return Runtime(telemetry=TelemetryConfig(metrics=metrics, attach_service_name=False))
    except ValueError as error:
        refused = f"FODSLAG_METRICS_HOST, FODSLAG_METRICS_PORT: {host}:{port} kan ikke bruges / cannot be used"
        raise SettingsError(f"{refused}: {error}") from error


def is_polling(host: str, port: int) -> bool:
    """Check that the worker with this address polls for work; one that runs without polling does nothing."""
    try:
        with urlopen(f"http://{host}:{port}/metrics", timeout=_TIMEOUT.total_seconds()) as answer:
            metrics = answer.read().decode()
    except OSError:
        return False
    polls = (line.rsplit(" ", 1)[1] for line in metrics.splitlines() if line.startswith(_POLLERS))
    return any(float(number) > 0 for number in polls)
