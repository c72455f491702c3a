"""What is known of resources, needs, opportunities and agreements is in every later briefing (P13)."""

from typing import Final
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import Actor, Role
from domain.state.bounds import MAX_NOTES, MAX_VISITS
from domain.state.briefing import Manifest
from domain.state.facts import Audience, RetractionGround
from domain.state.observers import ObserverKind
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, Story, add_note
from tests.domain.wider import both_acknowledge

KINDS: Final = ("resource", "barrier", "opportunity", "agreement")
OLGA: Final = Actor(person="olga", roles=(Role.OBSERVER,))


@pytest.fixture
def talking() -> Story:
    """A course that has just begun."""
    return Story().starts()


def shown(story: Story) -> Manifest:
    """Return the content of the version issued last."""
    return next(e for e in reversed(story.events) if isinstance(e, ev.BriefingIssued)).manifest


def talks_again(story: Story) -> None:
    """Let the talk be agreed and both go on to another."""
    story.reports(ANNA, agreed=True, way="again")
    both_acknowledge(story)


@pytest.mark.parametrize("kind", KINDS)
def test_knowledge_is_in_every_later_briefing(talking: Story, kind: str) -> None:
    note = talking.notes(ANNA, kind)
    for _ in range(MAX_VISITS + 2):
        talks_again(talking)

    talking.reports(ANNA, agreed=True, way="again")

    assert (shown(talking).notes, shown(talking).knowledge) == ((), (note,))


def test_an_observation_and_what_is_for_caseworkers_only_do_not_stand(talking: Story) -> None:
    talking.notes(ANNA, "observation")
    talking.notes(ANNA, "barrier", audience=Audience.CASEWORKER_ONLY)
    talks_again(talking)

    talking.reports(ANNA, agreed=True, way="again")

    assert shown(talking).knowledge == ()


@pytest.mark.parametrize("ground", RetractionGround)
def test_knowledge_stands_until_it_is_taken_back(talking: Story, ground: RetractionGround) -> None:
    note = talking.notes(ANNA, "barrier")
    talks_again(talking)
    talking.reports(ANNA, agreed=True, way="again")

    talking.command(cmd.RetractNote, ANNA, note=note, reason=COURSE, ground=ground)

    assert (talking.version, shown(talking).knowledge) == (2, ())
    assert talking.happened(ev.NoteRetracted)[0].ground is ground


def test_one_note_of_two_open_visits_is_content_of_both_briefings() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="both")
    story.reports(BO, contract=True, apart=True)
    both_acknowledge(story)
    for visit in (2, 3):
        story.command(cmd.BriefNow, ANNA, visit=visit)

    note = story.notes(ANNA, "barrier", visit=2)

    contents = [visit.briefing.manifest for visit in story.state.open_visits if visit.briefing]
    assert [(content.notes, content.knowledge) for content in contents] == [((note,), ()), ((), (note,))]


def test_what_an_observer_knows_waits_in_every_visit() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="both")
    story.reports(BO, contract=True, apart=True)
    both_acknowledge(story)
    story.command(cmd.AddObserver, SARA, person="olga", observer_kind=ObserverKind.MENTOR, reason=COURSE)
    for visit in (2, 3):
        story.command(cmd.BriefNow, ANNA, visit=visit)

    note = story.notes(OLGA, "barrier", visit=2)
    story.notes(ANNA, "observation", visit=2)

    here, beside = (visit.briefing for visit in story.state.open_visits)
    assert here is not None
    assert beside is not None
    assert note in here.manifest.notes
    assert (beside.version, beside.manifest.knowledge) == (1, ())


def test_knowledge_is_never_dropped_and_a_note_too_many_is_refused(talking: Story) -> None:
    for _ in range(MAX_NOTES):
        talking.notes(ANNA, "barrier")

    refused = talking.refusal(add_note, ANNA, note=uuid5(COURSE, "one more"), note_kind="barrier")

    assert refused is Code.NOTES_TOO_MANY
    talking.command(cmd.RetractNote, ANNA, note=talking.state.notes[0].id, reason=COURSE)
    talking.notes(ANNA, "barrier")
    assert len(talking.state.notes) == MAX_NOTES


def test_an_open_question_stays_however_much_is_noted_after_it(talking: Story) -> None:
    question = talking.notes(BO, "question", to=Role.CASEWORKER)
    talks_again(talking)
    for _ in range(MAX_NOTES - 1):
        talking.notes(ANNA, "barrier")

    refused = talking.refusal(add_note, ANNA, note=uuid5(COURSE, "one more"), note_kind="barrier")

    assert refused is Code.NOTES_TOO_MANY
    assert [wait.key.note for wait in talking.waits(WaitingKind.QUESTION)] == [question]


def test_what_no_briefing_shows_any_more_makes_room(talking: Story) -> None:
    old = talking.notes(ANNA, "observation")
    talks_again(talking)
    for _ in range(MAX_NOTES):
        talking.notes(ANNA, "barrier")

    assert old not in {note.id for note in talking.state.notes}
