"""What is told besides the visit it belongs to: what heads every briefing, and what the visit before taught (P3)."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.state.bounds import MAX_LESSONS, MAX_NOTES, MAX_VISITS
from domain.state.briefing import Manifest
from domain.state.facts import NOTE_KINDS, Audience
from tests.domain.vocabulary import ANNA, BO, COURSE, Story, add_note
from tests.domain.wider import at_trial, both_acknowledge, wider

MINUTE = timedelta(minutes=1)


@pytest.fixture
def talking() -> Story:
    """A course that has just begun."""
    return wider()


@pytest.fixture
def tried() -> Story:
    """A course in a trial that led nowhere, what it taught not yet written down."""
    story = at_trial()
    story.reports(BO, tried=True)
    return story


def manifest_of(story: Story) -> Manifest:
    """Return what the version issued last tells."""
    return next(e for e in reversed(story.events) if isinstance(e, ev.BriefingIssued)).manifest


def talks_again(story: Story) -> None:
    """Let both go on to another talk whose gate is met at once."""
    story.now += MINUTE
    both_acknowledge(story)
    story.reports(ANNA, agreed=True, way="again")


# Kinds of notes


def test_a_note_of_a_kind_that_nobody_declared_is_refused_with_those_that_are(talking: Story) -> None:
    note = {"note": COURSE, "note_kind": "gossip"}

    assert talking.refusal(add_note, ANNA, **note) is Code.NOTE_KIND_UNKNOWN
    assert talking.rules.note_kinds == (*NOTE_KINDS, "wish", "mood", "lesson", "hunch")


def test_a_note_of_a_material_kind_cannot_be_hidden_from_one_of_the_two(talking: Story) -> None:
    def refused(kind: str, audience: Audience) -> Code | None:
        note = {"note": uuid5(COURSE, kind + audience), "note_kind": kind, "audience": audience}
        if kind == "hunch" or audience is Audience.BOTH:
            talking.command(add_note, ANNA, **note)
            return None
        return talking.refusal(add_note, ANNA, **note)

    assert refused("lesson", Audience.CASEWORKER_ONLY) is Code.MATERIAL_NOTE_HIDDEN
    assert refused("lesson", Audience.BOTH) is None
    assert refused("hunch", Audience.CASEWORKER_ONLY) is None


def test_a_note_of_a_material_kind_never_waits(talking: Story) -> None:
    talking.reports(ANNA, agreed=True, way="again")

    assert talking.refusal(add_note, ANNA, note=COURSE, note_kind="lesson", may_wait=True) is Code.NOTE_CANNOT_WAIT

    talking.command(add_note, ANNA, note=COURSE, note_kind="hunch", may_wait=True)
    assert talking.version == 1


# What heads every briefing


def test_the_newest_note_of_each_kind_that_comes_first_heads_every_briefing(talking: Story) -> None:
    talking.notes(ANNA, "wish")
    mood = talking.notes(BO, "mood")
    wish = talking.notes(ANNA, "wish")
    talking.reports(ANNA, agreed=True, way="again")
    assert manifest_of(talking).first_notes == (mood, wish)

    talks_again(talking)

    assert manifest_of(talking).visit == 2
    assert manifest_of(talking).first_notes == (mood, wish)


def test_a_note_that_comes_first_makes_a_version_though_its_kind_is_not_material(talking: Story) -> None:
    talking.reports(ANNA, agreed=True, way="again")

    talking.notes(BO, "mood")

    assert talking.version == 2


def test_a_note_for_the_caseworker_alone_heads_nothing_and_hides_none_that_does(talking: Story) -> None:
    mood = talking.notes(BO, "mood")
    talking.notes(ANNA, "mood", audience=Audience.CASEWORKER_ONLY)

    talking.reports(ANNA, agreed=True, way="again")

    assert manifest_of(talking).first_notes == (mood,)


def test_what_heads_every_briefing_is_never_forgotten_however_much_is_noted(talking: Story) -> None:
    mood = talking.notes(ANNA, "mood")
    old = talking.notes(ANNA, "lesson")
    for _ in range(MAX_NOTES):
        talking.notes(ANNA, "mood", audience=Audience.CASEWORKER_ONLY)

    note_ids = {note.id for note in talking.state.notes}
    assert note_ids.issuperset({mood, old})
    assert len(note_ids) == MAX_NOTES


def test_what_heads_every_briefing_outlives_the_visit_in_which_it_was_said(talking: Story) -> None:
    wish = talking.notes(ANNA, "wish")
    talking.notes(ANNA, "observation")
    talking.reports(ANNA, agreed=True, way="again")
    for _ in range(MAX_VISITS + 1):
        talks_again(talking)

    assert talking.state.visit(1) is None
    assert [note.id for note in talking.state.notes] == [wish]
    assert manifest_of(talking).first_notes == (wish,)


# What other visits taught


def lessons_of(story: Story) -> list[tuple[int, dict[str, Any], tuple[UUID, ...]]]:
    """Return the lessons of the version issued last: the visit, its facts and its notes."""
    return [
        (lesson.visit, {fact.fact: fact.value for fact in lesson.facts}, lesson.notes)
        for lesson in manifest_of(story).lessons
    ]


def test_what_a_visit_taught_is_told_in_the_next_one(tried: Story) -> None:
    lesson = tried.notes(BO, "lesson")

    talks_again(tried)

    assert lessons_of(tried) == [(2, {"tried": True}, (lesson,))]
    assert manifest_of(tried).notes == ()


def test_what_a_visit_taught_is_told_through_a_visit_that_taught_nothing(tried: Story) -> None:
    lesson = tried.notes(BO, "lesson")

    talks_again(tried)
    talks_again(tried)

    assert manifest_of(tried).visit == 4
    assert lessons_of(tried) == [(2, {"tried": True}, (lesson,))]


def test_every_lesson_is_told_the_newest_first(tried: Story) -> None:
    lesson = tried.notes(BO, "lesson")
    talks_again(tried)
    newer = tried.notes(ANNA, "lesson")

    talks_again(tried)

    assert lessons_of(tried) == [(3, {}, (newer,)), (2, {"tried": True}, (lesson,))]


def test_no_lesson_is_dropped_with_the_visit_that_taught_it(tried: Story) -> None:
    first = tried.notes(BO, "lesson")
    taught = []
    for _ in range(MAX_VISITS + 2):
        talks_again(tried)
        taught.append(tried.notes(ANNA, "lesson"))
        tried.reports(ANNA, way="trial")
        both_acknowledge(tried)
        tried.reports(BO, tried=True)

    talks_again(tried)

    assert tried.state.visit(2) is None
    lessons = lessons_of(tried)
    assert lessons[-1] == (2, {"tried": True}, (first,))
    assert [facts for _, facts, _ in lessons if facts] == [{"tried": True}] * (MAX_VISITS + 3)
    assert {note for _, _, notes in lessons for note in notes} == {first, *taught}


def test_a_lesson_too_many_is_refused_and_room_is_made_by_taking_one_back(tried: Story) -> None:
    (lesson,) = (fact for fact in tried.state.facts if fact.outlives_visit)
    talks_again(tried)
    tried.reports(ANNA, way="trial")
    both_acknowledge(tried)
    old = (
        lesson.model_copy(update={"id": uuid5(COURSE, f"lesson {number}"), "visit": -number})
        for number in range(1, MAX_LESSONS)
    )
    tried.state = tried.state.model_copy(update={"facts": (*tried.state.facts, *old)})

    assert tried.refusal(cmd.ReportFacts, BO, facts={"tried": True}) is Code.LESSONS_TOO_MANY

    tried.command(cmd.RetractFact, BO, fact=tried.state.facts[-1].id, reason=COURSE)
    tried.reports(BO, tried=True)


def test_a_lesson_for_the_caseworker_alone_is_not_told_on(tried: Story) -> None:
    tried.notes(ANNA, "hunch", audience=Audience.CASEWORKER_ONLY)
    hunch = tried.notes(ANNA, "hunch")

    talks_again(tried)

    assert lessons_of(tried) == [(2, {"tried": True}, (hunch,))]


def test_what_is_learned_late_makes_a_version_of_the_visit_that_follows(tried: Story) -> None:
    talks_again(tried)
    version = tried.version
    assert version is not None

    tried.reports(BO, visit=2, tried=False)

    assert tried.version == version + 1
    assert lessons_of(tried) == [(2, {"tried": False}, ())]


def test_a_first_visit_learns_nothing(talking: Story) -> None:
    talking.reports(ANNA, agreed=True, way="again")

    assert manifest_of(talking).lessons == ()
