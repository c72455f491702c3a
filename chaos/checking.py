"""What must agree after everything: what clients were told, the workflows, the journal, the rows and the notices.

It knows the product's words and none of its code, so that it can find the product wrong.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from chaos.ledger import Answered

ROLES: Final = frozenset({"caseworker", "company_consultant"})
KINDS: Final = ("lost", "applied_twice", "uninformed_advances", "doubled_notices", "sleeping_courses", "disagreeing")
_LATE: Final = timedelta(minutes=2)
"""How long after its time a course may wake."""
_EVENT_OF: Final = {
    "start": "course_started",
    "facts": "facts_reported",
    "notes": "note_added",
    "acknowledgements": "briefing_acknowledged",
    "close": "facts_reported",
}
"""From each kind of request to the event that its command must have left."""
_PERSON_OF: Final = {"system": "case-system"}

Row = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one course."""

    kind: str
    course: str
    what: str


@dataclass
class Evidence:
    """All that is known of one course: its row, its journal in order, its notices, and its workflow as it tells itself.

    `state` is the workflow's answer, None when it gave none.
    """

    course: str
    row: Row
    journal: Sequence[Row]
    notices: Sequence[Row]
    waiting: int
    state: Row | None
    answers: list[Answered] = field(default_factory=list)


def findings(evidence: Iterable[Evidence], now: datetime) -> list[Finding]:
    """Return everything that is wrong, course by course."""
    return [
        Finding(kind, known.course, what)
        for known in evidence
        for kind, check in _CHECKS.items()
        for what in check(known, now)
    ]


def counted(found: Iterable[Finding]) -> dict[str, int]:
    """Return how many of each kind there are, none of a kind included."""
    counts = Counter(finding.kind for finding in found)
    return {kind: counts[kind] for kind in KINDS}


def _lost(known: Evidence, _now: datetime) -> Iterator[str]:
    """A command that was answered is in the journal, at the revision that the answer named and by who gave it."""
    there = {(event["revision"], event["kind"], event["actor"]) for event in known.journal}
    for answer in known.answers:
        if answer.revision is None:
            continue
        if (answer.revision, _EVENT_OF[answer.what], _PERSON_OF.get(answer.by, answer.by)) not in there:
            yield f"{answer.key} was answered with revision {answer.revision}, which has no such event"


def _twice(known: Evidence, _now: datetime) -> Iterator[str]:
    """All answers to one request name one revision, and there are no more events than requests."""
    revisions: dict[str, set[int]] = {}
    for answer in known.answers:
        if answer.revision is not None:
            revisions.setdefault(answer.key, set()).add(answer.revision)
    yield from (f"{key} was applied as revisions {sorted(told)}" for key, told in revisions.items() if len(told) > 1)
    sent = Counter(_EVENT_OF[what] for _, what in {(answer.key, answer.what) for answer in known.answers})
    by_people = {(e["revision"], e["kind"]) for e in known.journal if e["kind"] in _EVENT_OF.values()}
    for kind, times in Counter(kind for _, kind in by_people).items():
        # What a start says of the target group is reported in the same revision.
        allowed = sent[kind] + (1 if kind == "facts_reported" else 0)
        if times > allowed:
            yield f"{kind} happened {times} times for {allowed} requests"


def _uninformed(known: Evidence, _now: datetime) -> Iterator[str]:
    """No visit was left before both roles had acknowledged the version that was current then (P1)."""
    version: dict[int, int] = {}
    informed: dict[int, set[str]] = {}
    for event in known.journal:
        visit, detail = event["visit"], event["detail"] or {}
        match event["kind"]:
            case "briefing_issued":
                version[visit], informed[visit] = detail["version"], set()
            case "briefing_acknowledged" if detail["version"] == version.get(visit):
                informed[visit] |= set(detail["roles"])
            case "visit_left" if not informed.get(visit, set()) >= ROLES:
                yield f"visit {visit} was left with {sorted(informed.get(visit, set()))} informed"


def _doubled(known: Evidence, _now: datetime) -> Iterator[str]:
    """No two notices tell one person the same of the same wait."""
    named = ("about", "recipient", "visit", "version", "level", "waiting")
    told = Counter(tuple(notice[name] for name in named) for notice in known.notices)
    yield from (
        f"{times} notices say {dict(zip(named, what, strict=True))}" for what, times in told.items() if times > 1
    )


def _sleeping(known: Evidence, now: datetime) -> Iterator[str]:
    """An open course waits for something and will wake (P5)."""
    if known.row["status"] == "completed":
        return
    if known.state is None:
        yield "its workflow does not answer"
    elif not known.waiting:
        yield "it waits for nothing"
    elif known.state["wakeup"] is None or datetime.fromisoformat(known.state["wakeup"]) < now - _LATE:
        yield f"it should have woken at {known.state['wakeup']}"


def _disagreeing(known: Evidence, _now: datetime) -> Iterator[str]:
    """Workflow and row are at one revision, and the journal goes there without a gap."""
    place = ("epoch", "revision", "digest")
    if known.state is not None and any(known.state[name] != known.row[name] for name in place):
        yield f"the workflow is at {[known.state[n] for n in place]}, the row at {[known.row[n] for n in place]}"
    told = {event["revision"] for event in known.journal}
    if told != set(range(1, known.row["revision"] + 1)):
        yield f"the row is at revision {known.row['revision']}, and the journal has {len(told)} revisions"


_CHECKS: Final = dict(zip(KINDS, (_lost, _twice, _uninformed, _doubled, _sleeping, _disagreeing), strict=True))
