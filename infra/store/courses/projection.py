"""The rows that a course's state amounts to; pure, so that what changed can be told by comparing them.

One command may pass through states that neither its before nor its after shows, such as both receipts of a visit
that it then leaves. So visits and receipts are taken from every state the course passed through.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from domain.state.briefing import Receipt
from domain.state.course import CourseState, Visit
from domain.state.measures import NOT_ENTERED, Measures
from domain.state.waiting import Taken
from domain.state.workplaces import Workplaces

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ByRules:
    """How the rules of a course make rows of it: where it takes place, and what it was in reality."""

    workplaces: Workplaces = field(default_factory=Workplaces)
    measures: Measures = field(default_factory=Measures)


def course_row(state: CourseState) -> Row:
    """Return the course's own row, but for what the state does not know: citizen_text and citizen_key."""
    taken = ("unit", "reference", "ordinal", "follows", "citizen", "protected", "status", "outcome", "started_on")
    position = ("revision", "epoch", "digest")
    reckoned = ("is_stalled", "is_ahead_of_informing", "due_at", "waiting_since", "wakeup")
    rules = state.rules
    return {
        **{name: getattr(state, name) for name in (*taken, *position, *reckoned)},
        "course_id": state.course,
        "steps": [visit.step for visit in state.open_visits],
        "updated_at": state.updated_at or state.started_at,
        "story": state.story.id if state.story else None,
        "story_approved": bool(state.story and state.story.is_approved),
        "rules_id": rules.id if rules else None,
        "rules_version": rules.version if rules else None,
        "rules_sha256": rules.sha256 if rules else None,
    }


def waiting_rows(state: CourseState) -> list[Row]:
    """Return the rows of the course's waits."""
    taken = ("kind", "visit", "what", "since", "until", "level", "escalation", "escalated_at", "next_rung_at")
    foremost = state.foremost_wait
    return [
        {
            **{name: getattr(waiting, name) for name in taken},
            "course_id": state.course,
            "roles": list(waiting.roles),
            "persons": list(waiting.persons),
            "key": str(waiting.key),
            "is_foremost": waiting is foremost,
            **_taken(waiting.taken),
            "waiting_on": waiting.answer.waiting_on if waiting.answer else None,
            "answered_until": waiting.answer.until if waiting.answer else None,
        }
        for waiting in state.waiting
    ]


def _taken(taken: Taken | None) -> Row:
    return {
        "taken_by": taken.by if taken else None,
        "taken_at": taken.at if taken else None,
        "look_again_at": taken.look_again_at if taken else None,
        "taken_reason": taken.reason if taken else None,
    }


def party_rows(state: CourseState) -> list[Row]:
    """Return who holds the course's roles."""
    taken = ("role", "person", "unit", "since")
    return [{**{name: getattr(party, name) for name in taken}, "course_id": state.course} for party in state.parties]


def observer_rows(state: CourseState) -> list[Row]:
    """Return who observes the course."""
    taken = ("person", "kind", "since")
    return [{**{name: getattr(o, name) for name in taken}, "course_id": state.course} for o in state.observers]


def visit_rows(passed: Iterable[CourseState]) -> list[Row]:
    """Return the visits as last seen; one that was left keeps the time at which its last briefing was issued."""
    rows: dict[int, Row] = {}
    for state in passed:
        for visit in state.visits:
            row = _visit_row(state, visit)
            row["issued_at"] = row["issued_at"] or rows.get(visit.number, row)["issued_at"]
            rows[visit.number] = row
    return list(rows.values())


def _visit_row(state: CourseState, visit: Visit) -> Row:
    taken = ("number", "step", "ordinal", "entered_on", "entered_at", "left_at", "went_ahead", "withdrawn")
    return {
        **{name: getattr(visit, name) for name in taken},
        "course_id": state.course,
        "ready": visit.judgement.ready,
        "breaches": list(visit.judgement.breaches),
        "version": visit.versions,
        "issued_at": visit.briefing.issued_at if visit.briefing else None,
    }


def receipt_rows(passed: Iterable[CourseState]) -> list[Row]:
    """Return the receipts of each version as they stood when it was last the current one."""
    rows: dict[tuple[int, int], list[Row]] = {}
    for state in passed:
        for visit in state.visits:
            if visit.briefing:
                place = (visit.number, visit.briefing.version)
                rows[place] = [_receipt_row(state, place, receipt) for receipt in visit.briefing.receipts]
    return [row for receipts in rows.values() for row in receipts]


def remembered(state: CourseState) -> frozenset[int]:
    """Return the visits whose workplaces and measures the state tells; of those forgotten the rows alone know."""
    return frozenset({NOT_ENTERED, *(visit.number for visit in state.visits)})


def workplace_rows(state: CourseState, workplaces: Workplaces) -> list[Row]:
    """Return the workplaces of visits, but for withdrawn ones, and those expected; a contradicted one is unknown."""
    expected = [(NOT_ENTERED, step, p_number) for step, p_number in workplaces.expected(state).items()]
    visits = [visit for visit in state.visits if not visit.withdrawn]
    visited = [(visit.number, visit.step, workplaces.of(state, visit.number)) for visit in visits]
    return [
        {"course_id": state.course, "visit": visit, "step": step, "p_number": p_number}
        for visit, step, p_number in (*expected, *visited)
        if p_number is not None
    ]


def measure_rows(state: CourseState, measures: Measures) -> list[Row]:
    """Return what the course was in reality."""
    return [{"course_id": state.course, **asdict(measure)} for measure in measures.of(state)]


def _receipt_row(state: CourseState, place: tuple[int, int], receipt: Receipt) -> Row:
    number, version = place
    return {
        "course_id": state.course,
        "visit": number,
        "version": version,
        "role": receipt.role,
        "person": receipt.person,
        "acted_by": receipt.by,
        "acknowledged_at": None if receipt.disputed else receipt.at,
        "disputed_at": receipt.at if receipt.disputed else None,
        "on_behalf": receipt.on_behalf,
    }
