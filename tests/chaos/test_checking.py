"""The checker finds each kind of fault that is put in by hand, and nothing where nothing is wrong."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.chaos.vocabulary import BOTH, NOW, SILENCE, asked, chained, event, notice, sound
from tools.chaos.checking import KINDS, counted, findings
from tools.chaos.evidence import Evidence, nowhere
from tools.chaos.ledger import Answer


def kinds_found(known: Evidence) -> set[str]:
    """Return what is found in a course."""
    return {finding.kind for finding in findings([known])}


def without(known: Evidence, kind: str, actor: str) -> list[dict[str, Any]]:
    """Return the journal without what somebody did."""
    return [e for e in known.journal if (e["kind"], e["actor"]) != (kind, actor)]


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert findings([sound()]) == []


def test_a_completed_course_need_not_wake() -> None:
    over = sound()
    over.row["status"] = over.snapshot["status"] = "completed"
    over.snapshot["waiting"], over.waiting = [], []
    over.workflow.state, over.workflow.is_running = None, False

    assert findings([over]) == []


def test_a_notice_sent_again_after_an_attempt_without_an_end_is_no_fault() -> None:
    again = sound()
    again.deliveries = [*again.deliveries, {"notice_id": "n-bo", "outcome": "begun"}]
    again.notices = [again.notices[0], {**again.notices[1], "attempts": 2}]
    again.sent = {"n-anna": 1, "n-bo": 2}

    assert findings([again]) == []


def _loses_a_note(known: Evidence) -> None:
    known.journal = without(known, "note_added", "bo")
    chained(known)


def _says_it_was_another(known: Evidence) -> None:
    known.journal = [{**e, "actor": "carl"} if e["actor"] == "anna" else e for e in known.journal]
    chained(known)


def _tells_another_text(known: Evidence) -> None:
    known.texts = {"t-1": "Kun eftermiddag."}


def _loses_a_notice(known: Evidence) -> None:
    known.notices, known.deliveries = [known.notices[0]], [known.deliveries[0]]


def _adds_a_note_twice(known: Evidence) -> None:
    known.journal = [*known.journal, event(6, "note_added", "bo", 1, note={"id": "t-1", "kind": "agreement"})]
    chained(known)


def _tells_an_event_of_a_source_twice(known: Evidence) -> None:
    known.journal = [*known.journal, {**known.journal[3], "revision": 6}]
    chained(known)


def _does_what_it_refused(known: Evidence) -> None:
    known.journal = [*known.journal, event(6, "briefing_acknowledged", "bo", 1, version=1, roles=BOTH[1:])]
    chained(known)


def _answers_a_repeat_otherwise(known: Evidence) -> None:
    known.requests[-1].answers.append(Answer(200, 4))


def _gives_a_command_two_revisions(known: Evidence) -> None:
    known.revisions = [{**revision, "command_id": "the same"} for revision in known.revisions]


def _advances_without_one_role(known: Evidence) -> None:
    known.journal = without(known, "briefing_acknowledged", "anna")
    chained(known)


def _advances_on_an_old_version(known: Evidence) -> None:
    newer = event(5, "briefing_issued", "fodslag", 1, version=3)
    known.journal = [*known.journal[:-1], newer, known.journal[-1]]
    chained(known)


def _advances_in_spite_of_a_dispute(known: Evidence) -> None:
    disputed = event(5, "briefing_disputed", "anna", 1, version=2, roles=BOTH[:1])
    known.journal = [*known.journal[:-1], disputed, known.journal[-1]]
    chained(known)


def _advances_though_another_has_the_role_now(known: Evidence) -> None:
    handed_over = event(5, "party_assigned", "sara", role="caseworker", to={"person": "carl"})
    known.journal = [*known.journal[:-1], handed_over, known.journal[-1]]
    chained(known)


def _counts_one_human_twice(known: Evidence) -> None:
    known.journal = [{**e, "actor": "bo"} if e["kind"] == "briefing_acknowledged" else e for e in known.journal]
    chained(known)


def _closes_uninformed(known: Evidence) -> None:
    known.journal = without(known, "briefing_acknowledged", "bo")
    known.journal[-1]["detail"] = {**known.journal[-1]["detail"], "closing": "moved", "to": []}
    chained(known)


def _has_two_notices_of_one(known: Evidence) -> None:
    known.journal = [*known.journal, event(6, "notice_raised", "fodslag", notice="n-2")]
    known.notices = [*known.notices, notice("n-2", "bo")]
    known.deliveries = [*known.deliveries, {"notice_id": "n-2", "outcome": "delivered"}]
    chained(known)


def _sends_once_more(known: Evidence) -> None:
    known.sent = {"n-anna": 1, "n-bo": 2}


def _is_delivered_twice(known: Evidence) -> None:
    known.deliveries = [*known.deliveries, {"notice_id": "n-bo", "outcome": "delivered"}]
    known.notices = [known.notices[0], {**known.notices[1], "attempts": 2}]


def _does_not_count_an_attempt(known: Evidence) -> None:
    known.deliveries = [*known.deliveries, {"notice_id": "n-bo", "outcome": "begun"}]


def _sends_what_nobody_raised(known: Evidence) -> None:
    known.sent = {**known.sent, "n-none": 1}


def _never_wakes(known: Evidence) -> None:
    known.snapshot["wakeup"] = None
    known.workflow.state = dict(known.snapshot)


def _overslept(known: Evidence) -> None:
    known.snapshot["wakeup"] = (NOW - timedelta(minutes=3)).isoformat()
    known.workflow.state = dict(known.snapshot)


def _does_not_answer(known: Evidence) -> None:
    known.workflow.state = None


def _has_no_timer(known: Evidence) -> None:
    known.workflow.rings_at = None


def _rings_too_late(known: Evidence) -> None:
    known.workflow.rings_at = NOW + timedelta(days=2)


def _has_not_heard_it_ring(known: Evidence) -> None:
    known.workflow.rings_at = NOW - timedelta(minutes=1)


def _runs_no_more(known: Evidence) -> None:
    known.workflow.is_running = False


def _waits_for_nothing(known: Evidence) -> None:
    known.snapshot["waiting"], known.waiting = [], []
    known.workflow.state = dict(known.snapshot)


def _leaves_a_notice_lying(known: Evidence) -> None:
    known.notices = [known.notices[0], {**known.notices[1], "delivered_at": None}]


def _knows_otherwise(known: Evidence) -> None:
    known.workflow.state = {**known.snapshot, "waiting": [{"key": {**SILENCE, "what": "another"}}]}


def _has_other_rows(known: Evidence) -> None:
    known.waiting = [{**SILENCE, "what": "another"}]


def _falls_behind(known: Evidence) -> None:
    known.row["revision"] = 6


def _leaves_a_gap(known: Evidence) -> None:
    known.revisions = [revision for revision in known.revisions if revision["revision"] != 3]


def _forgets_what_it_knew(known: Evidence) -> None:
    known.journal = [{**e, "detail": {}} if e["kind"] == "visit_entered" else e for e in known.journal]
    known.journal[3] = {**known.journal[3], "at": NOW - timedelta(seconds=1)}


def _refuses_what_is_right(known: Evidence) -> None:
    note = {"kind": "wish", "text": "Vil gerne ud."}
    known.requests.append(asked("6", "anna", "notes", note, Answer(404, code="course-not-found")))


def _answers_with_a_fault(known: Evidence) -> None:
    known.requests[-1].answers.insert(0, Answer(500))


def _never_answers(known: Evidence) -> None:
    known.requests.append(asked("6", "anna", "notes", {"kind": "wish", "text": "Vil gerne ud."}))


def _is_always_away(known: Evidence) -> None:
    known.requests.append(asked("6", "anna", "notes", {"kind": "wish", "text": "Vil gerne ud."}, Answer(503)))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (_loses_a_note, "lost"),
        (_says_it_was_another, "lost"),
        (_tells_another_text, "lost"),
        (_loses_a_notice, "lost"),
        (_adds_a_note_twice, "applied_twice"),
        (_tells_an_event_of_a_source_twice, "applied_twice"),
        (_does_what_it_refused, "applied_twice"),
        (_answers_a_repeat_otherwise, "applied_twice"),
        (_gives_a_command_two_revisions, "applied_twice"),
        (_advances_without_one_role, "uninformed_advances"),
        (_advances_on_an_old_version, "uninformed_advances"),
        (_advances_in_spite_of_a_dispute, "uninformed_advances"),
        (_advances_though_another_has_the_role_now, "uninformed_advances"),
        (_counts_one_human_twice, "uninformed_advances"),
        (_closes_uninformed, "uninformed_advances"),
        (_has_two_notices_of_one, "doubled_notices"),
        (_sends_once_more, "doubled_notices"),
        (_is_delivered_twice, "doubled_notices"),
        (_does_not_count_an_attempt, "doubled_notices"),
        (_sends_what_nobody_raised, "doubled_notices"),
        (_never_wakes, "sleeping_courses"),
        (_overslept, "sleeping_courses"),
        (_does_not_answer, "sleeping_courses"),
        (_has_no_timer, "sleeping_courses"),
        (_rings_too_late, "sleeping_courses"),
        (_has_not_heard_it_ring, "sleeping_courses"),
        (_runs_no_more, "sleeping_courses"),
        (_waits_for_nothing, "sleeping_courses"),
        (_leaves_a_notice_lying, "sleeping_courses"),
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
    known = sound()
    fault(known)

    counts = counted(findings([sound(), known]))

    assert counts[kind] >= 1
    assert set(counts) == set(KINDS)


def test_a_course_that_was_promised_and_is_nowhere_is_lost() -> None:
    gone = nowhere("c", [asked("start", "case-system", "start", {"reference": "case-1"}, Answer(201, 1))])

    assert kinds_found(gone) == {"lost"}
