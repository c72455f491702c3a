"""What was wrong is put right in one command, and told again exactly when it was told of (P3)."""

from datetime import timedelta
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.state.facts import Audience, Fact
from tests.domain.alphabets import OLGA
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM, COURSE, MONDAY, SARA, Story

REASON = uuid5(COURSE, "reason")
YESTERDAY = MONDAY.date() - timedelta(days=1)


@pytest.fixture
def briefed() -> Story:
    """A talk of which a version is issued: it is agreed, and the way is to talk again."""
    story = Story().starts(started_on=YESTERDAY)
    story.reports(ANNA, on=YESTERDAY, agreed=True, way="again")
    return story


def statement(story: Story, name: str) -> Fact:
    return next(fact for fact in story.state.facts if fact.fact == name)


def supersedes(story: Story, name: str, value: object, **more: object) -> None:
    story.command(cmd.SupersedeFact, ANNA, fact=statement(story, name).id, value=value, reason=REASON, **more)


def test_the_right_statement_stands_in_the_wrong_ones_place_and_day(briefed: Story) -> None:
    wrong = statement(briefed, "way")

    supersedes(briefed, "way", "trial")

    right = statement(briefed, "way")
    assert (right.value, right.visit, right.occurred_on) == ("trial", wrong.visit, YESTERDAY)
    (retracted,) = briefed.happened(ev.FactRetracted)
    assert (retracted.fact, retracted.superseded_by, retracted.reason) == (wrong.id, right.id, REASON)


def test_a_correction_makes_a_version_exactly_when_it_changes_what_is_told(briefed: Story) -> None:
    assert briefed.version == 1

    supersedes(briefed, "agreed", value=True)
    assert briefed.version == 1

    supersedes(briefed, "way", "trial")
    assert briefed.version == 2


def test_it_may_have_happened_on_another_day_but_not_on_one_to_come(briefed: Story) -> None:
    supersedes(briefed, "way", "trial", occurred_on=MONDAY.date())
    assert statement(briefed, "way").occurred_on == MONDAY.date()

    what = {"fact": statement(briefed, "way").id, "value": "work", "reason": REASON}
    tomorrow = MONDAY.date() + timedelta(days=1)
    assert briefed.refusal(cmd.SupersedeFact, ANNA, occurred_on=tomorrow, **what) is Code.IN_THE_FUTURE


def test_what_the_rules_do_not_know_is_refused_and_nothing_is_taken_back(briefed: Story) -> None:
    what = {"fact": statement(briefed, "way").id, "value": "elsewhere", "reason": REASON}

    assert briefed.refusal(cmd.SupersedeFact, ANNA, **what) is Code.FACT_VALUE


def test_only_who_may_report_a_fact_or_supervises_puts_it_right(briefed: Story) -> None:
    what = {"fact": statement(briefed, "agreed").id, "value": False, "reason": REASON}

    assert briefed.refusal(cmd.SupersedeFact, BO, **what) is Code.FACT_NOT_YOURS
    briefed.command(cmd.SupersedeFact, SARA, **what)
    assert statement(briefed, "agreed").value is False


def test_what_was_never_said_cannot_be_superseded(briefed: Story) -> None:
    assert briefed.refusal(cmd.SupersedeFact, ANNA, fact=REASON, value=1, reason=REASON) is Code.NOTHING_TO_RETRACT


def test_what_is_of_another_citizen_counts_no_more_and_is_erased_when_a_second_person_agrees(briefed: Story) -> None:
    fact, note = statement(briefed, "way"), briefed.notes(ANNA, "barrier")
    removals = (
        (cmd.RetractFact, {"fact": fact.id, "reason": REASON, "wrong_citizen": True}),
        (cmd.RetractNote, {"note": note, "reason": REASON, "wrong_citizen": True}),
    )

    for kind, fields in removals:
        briefed.command(kind, ANNA, **fields)
        assert briefed.refusal(kind, ANNA, **fields) is Code.NOTHING_TO_RETRACT
    assert [(removal.entry, removal.is_agreed) for removal in briefed.state.removed] == [
        (fact.id, False),
        (note, False),
    ]
    assert briefed.state.on_record("way", 1) is None
    assert briefed.state.notes == ()

    for kind, fields in removals:
        briefed.command(kind, BO, **fields)
        assert briefed.refusal(kind, SARA, **fields) is Code.NOTHING_TO_RETRACT
    assert all(removal.is_agreed for removal in briefed.state.removed)
    assert [event.entry for event in briefed.happened(ev.RemovalAgreed)] == [fact.id, note]


def test_nobody_takes_back_a_note_that_is_not_for_the_own_role(briefed: Story) -> None:
    note = briefed.notes(ANNA, "observation", audience=Audience.CASEWORKER_ONLY)

    for wrong_citizen in (False, True):
        fields = {"note": note, "reason": REASON, "wrong_citizen": wrong_citizen}
        assert briefed.refusal(cmd.RetractNote, BO, **fields) is Code.NOTHING_TO_RETRACT
    briefed.command(cmd.RetractNote, ANNA, note=note, reason=REASON, wrong_citizen=True)

    agreement = {"note": note, "reason": REASON, "wrong_citizen": True}
    assert briefed.refusal(cmd.RetractNote, BO, **agreement) is Code.NOTHING_TO_RETRACT
    assert briefed.refusal(cmd.RetractNote, OLGA, **agreement) is Code.NOTHING_TO_RETRACT
    briefed.command(cmd.RetractNote, SARA, **agreement)
    assert [removal.is_agreed for removal in briefed.state.removed] == [True]


def test_a_contradiction_is_resolved_by_superseding_the_wrong_side(briefed: Story) -> None:
    briefed.reports(CASE_SYSTEM, on=YESTERDAY, way="work")
    on_record = briefed.state.on_record("way", 1)
    assert on_record is not None
    assert on_record.contradicted_by is not None
    systems = next(fact for fact in briefed.state.facts if fact.by_system and fact.fact == "way")

    briefed.command(cmd.SupersedeFact, SARA, fact=systems.id, value="again", reason=REASON)

    settled = briefed.state.on_record("way", 1)
    assert settled is not None
    assert (settled.fact.value, settled.contradicted_by) == ("again", None)


def test_other_words_for_a_note_are_of_who_chose_them_and_it_stays_the_knowledge_of_the_role_that_shared_it() -> None:
    story = JobFirst().begins()
    story.intake_is_done()
    resource = next(note for note in story.state.notes if note.kind == "resource")

    story.command(cmd.SupersedeNote, BO, note=resource.id, right=COURSE, reason=REASON)

    right = next(note for note in story.state.notes if note.id == COURSE)
    assert (right.by, right.by_roles) == ("bo", resource.by_roles)
    assert story.lacks() == set()
