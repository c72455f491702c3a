"""Gathering the evidence: rows straight from PostgreSQL, logs, and what Temporal knows of each workflow."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError

from tools.chaos.evidence import Delivery, Evidence, Row, Workflow, nowhere
from tools.chaos.ledger import Request
from tools.chaos.outside import Outside
from tools.town.town import MUNICIPALITY

_AT_ONCE: Final = 8
_ATTEMPTS: Final = 6
"""How often a workflow is asked; its worker may just have been started."""
_STATEMENTS: Final = {
    "course": "SELECT * FROM course",
    "snapshot": "SELECT r.course_id, r.snapshot FROM revision r JOIN course USING (course_id, epoch, revision)",
    "revision": "SELECT course_id, epoch, revision, digest, command_id FROM revision ORDER BY epoch, revision",
    "journal": "SELECT * FROM journal ORDER BY course_id, epoch, revision, seq",
    "waiting": "SELECT * FROM waiting",
    "notice": "SELECT * FROM notice",
    "errand": "SELECT e.*, n.course_id FROM errand e JOIN notice n USING (notice_id)",
    "delivery": "SELECT d.*, n.course_id FROM delivery d JOIN notice n USING (notice_id)",
    "webhook_event": "SELECT course_id, event_id, state FROM webhook_event WHERE course_id IS NOT NULL",
    "finding": "SELECT * FROM finding WHERE mended_at IS NULL",
    "texts": "SELECT course_id, text_id, text FROM personal_text WHERE course_id IS NOT NULL",
}
_WEBHOOK: Final = "SELECT * FROM webhook"
_OWED: Final = """
    SELECT count(*) AS count FROM webhook w WHERE state = 'active' AND (
        EXISTS (SELECT 1 FROM webhook_event e WHERE e.webhook_id = w.webhook_id AND e.state IN ('pending', 'failing'))
        OR EXISTS (SELECT 1 FROM journal j WHERE (j.tx, j.position) > (coalesce(w.tx, 0), coalesce(w.position, 0)))
    )
"""
_OVERDUE: Final = """
    SELECT (
        SELECT count(*) FROM revision r JOIN course c USING (course_id, epoch, revision)
        WHERE c.status <> 'completed' AND (r.snapshot ->> 'wakeup')::timestamptz < now() - interval '1 second'
    ) + (SELECT count(*) FROM errand WHERE due_at < now() - interval '1 second') AS count
"""
_CHANNEL: Final = "log"
"""The channel whose messages are read from the logs."""
_OPENS: Final = EventType.EVENT_TYPE_TIMER_STARTED
_ENDS: Final = frozenset({EventType.EVENT_TYPE_TIMER_FIRED, EventType.EVENT_TYPE_TIMER_CANCELED})


def overdue(url: str) -> int:
    """Return how many courses should have woken and have not, and how many errands should have been run."""
    with _store(url) as store:
        return int(store.execute(_OVERDUE).fetchall()[0]["count"])


def are_events_owed(url: str) -> bool:
    """Return whether something is still to be sent to the system outside."""
    with _store(url) as store:
        return bool(store.execute(_OWED).fetchall()[0]["count"])


async def gathered(
    url: str, client: Client, logs: Path, outside: Outside, requests: Iterable[Request], only: Collection[str] = ()
) -> list[Evidence]:
    """Return all that is known of the courses named, else of every one that anybody was told of or that has a row."""
    sent = _sent(logs)  # First: an attempt is in the store before it is in a log, and workers go on meanwhile.
    with _store(url) as store:
        rows = {name: _by_course(store.execute(entry).fetchall(), _course) for name, entry in _STATEMENTS.items()}
        webhook = next(iter(store.execute(_WEBHOOK).fetchall()), None)
    asked = _by_course(requests, lambda request: request.course)
    arrived = outside.arrived()
    turn = asyncio.Semaphore(_AT_ONCE)

    async def one(course: str) -> Evidence:
        if course not in rows["course"]:
            return nowhere(course, asked[course])
        async with turn:
            workflow = await _workflow(client.get_workflow_handle(f"course/{course}"))
        return Evidence(
            course=course,
            row=rows["course"][course][0],
            snapshot=rows["snapshot"][course][0]["snapshot"],
            workflow=workflow,
            revisions=rows["revision"][course],
            journal=rows["journal"][course],
            waiting=rows["waiting"][course],
            notices=rows["notice"][course],
            deliveries=rows["delivery"][course],
            errands=rows["errand"][course],
            texts={str(row["text_id"]): row["text"] for row in rows["texts"][course]},
            sent=sent[course],
            webhook=webhook,
            queued=rows["webhook_event"][course],
            arrived=arrived.get(course, ()),
            findings=rows["finding"][course],
            requests=asked[course],
        )

    return list(await asyncio.gather(*(one(course) for course in sorted(only or {*rows["course"], *asked}))))


def _store(url: str) -> psycopg.Connection[Row]:
    options = f"-c fodslag.municipality={MUNICIPALITY}"
    return psycopg.connect(url, options=options, row_factory=dict_row)


async def _workflow(handle: WorkflowHandle[Any, Any]) -> Workflow:
    """Return a course as Temporal has it; it has a state only when it answers."""
    state, is_running, seen_at = await _state(handle), await _runs(handle), datetime.now(UTC)
    return Workflow(state, is_running, await _rings_at(handle) if is_running else None, seen_at)


async def _state(handle: WorkflowHandle[Any, Any]) -> Row | None:
    """Return a workflow's own answer, None when it gives none however often it is asked."""
    for attempt in range(_ATTEMPTS):
        try:
            state: Row = await handle.query("course")
        except RPCError:
            await asyncio.sleep(attempt)
        else:
            return state
    return None


async def _runs(handle: WorkflowHandle[Any, Any]) -> bool:
    try:
        return (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    except RPCError:
        return False


async def _rings_at(handle: WorkflowHandle[Any, Any]) -> datetime | None:
    """Return when the first timer rings that is open in the newest run."""
    timers: dict[str, datetime] = {}
    async for event in handle.fetch_history_events():
        if event.event_type == _OPENS:
            timer = event.timer_started_event_attributes
            timers[timer.timer_id] = event.event_time.ToDatetime(UTC) + timer.start_to_fire_timeout.ToTimedelta()
        elif event.event_type in _ENDS:
            ended = event.timer_fired_event_attributes.timer_id or event.timer_canceled_event_attributes.timer_id
            del timers[ended]
    return min(timers.values(), default=None)


def _sent(logs: Path) -> defaultdict[str, defaultdict[Delivery, list[str]]]:
    """Return the messages that left the house by course and delivery, as every log of every worker says."""
    sent: defaultdict[str, defaultdict[Delivery, list[str]]] = defaultdict(lambda: defaultdict(list))
    for log in logs.glob("worker-*.log"):
        for line in _lines(log):
            if line.get("event") == "notice":
                sent[line["course"]][line["notice"], _CHANNEL, line["recipient"]].append(line["id"])
    return sent


def _lines(log: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a log; one that a kill cut short is none."""
    for line in log.read_text(errors="replace").splitlines():
        with suppress(json.JSONDecodeError):
            entry = json.loads(line)
            if isinstance(entry, dict):
                yield entry


def _course(row: Row) -> str:
    return str(row["course_id"])


def _by_course(items: Iterable[Any], course_of: Callable[[Any], str]) -> defaultdict[str, list[Any]]:
    grouped: defaultdict[str, list[Any]] = defaultdict(list)
    for item in items:
        grouped[course_of(item)].append(item)
    return grouped
