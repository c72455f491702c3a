"""The API's metrics for Prometheus: requests, the services it needs, and what the audit found."""

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest

from infra.store.finding_rows import FindingKind
from infra.store.registers.findings import Audited

_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class RequestMetrics:
    """The metrics of one API; what cannot be known now keeps no value."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "fodslag_request_seconds",
            "How long requests took, in seconds.",
            ("method", "route", "status"),
            registry=self._registry,
            buckets=_BUCKETS,
        )
        self._part_up = Gauge("fodslag_part_up", "Whether a part answers.", ("part",), registry=self._registry)
        self._findings = Gauge(
            "fodslag_findings",
            "What the audit finds now, by kind; each needs somebody.",
            ("kind",),
            registry=self._registry,
        )
        self._audited_at = Gauge(
            "fodslag_audited_at_seconds",
            "When the audit had looked at everything last, in seconds since 1970; 0 for never.",
            registry=self._registry,
        )
        self._audit_seconds = Gauge(
            "fodslag_audit_seconds",
            "How long the last audit that looked at everything took, in seconds.",
            registry=self._registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request by its route's template, for a path could name a person (P10)."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def readiness(self, **up: bool) -> None:
        """Note which parts are there."""
        for part, is_up in up.items():
            self._part_up.labels(part).set(is_up)

    def audited(self, findings: Mapping[FindingKind, int] | None, audited: Audited | None) -> None:
        """Set what the audit finds by kind, None for not known, and how it was complete last, if that is known."""
        self._findings.clear()
        for kind, number in (findings or {}).items():
            self._findings.labels(kind).set(number)
        if audited is not None:
            self._audited_at.set(audited.completed_at.timestamp())
            self._audit_seconds.set(audited.seconds)

    def as_text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self._registry)
