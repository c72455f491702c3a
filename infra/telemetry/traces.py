"""Traces: a request's way through API, workflow and activities, exported to the collector that FODSLAG_TRACES_TO names.

They carry names, ids and times, and never a text (P10).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status
from temporalio.client import Interceptor

from infra.telemetry.trace_headers import TracingCourses

_SEND_WITHIN_SECONDS: Final = 5
CORRELATION_ATTRIBUTE: Final = "fodslag.correlation_id"
"""The attribute by which a request's trace and its log lines find each other."""
_EXPORTED: Final = (
    CORRELATION_ATTRIBUTE,
    "error.type",
    "http.request.method",
    "http.response.status_code",
    "http.route",
)
_OF_TEMPORAL: Final = "temporal"
"""The attributes that Temporal's interceptor sets are ids, and their names begin so."""


@contextmanager
def exported_traces(to: str, service: str) -> Iterator[Sequence[Interceptor]]:
    """Export this process's traces as `service` to a collector (OTLP over HTTP); nothing when `to` is empty.

    Yields the interceptors for the connection to Temporal. Sampling follows OpenTelemetry's own variables.
    A course's own trace lives as long as its run, and links to the trace of each request that commanded it.
    """
    if not to:
        yield ()
        return
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    exporter = OTLPSpanExporter(endpoint=to, timeout=_SEND_WITHIN_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(RedactingExporter(exporter)))
    trace.set_tracer_provider(provider)
    try:
        yield (TracingCourses(),)
    finally:
        provider.shutdown()  # It exports what is still queued.


class RedactingExporter(SpanExporter):
    """Exports spans without paths, queries and error messages, which could name a citizen."""

    def __init__(self, onward: SpanExporter) -> None:
        """Redact before `onward` exports."""
        self._onward = onward

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export the redacted spans."""
        return self._onward.export([_redacted(span) for span in spans])

    def shutdown(self) -> None:
        """Shut the other exporter down."""
        self._onward.shutdown()


def _is_exported(name: str) -> bool:
    return name in _EXPORTED or name.startswith(_OF_TEMPORAL)


def _redacted(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes={name: value for name, value in (span.attributes or {}).items() if _is_exported(name)},
        links=span.links,
        kind=span.kind,
        instrumentation_scope=span.instrumentation_scope,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
    )
