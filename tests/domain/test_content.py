"""What a briefing shows is what is acknowledged: notes for both, and those that may wait (P1, P3)."""

from datetime import timedelta
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import ENGINE_ACTOR, Actor, Role
from domain.state import briefing
from domain.state.briefing import Manifest
from domain.state.facts import NOTE_KINDS, Audience
from domain.state.observers import ObserverKind
from rules.calendar.data import Absence, CalendarData, ClosedDay, PersonTime
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.language.text import Text
from rules.loading.read_toml import read_rule_set
from tests.domain.vocabulary import ANNA, BO, COURSE, MONDAY, SARA, TINY, Story, add_note
from tests.domain.wider import both_acknowledge, wider

OLGA = Actor(person="olga", roles=(Role.OBSERVER,))
SAYABLE = [kind for kind in NOTE_KINDS if kind != "question"]


@pytest.fixture
def ready() -> Story:
    """A course whose gate is met but for the informing."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    return story


def shown(story: Story) -> Manifest:
    """Return the content of the version issued last."""
    return next(e for e in reversed(story.events) if isinstance(e, ev.BriefingIssued)).manifest


@pytest.mark.parametrize("kind", SAYABLE)
def test_nothing_advances_before_both_are_informed_of_a_note_of_any_kind(ready: Story, kind: str) -> None:
    ready.acknowledges(ANNA)
    note = ready.notes(BO, kind)
    ready.acknowledges(BO)
    assert ready.holds(1), "advanced although Anna was never informed of the note"
    assert shown(ready).notes == (note,)

    ready.acknowledges(ANNA)

    assert not ready.holds(1)


def test_who_notes_may_acknowledge_with_the_note_what_he_has_read(ready: Story) -> None:
    ready.acknowledges(ANNA)

    ready.command(add_note, BO, note=COURSE, note_kind="barrier", acknowledge=1)

    assert (ready.version, ready.missing) == (2, (Role.CASEWORKER,))


def test_who_notes_from_an_outdated_version_notes_nothing(ready: Story) -> None:
    ready.reports(ANNA, way="both")

    refused = ready.refusal(add_note, BO, note=COURSE, note_kind="barrier", acknowledge=1)

    assert refused is Code.VERSION_OUTDATED


def test_a_note_for_caseworkers_only_is_no_content(ready: Story) -> None:
    ready.notes(ANNA, "barrier", audience=Audience.CASEWORKER_ONLY)

    assert (ready.version, shown(ready).notes) == (1, ())


def test_a_note_that_is_retracted_makes_a_version(ready: Story) -> None:
    note = ready.notes(BO, "observation")

    ready.command(cmd.RetractNote, BO, note=note, reason=COURSE)

    assert (ready.version, shown(ready).notes) == (3, ())


# What may wait


def test_a_note_that_may_wait_is_content_of_the_version_that_something_else_causes(ready: Story) -> None:
    waits = ready.notes(BO, "observation", may_wait=True)
    assert (ready.version, shown(ready).notes) == (1, ())

    other = ready.notes(BO, "observation")

    assert (ready.version, shown(ready).notes) == (2, (waits, other))


def test_a_note_that_waited_stays_in_the_versions_that_follow(ready: Story) -> None:
    waits = ready.notes(BO, "observation", may_wait=True)
    ready.reports(ANNA, way="both")

    ready.reports(ANNA, way="again")

    assert (ready.version, shown(ready).notes) == (3, (waits,))


def test_a_note_that_may_wait_is_content_of_the_next_visits_first_version_at_the_latest(ready: Story) -> None:
    waits = ready.notes(BO, "observation", may_wait=True)
    both_acknowledge(ready)

    ready.reports(ANNA, agreed=True, way="again")

    assert (shown(ready).visit, shown(ready).notes) == (2, (waits,))
    both_acknowledge(ready)
    ready.reports(ANNA, agreed=True, way="again")
    assert (shown(ready).visit, shown(ready).notes) == (3, ())


def test_before_a_version_stands_nothing_waits() -> None:
    story = Story().starts()
    waits = story.notes(BO, "observation", may_wait=True)

    story.reports(ANNA, agreed=True, way="again")

    assert (story.version, shown(story).notes) == (1, (waits,))


@pytest.mark.parametrize("kind", ["barrier", "agreement"])
def test_needs_and_agreements_never_wait(ready: Story, kind: str) -> None:
    refused = ready.refusal(add_note, BO, note=COURSE, note_kind=kind, may_wait=True)

    assert refused is Code.NOTE_CANNOT_WAIT


def test_what_changes_the_agreement_never_waits(ready: Story) -> None:
    note = {"note": COURSE, "note_kind": "observation", "changes_the_agreement": True, "may_wait": True}

    assert ready.refusal(add_note, BO, **note) is Code.NOTE_CANNOT_WAIT


def test_an_observers_note_always_waits(ready: Story) -> None:
    ready.command(cmd.AddObserver, SARA, person="olga", observer_kind=ObserverKind.MENTOR, reason=COURSE)

    note = ready.notes(OLGA, "barrier")

    assert ready.version == 1
    ready.reports(ANNA, way="both")
    assert shown(ready).notes == (note,)


def test_nothing_waits_at_the_last_gate(ready: Story) -> None:
    ready.reports(BO, closing_outcome="job")
    version = ready.version
    assert version is not None

    waits = ready.notes(BO, "observation", may_wait=True)

    assert (ready.version, shown(ready).notes) == (version + 1, (waits,))


def test_the_last_briefing_shows_the_notes_of_every_visit_that_it_ends() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="both")
    story.reports(BO, contract=True, apart=True)
    both_acknowledge(story)
    assert story.steps == ["trial", "work"]
    at_trial = story.notes(BO, "barrier", visit=2)

    story.reports(BO, closing_outcome="job")

    assert (shown(story).visit, shown(story).notes) == (3, (at_trial,))


# Questions


def test_an_open_question_makes_no_version_but_its_answer_does(ready: Story) -> None:
    question = ready.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
    assert (ready.version, shown(ready).notes) == (1, ())

    answer = ready.notes(BO, "observation", answers=question)

    assert (ready.version, shown(ready).notes) == (2, (question, answer))


def test_an_answer_never_waits(ready: Story) -> None:
    question = ready.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
    answer = {"note": COURSE, "note_kind": "observation", "answers": question, "may_wait": True}

    assert ready.refusal(add_note, BO, **answer) is Code.NOTE_CANNOT_WAIT


def test_a_question_answered_in_a_later_visit_is_shown_beside_its_answer(ready: Story) -> None:
    question = ready.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
    both_acknowledge(ready)
    answer = ready.notes(BO, "observation", answers=question)

    ready.reports(ANNA, agreed=True, way="again")

    assert (shown(ready).visit, shown(ready).notes) == (2, (question, answer))


# The manifest's form


def test_a_later_build_makes_no_version_by_itself(ready: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(briefing, "FORM", briefing.FORM + 1)
    monkeypatch.setattr(briefing, "NEW_IN", {"notes": briefing.FORM})
    note = ready.notes(BO, "observation")

    assert (ready.version, shown(ready).notes) == (1, ()), "a field of a later form is no content of this version"
    ready.reports(ANNA, way="both")
    assert (ready.version, shown(ready).form, shown(ready).notes) == (2, briefing.FORM, (note,))


def test_the_digest_covers_every_note(ready: Story) -> None:
    manifest = shown(ready)

    assert manifest.model_copy(update={"notes": (uuid5(COURSE, "another"),)}).digest != manifest.digest


# What is shown beside the content


def test_clock_calendar_names_parties_and_daily_facts_make_no_version() -> None:
    story = wider()
    story.reports(ANNA, agreed=True, way="again")
    story.acknowledges(ANNA)

    story.time_passes_to(MONDAY + timedelta(days=40))
    tomorrow = story.now.date() + timedelta(days=1)
    closed = ClosedDay(on=tomorrow, label=Text(da="Lukkedag"))
    away = PersonTime(absences=(Absence(since=tomorrow),))
    story.calendar = WorkingTime(CalendarData(closed_days=(closed,)), {"bo": away})
    story.command(cmd.TimePassed, ENGINE_ACTOR)
    story.command(cmd.DescribeCitizen, SARA, citizen_text=COURSE, protected=True, reason=COURSE)
    story.hand_over(Role.COMPANY_CONSULTANT, "carl")
    story.reports(ANNA, target_group="b")
    story.reports(ANNA, agreed=True, on=story.now.date())

    assert (story.version, story.missing) == (1, (Role.COMPANY_CONSULTANT,))


def test_lessons_and_corrections_make_no_version_by_clock_calendar_or_parties() -> None:
    story = wider()
    story.reports(ANNA, agreed=True, way="trial")
    both_acknowledge(story)
    story.reports(BO, tried=True)
    story.notes(BO, "lesson")
    both_acknowledge(story)
    story.reports(ANNA, agreed=True, way="again")
    story.reports(ANNA, visit=1, way="again")
    version, content = story.version, shown(story)
    assert content.lessons
    assert content.corrections

    story.time_passes_to(MONDAY + timedelta(days=40))
    away = PersonTime(absences=(Absence(since=story.now.date()),))
    story.calendar = WorkingTime(CalendarData(), {"bo": away})
    story.command(cmd.TimePassed, ENGINE_ACTOR)
    story.hand_over(Role.COMPANY_CONSULTANT, "carl")

    assert (story.version, shown(story)) == (version, content)


def test_rules_pinned_anew_make_no_version(ready: Story) -> None:
    ready.rules = Book(read_rule_set(TINY.read_text().replace('version = "1"', 'version = "2"', 1), TINY.name))

    ready.command(cmd.TimePassed, ENGINE_ACTOR)

    assert ready.rules.reference != shown(ready).rules
    assert ready.version == 1
