"""Traces: the way of a request through API, workflow and activities, told to a collector where one is named.

They are off unless FODSLAG_TRACES_TO says where. What they tell are names, ids and times, and never a word (P10).
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
from temporalio.contrib.opentelemetry import TracingInterceptor

_SEND_WITHIN_SECONDS: Final = 5
TRACED_AS: Final = "fodslag.correlation_id"
"""The attribute by which a request's trace and its log lines find each other."""
_TOLD: Final = (TRACED_AS, "error.type", "http.request.method", "http.response.status_code", "http.route")
_OF_TEMPORAL: Final = "temporal"
"""What Temporal's interceptor tells are ids, and their names begin so."""


@contextmanager
def telling_traces(to: str, service: str) -> Iterator[Sequence[Interceptor]]:
    """Tell this process's traces to a collector (OTLP over HTTP) in the name of `service`; nothing when there is none.

    Yield what lets the connection to Temporal take part. Sampling follows OpenTelemetry's own variables.
    A course's own trace lives as long as its run, and links to the trace of each request that commanded it.
    """
    if not to:
        yield ()
        return
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    exporter = OTLPSpanExporter(endpoint=to, timeout=_SEND_WITHIN_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(Wordless(exporter)))
    trace.set_tracer_provider(provider)
    try:
        yield (TracingInterceptor(),)
    finally:
        provider.shutdown()  # What was not told yet is told now.


class Wordless(SpanExporter):
    """Hands spans on without paths, queries and what errors said, for those could name a citizen."""

    def __init__(self, onward: SpanExporter) -> None:
        """Take who exports them."""
        self._onward = onward

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Hand them on."""
        return self._onward.export([_without_words(span) for span in spans])

    def shutdown(self) -> None:
        """End the other too."""
        self._onward.shutdown()


def _is_told(name: str) -> bool:
    return name in _TOLD or name.startswith(_OF_TEMPORAL)


def _without_words(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes={name: told for name, told in (span.attributes or {}).items() if _is_told(name)},
        links=span.links,
        kind=span.kind,
        instrumentation_scope=span.instrumentation_scope,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
    )
