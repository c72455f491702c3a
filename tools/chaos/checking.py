"""What must agree after everything: what clients were told, the workflows, the journal, the rows and the notices.

It knows the product's words and none of its code, so that it can find the product wrong.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from tools.chaos.chain import broken_links
from tools.chaos.effects import Effect, asked_for, recorded_effects
from tools.chaos.events import disordered, undelivered
from tools.chaos.evidence import Evidence, Row
from tools.chaos.informing import uninformed
from tools.chaos.notices import doubled, uncarried

_LATE: Final = timedelta(seconds=30)
"""How long after its time a course may wake."""
_UNAVAILABLE: Final = frozenset({502, 503, 504})


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one course."""

    kind: str
    course: str
    what: str


def findings(evidence: Iterable[Evidence]) -> list[Finding]:
    """Return everything that is wrong, course by course."""
    return [
        Finding(kind, records.course, what)
        for records in evidence
        for kind, check in _CHECKS.items()
        for what in check(records)
    ]


def counted(all_findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many of each kind there are, none of a kind included."""
    counts = Counter(finding.kind for finding in all_findings)
    return {kind: counts[kind] for kind in KINDS}


def _effects(records: Evidence) -> list[tuple[int, Effect]]:
    return list(recorded_effects(records.journal, records.texts))


def _lost(records: Evidence) -> Iterator[str]:
    """A command that was answered is in the journal, at the revision that the answer named, word for word."""
    there = set(_effects(records))
    for request in records.requests:
        for revision in request.revisions:
            if (revision, asked_for(request)) not in there:
                yield f"{request.key} was answered with revision {revision}, which does not tell of it"
    rows = {str(notice["notice_id"]) for notice in records.notices}
    raised = {event["detail"]["notice"] for event in records.journal if event["kind"] == "notice_raised"}
    yield from (f"the notice {notice} was raised and is nowhere" for notice in sorted(raised - rows))


def _twice(records: Evidence) -> Iterator[str]:
    """All answers to one request name one revision, and nothing happened oftener than it was said."""
    for request in records.requests:
        if len(request.revisions) > 1:
            yield f"{request.key} was applied as revisions {sorted(request.revisions)}"
    allowed = Counter(asked_for(request) for request in records.requests if not request.is_refused)
    for event in {asked_for(request) for request in records.requests if "source_event_id" in request.body}:
        allowed[event] = min(allowed[event], 1)
    started = {revision for revision, effect in _effects(records) if effect[0] == "course_started"}
    # What a start says of the target group and the parties is told in the same revision.
    happened = Counter(e for revision, e in _effects(records) if e[0] == "course_started" or revision not in started)
    for effect, times in happened.items():
        if times > allowed[effect]:
            yield f"{effect} happened {times} times and was asked for {allowed[effect]} times"
    commands = Counter(str(revision["command_id"]) for revision in records.revisions)
    yield from (f"the command {c} gave {times} revisions" for c, times in commands.items() if times > 1)


def _sleeping(records: Evidence) -> Iterator[str]:
    """An open course waits for something and will wake by itself (P5)."""
    yield from uncarried(records)
    if records.row["status"] == "completed":
        return
    if not records.waiting:
        yield "it waits for nothing"
    if records.workflow.state is None:
        yield "its workflow does not answer"
        return
    if not records.workflow.is_running:
        yield "its workflow is over"
    wakeup, rings_at, now = records.workflow.state["wakeup"], records.workflow.rings_at, records.workflow.seen_at
    if wakeup is None or datetime.fromisoformat(wakeup) < now - _LATE:
        yield f"it should have woken at {wakeup}"
    elif rings_at is None or not now - _LATE < rings_at < datetime.fromisoformat(wakeup) + _LATE:
        yield f"it shall wake at {wakeup}, and its first timer rings at {rings_at}"


def _disagreeing(records: Evidence) -> Iterator[str]:
    """Workflow, snapshot and row say the same, and the journal goes there link by link."""
    if records.workflow.state is not None and records.workflow.state != records.snapshot:
        named = sorted(n for n, value in records.snapshot.items() if records.workflow.state.get(n) != value)
        yield f"workflow and snapshot differ in {named}"
    place = ("status", "epoch", "revision", "digest")
    if any(records.snapshot[name] != records.row[name] for name in place):
        yield f"the snapshot is at {[records.snapshot[n] for n in place]}, the row at {[records.row[n] for n in place]}"
    keys = [waiting["key"] for waiting in records.snapshot.get("waiting", ())]
    if {_named(row) for row in records.waiting} != {_named(key) for key in keys}:
        yield "the rows wait for something else than the snapshot"
    yield from broken_links(records)


def _named(waiting: Row) -> tuple[object, ...]:
    """Return what tells the waits of a course apart, in a row as in the key of a snapshot."""
    return tuple(waiting[name] for name in ("kind", "visit", "what"))


def _unexpected(records: Evidence) -> Iterator[str]:
    """Nobody is told no who had every right to a yes, nor of a fault other than that a part is away."""
    for request in records.requests:
        if request.is_refused and not request.may_fail:
            yield f"{request.key} was refused: {[(answer.status, answer.code) for answer in request.answers]}"
        if request.revisions and any(answer.status in range(400, 500) for answer in request.answers):
            yield f"{request.key} was refused and done"
        faults = {a.status for a in request.answers if a.status not in _UNAVAILABLE and a.status not in range(500)}
        yield from (f"{request.key} was answered {status}" for status in sorted(faults))
        if not request.revisions and not request.is_refused:
            yield f"{request.key} was never answered"


def _audited(records: Evidence) -> Iterator[str]:
    """The auditor, who was heard of after all had come to rest, finds nothing (P5)."""
    yield from (f"the audit finds {found['kind']} of {found['subject']}: {found['what']}" for found in records.findings)


_CHECKS: Final[Mapping[str, Callable[[Evidence], Iterator[str]]]] = MappingProxyType(
    {
        "lost": _lost,
        "applied_twice": _twice,
        "uninformed_advances": uninformed,
        "doubled_notices": doubled,
        "sleeping_courses": _sleeping,
        "disagreeing": _disagreeing,
        "unexpected_answers": _unexpected,
        "lost_events": undelivered,
        "disordered_events": disordered,
        "audit_findings": _audited,
    }
)
SILENT_AUDITOR: Final = "silent_auditor"
"""No complete audit was told of after all had come to rest."""
KINDS: Final = (*_CHECKS, SILENT_AUDITOR)
"""Everything that is looked for, as it is called in the figures."""
