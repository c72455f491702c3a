"""A small course as every witness tells it, sound until a test puts a fault in."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from tools.chaos.chain import digest
from tools.chaos.evidence import Evidence, Row, Workflow
from tools.chaos.ledger import Answer, Request

NOW = datetime(2026, 9, 7, 12, tzinfo=UTC)
BOTH = ["caseworker", "company_consultant"]
TO_BO = ("n-bo", "log", "bo")
SILENCE: Row = {"kind": "silence", "visit": None, "what": ""}


def event(revision: int, kind: str, actor: str, visit: int | None = None, **detail: Any) -> Row:
    """Return a row of the journal."""
    return {"revision": revision, "kind": kind, "actor": actor, "visit": visit, "detail": detail, "v": 1, "at": NOW}


def note(**changed: Any) -> Row:
    """Return a note for both, which may not wait."""
    said = {"id": "t-1", "kind": "agreement", "visit": 1, "audience": "both", "to": None}
    return {**said, "carried": "every", "may_wait": False, **changed}


def manifest(**shown: Any) -> Row:
    """Return the content of a version that shows nothing else."""
    nothing = ("notes", "first_notes", "knowledge", "lessons", "waivers", "corrections", "disputes")
    return {**{name: [] for name in nothing}, **shown}


def lesson(**changed: Any) -> Row:
    """Return a fact that visit 7 taught."""
    said = {"id": "f-1", "fact": "hours_reached", "value": "8", "visit": 7, "occurred_on": "2026-09-07"}
    return {**said, "recorded_at": NOW.isoformat(), "outlives_visit": True, **changed}


def journal() -> list[Row]:
    """Return what happened: started, told of, disputed, briefed anew, informed of and advanced."""
    read = {"person": "anna", "roles": BOTH[:1], "on_behalf": None}
    return [
        event(1, "course_started", "case-system", reference="case-1"),
        event(1, "visit_entered", "case-system", 1),
        event(1, "facts_reported", "case-system", facts=[], source_event_id=None),
        event(2, "facts_reported", "case-system", facts=[{"fact": "hours", "value": 12}], source_event_id="e-1"),
        event(2, "briefing_issued", "@fodslag", 1, version=1, manifest=manifest()),
        event(2, "notice_raised", "@fodslag", notice="n-anna"),
        event(2, "notice_raised", "@fodslag", notice="n-bo"),
        event(3, "note_added", "bo", 1, note=note()),
        event(3, "briefing_issued", "@fodslag", 1, version=2, manifest=manifest(notes=["t-1"])),
        event(4, "briefing_acknowledged", "anna", 1, version=2, **read),
        event(5, "briefing_acknowledged", "bo", 1, version=2, **{**read, "person": "bo", "roles": BOTH[1:]}),
        event(5, "visit_left", "@fodslag", 1, version=2, to=["visit"], closing=None),
    ]


def requests() -> list[Request]:
    """Return what was asked, with the answers: one asked twice, one refused, and one event told under two keys."""
    fed = {"facts": {"hours": 12}, "source_event_id": "e-1"}
    return [
        asked("start", "case-system", "start", {"reference": "case-1"}, Answer(503), Answer(201, 1)),
        asked("0", "case-system", "facts", fed, Answer(200, 2)),
        asked("1", "case-system", "facts", fed, Answer(200, 2)),
        asked("2", "bo", "notes", {"kind": "agreement", "text": "Kun formiddag."}, Answer(200, 3), Answer(200, 3)),
        asked("3", "bo", "acknowledgements", {"briefing": 1, "version": 1}, Answer(409), may_fail=True),
        asked("4", "anna", "acknowledgements", {"briefing": 1, "version": 2}, Answer(200, 4)),
        asked("5", "bo", "acknowledgements", {"briefing": 1, "version": 2}, Answer(200, 5)),
    ]


def asked(key: str, by: str, what: str, body: dict[str, Any], *answers: Answer, may_fail: bool = False) -> Request:
    """Return one request of the course, and what it was answered."""
    return Request(key, by, what, body, "c", may_fail=may_fail, attempts=len(answers), answers=list(answers))


def notice(name: str, person: str) -> Row:
    """Return a notice that was delivered at the first attempt."""
    named = {"about": "acknowledgement", "visit": 1, "level": None, "waiting": "1/acknowledgement"}
    went = {"sent_at": NOW, "delivered_at": NOW, "done_at": None, "attempts": 1}
    return {"notice_id": name, "recipient_kind": "person", "recipient": person, **named, **went}


def attempt(notice: str, person: str, outcome: str = "delivered", channel: str = "log") -> Row:
    """Return an attempt to carry a notice to somebody."""
    return {"notice_id": notice, "channel": channel, "person": person, "outcome": outcome}


def errand(notice: str, due_at: datetime, channel: str = "log") -> Row:
    """Return what a channel has still to carry."""
    return {"notice_id": notice, "channel": channel, "due_at": due_at}


def _fed(journal: Sequence[Row]) -> Iterator[str]:
    """Yield the ids of what the feed shows of the course."""
    for e in journal:
        yield f"c/1/{e['revision']}/{e['seq']}"
        if e["kind"] == "visit_left":
            yield f"c/briefing.final/{e['visit']}/{e['detail']['version']}"


def chained(course_evidence: Evidence) -> Evidence:
    """Return the evidence with events, revisions, row, snapshot and workflow linked as the product would have them."""
    course_evidence.revisions, before = [], ""
    for number, events in groupby(course_evidence.journal, key=lambda e: e["revision"]):
        numbered = [{**e, "seq": seq} for seq, e in enumerate(events, 1)]
        before = digest(before, numbered)
        command = f"command-{number}"
        course_evidence.revisions.append({"epoch": 1, "revision": number, "digest": before, "command_id": command})
    in_order = (
        (seq, e)
        for _, events in groupby(course_evidence.journal, key=lambda e: e["revision"])
        for seq, e in enumerate(events, 1)
    )
    course_evidence.journal = [
        {**e, "epoch": 1, "seq": seq, "tx": e["revision"], "position": position}
        for position, (seq, e) in enumerate(in_order, 1)
    ]
    course_evidence.arrived = list(_fed(course_evidence.journal))
    place = {"status": "open", "epoch": 1, "revision": len(course_evidence.revisions), "digest": before}
    wakeup = (NOW + timedelta(days=1)).isoformat()
    course_evidence.row, course_evidence.snapshot = place, {**place, "wakeup": wakeup, "waiting": [{"key": SILENCE}]}
    rings_at = NOW + timedelta(hours=1)
    course_evidence.workflow = Workflow(dict(course_evidence.snapshot), is_running=True, rings_at=rings_at, seen_at=NOW)
    return course_evidence


def sound() -> Evidence:
    """Return a course of which all witnesses say the same."""
    delivered = [attempt("n-anna", "anna"), attempt("n-bo", "bo")]
    return chained(
        Evidence(
            course="c",
            row={},
            snapshot={},
            workflow=Workflow(None, is_running=False, rings_at=None, seen_at=NOW),
            revisions=[],
            journal=journal(),
            waiting=[SILENCE],
            notices=[notice("n-anna", "anna"), notice("n-bo", "bo")],
            deliveries=delivered,
            texts={"t-1": "Kun formiddag."},
            sent={("n-anna", "log", "anna"): ["m-anna"], TO_BO: ["m-bo"]},
            requests=requests(),
            webhook={"state": "active", "due_at": NOW, "tx": 9, "position": 99},
        )
    )


def before_the_first_receipt(course_evidence: Evidence, told: Row) -> None:
    """Let something happen before anybody has acknowledged the last version, which does not show it."""
    at = next(n for n, e in enumerate(course_evidence.journal) if e["kind"] == "briefing_acknowledged")
    course_evidence.journal = [*course_evidence.journal[:at], told, *course_evidence.journal[at:]]
    chained(course_evidence)
