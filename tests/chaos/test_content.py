"""The checker knows lessons, corrections and disputes as content: it finds each that is kept back, and no other."""

from collections.abc import Callable
from functools import cache
from itertools import chain
from typing import Any

import pytest

from domain.events import Event
from tests.api.lives import Life
from tests.chaos.vocabulary import BOTH, NOW, before_the_first_receipt, chained, event, lesson, manifest, sound
from tests.domain.alphabets import ALPHABETS
from tests.domain.versions import Versions, versions_of
from tests.domain.vocabulary import tiny_book
from tools.chaos.checking import counted, findings
from tools.chaos.evidence import Evidence
from tools.chaos.informing import uninformed

LAST = 2
TAUGHT = event(4, "facts_reported", "bo", facts=[lesson()], source_event_id=None)
TAUGHT_LATER = event(
    4, "facts_reported", "bo", facts=[lesson(id="f-2", value="12", occurred_on="2026-09-08")], source_event_id=None
)
WRONG = {"visit": 7, "fact": "agreed", "before": {"value": True}, "after": {"value": False}}
CORRECTED = event(4, "basis_corrected", "anna", correction=WRONG)
UNDONE = event(4, "basis_corrected", "anna", correction={**WRONG, "before": {"value": False}, "after": {"value": True}})
DISPUTED = event(4, "briefing_disputed", "anna", 1, version=1, roles=BOTH[:1], reason="d-1")
SETTLED = event(4, "dispute_ended", "sara", 1, dispute="d-1", reason="t-9")


def _goes_on_from(course_evidence: Evidence, *told: dict[str, Any], **shown: Any) -> None:
    """Let visit 7 be over, let something be told before the first receipt, and let the last version show this."""
    over = event(1, "visit_entered", "case-system", 7, left_at=NOW.isoformat())
    course_evidence.journal = [course_evidence.journal[0], over, *course_evidence.journal[1:]]
    for one in told:
        before_the_first_receipt(course_evidence, one)
    for e in course_evidence.journal:
        if e["kind"] == "briefing_issued" and e["detail"]["version"] == LAST:
            e["detail"] = {**e["detail"], "manifest": manifest(notes=["t-1"], **shown)}
    chained(course_evidence)


def taught(value: str) -> dict[str, Any]:
    """Return a lesson as a version shows it."""
    return {"visit": 7, "facts": [{"fact": "hours_reached", "value": value}], "notes": []}


def _keeps_a_lesson_back(course_evidence: Evidence) -> None:
    _goes_on_from(course_evidence, TAUGHT)


def _shows_a_lesson_as_it_was(course_evidence: Evidence) -> None:
    _goes_on_from(course_evidence, TAUGHT, TAUGHT_LATER, lessons=[taught("8")])


def _keeps_a_correction_back(course_evidence: Evidence) -> None:
    _goes_on_from(course_evidence, CORRECTED)


def _shows_another_correction(course_evidence: Evidence) -> None:
    _goes_on_from(course_evidence, CORRECTED, corrections=[{**WRONG, "after": {"value": True}}])


def _keeps_a_dispute_back(course_evidence: Evidence) -> None:
    _goes_on_from(course_evidence, DISPUTED, SETTLED)


def _keeps_back_why_a_dispute_was_settled(course_evidence: Evidence) -> None:
    _goes_on_from(course_evidence, DISPUTED, SETTLED, disputes=[{"id": "d-1", "ended_because": None}])


def _advances_while_a_dispute_is_open(course_evidence: Evidence) -> None:
    _goes_on_from(course_evidence, DISPUTED, disputes=[{"id": "d-1", "ended_because": None}])


def test_lessons_corrections_and_disputes_that_are_shown_are_no_fault() -> None:
    whole, undone = sound(), sound()
    shown = {"lessons": [taught("8")], "corrections": [WRONG], "disputes": [{"id": "d-1", "ended_because": "t-9"}]}
    _goes_on_from(whole, TAUGHT, CORRECTED, DISPUTED, SETTLED, **shown)
    _goes_on_from(undone, TAUGHT, event(4, "fact_retracted", "bo", fact="f-1"), CORRECTED, UNDONE)

    assert counted(findings([whole, undone]))["uninformed_advances"] == 0


@pytest.mark.parametrize(
    "fault",
    [
        _keeps_a_lesson_back,
        _shows_a_lesson_as_it_was,
        _keeps_a_correction_back,
        _shows_another_correction,
        _keeps_a_dispute_back,
        _keeps_back_why_a_dispute_was_settled,
        _advances_while_a_dispute_is_open,
    ],
    ids=lambda fault: fault.__name__.strip("_"),
)
def test_whatever_is_kept_back_is_found(fault: Callable[[Evidence], None]) -> None:
    course_evidence = sound()
    fault(course_evidence)

    assert counted(findings([course_evidence]))["uninformed_advances"] == 1


LIVES = 10
MOVES = tuple(chain.from_iterable(ALPHABETS.values()))
ENVELOPE = {"kind", "v", "at", "by", "visit"}

OF_ONE_CONTENT = Versions(tuple(b for b in versions_of(tiny_book()).books if b.reference.version != "other-content"))
"""The versions between which nothing becomes content or a lesson: the checker judges by what is one at all times."""


@cache
def journals() -> tuple[tuple[Event, ...], ...]:
    """Return what happened in courses in which anything happens."""
    lives = [Life(OF_ONE_CONTENT, seed, MOVES) for seed in range(LIVES)]
    for life in lives:
        for _ in life.goes_on(150):
            pass
    return tuple(tuple(life.story.events) for life in lives)


def found(without: str | None = None) -> list[str]:
    """Return what is found in these courses, where the versions lack a part of what they show."""
    said: list[str] = []
    for events in journals():
        course_evidence = sound()
        course_evidence.journal = [
            {"actor": e.by, "visit": getattr(e, "visit", None), "kind": e.kind, "at": e.at}
            | {"detail": e.model_dump(mode="json", exclude=ENVELOPE)}
            for e in events
        ]
        for row in course_evidence.journal:
            if without is not None and row["kind"] == "briefing_issued":
                row["detail"]["manifest"][without] = []
        said += uninformed(course_evidence)
    return said


def test_nothing_is_found_in_courses_in_which_anything_happens() -> None:
    assert found() == []


@pytest.mark.parametrize("part", ["lessons", "corrections", "disputes"])
def test_versions_without_a_part_of_their_content_are_found(part: str) -> None:
    assert any(part.removesuffix("s") in finding for finding in found(without=part))
