"""Every event of the journal is told in words, in both languages (P8)."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from api.http.negotiation import LANGUAGES
from api.journal.sentences import JournalWords
from api.journal.statements import StatementIndex
from domain import commands as cmd
from domain import events as ev
from domain.identity import Role
from infra.store.registers.people import Person
from infra.store.tables.history import RECONCILED
from rules.language.formats import Language
from tests.api.vocabulary import begun, labels, placeholders, records
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, MONDAY, SARA, Story
from wording.catalog import catalog

EVENTS: list[type[ev.EventBase]] = list(get_args(get_args(ev.Event)[0]))
BY_ITSELF = {
    "appointment_cancelled": {"appointment"},
    "appointment_made": {"appointment"},
    "course_started": {"rules"},
    "fact_retracted": {"fact"},
    "facts_reported": {"facts"},
    "note_added": {"kind", "words"},
    "note_retracted": {"note"},
}
"""What the words of an event tell besides its own fields."""

each_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.model_fields["kind"].default)


def kind_of(event: type[ev.EventBase]) -> str:
    """Return the kind that an event is stored under."""
    return str(event.model_fields["kind"].default)


def teller(story: Story, language: Language = "en") -> JournalWords:
    """Return the words for the events of a course; the directory knows Anna."""
    anna = Person(person_id="anna", name="Anna Andersen", roles=(Role.CASEWORKER,), updated_at=MONDAY)
    result = replace(StatementIndex.of(story.events), people={"anna": anna})
    return JournalWords(result, {visit.number: visit for visit in records(story).visits}, labels(language))


def text_of(story: Story, kind: type[Any], text: str | None = None, language: Language = "en") -> str:
    """Return what is said of the last event of a kind."""
    return teller(story, language).of(story.happened(kind)[-1], text)


def lived() -> Story:
    """Return a course in which much has happened."""
    story = begun()
    story.notes(ANNA, "barrier")
    story.reports(BO, meeting_on="2026-09-14", meeting_at="10:00")
    story.reports(BO, match=True)
    story.acknowledges(ANNA)
    story.acknowledges_for(SARA, "bo")
    return story


@each_event
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_has_words_for_all_that_it_names(event: type[ev.EventBase], language: Language) -> None:
    kind = kind_of(event)
    fields = {*event.model_fields, *BY_ITSELF.get(kind, set())}

    sentences = [text for name, text in catalog(language).journal.items() if name == kind]
    assert sentences, f"write what {kind} says under [journal] in locales/{language}.toml"
    assert all(placeholders(text) <= fields for text in sentences)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mended_store_has_words_too(language: Language) -> None:
    assert catalog(language).journal[RECONCILED] == teller(begun(), language).reconciled()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_was_lived_is_told_in_codes_or_left_blank(language: Language) -> None:
    story = lived()
    teller_ = teller(story, language)

    for event in story.events:
        text = teller_.of(event, "Fordi.")
        assert text
        assert " –" not in text or isinstance(event, ev.NoteAdded), "a dash stands for what is not known"
        assert "_" not in text


def test_a_decision_names_the_rules_the_requirement_and_its_reference() -> None:
    story = begun()

    rules = "Rules of meetings and of what is remembered 1"
    assert (
        text_of(story, ev.Settled)
        == f"Decision on Visit no. 1 by {rules}: holds for:\n– There is a match (local policy: Eksempel)"
    )
    story.reports(BO, match=True)
    assert text_of(story, ev.Settled).endswith("the requirements are met. On to: Trial.")


def test_a_meeting_that_is_changed_or_held_is_not_told_as_one_that_is_agreed() -> None:
    changed, held = begun(), JobFirst().reaches_company_visit()
    changed.reports(BO, meeting_on="2026-09-14")
    assert text_of(changed, ev.AppointmentMade).startswith("Meeting agreed: ")
    changed.reports(ANNA, meeting_on="2026-09-15")
    held.reports(BO, visit_planned_on="2026-09-22", visit_planned_at="10:00")
    held.reports(BO, visit_held_on=held.now.date().isoformat())

    assert text_of(changed, ev.AppointmentMade).startswith("Meeting changed: ")
    assert text_of(held, ev.AppointmentMade).startswith("The meeting was held: ")


def test_who_acted_for_whom_and_why_is_told() -> None:
    story = begun()
    story.reports(BO, match=True)
    story.acknowledges_for(SARA, "anna")

    result = text_of(story, ev.BriefingAcknowledged, language="da")

    assert result == (
        "Kvitterede på vegne af Anna Andersen (ferie eller orlov) som sagsbehandler"
        " for orientering om Besøg nr. 1, version 1."
    )


def test_what_was_taken_back_is_marked_where_it_was_said() -> None:
    story = begun()
    note = story.notes(ANNA, "barrier")
    story.reports(BO, match=True)
    (fact,) = [fact for fact in story.state.facts if fact.fact == "match"]
    story.command(cmd.RetractNote, ANNA, note=note, reason=note)
    story.command(cmd.RetractFact, BO, fact=fact.id, reason=note)

    assert text_of(story, ev.NoteAdded, "Rygsmerter.") == "Note – Barrier: Rygsmerter. [taken back 7 September 2026]"
    assert "Match: yes (7 September 2026) [taken back 7 September 2026]" in text_of(story, ev.FactsReported)
    assert text_of(story, ev.FactRetracted, "Forkert.") == (
        "Took back a fact: Match: yes (7 September 2026).\nReason: Forkert."
    )


def test_the_words_of_people_are_told_as_they_were_written() -> None:
    story = begun()
    story.notes(ANNA, "barrier")

    assert "{at} {0} %s" in text_of(story, ev.NoteAdded, "{at} {0} %s")
