"""The checker finds each kind of fault that is put in by hand, and nothing where nothing is wrong."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chaos.checking import KINDS, Evidence, counted, findings
from chaos.ledger import Answered

NOW = datetime(2026, 9, 7, 12, tzinfo=UTC)
BOTH = ["caseworker", "company_consultant"]


def event(revision: int, kind: str, actor: str, visit: int | None = None, **detail: Any) -> dict[str, Any]:
    """Return a row of the journal."""
    return {"revision": revision, "kind": kind, "actor": actor, "visit": visit, "detail": detail}


def sound() -> Evidence:
    """Return a course that was started, told of, informed of and advanced, as all witnesses say."""
    journal = [
        event(1, "course_started", "case-system"),
        event(1, "visit_entered", "case-system", 1),
        event(1, "facts_reported", "case-system"),
        event(2, "note_added", "anna", 1),
        event(2, "briefing_issued", "fodslag", 1, version=1),
        event(3, "note_added", "bo", 1),
        event(3, "briefing_issued", "fodslag", 1, version=2),
        event(4, "briefing_acknowledged", "anna", 1, version=2, roles=BOTH[:1]),
        event(5, "briefing_acknowledged", "bo", 1, version=2, roles=BOTH[1:]),
        event(5, "visit_left", "fodslag", 1, version=2),
    ]
    sent = [
        ("start", "start", "system", 1),
        ("0", "notes", "anna", 2),
        ("1", "notes", "bo", 3),
        ("2", "acknowledgements", "anna", 4),
        ("2", "acknowledgements", "anna", 4),
        ("3", "acknowledgements", "bo", 5),
    ]
    place = {"epoch": 1, "revision": 5, "digest": "abc"}
    notice = {"about": "acknowledgement", "visit": 1, "version": 2, "level": None, "waiting": "1/acknowledgement"}
    return Evidence(
        course="c",
        row={"status": "open", **place},
        journal=journal,
        notices=[{**notice, "recipient": "person/anna"}, {**notice, "recipient": "person/bo"}],
        waiting=2,
        state={**place, "wakeup": (NOW + timedelta(days=1)).isoformat()},
        answers=[Answered(key, "c", what, by, 200, revision) for key, what, by, revision in sent],
    )


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert findings([sound()], NOW) == []


def test_a_completed_course_need_not_wake() -> None:
    over = sound()
    over.row["status"], over.state, over.waiting = "completed", None, 0

    assert findings([over], NOW) == []


def _loses_an_event(known: Evidence) -> None:
    known.journal = [e for e in known.journal if e["kind"] != "note_added" or e["actor"] != "anna"]


def _says_it_was_another(known: Evidence) -> None:
    known.journal = [{**e, "actor": "carl"} if e["actor"] == "anna" else e for e in known.journal]


def _adds_a_note_twice(known: Evidence) -> None:
    known.row["revision"] = 6
    known.state = {**(known.state or {}), "revision": 6}
    known.journal = [*known.journal, event(6, "note_added", "anna", 1)]


def _answers_a_repeat_otherwise(known: Evidence) -> None:
    known.answers.append(Answered("3", "c", "acknowledgements", "bo", 200, 4))
    known.journal = [*known.journal, event(4, "briefing_acknowledged", "bo", 1, version=2, roles=[])]


def _advances_without_one_role(known: Evidence) -> None:
    known.journal = [
        {**e, "detail": {**e["detail"], "roles": BOTH[:1]}} if e["actor"] == "bo" and e["visit"] else e
        for e in known.journal
    ]


def _advances_on_an_old_version(known: Evidence) -> None:
    newer = event(5, "briefing_issued", "fodslag", 1, version=3)
    known.journal = [*known.journal[:-1], newer, known.journal[-1]]


def _tells_twice(known: Evidence) -> None:
    known.notices = [*known.notices, dict(known.notices[0])]


def _never_wakes(known: Evidence) -> None:
    known.state = {**(known.state or {}), "wakeup": None}


def _overslept(known: Evidence) -> None:
    known.state = {**(known.state or {}), "wakeup": (NOW - timedelta(minutes=3)).isoformat()}


def _does_not_answer(known: Evidence) -> None:
    known.state = None


def _waits_for_nothing(known: Evidence) -> None:
    known.waiting = 0


def _forks(known: Evidence) -> None:
    known.state = {**(known.state or {}), "digest": "another"}


def _falls_behind(known: Evidence) -> None:
    known.row["revision"] = 6


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (_loses_an_event, "lost"),
        (_says_it_was_another, "lost"),
        (_adds_a_note_twice, "applied_twice"),
        (_answers_a_repeat_otherwise, "applied_twice"),
        (_advances_without_one_role, "uninformed_advances"),
        (_advances_on_an_old_version, "uninformed_advances"),
        (_tells_twice, "doubled_notices"),
        (_never_wakes, "sleeping_courses"),
        (_overslept, "sleeping_courses"),
        (_does_not_answer, "sleeping_courses"),
        (_waits_for_nothing, "sleeping_courses"),
        (_forks, "disagreeing"),
        (_falls_behind, "disagreeing"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else value,
)
def test_each_fault_that_is_put_in_is_found_as_what_it_is(fault: Callable[[Evidence], None], kind: str) -> None:
    known = deepcopy(sound())
    fault(known)

    counts = counted(findings([sound(), known], NOW))

    assert counts[kind] >= 1
    assert set(counts) == set(KINDS)


def test_a_course_that_was_promised_and_is_nowhere_is_lost() -> None:
    nothing = {"status": "completed", "epoch": 0, "revision": 0, "digest": ""}
    gone = Evidence("c", nothing, (), (), 0, None, [Answered("start", "c", "start", "system", 201, 1)])

    assert [finding.kind for finding in findings([gone], NOW)] == ["lost"]
