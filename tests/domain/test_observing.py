"""Who observes a course follows it and gates nothing (P1)."""

from uuid import uuid4, uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import Actor, Role
from domain.state.observers import ObserverKind
from domain.state.waiting import WaitingKind
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, Story, add_note
from tests.domain.wider import both_acknowledge

OLGA = Actor(person="olga", roles=(Role.OBSERVER,))
REASON = uuid5(COURSE, "reason")


def observes(story: Story, person: str = "olga", kind: ObserverKind = ObserverKind.MENTOR) -> None:
    story.command(cmd.AddObserver, ANNA, person=person, observer_kind=kind, reason=REASON)


@pytest.fixture
def observed() -> Story:
    """A course with a mentor."""
    story = Story().starts()
    observes(story)
    return story


def test_somebody_observes_as_what_is_said_until_that_ends(observed: Story) -> None:
    assert [(o.person, o.kind) for o in observed.state.observers] == [("olga", ObserverKind.MENTOR)]

    observes(observed, kind=ObserverKind.GRANT_CLERK)
    assert [(o.person, o.kind) for o in observed.state.observers] == [("olga", ObserverKind.GRANT_CLERK)]

    observed.command(cmd.RemoveObserver, ANNA, person="olga", reason=REASON)
    assert observed.state.observers == ()


def test_the_same_again_is_nothing_new(observed: Story) -> None:
    before = len(observed.happened(ev.ObserverAdded))

    observes(observed)

    assert len(observed.happened(ev.ObserverAdded)) == before


def test_who_holds_a_role_cannot_observe_and_who_is_given_one_observes_no_longer(observed: Story) -> None:
    claim = {"observer_kind": ObserverKind.OTHER, "reason": REASON}
    assert observed.refusal(cmd.AddObserver, SARA, person="bo", **claim) is Code.OBSERVER_IS_PARTY

    observed.hand_over(Role.CASEWORKER, "olga")

    assert observed.state.observers == ()


def test_there_is_an_end_to_how_many_observe(observed: Story) -> None:
    for number in range(19):
        observes(observed, f"observer-{number}")

    claim = {"observer_kind": ObserverKind.OTHER, "reason": REASON}
    assert observed.refusal(cmd.AddObserver, ANNA, person="one-more", **claim) is Code.OBSERVERS_TOO_MANY


def test_nothing_waits_for_an_observer_and_what_he_reads_counts_for_nobody(observed: Story) -> None:
    observed.reports(ANNA, agreed=True, way="again")
    version = observed.version

    refused = observed.refusal(cmd.Acknowledge, OLGA, briefing=1, version=version)
    assert refused is Code.NOT_THE_PARTY
    assert not [w for w in observed.state.waiting if "olga" in w.persons]

    both_acknowledge(observed)
    assert observed.steps == ["talk"]
    assert observed.state.visits[-1].ordinal == 2


def test_an_observer_changes_nothing_that_both_are_informed_of(observed: Story) -> None:
    note = {"note": uuid4(), "note_kind": "agreement", "changes_the_agreement": True}

    assert observed.refusal(add_note, OLGA, **note) is Code.OBSERVER_CHANGES_NOTHING


def test_an_observer_notes_without_making_a_version_and_takes_back_his_own_notes_only(observed: Story) -> None:
    observed.reports(ANNA, agreed=True, way="again")
    version = observed.version
    own = observed.notes(OLGA, "observation")
    assert observed.version == version
    others = observed.notes(ANNA, "observation")

    assert observed.state.notes[0].by_roles == (Role.OBSERVER,)
    assert observed.refusal(cmd.RetractNote, OLGA, note=others, reason=REASON) is Code.OBSERVER_CHANGES_NOTHING
    observed.command(cmd.RetractNote, OLGA, note=own, reason=REASON)
    assert [note.id for note in observed.state.notes] == [others]


def test_an_observer_reports_only_what_the_rules_let_observers_report(observed: Story) -> None:
    assert observed.refusal(cmd.ReportFacts, OLGA, facts={"agreed": True}) is Code.FACT_NOT_YOURS


def test_a_question_to_a_role_may_come_from_an_observer(observed: Story) -> None:
    observed.notes(OLGA, "question", to=Role.CASEWORKER)

    assert [w.persons for w in observed.waits(WaitingKind.QUESTION)] == [("anna",)]
    observed.notes(BO, "observation")


@pytest.mark.parametrize("actor", [OLGA, ANNA])
def test_only_who_is_asked_answers(observed: Story, actor: Actor) -> None:
    question = observed.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
    answer = {"note": uuid4(), "note_kind": "observation", "answers": question}

    assert observed.refusal(add_note, actor, **answer) is Code.NOT_THE_PARTY
    assert observed.waits(WaitingKind.QUESTION)

    observed.command(add_note, BO, **answer)
    assert not observed.waits(WaitingKind.QUESTION)


def test_a_cover_and_a_supervisor_answer_for_who_is_asked(observed: Story) -> None:
    cover = Actor(person="carl", roles=(Role.COMPANY_CONSULTANT,), covers=("bo",))
    for actor in (cover, SARA):
        question = observed.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
        observed.notes(actor, "observation", answers=question)

    assert not observed.waits(WaitingKind.QUESTION)


def test_what_is_no_question_of_the_course_cannot_be_answered(observed: Story) -> None:
    plain = observed.notes(ANNA, "observation")
    for asked in (uuid4(), plain):
        answer = {"note": uuid4(), "note_kind": "observation", "answers": asked}
        assert observed.refusal(add_note, BO, **answer) is Code.QUESTION_UNKNOWN


def test_an_observer_reports_what_the_rules_let_that_kind_of_observer_report() -> None:
    story = JobFirst().reaches_trial()
    granted = {"facts": {"trial_decision": "granted"}}
    assert story.refusal(cmd.ReportFacts, OLGA, **granted) is Code.FACT_NOT_YOURS
    observes(story)
    assert story.refusal(cmd.ReportFacts, OLGA, **granted) is Code.FACT_NOT_YOURS

    observes(story, kind=ObserverKind.GRANT_CLERK)
    story.command(cmd.ReportFacts, OLGA, **granted)

    assert story.state.on_record("trial_decision", story.visit.number) is not None
