"""Who only observes reads what the rules let his kind read and what he said himself, and nothing else (P14)."""

import json
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain.identity import Actor, Role
from domain.state.facts import Audience
from domain.state.observers import ObserverKind
from domain.state.reads import Reads
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, Story
from tests.domain.wider import at_trial

OLGA = Actor(person="olga", roles=(Role.OBSERVER,))
NOTHING = Reads(person="olga")


@pytest.fixture
def course() -> Story:
    """A trial with a meeting, knowledge, a secret, a dispute and a waiver, which Olga observes as others do."""
    story = at_trial()
    story.reports(BO, meets_on="2026-09-14")
    story.notes(ANNA, "barrier")
    story.notes(BO, "agreement")
    story.notes(ANNA, "agreement", audience=Audience.CASEWORKER_ONLY)
    for person in ("olga", "mille"):
        kind = ObserverKind.MENTOR
        story.command(cmd.AddObserver, ANNA, person=person, observer_kind=kind, reason=COURSE)
    story.notes(OLGA, "observation")
    story.command(cmd.BriefNow, ANNA, visit=2)
    story.command(cmd.Dispute, BO, briefing=2, version=1, reason=uuid5(COURSE, "why"))
    return story


def test_of_whom_nothing_is_said_reads_what_is_his_own_and_who_holds_the_course(course: Story) -> None:
    read = NOTHING.of(course.state)

    assert [note.by for note in read.notes] == ["olga"]
    assert [observer.person for observer in read.observers] == ["olga"]
    assert (read.facts, read.visits, read.waiting, read.news, read.outcome) == ((), (), (), (), None)
    assert [party.person for party in read.parties] == ["anna", "bo"]


def test_facts_and_notes_are_read_by_their_names(course: Story) -> None:
    reads = Reads(person="olga", facts=frozenset({"meets_on"}), note_kinds=frozenset({"agreement"}))

    read = reads.of(course.state)

    assert [(fact.fact, fact.step) for fact in read.facts] == [("meets_on", None)]
    assert {(note.kind, note.by, note.audience) for note in read.notes} == {
        ("agreement", "bo", Audience.BOTH),
        ("observation", "olga", Audience.BOTH),
    }


def test_a_step_is_when_it_was_and_its_meetings_and_nothing_that_was_asked_or_decided_there(course: Story) -> None:
    read = Reads(person="olga", steps=frozenset({"trial"})).of(course.state)

    (visit,) = read.visits
    assert (visit.step, visit.number, [meeting.id for meeting in visit.appointments]) == ("trial", 2, ["meeting"])
    assert (visit.judgement.outcomes, visit.briefing, visit.disputes, visit.waivers, visit.corrections) == (
        ({}, None, (), (), ())
    )


def test_the_words_and_the_place_of_a_meeting_are_not_read_with_its_step(course: Story) -> None:
    words = uuid5(COURSE, "words")
    course.command(cmd.DeclineAppointment, ANNA, appointment="meeting", reason=words)

    read = Reads(person="olga", steps=frozenset({"trial"})).of(course.state)

    (decline,) = read.visits[0].declines
    assert (decline.role, decline.reason) == ("caseworker", None)


def test_who_reads_the_outcome_is_the_one_whose_kind_reads_that_fact(course: Story) -> None:
    closed = course.state.model_copy(update={"outcome": "job"})

    assert NOTHING.of(closed).outcome is None
    assert Reads(person="olga", facts=frozenset({"closing_outcome"})).of(closed).outcome == "job"


def test_nothing_is_left_of_what_is_not_named_wherever_the_course_holds_it(course: Story) -> None:
    course.command(cmd.PauseCourse, SARA, reason=COURSE)
    held = json.loads(course.state.model_dump_json())
    left = json.loads(NOTHING.of(course.state).model_dump_json())

    others = [note["id"] for note in held["notes"] if note["by"] != "olga"]
    statements = [fact["id"] for fact in held["facts"]]
    assert others
    assert statements
    assert [one for one in (*others, *statements) if one in json.dumps(left)] == []
