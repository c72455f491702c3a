"""What there is to compare: what clients, rows, journal, workflow and notices say of each course."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tools.chaos.ledger import Request

Row = dict[str, Any]
Delivery = tuple[str, str, str]
"""A notice, the channel that carries it and the person to whom."""


@dataclass
class Workflow:
    """What Temporal knew at `seen_at`: what a course tells of itself, whether it runs, when its first timer rings."""

    state: Row | None
    is_running: bool
    rings_at: datetime | None
    seen_at: datetime


@dataclass
class Evidence:
    """All that is known of one course.

    `snapshot` is the state stored with the newest revision, `texts` the personal texts by their ids, `errands` what
    channels have still to carry, and `sent` the ids of the messages that left the house, by delivery.
    `webhook` is that of the system outside, `queued` what it is still to be sent or was, and `arrived` the ids of the
    events that came there, in the order in which they came; `findings` is what the audit finds in the course.
    """

    course: str
    row: Row
    snapshot: Row
    workflow: Workflow
    revisions: Sequence[Row]
    journal: Sequence[Row]
    waiting: Sequence[Row] = ()
    notices: Sequence[Row] = ()
    deliveries: Sequence[Row] = ()
    errands: Sequence[Row] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[Delivery, Sequence[str]] = field(default_factory=dict)
    webhook: Row | None = None
    queued: Sequence[Row] = ()
    arrived: Sequence[str] = ()
    findings: Sequence[Row] = ()
    requests: list[Request] = field(default_factory=list)


def nowhere(course: str, requests: list[Request]) -> Evidence:
    """Return what is known of a course that somebody was promised and that is not there."""
    place = {"status": "completed", "epoch": 1, "revision": 0, "digest": ""}
    workflow = Workflow(place, is_running=False, rings_at=None, seen_at=datetime.now(UTC))
    return Evidence(course, place, place, workflow, (), (), requests=requests)
