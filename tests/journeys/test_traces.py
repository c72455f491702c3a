"""What a request went through is told to a collector where one is named, and no word of it (P10)."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from infra.settings import Settings, SettingsError
from infra.telemetry.traces import exported_traces
from standalone.ports import LOOPBACK
from tests.journeys.vocabulary import CASE
from tools.town.town import own_town

TRACE = "0af7651916cd43dd8448eb211c80319c"
REASON = "Flytter til kanariefuglene"


class Collector(ThreadingHTTPServer):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), Hearing)
        self.received: list[bytes] = []

    @property
    def spans(self) -> list[tuple[str, Span]]:
        """Return every span told of, with the service that told of it."""
        return [
            (
                next(
                    received.value.string_value for received in of.resource.attributes if received.key == "service.name"
                ),
                span,
            )
            for body in self.received
            for of in ExportTraceServiceRequest.FromString(body).resource_spans
            for part in of.scope_spans
            for span in part.spans
        ]


class Hearing(BaseHTTPRequestHandler):
    """Takes down one message."""

    server: Collector

    def do_POST(self) -> None:
        self.server.received.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_about: object) -> None:
        """Say nothing."""


def traces_linked_by(span: Span) -> set[str]:
    """Return the traces that a span says it belongs with."""
    return {link.trace_id.hex() for link in span.links}


@pytest.fixture
def collector() -> Iterator[Collector]:
    """Somebody who collects traces."""
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_command_is_followed_from_the_api_into_its_course_and_nothing_personal_is_told(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FODSLAG_TRACES_TO", f"http://{LOOPBACK}:{collector.server_address[1]}/v1/traces")
    with own_town() as town:
        course = town.speaks("case-system", "system").does("/v1/courses", **{**CASE, "reference": "traced"})["course"]
        assert town.speaks("anna", "caseworker").get("/v1/courses", q="sag-om-kanariefugl")["items"] == []
        answer = town.speaks("sara", "supervisor").http.post(
            f"/v1/courses/{course}/pause",
            json={"reason": REASON},
            headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"},
        )
        assert answer.is_success, answer.text

    followed = [(service, span.name) for service, span in collector.spans if span.trace_id.hex() == TRACE]
    assert ("fodslag-api", "POST /v1/courses/{course}/pause") in followed
    assert ("fodslag-api", "StartWorkflowUpdate:command") in followed
    linked = [(service, span.name) for service, span in collector.spans if TRACE in traces_linked_by(span)]
    assert ("fodslag-worker", "HandleUpdate:command") in linked
    assert {"RunWorkflow:Course", "RunActivity:apply"} <= {span.name for _, span in collector.spans}
    words = (REASON, "sara", "traced", "kanariefugl")
    assert not any(word.encode() in body for body in collector.received for word in words)


def test_nothing_is_traced_where_no_collector_is_named() -> None:
    with exported_traces("", "fodslag-worker") as interceptors:
        assert interceptors == ()


def test_a_collector_that_is_no_web_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FODSLAG_TRACES_TO", "collector:4318")

    with pytest.raises(SettingsError, match="FODSLAG_TRACES_TO"):
        Settings.from_environment()
