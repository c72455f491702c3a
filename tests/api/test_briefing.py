"""The briefing as it is told: what heads it, what the visit before taught, what comes next, what changed (P1, P3)."""

from dataclasses import replace
from itertools import pairwise
from uuid import UUID, uuid5

import pytest

from api.briefings.changes import changes
from api.briefings.documents import as_text
from api.briefings.models import BriefingRead
from api.briefings.versions import BriefingVersion
from api.briefings.view import briefing_read
from api.journal.statements import StatementIndex
from domain.commands import (
    BriefNow,
    CloseCourse,
    RetractNote,
    SupersedeFact,
    SupersedeNote,
    WaiveRequirement,
    WaiverReason,
)
from domain.events import BriefingIssued
from domain.identity import Role
from domain.state.briefing import Manifest, ManifestFact
from domain.state.facts import Audience
from rules.language.formats import Language
from tests.api.vocabulary import begun, current, labels, records, seen, visited
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, Story, default_book
from wording.labels import Labels, Names


def read(story: Story, texts: dict[UUID, str] | None = None, language: Language = "en") -> BriefingRead:
    """Return the newest open visit's briefing as it is read."""
    result = replace(StatementIndex.of(story.events), texts=texts or {})
    return briefing_read(
        seen(story), BriefingVersion(current(story)), records(story), result, labels(language), story.now
    )


def changed(story: Story, before: Manifest, texts: dict[UUID, str] | None = None) -> list[str]:
    """Return what the current version tells otherwise than `before`."""
    return differences(story, before, current(story).manifest, texts)


def differences(story: Story, before: Manifest, after: Manifest, texts: dict[UUID, str] | None = None) -> list[str]:
    """Return what one manifest of a course tells otherwise than another."""
    statements = replace(StatementIndex.of(story.events), texts=texts or {})
    return changes(before, after, story.state, statements, labels())


def test_what_the_rules_put_first_heads_the_briefing_before_the_day_number() -> None:
    story, texts = visited()
    story.reports(BO, also_work=True)

    lines = as_text(read(story, texts), labels()).splitlines()

    assert lines[0] == "Goal for paid hours: 12 hours a week"
    assert lines[1].startswith("The citizen's own goal: Jeg vil have fast arbejde.")
    assert lines[2] == "Day 1"
    assert "Trial" in lines[3]


def test_what_heads_the_briefing_is_not_told_twice() -> None:
    story = begun()
    goal = story.notes(ANNA, "own_goal")
    story.reports(ANNA, goal=12)
    story.reports(BO, match=False)

    shown = read(story, {goal: "Fast arbejde."})

    assert [fact.fact for fact in shown.first_facts] == ["goal"]
    assert [note.id for note in shown.first_notes] == [goal]
    assert "goal" not in [fact.fact for fact in shown.facts]
    assert shown.notes == []


def test_of_each_kind_the_newest_note_heads_the_briefing() -> None:
    story = begun()
    story.notes(ANNA, "own_goal")
    newest = story.notes(ANNA, "own_goal")
    story.reports(BO, match=False)

    assert [note.id for note in read(story).first_notes] == [newest]


def test_what_the_visit_before_taught_is_told_with_where_it_comes_from() -> None:
    story, texts = visited()
    story.reports(BO, also_work=True)

    (learned,) = read(story, texts).lessons

    assert (learned.visit, learned.step.id, learned.ordinal) == (1, "visit", 1)
    assert [(fact.fact, fact.text) for fact in learned.facts] == [("match", "yes")]
    assert [note.text for note in learned.notes] == ["Begynd om morgenen."]


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("da", "Det lærte vi af Besøg nr. 1 (7. september 2026):"),
        ("en", "What Visit no. 1 taught us (7 September 2026):"),
    ],
)
def test_what_was_learned_stands_on_top_of_what_is_known_here(language: Language, heading: str) -> None:
    story, texts = visited()
    here = story.notes(BO, "observation", changes_the_agreement=True)
    story.reports(BO, also_work=True)

    text = as_text(read(story, {**texts, here: "Kom til tiden."}, language), labels(language))

    assert text.index(heading) < text.index("Begynd om morgenen.") < text.index("Kom til tiden.")
    assert "\n\n\n" not in text
    assert text == text.strip() + "\n"
    heading = labels(language).catalog.briefing["knowledge"]
    assert text.index("Kom til tiden.") < text.index(heading) < text.index("Rygsmerter.")


def test_a_visit_that_goes_on_says_what_begins_beside_it() -> None:
    story, _ = visited()
    story.reports(BO, also_work=True)

    shown = read(story)

    assert shown.stays
    assert "Next step, while Trial goes on: Work" in as_text(shown, labels())
    assert "Næste skridt, mens Praktik fortsætter: Job" in as_text(read(story, language="da"), labels("da"))


