"""The checker finds what goes wrong with notices on their way outward, channel by channel (P7)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.chaos.vocabulary import NOW, TO_BO, attempt, chained, errand, event, notice, sound
from tools.chaos.checking import counted, findings
from tools.chaos.evidence import Evidence
from tools.chaos.notices import doubled


def test_a_notice_sent_again_after_an_attempt_without_an_end_is_no_fault() -> None:
    again = sound()
    again.deliveries = [*again.deliveries, attempt("n-bo", "bo", "begun")]
    again.notices = [again.notices[0], {**again.notices[1], "attempts": 2}]
    again.sent = {**again.sent, TO_BO: ["m-bo", "m-bo"]}

    assert findings([again]) == []


def test_what_a_channel_has_still_to_carry_is_no_fault_beside_another_that_has() -> None:
    two = sound()
    two.deliveries = [*two.deliveries, attempt("n-bo", "bo", "refused", "mail")]
    two.notices = [two.notices[0], {**two.notices[1], "attempts": 2}]
    two.errands = [errand("n-bo", NOW + timedelta(minutes=1), "mail")]

    assert findings([two]) == []


def test_a_notice_that_each_supervisor_has_is_no_fault() -> None:
    two = sound()
    two.deliveries = [*two.deliveries, attempt("n-bo", "sara")]
    two.notices = [two.notices[0], {**two.notices[1], "recipient_kind": "supervisors", "attempts": 2}]

    assert findings([two]) == []


@pytest.mark.parametrize(("later", "findings_of"), [(timedelta(0), 1), (timedelta(days=1), 0)])
def test_news_of_two_mornings_is_no_fault_and_twice_that_of_one_is(later: timedelta, findings_of: int) -> None:
    news = {**notice("n-1", "bo"), "about": "news", "waiting": None, "visit": None, "queued_at": NOW}
    two = [news, {**news, "notice_id": "n-2", "queued_at": NOW + later}]

    assert sum("notices say" in each for each in doubled(replace(sound(), notices=two))) == findings_of


def _has_two_notices_of_one(course_evidence: Evidence) -> None:
    course_evidence.journal = [*course_evidence.journal, event(6, "notice_raised", "@fodslag", notice="n-2")]
    course_evidence.notices = [*course_evidence.notices, notice("n-2", "bo")]
    course_evidence.deliveries = [*course_evidence.deliveries, attempt("n-2", "bo")]
    chained(course_evidence)


def _sends_once_more(course_evidence: Evidence) -> None:
    course_evidence.sent = {**course_evidence.sent, TO_BO: ["m-bo", "m-bo"]}


def _sends_it_again_as_another_message(course_evidence: Evidence) -> None:
    course_evidence.deliveries = [*course_evidence.deliveries, attempt("n-bo", "bo", "begun")]
    course_evidence.notices = [course_evidence.notices[0], {**course_evidence.notices[1], "attempts": 2}]
    course_evidence.sent = {**course_evidence.sent, TO_BO: ["m-bo", "m-other"]}


def _tells_a_second_person(course_evidence: Evidence) -> None:
    course_evidence.deliveries = [*course_evidence.deliveries, attempt("n-bo", "carl")]
    course_evidence.notices = [course_evidence.notices[0], {**course_evidence.notices[1], "attempts": 2}]


def _runs_no_errand(course_evidence: Evidence) -> None:
    course_evidence.notices = [course_evidence.notices[0], {**course_evidence.notices[1], "sent_at": None}]
    course_evidence.errands = [errand("n-bo", NOW - timedelta(minutes=3))]


def _is_delivered_twice(course_evidence: Evidence) -> None:
    course_evidence.deliveries = [*course_evidence.deliveries, attempt("n-bo", "bo")]
    course_evidence.notices = [course_evidence.notices[0], {**course_evidence.notices[1], "attempts": 2}]


def _does_not_count_an_attempt(course_evidence: Evidence) -> None:
    course_evidence.deliveries = [*course_evidence.deliveries, attempt("n-bo", "bo", "begun")]


def _sends_what_nobody_raised(course_evidence: Evidence) -> None:
    course_evidence.sent = {**course_evidence.sent, ("n-none", "log", "bo"): ["m-none"]}


def _leaves_a_notice_lying(course_evidence: Evidence) -> None:
    course_evidence.notices = [course_evidence.notices[0], {**course_evidence.notices[1], "sent_at": None}]


def _loses_a_notice(course_evidence: Evidence) -> None:
    course_evidence.notices, course_evidence.deliveries = [course_evidence.notices[0]], [course_evidence.deliveries[0]]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (_has_two_notices_of_one, "doubled_notices"),
        (_sends_once_more, "doubled_notices"),
        (_sends_it_again_as_another_message, "doubled_notices"),
        (_tells_a_second_person, "doubled_notices"),
        (_runs_no_errand, "sleeping_courses"),
        (_is_delivered_twice, "doubled_notices"),
        (_does_not_count_an_attempt, "doubled_notices"),
        (_sends_what_nobody_raised, "doubled_notices"),
        (_leaves_a_notice_lying, "sleeping_courses"),
        (_loses_a_notice, "lost"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else value,
)
def test_each_fault_of_a_notice_is_found_as_what_it_is(fault: Callable[[Evidence], None], kind: str) -> None:
    course_evidence = sound()
    fault(course_evidence)

    assert counted(findings([course_evidence]))[kind] >= 1
