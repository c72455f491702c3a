"""The API's metrics for Prometheus: requests, the services it needs, and courses that need an operator."""

from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest

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
        self._courses = Gauge(
            "fodslag_courses",
            "Courses that need an operator: asleep past their wake-up, or failing in their workflow.",
            ("trouble",),
            registry=self._registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request by its route's template, for a path could name a person (P10)."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def readiness(self, **up: bool) -> None:
        """Note which parts are there."""
        for part, is_up in up.items():
            self._part_up.labels(part).set(is_up)

    def courses(self, **counts: int | None) -> None:
        """Set how many courses need an operator; one that is None is not known and has no value."""
        self._courses.clear()
        for trouble, number in counts.items():
            if number is not None:
                self._courses.labels(trouble).set(number)

    def as_text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self._registry)
