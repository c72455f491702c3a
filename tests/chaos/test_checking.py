"""The checker finds each kind of fault that is put in by hand, and nothing where nothing is wrong."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.chaos.vocabulary import (
    BOTH,
    NOW,
    SILENCE,
    asked,
    before_the_first_receipt,
    chained,
    event,
    manifest,
    note,
    sound,
)
from tools.chaos.checking import KINDS, counted, findings
from tools.chaos.evidence import Evidence, nowhere
from tools.chaos.ledger import Answer


def finding_kinds(course_evidence: Evidence) -> set[str]:
    """Return what is found in a course."""
    return {finding.kind for finding in findings([course_evidence])}


def without(course_evidence: Evidence, kind: str, actor: str) -> list[dict[str, Any]]:
    """Return the journal without what somebody did."""
    return [e for e in course_evidence.journal if (e["kind"], e["actor"]) != (kind, actor)]


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert findings([sound()]) == []


def test_a_completed_course_need_not_wake() -> None:
    over = sound()
    over.row["status"] = over.snapshot["status"] = "completed"
    over.snapshot["waiting"], over.waiting = [], []
    over.workflow.state, over.workflow.is_running = None, False

    assert findings([over]) == []


def _loses_a_note(course_evidence: Evidence) -> None:
    course_evidence.journal = without(course_evidence, "note_added", "bo")
    chained(course_evidence)


def _names_another_actor(course_evidence: Evidence) -> None:
    course_evidence.journal = [{**e, "actor": "carl"} if e["actor"] == "anna" else e for e in course_evidence.journal]
    chained(course_evidence)


def _has_another_text(course_evidence: Evidence) -> None:
    course_evidence.texts = {"t-1": "Kun eftermiddag."}


def _adds_a_note_twice(course_evidence: Evidence) -> None:
    course_evidence.journal = [
        *course_evidence.journal,
        event(6, "note_added", "bo", 1, note=note()),
    ]
    chained(course_evidence)


def _repeats_an_event_of_a_source(course_evidence: Evidence) -> None:
    course_evidence.journal = [*course_evidence.journal, {**course_evidence.journal[3], "revision": 6}]
    chained(course_evidence)


def _does_what_it_refused(course_evidence: Evidence) -> None:
    course_evidence.journal = [
        *course_evidence.journal,
        event(6, "briefing_acknowledged", "bo", 1, version=1, roles=BOTH[1:]),
    ]
    chained(course_evidence)


def _answers_a_repeat_otherwise(course_evidence: Evidence) -> None:
    course_evidence.requests[-1].answers.append(Answer(200, 4))


def _gives_a_command_two_revisions(course_evidence: Evidence) -> None:
    course_evidence.revisions = [{**revision, "command_id": "the same"} for revision in course_evidence.revisions]


def _advances_without_one_role(course_evidence: Evidence) -> None:
    course_evidence.journal = without(course_evidence, "briefing_acknowledged", "anna")
    chained(course_evidence)


def _advances_on_an_old_version(course_evidence: Evidence) -> None:
    newer = event(5, "briefing_issued", "@fodslag", 1, version=3, manifest=manifest(notes=["t-1"]))
    course_evidence.journal = [*course_evidence.journal[:-1], newer, course_evidence.journal[-1]]
    chained(course_evidence)


def _advances_in_spite_of_a_dispute(course_evidence: Evidence) -> None:
    disputed = event(5, "briefing_disputed", "anna", 1, version=2, roles=BOTH[:1], reason="d-1")
    course_evidence.journal = [*course_evidence.journal[:-1], disputed, course_evidence.journal[-1]]
    chained(course_evidence)


def _advances_though_another_has_the_role_now(course_evidence: Evidence) -> None:
    handed_over = event(5, "party_assigned", "sara", role="caseworker", to={"person": "carl"})
    course_evidence.journal = [*course_evidence.journal[:-1], handed_over, course_evidence.journal[-1]]
    chained(course_evidence)


def _counts_one_human_twice(course_evidence: Evidence) -> None:
    course_evidence.journal = [
        {**e, "actor": "bo"} if e["kind"] == "briefing_acknowledged" else e for e in course_evidence.journal
    ]
    chained(course_evidence)


def _closes_uninformed(course_evidence: Evidence) -> None:
    course_evidence.journal = without(course_evidence, "briefing_acknowledged", "bo")
    course_evidence.journal[-1]["detail"] = {**course_evidence.journal[-1]["detail"], "closing": "moved", "to": []}
    chained(course_evidence)


def _keeps_a_barrier_back(course_evidence: Evidence) -> None:
    barrier = note(id="t-2", kind="barrier")
    before_the_first_receipt(course_evidence, event(4, "note_added", "bo", 1, note=barrier))


def _keeps_knowledge_of_another_visit_back(course_evidence: Evidence) -> None:
    resource = note(id="t-2", kind="resource", visit=7)
    before_the_first_receipt(course_evidence, event(4, "note_added", "bo", 7, note=resource))


def _keeps_back_what_could_wait_for_this_version(course_evidence: Evidence) -> None:
    observation = note(id="t-2", kind="observation", carried="never", may_wait=True)
    added = event(2, "note_added", "bo", 1, note=observation)
    course_evidence.journal = [*course_evidence.journal[:3], added, *course_evidence.journal[3:]]
    chained(course_evidence)


def _keeps_the_right_words_back(course_evidence: Evidence) -> None:
    superseded = event(4, "note_retracted", "bo", 1, note="t-1", superseded_by="t-2")
    before_the_first_receipt(course_evidence, superseded)
    before_the_first_receipt(course_evidence, event(4, "note_added", "bo", 1, note=note(id="t-2")))


def _keeps_the_right_words_of_an_answered_question_back(course_evidence: Evidence) -> None:
    _keeps_an_answer_back(course_evidence)
    for e in course_evidence.journal:
        if e["kind"] == "briefing_issued" and e["detail"]["version"] == 2:
            e["detail"] = {**e["detail"], "manifest": manifest(notes=["t-1", "t-2", "t-3"])}
    superseded = event(4, "note_retracted", "bo", 1, note="t-2", superseded_by="t-4")
    question = note(id="t-4", kind="question", carried="never", to="caseworker")
    before_the_first_receipt(course_evidence, superseded)
    before_the_first_receipt(course_evidence, event(4, "note_added", "bo", 1, note=question))


def _keeps_an_answer_back(course_evidence: Evidence) -> None:
    answer = note(id="t-3", kind="observation", carried="never")
    question = note(id="t-2", kind="question", carried="never", to="caseworker")
    before_the_first_receipt(course_evidence, event(4, "note_added", "bo", 1, note=question))
    manifest_with_answer = manifest(notes=["t-1", "t-3"])
    before_the_first_receipt(course_evidence, event(4, "note_added", "anna", 1, note=answer, answers="t-2"))
    for e in course_evidence.journal:
        if e["kind"] == "briefing_issued" and e["detail"]["version"] == 2:
            e["detail"] = {**e["detail"], "manifest": manifest_with_answer}


def _keeps_a_waiver_back(course_evidence: Evidence) -> None:
    waived = event(4, "requirement_waived", "sara", 1, requirement="is_agreed")
    before_the_first_receipt(course_evidence, waived)


def _may_keep_back(course_evidence: Evidence) -> None:
    """Say what no version must show: for caseworkers, not yet answered, left for the next version, taken back."""
    kinds: dict[str, dict[str, Any]] = {
        "t-2": {"audience": "caseworker_only"},
        "t-3": {"kind": "question", "to": "caseworker", "carried": "never"},
        "t-4": {"kind": "observation", "carried": "never", "may_wait": True},
        "t-5": {},
    }
    for name, changed in kinds.items():
        before_the_first_receipt(course_evidence, event(4, "note_added", "bo", 1, note=note(id=name, **changed)))
    before_the_first_receipt(course_evidence, event(4, "note_retracted", "bo", 1, note="t-5"))


def test_what_no_version_must_show_is_no_fault() -> None:
    light = sound()
    _may_keep_back(light)

    assert counted(findings([light]))["uninformed_advances"] == 0


def _never_wakes(course_evidence: Evidence) -> None:
    course_evidence.snapshot["wakeup"] = None
    course_evidence.workflow.state = dict(course_evidence.snapshot)


def _overslept(course_evidence: Evidence) -> None:
    course_evidence.snapshot["wakeup"] = (NOW - timedelta(minutes=3)).isoformat()
    course_evidence.workflow.state = dict(course_evidence.snapshot)


def _does_not_answer(course_evidence: Evidence) -> None:
    course_evidence.workflow.state = None


def _has_no_timer(course_evidence: Evidence) -> None:
    course_evidence.workflow.rings_at = None


def _rings_too_late(course_evidence: Evidence) -> None:
    course_evidence.workflow.rings_at = NOW + timedelta(days=2)


def _has_not_heard_it_ring(course_evidence: Evidence) -> None:
    course_evidence.workflow.rings_at = NOW - timedelta(minutes=1)


def _runs_no_more(course_evidence: Evidence) -> None:
    course_evidence.workflow.is_running = False


def _waits_for_nothing(course_evidence: Evidence) -> None:
    course_evidence.snapshot["waiting"], course_evidence.waiting = [], []
    course_evidence.workflow.state = dict(course_evidence.snapshot)


def _knows_otherwise(course_evidence: Evidence) -> None:
    course_evidence.workflow.state = {**course_evidence.snapshot, "waiting": [{"key": {**SILENCE, "what": "another"}}]}


def _has_other_rows(course_evidence: Evidence) -> None:
    course_evidence.waiting = [{**SILENCE, "what": "another"}]


def _falls_behind(course_evidence: Evidence) -> None:
    course_evidence.row["revision"] = 6


def _leaves_a_gap(course_evidence: Evidence) -> None:
    course_evidence.revisions = [revision for revision in course_evidence.revisions if revision["revision"] != 3]


def _forgets_what_it_knew(course_evidence: Evidence) -> None:
    course_evidence.journal = [
        {**e, "detail": {}} if e["kind"] == "visit_entered" else e for e in course_evidence.journal
    ]
    course_evidence.journal[3] = {**course_evidence.journal[3], "at": NOW - timedelta(seconds=1)}


def _refuses_what_is_right(course_evidence: Evidence) -> None:
    note = {"kind": "wish", "text": "Vil gerne ud."}
    course_evidence.requests.append(asked("6", "anna", "notes", note, Answer(404, code="course-not-found")))


def _answers_with_a_fault(course_evidence: Evidence) -> None:
    course_evidence.requests[-1].answers.insert(0, Answer(500))


def _never_answers(course_evidence: Evidence) -> None:
    course_evidence.requests.append(asked("6", "anna", "notes", {"kind": "wish", "text": "Vil gerne ud."}))


def _is_always_away(course_evidence: Evidence) -> None:
    course_evidence.requests.append(asked("6", "anna", "notes", {"kind": "wish", "text": "Vil gerne ud."}, Answer(503)))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (_loses_a_note, "lost"),
        (_names_another_actor, "lost"),
        (_has_another_text, "lost"),
        (_adds_a_note_twice, "applied_twice"),
        (_repeats_an_event_of_a_source, "applied_twice"),
        (_does_what_it_refused, "applied_twice"),
        (_answers_a_repeat_otherwise, "applied_twice"),
        (_gives_a_command_two_revisions, "applied_twice"),
        (_advances_without_one_role, "uninformed_advances"),
        (_advances_on_an_old_version, "uninformed_advances"),
        (_advances_in_spite_of_a_dispute, "uninformed_advances"),
        (_advances_though_another_has_the_role_now, "uninformed_advances"),
        (_counts_one_human_twice, "uninformed_advances"),
        (_closes_uninformed, "uninformed_advances"),
        (_keeps_a_barrier_back, "uninformed_advances"),
        (_keeps_knowledge_of_another_visit_back, "uninformed_advances"),
        (_keeps_back_what_could_wait_for_this_version, "uninformed_advances"),
        (_keeps_the_right_words_back, "uninformed_advances"),
        (_keeps_the_right_words_of_an_answered_question_back, "uninformed_advances"),
        (_keeps_an_answer_back, "uninformed_advances"),
        (_keeps_a_waiver_back, "uninformed_advances"),
        (_never_wakes, "sleeping_courses"),
        (_overslept, "sleeping_courses"),
        (_does_not_answer, "sleeping_courses"),
        (_has_no_timer, "sleeping_courses"),
        (_rings_too_late, "sleeping_courses"),
        (_has_not_heard_it_ring, "sleeping_courses"),
        (_runs_no_more, "sleeping_courses"),
        (_waits_for_nothing, "sleeping_courses"),
        (_knows_otherwise, "disagreeing"),
        (_has_other_rows, "disagreeing"),
        (_falls_behind, "disagreeing"),
        (_leaves_a_gap, "disagreeing"),
        (_forgets_what_it_knew, "disagreeing"),
        (_refuses_what_is_right, "unexpected_answers"),
        (_answers_with_a_fault, "unexpected_answers"),
        (_never_answers, "unexpected_answers"),
        (_is_always_away, "unexpected_answers"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else value,
)
def test_each_fault_that_is_put_in_is_found_as_what_it_is(fault: Callable[[Evidence], None], kind: str) -> None:
    course_evidence = sound()
    fault(course_evidence)

    counts = counted(findings([sound(), course_evidence]))

    assert counts[kind] >= 1
    assert set(counts) == set(KINDS)


def test_a_course_that_was_promised_and_is_nowhere_is_lost() -> None:
    gone = nowhere("c", [asked("start", "case-system", "start", {"reference": "case-1"}, Answer(201, 1))])

    assert finding_kinds(gone) == {"lost"}