@pytest.mark.parametrize(
    ("language", "heading"),
    [("da", "I næste skridt, virksomhedskonsulent:"), ("en", "In the next step, company consultant:")],
)
def test_each_role_reads_what_it_must_do_in_the_next_step(language: Language, heading: str) -> None:
    story = begun()
    story.reports(BO, match=False)

    shown = read(story, language=language)

    (tasks,) = shown.tasks
    assert (tasks.role, [(task.step.id, task.requirement) for task in tasks.tasks]) == (
        Role.COMPANY_CONSULTANT,
        [("visit", "matches")],
    )
    assert f"{heading}\n  * {tasks.tasks[0].text}\n" in as_text(shown, labels(language))


def test_a_briefing_shows_the_notes_of_its_content_and_beside_them_those_for_caseworkers_only() -> None:
    story = begun()
    plain, of_material_kind = story.notes(ANNA, "resource"), story.notes(BO, "lesson")
    beside = story.notes(ANNA, "barrier", audience=Audience.CASEWORKER_ONLY)
    story.reports(BO, match=False)

    shown = {note.id: note for note in read(story).notes}

    assert {note.id: note.is_content for note in read(story).notes} == {
        plain: True,
        of_material_kind: True,
        beside: False,
    }
    assert [shown[note].label for note in (plain, of_material_kind)] == ["Resource", "What we learned"]


def test_the_changes_name_what_heads_the_briefing() -> None:
    story = begun()
    story.reports(BO, match=False)
    before = current(story).manifest
    story.reports(ANNA, goal=12)
    goal = story.notes(ANNA, "own_goal")

    assert changed(story, before, {goal: "Fast arbejde."}) == [
        "Goal for paid hours: 12 hours a week (new)",
        "New: The citizen's own goal: “Fast arbejde.” (anna)",
    ]


def test_the_changes_name_what_was_learned_meanwhile() -> None:
    story, texts = visited()
    story.reports(BO, also_work=True)
    before = current(story).manifest
    (lesson,) = before.lessons[0].notes
    story.reports(BO, visit=1, match=False)
    story.command(RetractNote, BO, note=lesson, reason=lesson)

    assert changed(story, before, texts) == [
        "From Visit no. 1: Match: yes → no",
        "From Visit no. 1: What we learned: “Begynd om morgenen.” (was wrong)",
    ]


def test_the_changes_say_whether_the_visit_goes_on() -> None:
    story, _ = visited()
    story.reports(BO, also_work=True)
    before = current(story).manifest
    story.reports(BO, also_work=False)

    result = changed(story, before)

    assert "This step no longer goes on beside the next one." in result
    assert "What comes next: Work → Visit" in result


def test_the_changes_say_that_the_course_ends_instead() -> None:
    story, _ = visited()
    story.reports(BO, also_work=True)
    before = current(story).manifest

    assert "The course ends: Job" in differences(story, before, before.model_copy(update={"closing": "job"}))


def test_another_outcome_of_a_course_that_ends_is_one_line_from_what_to_what() -> None:
    story = JobFirst().reaches_company_visit()
    story.command(CloseCourse, ANNA, outcome="moved", reason=COURSE)
    before = current(story).manifest
    story.command(CloseCourse, ANNA, outcome="education", reason=COURSE)
    after = current(story).manifest
    words = Labels(default_book(), "en", Names())
    found = changes(before, after, story.state, StatementIndex.of(story.events), words)

    assert found == ["How does the course end? Moved to another municipality → Education"]
    unsaid = before.model_copy(update={"facts": ()}), after.model_copy(update={"facts": ()})
    assert changes(*unsaid, story.state, StatementIndex.of(story.events), words) == ["The course ends: Education"]


def test_a_fact_that_is_told_no_more_but_still_stands_was_not_withdrawn() -> None:
    story = begun()
    story.reports(BO, match=False)
    shown = ManifestFact(fact="also_work", value=True, occurred_on="2026-09-07")
    before = current(story).manifest
    with_work = before.model_copy(update={"facts": (*before.facts, shown)})
    stated = story.state.facts[-1].model_copy(update={"fact": "also_work", "value": True, "step": "trial", "visit": 7})
    elsewhere = story.state.model_copy(update={"facts": (*story.state.facts, stated)})

    assert changes(with_work, before, elsewhere, StatementIndex.of(story.events), labels()) == []
    assert differences(story, with_work, before) == ["Work beside: yes (holds no longer)"]


