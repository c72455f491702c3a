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

    assert first["notes"] == anna.sends(f"{course}/notes", "note-1", **said).json()["notes"]
    assert [note["visit"] for note in first["notes"]] == [1]
    assert [note["visit"] for note in anna.does(f"{course}/notes", **said)["notes"]] == [2]


def test_a_slip_is_corrected_in_place_without_a_reason_and_later_or_by_others_with_one(town: Town) -> None:
    system, anna = town.speaks("case-system", "system"), town.speaks("anna", "caseworker")
    bo = town.speaks("bo", "company_consultant")
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    anna.does(f"{course}/notes", kind="barrier", text="Møder klokken ni.")
    anna.does(f"{course}/briefings")
    anna.does(f"{course}/acknowledgements", briefing=1, version=1)
    path = f"{course}/notes/{anna.get(course)['notes'][0]['id']}/supersede"

    first, again = (anna.sends(path, "slip-1", text="Møder klokken ti.") for _ in range(2))

    assert first.is_success, first.text
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    briefing = bo.get(f"{course}/briefing")
    assert (briefing["version"], briefing["missing"]) == (2, ["company_consultant"])
    assert [note["text"] for note in briefing["notes"]] == ["Møder klokken ti."]
    path = f"{course}/notes/{briefing['notes'][0]['id']}/supersede"
    refused = bo.sends(path, text="Møder klokken elleve.")
    assert (refused.status_code, refused.json()["code"]) == (422, "reason-missing")
    bo.does(path, text="Møder klokken elleve.", reason="Det sagde hun i dag.")
    told = [line for line in anna.get(f"{course}/journal", limit=200)["items"] if line["kind"] == "note_retracted"]
    assert [line["words"] for line in told] == [None, "Det sagde hun i dag."]
    assert [line["text"].splitlines()[0] for line in told] == ["Corrected a note: Barrier."] * 2
    assert len(told[0]["text"].splitlines()) == 1


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
