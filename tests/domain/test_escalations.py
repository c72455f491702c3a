"""A silent wait that a supervisor takes: who answers for it, until when, and who hears of it meanwhile (P5, P6, P7)."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.calendar import DANISH_TIME, Span, TimeUnit
from domain.decide.notices import LONGEST_TAKE
from domain.errors import Code
from domain.forecast import rehearse
from domain.identity import Actor, Role, escalation_id
from domain.state.waiting import Waiting, WaitingKind
from rules.engine.book import Book
from rules.loading.read_toml import read_rule_set
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, TINY, Story

DAY = timedelta(days=1)
TOVE = Actor(person="tove", roles=(Role.SUPERVISOR,))
WORDS = uuid5(COURSE, "what Sara does about it")
SUPERVISORS = "supervisors/job"

_REPEATS: Final = """
amends = "tiny.toml"
id = "repeats"
version = "1"
valid_from = 2020-01-01
title = "Lille regelsæt, der bliver ved"
description = "Samtale, praktik og job."
authors = ["Fodslag"]

[reminders]
requirement = [
  { after = "0 working_days", tell = "both" },
  { after = "1 working_days", tell = ["asked", "supervisor"], repeat = true },
]
"""
REPEATS = Book(read_rule_set(_REPEATS, "repeats.toml", {TINY.name: TINY.read_text()}))


@pytest.fixture
def paused() -> Story:
    """A paused course, of which both were told; the supervisors, and they alone, hear of it every working day."""
    story = Story().starts()
    story.command(cmd.PauseCourse, SARA, reason=COURSE)
    story.events.clear()
    story.time_passes_to(story.now + DAY + DAY / 24)
    assert story.recipients_of("escalation") == [SUPERVISORS]
    return story


@pytest.fixture
def silent() -> Story:
    """A course in which nobody agrees; who is asked and the supervisors hear of it every working day."""
    story = Story(rules=REPEATS).starts()
    story.events.clear()
    story.time_passes_to(story.now + DAY + DAY / 24)
    assert story.recipients_of("escalation") == ["person/anna", SUPERVISORS]
    return story


def stalled(story: Story) -> Waiting:
    """Return the wait of which the supervisors were told."""
    return next(waiting for waiting in story.state.waiting if waiting.is_stalled)


def escalation(story: Story) -> UUID:
    """Return the identity of the escalation of that wait."""
    wait = stalled(story)
    return escalation_id(story.state.course, wait.key, wait.since)


def takes(story: Story, actor: Actor, look_again_at: datetime | None = None, *, takes_over: bool = False) -> None:
    """Let somebody take the wait."""
    what: dict[str, Any] = {"escalation": escalation(story), "reason": WORDS, "look_again_at": look_again_at}
    what["takes_over"] = takes_over
    story.command(cmd.TakeEscalation, actor, **what)


def test_a_wait_that_is_taken_names_who_took_it_and_until_when(paused: Story) -> None:
    takes(paused, SARA, paused.now + 3 * DAY)

    taken = stalled(paused).taken
    assert taken is not None
    assert (taken.by, taken.at, taken.look_again_at) == ("sara", paused.now, paused.now + 3 * DAY)
    assert (taken.reason, taken.is_over) == (WORDS, False)


def test_whoever_names_no_time_looks_again_on_the_next_working_day(paused: Story) -> None:
    friday = paused.now + 3 * DAY
    paused.time_passes_to(friday)

    takes(paused, SARA)

    next_day = Span(amount=1, unit=TimeUnit.WORKING_DAYS)
    taken = stalled(paused).taken
    assert taken is not None
    assert taken.look_again_at == paused.calendar.after(friday, next_day) == friday + 3 * DAY


def test_the_time_to_look_again_is_kept_in_utc_wherever_it_was_said(paused: Story) -> None:
    instant = (paused.now + 2 * DAY).astimezone(DANISH_TIME)

    takes(paused, SARA, instant)

    taken = stalled(paused).taken
    assert taken is not None
    assert taken.look_again_at == instant
    assert taken.look_again_at.tzinfo is UTC


def test_the_supervisors_hear_no_more_of_a_wait_while_one_of_them_has_it(paused: Story) -> None:
    takes(paused, SARA, paused.now + 3 * DAY)

    paused.time_passes_to(paused.now + 2 * DAY)

    assert paused.recipients_of("escalation") == [SUPERVISORS]
    assert paused.recipients_of("look_again") == []


def test_when_the_time_to_look_again_has_come_he_is_told_once_and_the_ladder_is_climbed_on(paused: Story) -> None:
    takes(paused, SARA, paused.now + 2 * DAY)
    level = stalled(paused).level

    paused.time_passes_to(paused.now + 2 * DAY + DAY / 24)
    assert paused.recipients_of("look_again") == ["person/sara"]
    assert paused.recipients_of("escalation") == [SUPERVISORS] * 2, "the highest overdue rung only"
    assert stalled(paused).level > level

    paused.time_passes_to(paused.now + DAY)
    assert paused.recipients_of("look_again") == ["person/sara"]
    assert paused.recipients_of("escalation") == [SUPERVISORS] * 3
    taken = stalled(paused).taken
    assert taken is not None
    assert taken.is_over


def test_all_others_hear_of_it_as_before_while_it_is_taken(silent: Story) -> None:
    takes(silent, SARA, silent.now + 2 * DAY)

    silent.time_passes_to(silent.now + DAY)

    assert silent.recipients_of("escalation") == ["person/anna", SUPERVISORS, "person/anna"]


def test_there_is_always_a_next_wake_up_while_it_is_taken(paused: Story) -> None:
    look_again_at = paused.now + 3 * DAY

    takes(paused, SARA, look_again_at)

    assert stalled(paused).next_rung_at == look_again_at
    assert paused.state.wakeup is not None
    assert look_again_at <= paused.state.wakeup < look_again_at + DAY


def test_taking_it_from_another_is_a_hand_over_of_which_he_hears(paused: Story) -> None:
    takes(paused, SARA, paused.now + 2 * DAY)

    takes(paused, TOVE, paused.now + 3 * DAY, takes_over=True)

    first, second = paused.happened(ev.EscalationTaken)
    assert (first.former, second.former) == (None, "sara")
    assert paused.recipients_of("taken_over") == ["person/sara"]
    paused.time_passes_to(paused.now + 3 * DAY + DAY / 24)
    assert paused.recipients_of("look_again") == ["person/tove"]


def test_all_that_a_visit_lacks_is_one_escalation_which_is_taken_once() -> None:
    story = JobFirst().begins()
    story.it_is("2026-10-20")
    lacking = [waiting for waiting in story.waits(WaitingKind.REQUIREMENT) if waiting.is_stalled]
    assert len(lacking) > 2
    (identity,) = {waiting.escalation for waiting in lacking}

    story.command(cmd.TakeEscalation, SARA, escalation=identity, reason=WORDS, look_again_at=story.now + 2 * DAY)

    taken = [waiting for waiting in story.waits(WaitingKind.REQUIREMENT) if waiting.taken]
    assert {waiting.what for waiting in taken} == {waiting.what for waiting in lacking}
    story.it_is("2026-10-23")
    assert story.recipients_of("look_again") == ["person/sara"]
    story.it_is("2026-12-23")
    assert {w.escalation for w in story.waits(WaitingKind.REQUIREMENT) if w.is_stalled} == {identity}


def test_the_supervisors_hear_of_nothing_else_that_the_visit_lacks_while_one_of_them_has_it() -> None:
    def stalled_requirements() -> list[Waiting]:
        return [wait for wait in story.waits(WaitingKind.REQUIREMENT) if wait.is_stalled]

    story = JobFirst().begins()
    while not stalled_requirements():
        story.time_passes_to(story.now + DAY)
    few = stalled_requirements()
    look_again_at = story.now + LONGEST_TAKE
    identity = few[0].escalation
    story.command(cmd.TakeEscalation, SARA, escalation=identity, reason=WORDS, look_again_at=look_again_at)
    taken_at = story.now

    while len(stalled_requirements()) == len(few):
        story.time_passes_to(story.now + DAY)

    assert story.now < look_again_at
    raised = [e for e in story.happened(ev.NoticeRaised) if e.at > taken_at and e.recipient.kind == "supervisors"]
    assert [e.waiting for e in raised if e.waiting and e.waiting.kind is WaitingKind.REQUIREMENT] == []
    assert {wait.escalation for wait in stalled_requirements()} == {identity}
    assert all(wait.taken and wait.next_rung_at for wait in stalled_requirements())


def test_what_another_has_taken_is_not_taken_by_who_does_not_say_so(paused: Story) -> None:
    takes(paused, SARA, paused.now + 2 * DAY)

    what = {"escalation": escalation(paused), "reason": WORDS}

    assert paused.refusal(cmd.TakeEscalation, TOVE, **what) is Code.TAKEN


def test_taking_it_again_is_no_hand_over(paused: Story) -> None:
    takes(paused, SARA, paused.now + DAY)
    takes(paused, SARA, paused.now + 2 * DAY)

    assert paused.recipients_of("taken_over") == []
    paused.time_passes_to(paused.now + 2 * DAY + DAY / 24)
    assert paused.recipients_of("look_again") == ["person/sara"]


def test_whoever_had_it_until_it_was_time_to_look_again_does_not_hand_it_over(paused: Story) -> None:
    takes(paused, SARA, paused.now + DAY)
    paused.time_passes_to(paused.now + 2 * DAY)

    takes(paused, TOVE)

    assert paused.recipients_of("taken_over") == []


def test_the_take_ends_with_the_wait(silent: Story) -> None:
    takes(silent, SARA, silent.now + 5 * DAY)
    escalated = escalation(silent)

    silent.reports(ANNA, agreed=True, way="trial")
    silent.time_passes_to(silent.now + 6 * DAY)

    assert all(waiting.taken is None for waiting in silent.state.waiting)
    assert silent.recipients_of("look_again") == []
    refused = silent.refusal(cmd.TakeEscalation, SARA, escalation=escalated, reason=WORDS)
    assert refused is Code.ESCALATION_NOT_FOUND


def test_a_wait_that_begins_anew_is_another_escalation(silent: Story) -> None:
    before = escalation(silent)
    silent.reports(ANNA, agreed=True)
    agreed = next(fact for fact in silent.state.facts if fact.fact == "agreed")
    silent.command(cmd.RetractFact, ANNA, fact=agreed.id, reason=COURSE)
    silent.time_passes_to(silent.now + 2 * DAY)

    assert escalation(silent) != before


def test_a_wait_of_which_no_supervisor_was_told_cannot_be_taken() -> None:
    story = Story().starts()
    wait = story.waits(WaitingKind.REQUIREMENT)[0]
    identity = escalation_id(story.state.course, wait.key, wait.since)

    refused = story.refusal(cmd.TakeEscalation, SARA, escalation=identity, reason=WORDS)

    assert refused is Code.ESCALATION_NOT_FOUND


@pytest.mark.parametrize("off", [timedelta(0), -DAY, LONGEST_TAKE + DAY])
def test_nobody_looks_again_in_the_past_or_so_late_that_it_is_silenced(paused: Story, off: timedelta) -> None:
    what = {"escalation": escalation(paused), "reason": WORDS, "look_again_at": paused.now + off}

    assert paused.refusal(cmd.TakeEscalation, SARA, **what) is Code.TIME_NOT_AHEAD


def test_taking_is_no_change_of_the_course_so_that_silence_stays_silence() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True)
    story.time_passes_to(story.now + 40 * DAY)
    silence = story.waits(WaitingKind.SILENCE)[0]
    assert silence.is_stalled
    updated_at = story.state.updated_at

    identity = escalation_id(story.state.course, silence.key, silence.since)
    story.command(cmd.TakeEscalation, SARA, escalation=identity, reason=WORDS)

    assert story.state.updated_at == updated_at
    taken = story.waits(WaitingKind.SILENCE)[0].taken
    assert taken is not None
    assert taken.by == "sara"


def test_a_wait_that_a_pause_finds_is_still_taken_and_is_looked_at_when_the_clock_runs_again(silent: Story) -> None:
    takes(silent, SARA, silent.now + DAY)
    silent.command(cmd.PauseCourse, SARA, reason=COURSE)
    silent.time_passes_to(silent.now + 3 * DAY)
    assert silent.recipients_of("look_again") == []

    silent.command(cmd.ResumeCourse, BO)

    assert silent.recipients_of("look_again") == ["person/sara"]


ANNA_UNKNOWN: Final = frozenset({(Role.CASEWORKER, "anna")})


def silent_since_monday(unknown: frozenset[tuple[Role, str]]) -> Story:
    """Return a course in which who is asked and the supervisors heard of the silence."""
    story = Story(rules=REPEATS, unknown=unknown).starts()
    story.events.clear()
    story.time_passes_to(story.now + DAY + DAY / 24)
    return story


@pytest.mark.parametrize(
    ("unknown", "beside"),
    [
        (ANNA_UNKNOWN, ["unit/job"]),
        (frozenset({(Role.COMPANY_CONSULTANT, "anna")}), []),
        (frozenset({(Role.CASEWORKER, "carl")}), []),
    ],
    ids=["unknown in the role", "unknown in another role", "somebody else"],
)
def test_the_queue_of_the_unit_is_reminded_beside_who_is_unknown(
    unknown: frozenset[tuple[Role, str]], beside: list[str]
) -> None:
    story = silent_since_monday(unknown)

    assert story.recipients_of("escalation") == ["person/anna", *beside, SUPERVISORS]


def test_what_is_announced_is_announced_to_the_person_alone() -> None:
    story = Story(unknown=ANNA_UNKNOWN).starts()
    story.reports(ANNA, agreed=True, way="trial")

    assert "unit/job" not in story.recipients_of("acknowledgement")


def test_a_rehearsal_says_the_same() -> None:
    story = Story(rules=REPEATS, unknown=ANNA_UNKNOWN).starts()

    foreseen = rehearse(story.state, story.rules, story.calendar, story.now, story.now + 2 * DAY, ANNA_UNKNOWN)

    assert "unit/job" in [str(notice.notice.recipient) for notice in foreseen.notices]
