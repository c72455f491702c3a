"""A note is corrected in place: by its author, at once, as a slip; else with a reason (P3, P13)."""

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import Actor
from domain.state.facts import Audience
from domain.state.news import NewsKind
from tests.domain.alphabets import OLGA
from tests.domain.vocabulary import ANNA, BO, COURSE, MONDAY, SARA, Story
from tests.domain.wider import both_acknowledge

RIGHT: Final = uuid5(COURSE, "right")
REASON: Final = uuid5(COURSE, "reason")
SLIP: Final = timedelta(minutes=15)


@pytest.fixture
def noted() -> Story:
    """A talk of which a version is issued, and a barrier that Anna noted after that."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    story.notes(ANNA, "barrier")
    return story


def amends(story: Story, by: Actor = ANNA, **more: object) -> UUID:
    """Put right words in the place of the first note's."""
    wrong = story.state.notes[0].id
    story.command(cmd.SupersedeNote, by, note=wrong, right=RIGHT, **more)
    return wrong


def refusal(story: Story, by: Actor = ANNA) -> Code:
    return story.refusal(cmd.SupersedeNote, by, note=story.state.notes[0].id, right=RIGHT)


def shown(story: Story) -> ev.BriefingIssued:
    return [event for event in story.events if isinstance(event, ev.BriefingIssued)][-1]


def test_the_right_note_stands_where_the_wrong_one_stood_and_makes_a_version(noted: Story) -> None:
    before, version = noted.state.notes[0], noted.version
    later = noted.notes(ANNA, "resource", may_wait=True)

    wrong = amends(noted)

    right = noted.state.notes[0]
    assert [note.id for note in noted.state.notes] == [RIGHT, later]
    assert right.model_copy(update={"id": wrong, "at": before.at}) == before
    assert (noted.version, shown(noted).manifest.notes) == ((version or 0) + 1, (RIGHT, later))
    (retracted,) = noted.happened(ev.NoteRetracted)
    assert (retracted.note, retracted.superseded_by, retracted.reason) == (wrong, RIGHT, None)


def test_knowledge_goes_on_standing_with_its_new_words(noted: Story) -> None:
    both_acknowledge(noted)
    noted.reports(ANNA, agreed=True, way="again")
    assert shown(noted).manifest.knowledge == (noted.state.notes[0].id,)

    amends(noted, reason=REASON)

    assert shown(noted).manifest.knowledge == (RIGHT,)
    assert noted.state.notes[0].visit == 1


def test_who_has_acknowledged_the_version_with_the_slip_is_not_asked_again(noted: Story) -> None:
    noted.acknowledges(ANNA)

    amends(noted)

    assert [receipt.person for receipt in noted.receipts] == ["anna"]
    noted.acknowledges(BO)
    assert noted.visit.number == 2


def test_who_had_not_acknowledged_is_informed_of_the_new_version(noted: Story) -> None:
    amends(noted)

    assert noted.receipts == ()


def test_a_correction_with_a_reason_is_acknowledged_as_any_version(noted: Story) -> None:
    noted.acknowledges(ANNA)

    amends(noted, SARA, reason=REASON)

    assert noted.receipts == ()
    assert (noted.state.notes[0].by, noted.state.notes[0].by_roles) == ("sara", ("caseworker",))


def test_a_slip_is_corrected_within_fifteen_minutes_only(noted: Story) -> None:
    noted.time_passes_to(MONDAY + SLIP + timedelta(seconds=1))
    assert refusal(noted) is Code.REASON_MISSING

    amends(noted, reason=REASON)


def test_at_the_fifteenth_minute_it_is_still_a_slip(noted: Story) -> None:
    noted.time_passes_to(MONDAY + SLIP)

    amends(noted)


def test_what_another_has_acknowledged_is_no_slip_whatever_version_followed(noted: Story) -> None:
    noted.acknowledges(BO)
    assert refusal(noted) is Code.REASON_MISSING

    noted.notes(ANNA, "resource")
    assert noted.receipts == ()
    assert refusal(noted) is Code.REASON_MISSING


def test_what_another_has_disputed_is_no_slip(noted: Story) -> None:
    noted.command(cmd.Dispute, BO, briefing=1, version=noted.version, reason=REASON)

    assert refusal(noted) is Code.REASON_MISSING


def test_what_was_acknowledged_on_behalf_of_its_author_is_no_slip(noted: Story) -> None:
    noted.acknowledges_for(SARA, "anna")

    assert refusal(noted) is Code.REASON_MISSING


def test_others_say_why_and_only_of_what_they_may_read(noted: Story) -> None:
    assert refusal(noted, BO) is Code.REASON_MISSING
    assert refusal(noted, OLGA) is Code.OBSERVER_CHANGES_NOTHING

    hidden = Story().starts()
    hidden.notes(ANNA, "barrier", audience=Audience.CASEWORKER_ONLY)
    assert refusal(hidden, BO) is Code.NOTHING_TO_RETRACT
    amends(hidden)
    assert hidden.state.notes[0].audience is Audience.CASEWORKER_ONLY


def test_the_other_hears_of_the_right_note_alone() -> None:
    story = Story().starts()
    story.notes(ANNA, "observation")

    amends(story)

    (news,) = story.state.news
    assert [(item.kind, item.entry) for item in news.items] == [(NewsKind.NOTE, RIGHT)]


def test_what_may_wait_still_waits_and_an_answered_question_stays_answered() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    question = story.notes(ANNA, "question", to="company_consultant")
    story.notes(BO, "observation", answers=question)
    waiting = story.notes(ANNA, "observation", may_wait=True)
    version = story.version

    right = uuid5(COURSE, "waiting")
    story.command(cmd.SupersedeNote, ANNA, note=waiting, right=right)
    assert (story.version, story.state.notes[-1].waits_for_version) == (version, True)

    amends(story)
    assert not story.state.notes[0].is_open_question
    assert set(shown(story).manifest.notes) == {note.id for note in story.state.notes}