def test_what_is_withdrawn_here_is_told_although_another_visit_says_the_same() -> None:
    story = begun()
    story.reports(BO, match=False)
    before = current(story).manifest
    (result,) = [fact for fact in story.state.facts if fact.fact == "match"]
    without = before.model_copy(update={"facts": ()})
    elsewhere = story.state.model_copy(update={"facts": (result.model_copy(update={"visit": 7}),)})

    assert changes(before, without, elsewhere, StatementIndex.of(story.events), labels()) == [
        "Match: no (holds no longer)"
    ]


def test_the_changes_quote_notes_by_their_words() -> None:
    story = begun()
    story.reports(BO, match=False)
    before = current(story).manifest
    note = story.notes(BO, "barrier")

    assert changed(story, before, {note: "Må ikke arbejde\nalene på en stige."}) == [
        "New: Barrier: “Må ikke arbejde alene på en stige.” (bo)"
    ]


def test_the_changes_tell_a_note_corrected_more_than_once_as_one_correction() -> None:
    story = begun()
    said = [story.notes(BO, "barrier"), *(uuid5(COURSE, words) for words in ("once", "twice"))]
    story.reports(BO, match=False)
    before = current(story).manifest
    for wrong, right in pairwise(said):
        story.command(SupersedeNote, BO, note=wrong, right=right)

    texts = dict(zip(said, ("Møder klokken ni.", "Møder klokken elve.", "Møder klokken ti."), strict=True))
    assert changed(story, before, texts) == ["Corrected: Barrier: “Møder klokken ni.” → “Møder klokken ti.” (bo)"]


def test_between_visits_the_changes_tell_what_is_new_in_what_every_briefing_shows() -> None:
    story, texts = visited()
    left = next(e for e in reversed(story.events) if isinstance(e, BriefingIssued)).manifest
    barrier = story.notes(BO, "barrier")
    story.reports(ANNA, goal=25)
    story.reports(BO, visit=1, match=False)
    story.reports(BO, also_work=True)

    assert differences(story, left, current(story).manifest, {**texts, barrier: "Kan ikke løfte."}) == [
        "Goal for paid hours: 12 hours a week → 25 hours a week",
        "From Visit no. 1: Match: yes → no",
        "New: Barrier: “Kan ikke løfte.” (bo)",
    ]


def test_one_correction_of_what_a_left_visit_rested_on_is_told_once() -> None:
    story, texts = visited()
    left = next(e for e in reversed(story.events) if isinstance(e, BriefingIssued)).manifest
    story.command(BriefNow, ANNA)
    here, right = current(story).manifest, uuid5(COURSE, "right words")
    goal = next(fact.id for fact in story.state.facts if fact.fact == "goal")
    barrier = next(note.id for note in story.state.notes if note.kind == "barrier")
    story.command(SupersedeFact, ANNA, fact=goal, value=25, reason=COURSE)
    story.command(SupersedeNote, ANNA, note=barrier, right=right, reason=COURSE)

    for before in (left, here):
        assert changed(story, before, {**texts, right: "Ondt i ryggen."}) == [
            "From Visit no. 1: Goal for paid hours: 12 hours a week → 25 hours a week",
            "From Visit no. 1: Barrier: “Rygsmerter.” → “Ondt i ryggen.”",
        ]


def test_a_waiver_is_shown_with_its_ground_and_reason_and_named_among_the_changes() -> None:
    story = begun()
    story.command(BriefNow, ANNA)
    before = current(story).manifest
    what = {"requirement": "matches", "waiver": WaiverReason.DONE_ELSEWHERE, "reason": COURSE}
    story.command(WaiveRequirement, SARA, **what)

    text = as_text(read(story, {COURSE: "Det står i planen."}), labels())

    assert "There is a match. Ground: done elsewhere. Det står i planen. (sara, 7 September 2026)" in text
    assert "Waived: There is a match. Ground: done elsewhere." in changed(story, before)


def test_a_document_has_only_what_both_may_read() -> None:
    story = begun()
    secret, open_note = story.notes(ANNA, "barrier", audience=Audience.CASEWORKER_ONLY), story.notes(BO, "lesson")
    story.reports(BO, match=False)
    seen_by_anna = read(story, {secret: "Kun for sagsbehandlere.", open_note: "Kom til tiden."})
    seen_by_bo = seen_by_anna.model_copy(
        update={"notes": seen_by_anna.notes[:1], "acknowledged_version": 1, "changes": ["Match"]}
    )
    protected = seen_by_anna.model_copy(update={"citizen_name": "Karla", "citizen_protected": True})

    assert "Kun for sagsbehandlere." in [note.text for note in seen_by_anna.notes]
    assert as_text(seen_by_anna, labels()) == as_text(seen_by_bo, labels()) == as_text(protected, labels())
    assert "Kom til tiden." in as_text(seen_by_bo, labels())
