import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog
import temporalio.activity
import temporalio.workflow

from infra.security.cpr import REPLACEMENT
from infra.telemetry.logs import configure_logs, log_context

CPR = "010190-1234"
COURSE = UUID("6d0f4c0e-0f0d-5a1a-9c59-000000000001")


class Written:
    """What has been written since it was last read."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def text(self) -> str:
        text = self.stream.getvalue()
        self.stream.seek(0)
        self.stream.truncate()
        return text

    def record(self) -> dict[str, Any]:
        (line,) = self.text().splitlines()
        return dict(json.loads(line))


@pytest.fixture
def written() -> Iterator[Written]:
    """Read what the configured handler writes, and put everything back that it changed in the process."""
    root, workflow, activity = logging.getLogger(), temporalio.workflow.logger, temporalio.activity.logger
    handlers, level = root.handlers[:], root.level
    originals = (workflow.workflow_info_on_message, activity.activity_info_on_message)
    root.handlers.clear()
    configure_logs()
    written = Written()
    ours(root).setStream(written.stream)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    workflow.workflow_info_on_message, activity.activity_info_on_message = originals
    structlog.reset_defaults()


def ours(root: logging.Logger) -> logging.StreamHandler[Any]:
    (handler,) = (h for h in root.handlers if type(h).__module__ == "infra.telemetry.logs")
    assert isinstance(handler, logging.StreamHandler)
    return handler


def test_our_own_record_is_one_line_of_json(written: Written) -> None:
    structlog.get_logger("infra.store").info("Course recorded.", revision=7, words="æøå\nto linjer")

    record = written.record()

    assert record.pop("timestamp").endswith("Z")
    assert record == {
        "event": "Course recorded.",
        "level": "info",
        "logger": "infra.store",
        "revision": 7,
        "words": "æøå\nto linjer",
    }


@pytest.mark.parametrize("name", ["uvicorn.access", "temporalio.worker", "sqlalchemy.engine"])
def test_a_librarys_record_has_the_same_shape_and_the_callers_context(name: str, written: Written) -> None:
    with log_context(correlation_id="c-1", course_id=COURSE, revision=3):
        logging.getLogger(name).warning("%s %s", "GET", "/livez", extra={"seen": 1, "color_message": "\x1b[1m"})

    record = written.record()

    assert record.pop("timestamp")
    assert record == {
        "event": "GET /livez",
        "level": "warning",
        "logger": name,
        "seen": 1,
        "correlation_id": "c-1",
        "course_id": str(COURSE),
        "revision": 3,
    }


def test_the_context_names_only_what_is_known_and_ends_with_its_block(written: Written) -> None:
    with log_context(correlation_id="c-1"), log_context(revision=3):
        structlog.get_logger().info("inside")
    inside = written.record()
    structlog.get_logger().info("outside")
    outside = written.record()

    assert (inside["correlation_id"], inside["revision"], "course_id" in inside) == ("c-1", 3, False)
    assert {"correlation_id", "revision", "course_id"}.isdisjoint(outside)


def test_records_below_info_are_not_written(written: Written) -> None:
    structlog.get_logger("x").debug("quiet")
    logging.getLogger("x").debug("quiet")

    assert written.text() == ""


@pytest.mark.usefixtures("written")
def test_temporals_loggers_leave_the_message_as_it_is() -> None:
    assert temporalio.workflow.logger.workflow_info_on_message is False
    assert temporalio.activity.logger.activity_info_on_message is False


@pytest.mark.parametrize(
    "value",
    [
        CPR,
        "0101901234",
        101901234,
        -101901234,
        2512901234,
        [CPR],
        (CPR,),
        {CPR},
        frozenset({CPR}),
        {"deep": [{"deeper": CPR}]},
        {CPR: "as a key"},
        {"deep": {2512901234: 1}},
        CPR.encode(),
        ValueError(CPR),
    ],
)
def test_a_cpr_number_is_scrubbed_wherever_it_is(value: object, written: Written) -> None:
    structlog.get_logger().info("event", value=value)

    text = written.text()
    assert REPLACEMENT in text
    assert not any(number in text for number in (CPR, "0101901234", "101901234", "2512901234"))


def test_a_cpr_number_in_the_message_the_name_of_a_field_or_the_context_is_scrubbed(written: Written) -> None:
    with log_context(correlation_id=f"c {CPR}"):
        structlog.get_logger().info(f"event {CPR}", **{CPR: 1})
        logging.getLogger("x").info("called %s", CPR, extra={"who": CPR})

    text = written.text()
    assert text.count(REPLACEMENT) == 6
    assert CPR not in text


def test_a_cpr_number_in_an_exception_its_cause_and_a_stack_is_scrubbed(written: Written) -> None:
    def fail() -> None:
        try:
            dict[str, str]()[CPR]
        except KeyError as cause:
            raise ValueError(f"no {CPR}") from cause

    for logger in (structlog.get_logger("x"), logging.getLogger("x")):
        try:
            fail()
        except ValueError:
            logger.exception("failed")
        record = written.record()
        assert "ValueError: no [cpr]" in record["exception"]
        assert "KeyError: '[cpr]'" in record["exception"]
        assert CPR not in json.dumps(record)


def test_numbers_truths_and_nothing_stay_what_they_are(written: Written) -> None:
    structlog.get_logger().info("event", a=7, b=1.5, c=True, d=None, e=[], f={}, g=COURSE)

    record = written.record()

    assert {name: record[name] for name in "abcdefg"} == {
        "a": 7,
        "b": 1.5,
        "c": True,
        "d": None,
        "e": [],
        "f": {},
        "g": str(COURSE),
    }


def test_a_record_that_cannot_be_formatted_is_told_of_without_its_content(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [ours(root)])  # Those of pytest would raise.

    logging.getLogger("x").info("%d", CPR)

    record = written.record()

    assert record == {"event": "A log record could not be written.", "level": "error", "logger": "x"}


def test_work_goes_on_when_nobody_reads_the_logs(written: Written) -> None:
    written.stream.close()

    logging.getLogger("x").info("nobody reads this")
