"""Logs: one JSON object a line from every library in the process, with no CPR number in any of them (P10)."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final
from uuid import UUID

import structlog
import temporalio.activity
import temporalio.workflow
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from infra.security.cpr import find_cpr, scrub

_CPR_DIGITS: Final = 10


class _Handler(logging.StreamHandler[Any]):
    """Writes to standard error; a record that cannot be formatted is replaced by a notice without its content."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - The name is the library's.
        # The library would print the record's message and arguments as they are, CPR numbers included.
        record_lost = {"event": "A log record could not be written.", "level": "error", "logger": record.name}
        with suppress(OSError, ValueError):  # Nobody reads standard error any more; work goes on.
            self.stream.write(json.dumps(record_lost) + self.terminator)
            self.flush()


def configure_logs() -> None:
    """Send the records of structlog and of the standard library to standard error, from level INFO up.

    uvicorn must be started with `log_config=None`, or it keeps handlers of its own.
    """
    of_all: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *of_all, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = _Handler()
    handler.setFormatter(_formatter([*of_all, structlog.stdlib.ExtraAdder(), _without_colours]))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # The same facts are in the record's fields, where they can be searched for.
    temporalio.workflow.logger.workflow_info_on_message = False
    temporalio.activity.logger.activity_info_on_message = False


@contextmanager
def log_context(
    *, correlation_id: str | None = None, course_id: UUID | None = None, revision: int | None = None
) -> Iterator[None]:
    """Name the request, the course and its revision in every record written inside."""
    named = {"correlation_id": correlation_id, "course_id": course_id, "revision": revision}
    with structlog.contextvars.bound_contextvars(**{k: v for k, v in named.items() if v is not None}):
        yield


def scrub_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace what looks like a CPR number in keys and values, however deep (a processor of structlog)."""
    return {scrub(str(key)): _scrubbed(value) for key, value in event.items()}


def _without_colours(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event.pop("color_message", None)  # uvicorn gives each message twice, once for terminals.
    return event


def _formatter(of_foreign_records: list[Processor]) -> ProcessorFormatter:
    return ProcessorFormatter(
        foreign_pre_chain=of_foreign_records,
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            scrub_event,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _scrubbed(value: Any) -> Any:  # noqa: ANN401 - A log record may hold anything.
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        # A number has lost the zero that a CPR number may begin with.
        padded = f"{abs(value):0{_CPR_DIGITS}}"
        return scrub(padded) if find_cpr(padded) else value
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return {scrub(str(key)): _scrubbed(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_scrubbed(part) for part in value]
    return scrub(str(value))
