"""Reads the headers that carry a trace; one that is forged or cannot be read is no trace, and never an error (P7)."""

from collections.abc import Sequence
from typing import Any, Final

from temporalio.api.common.v1 import Payload
from temporalio.contrib.opentelemetry import TracingInterceptor, TracingWorkflowInboundInterceptor
from temporalio.converter import PayloadConverter
from temporalio.worker import WorkflowInboundInterceptor, WorkflowInterceptorClassInput

_NO_TRACE: Final[dict[str, str]] = {}


class CarrierConverter(PayloadConverter):
    """Turns carriers of a trace into payloads and back; what is none becomes an empty one."""

    def to_payloads(self, values: Sequence[Any]) -> list[Payload]:
        return PayloadConverter.default.to_payloads(values)

    def from_payloads(self, payloads: Sequence[Payload], type_hints: list[type] | None = None) -> list[Any]:  # noqa: ARG002 - the SDK's name
        """Return a carrier for each payload."""
        return [_carrier(payload) for payload in payloads]


class TracingCourses(TracingInterceptor):
    """Traces a client and its workers."""

    payload_converter = CarrierConverter()

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[TracingWorkflowInboundInterceptor]:
        """Return the interceptor of workflows, which reads headers as this one does."""
        super().workflow_interceptor_class(input)
        return _TracingWorkflow


class _TracingWorkflow(TracingWorkflowInboundInterceptor):
    def __init__(self, next: WorkflowInboundInterceptor) -> None:  # noqa: A002 - the SDK's name
        super().__init__(next)
        self.payload_converter = CarrierConverter()


def _carrier(payload: Payload) -> dict[str, str]:
    try:
        (read,) = PayloadConverter.default.from_payloads([payload])
    except Exception:  # noqa: BLE001 - whatever a stranger sends, the course goes on without its trace
        return _NO_TRACE
    is_carrier = isinstance(read, dict) and all(isinstance(word, str) for pair in read.items() for word in pair)
    return read if is_carrier else _NO_TRACE
