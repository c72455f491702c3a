"""Where a note goes: to the visit that is named, to the one that asks for it or to the newest, as the answer says."""

from domain.state.facts import Note
from tests.api.vocabulary import begun, case
from tests.domain.vocabulary import ANNA, BO, Story
from tests.journeys.vocabulary import both_acknowledge, complete_intake
from tools.town.town import Town


def branched() -> Story:
    """Return a course in which the work began beside the trial, visit 2, which asks what was learned."""
    story = begun()
    story.reports(BO, match=True)
    for actor in (ANNA, BO):
        story.acknowledges(actor)
    story.reports(BO, also_work=True)
    for actor in (ANNA, BO):
        story.acknowledges(actor)
    assert story.steps == ["trial", "work"]
    return story


def newest(story: Story) -> Note:
    """Return the note that was added last."""
    return story.state.notes[-1]


def test_a_note_goes_to_the_only_visit_that_asks_for_it() -> None:
    story = branched()

    story.notes(BO, "lesson")

    assert newest(story).visit == 2


def test_a_note_that_no_visit_asks_for_goes_to_the_newest() -> None:
    story = branched()
    story.notes(BO, "lesson")

    story.notes(BO, "lesson")
    assert newest(story).visit == 3

    story.notes(ANNA, "observation")
    assert newest(story).visit == 3


def test_a_note_goes_where_its_writer_says() -> None:
    story = branched()

    story.notes(BO, "lesson", visit=3)

    assert newest(story).visit == 3


def test_the_answer_says_to_which_visit_a_note_went_and_a_repeat_says_the_same(town: Town) -> None:
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    said = {"kind": "observation", "text": "Kom til tiden."}

    first = anna.sends(f"{course}/notes", "note-1", **said).json()
    complete_intake(course, anna, town.speaks("bo", "company_consultant"))
    both_acknowledge(course, anna, town.speaks("bo", "company_consultant"))

    assert first["visit"] == anna.sends(f"{course}/notes", "note-1", **said).json()["visit"] == 1
    assert anna.does(f"{course}/notes", **said)["visit"] == 2


def test_a_barrier_cannot_wait_and_who_notes_may_acknowledge_what_he_has_read(town: Town) -> None:
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    anna.does(f"{course}/briefings")

    refused = anna.sends(f"{course}/notes", kind="barrier", text="Ikke alene på stige.", may_wait=True)
    anna.does(f"{course}/notes", kind="barrier", text="Ikke alene på stige.", acknowledge=1)

    assert (refused.status_code, refused.json()["code"]) == (422, "note-cannot-wait")
    briefing = anna.get(f"{course}/briefing")
    assert (briefing["version"], briefing["missing"]) == (2, ["company_consultant"])
    assert [(note["kind"], note["is_content"]) for note in briefing["notes"]] == [("barrier", True)]
