"""What an inbox says in the rules' own words: of a rung that was climbed, and of a step to be informed of."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from domain.address import Address
from domain.commands import AssignParty, MarkSeen, PartyClaim, PauseCourse, RetractNote, SupersedeFact
from domain.events import NoticeRaised
from domain.identity import Role
from domain.state.facts import Audience
from domain.state.waiting import Waiting, WaitingKind
from infra.store.queries.inbox_item import InboxItem
from infra.store.registers.people import Person
from rules.engine.book import Book
from rules.language.formats import Language
from rules.language.steps import Ladder
from rules.language.text import Message, Text
from tests.api.vocabulary import MEETING, item, visited
from tests.domain.vocabulary import ANNA, BO, COURSE, MONDAY, SARA, Story
from tests.rules.vocabulary import rung
from wording.labels import Labels
from wording.news import NOBODY
from wording.sentences import Quote, depends_on_course, inbox_text, quote_of, quoting

RECEIPT: dict[str, Any] = {
    "waiting": "acknowledgement",
    "rungs": [
        rung(1, "asked", text={"da": "{step}: kvittér.", "en": "{step}: acknowledge."}),
        rung(2, "asked", repeat=True, text={"da": "{step}: {role} mangler.", "en": "{step}: {role} is missing."}),
    ],
}
GENERAL: dict[str, Any] = {
    "waiting": "requirement",
    "rungs": [rung(1, "asked", text={"da": "Dag {day}, frist {due}: {role}.", "en": "Day {day}, due {due}: {role}."})],
}
OF_THE_STEP = {"waiting": "requirement", "step": "trial", "rungs": [rung(1, text={"da": "Ved {step}."})]}
OF_ITS_OWN = {"waiting": "requirement", "requirement": "thanked", "rungs": [rung(1, text={"da": "Tak for {step}."})]}
QUESTION = {"waiting": "question", "rungs": [rung(1, "asked")]}
SILENCE = {"waiting": "silence", "rungs": [rung(9, repeat=True, text={"da": "{step}: stille."})]}
CARL_AND_SARA = {
    "carl": Person(person_id="carl", name="Carl Eksempel", phone="+45 98 00 00 03", updated_at=MONDAY),
    "sara": Person(person_id="sara", name="Sara Eksempel", updated_at=MONDAY),
}
INFORMED = Message(da="Dag {day}: {step}. Næste skridt er {next}.", en="Day {day}: {step}. The next step is {next}.")


def worded(*ladders: dict[str, Any], message: Message | None = INFORMED) -> Book:
    """Return the rules of meetings with these ladders alone, and with words for those who are informed."""
    rules = MEETING.rule_set
    steps = tuple(step.model_copy(update={"message": message}) for step in rules.steps)
    climbed = tuple(Ladder.model_validate(ladder) for ladder in (*ladders, SILENCE))
    return Book(rules.model_copy(update={"ladders": climbed, "steps": steps}))


def notice(story: Story, about: str, kind: WaitingKind) -> InboxItem:
    """Return the newest notice of a wait of a kind as the inbox of the one who is asked has it."""
    raised = [event for event in story.happened(NoticeRaised) if event.about == about and event.waiting]
    wait = next(wait for wait in story.waits(kind) if wait.key == raised[-1].waiting)
    named = {name: getattr(raised[-1], name) for name in ("notice", "about", "subject", "level")}
    return item(story, **{**of(wait), **named})


def of(wait: Waiting) -> dict[str, Any]:
    """Return what the inbox has of a wait."""
    return {name: getattr(wait, name) for name in ("kind", "what", "visit", "roles", "level", "until")}


def text_of(
    story: Story, inbox_item: InboxItem, language: Language = "da", people: Mapping[str, Person] = NOBODY
) -> str:
    """Return the words for something now."""
    assert isinstance(story.rules, Book)
    assert depends_on_course(inbox_item)
    return inbox_text(inbox_item, story.state, Labels(story.rules, language), story.now, people)


def ready(rules: Book) -> Story:
    """Return a course of which both are to be informed that a trial follows."""
    story = Story(rules=rules).starts()
    story.reports(BO, match=True)
    return story


def test_who_is_to_be_informed_reads_the_day_the_step_and_what_follows() -> None:
    story = ready(worded(RECEIPT))
    inbox_item = notice(story, "acknowledgement", WaitingKind.ACKNOWLEDGEMENT)

    assert text_of(story, inbox_item) == (
        "Læs orienteringen, og kvittér for den. Dag 1: Besøg. Næste skridt er Praktik."
    )
    story.now += timedelta(days=22)
    assert text_of(story, inbox_item, "en") == (
        "Read the briefing and acknowledge it. Day 23: Visit. The next step is Trial."
    )


def test_a_next_step_that_is_not_known_is_not_spoken_of() -> None:
    story = Story(rules=worded(RECEIPT)).starts()

    inbox_item = item(story, kind=WaitingKind.ACKNOWLEDGEMENT, about="acknowledgement", visit=1)

    assert text_of(story, inbox_item) == "Læs orienteringen, og kvittér for den. Dag 1: Besøg."


def test_where_the_course_closes_that_is_said_in_place_of_the_next_step() -> None:
    story = Story(rules=worded(RECEIPT)).starts()
    story.reports(ANNA, closing_outcome="job")

    inbox_item = notice(story, "acknowledgement", WaitingKind.ACKNOWLEDGEMENT)

    assert text_of(story, inbox_item).endswith("Dag 1: Besøg. Forløbet afsluttes: Job.")


@pytest.mark.parametrize(("days", "words"), [(2, "Besøg: kvittér."), (3, "Besøg: virksomhedskonsulent mangler.")])
def test_a_silent_receipt_is_told_of_in_the_words_of_the_rung_it_has_reached(days: int, words: str) -> None:
    story = ready(worded(RECEIPT))
    story.time_passes_to(MONDAY + timedelta(days=days))
    wait = story.waits(WaitingKind.ACKNOWLEDGEMENT)[-1]

    assert text_of(story, notice(story, "escalation", WaitingKind.ACKNOWLEDGEMENT)) == words
    assert text_of(story, item(story, **of(wait))) == words, "a wait that has climbed without a notice says the same"


def test_a_rung_that_comes_again_and_again_keeps_its_words() -> None:
    story = ready(worded(RECEIPT))
    wait = of(story.waits(WaitingKind.ACKNOWLEDGEMENT)[0])

    assert text_of(story, item(story, **{**wait, "level": 7}), "en") == "Visit: caseworker is missing."


def test_a_rung_of_a_requirement_tells_the_day_the_deadline_and_who_is_asked_and_names_what_is_asked() -> None:
    story = Story(rules=worded(GENERAL)).starts()
    late_at_night = MONDAY.replace(day=9, hour=22, minute=30)
    wait = {**of(story.waits(WaitingKind.REQUIREMENT)[0]), "level": 1, "until": late_at_night}

    assert text_of(story, item(story, about="escalation", **wait)) == (
        "Dag 1, frist 10. september 2026: virksomhedskonsulent. Det mangler: Der er et match."
    )
    assert text_of(story, item(story, about="escalation", **{**wait, "until": None}), "en") == (
        "Still to be done: There is a match."
    ), "a sentence about a deadline that is not known says nothing"


def test_the_words_are_those_of_the_ladder_that_is_climbed() -> None:
    def first(*ladders: dict[str, Any]) -> str:
        story = Story(rules=worded(*ladders)).starts()
        trial = story.visit.model_copy(update={"step": "trial"})
        story.state = story.state.model_copy(update={"visits": (trial,)})
        who = {"roles": (Role.CASEWORKER,), "until": MONDAY}
        asked = item(story, kind=WaitingKind.REQUIREMENT, what="thanked", visit=1, level=1, **who)
        return text_of(story, asked).split(".")[0]

    assert first(GENERAL) == "Dag 1, frist 7"
    assert first(GENERAL, OF_THE_STEP) == "Ved Praktik"
    assert first(GENERAL, OF_THE_STEP, OF_ITS_OWN) == "Tak for Praktik"


def test_what_is_about_no_visit_says_what_it_is_about() -> None:
    story = Story(rules=worded()).starts()
    silence = item(story, kind=WaitingKind.SILENCE, about="escalation", level=3)

    assert text_of(story, silence) == "Der er ikke sket noget i forløbet"


def test_where_the_rules_have_no_words_it_is_said_what_it_is_about() -> None:
    story = ready(worded(QUESTION, message=None))

    for kind, words in {
        WaitingKind.QUESTION: "Svar på et spørgsmål",
        WaitingKind.PAUSE: "Forløbet er på pause",
        WaitingKind.ACKNOWLEDGEMENT: "Læs orienteringen, og kvittér for den",
    }.items():
        assert text_of(story, item(story, kind=kind, about="escalation", visit=1, level=1)) == words
    informed = item(story, kind=WaitingKind.ACKNOWLEDGEMENT, about="acknowledgement", visit=1)
    assert text_of(story, informed) == "Læs orienteringen, og kvittér for den"


def test_of_an_erased_course_it_is_said_what_it_is_about() -> None:
    story = ready(worded(RECEIPT))
    inbox_item = notice(story, "acknowledgement", WaitingKind.ACKNOWLEDGEMENT)
    labels = Labels(worded(RECEIPT), "da")

    assert inbox_text(inbox_item, None, labels, story.now) == "Læs orienteringen, og kvittér for den"


def test_braces_in_the_name_of_a_requirement_are_no_placeholders() -> None:
    rules = worded(GENERAL).rule_set
    odd = rules.steps[0].requirements[0].model_copy(update={"missing": Text(da="Der er {et} match}.")})
    steps = (rules.steps[0].model_copy(update={"requirements": (odd,)}), *rules.steps[1:])
    story = Story(rules=Book(rules.model_copy(update={"steps": steps}))).starts()
    wait = {**of(story.waits(WaitingKind.REQUIREMENT)[0]), "level": 1}

    assert text_of(story, item(story, **wait)).endswith(": Der er {et} match}.")


def test_what_has_not_climbed_rests_on_no_fact_and_informs_nobody_needs_no_course() -> None:
    story = Story(rules=worded(GENERAL)).starts()
    wait = {**of(story.waits(WaitingKind.REQUIREMENT)[0]), "kind": WaitingKind.ASSIGNMENT, "what": ""}

    assert not depends_on_course(item(story, **wait))
    assert not depends_on_course(item(story, **{**wait, "about": "assignment", "level": 1}))
    assert not depends_on_course(item(story, about="completed", visit=1))


def news_to(story: Story, person: str) -> InboxItem:
    """Return the newest news to a person as the inbox has it."""
    raised = [e for e in story.happened(NoticeRaised) if e.recipient == Address.person(person) and e.about == "news"]
    return item(story, **{name: getattr(raised[-1], name) for name in ("notice", "about", "subject")})


def test_news_names_each_thing_and_from_which_role_it_is() -> None:
    story = Story(rules=MEETING).starts()
    story.notes(BO, "barrier")
    story.reports(BO, meeting_on="2026-09-01")

    da, en = (text_of(story, news_to(story, "anna"), language) for language in ("da", "en"))

    assert da == "Nyt: Barriere (virksomhedskonsulent); Mødedag: 1. september 2026 (virksomhedskonsulent)"
    assert en == "New: Barrier (company consultant); Day of the meeting: 1 September 2026 (company consultant)"


def test_news_that_is_none_any_more_says_at_least_what_it_is() -> None:
    story = Story(rules=MEETING).starts()
    note = story.notes(BO, "barrier")
    inbox_item = news_to(story, "anna")
    story.command(RetractNote, BO, note=note, reason=note)

    assert text_of(story, inbox_item) == "Nyt i forløbet"


def test_a_pause_and_what_is_taken_back_are_news_in_words() -> None:
    story = Story(rules=MEETING).starts()
    note = story.notes(BO, "barrier")
    story.command(MarkSeen, ANNA, notice=story.state.news[0].notice)
    story.command(RetractNote, BO, note=note, reason=note)
    story.command(PauseCourse, BO, reason=note)

    assert text_of(story, news_to(story, "anna"), "en") == (
        "New: taken back: Barrier (company consultant); the course is paused (company consultant)"
    )


def test_a_correction_names_the_visit_that_rested_on_what_is_put_right_and_from_what_to_what() -> None:
    story, _ = visited()
    match = next(fact for fact in story.state.facts if fact.fact == "match")
    story.command(SupersedeFact, BO, fact=match.id, value=False, reason=COURSE)
    raised = next(event for event in story.happened(NoticeRaised) if event.about == "correction")
    inbox_item = item(story, **{name: getattr(raised, name) for name in ("notice", "about", "subject", "visit")})

    assert text_of(story, inbox_item) == "Noget, som Besøg nr. 1 byggede på, er rettet. Match: ja → nej"
    assert text_of(story, inbox_item, "en") == "Something on which Visit no. 1 rested is put right. Match: yes → no"

    story.now += timedelta(minutes=1)
    story.reports(BO, visit=1, match=True)

    assert text_of(story, inbox_item) == "Besøg nr. 1: Match gælder alligevel som oplyst."


def test_a_hand_over_names_who_has_the_role_now_with_phone_and_who_gave_it() -> None:
    story = Story(rules=MEETING).starts()
    story.hand_over(Role.CASEWORKER, "carl")
    inbox_item = news_to(story, "bo")

    assert text_of(story, inbox_item) == "Nyt: carl er nu sagsbehandler (sara)"
    assert text_of(story, inbox_item, "en", CARL_AND_SARA) == (
        "New: Carl Eksempel, phone +45 98 00 00 03, is now caseworker (Sara Eksempel)"
    )


def test_a_hand_over_names_who_tells_the_citizen() -> None:
    story = Story(rules=MEETING).starts()
    what = {"to": PartyClaim(person="carl"), "reason": COURSE, "citizen_told_by": Role.COMPANY_CONSULTANT}
    story.command(AssignParty, SARA, role=Role.CASEWORKER, **what)

    words = "Nyt: carl er nu sagsbehandler; borgeren får det at vide af: virksomhedskonsulent (sara)"
    assert text_of(story, news_to(story, "bo")) == words


def test_a_role_that_is_given_to_a_queue_or_left_open_is_news_in_words() -> None:
    story = Story(rules=MEETING).starts()
    reason = {"reason": COURSE}
    story.command(AssignParty, SARA, role=Role.CASEWORKER, to=PartyClaim(unit="job"), **reason)
    assert text_of(story, news_to(story, "bo")) == "Nyt: rollen som sagsbehandler ligger hos enheden job (sara)"

    story.command(AssignParty, SARA, role=Role.CASEWORKER, to=PartyClaim(), **reason)
    assert text_of(story, news_to(story, "bo")) == "Nyt: ingen har rollen som sagsbehandler (sara)"


def test_a_question_is_quoted_with_its_words_and_author() -> None:
    story = Story(rules=MEETING).starts()
    note = story.notes(BO, "question", to=Role.CASEWORKER)
    wait = story.waits(WaitingKind.QUESTION)[0]
    labels = Labels(MEETING, "da")

    quote = quote_of(str(wait.key), story.state)

    assert quote == Quote("bo", note, Audience.BOTH)
    assert quoting("Svar på et spørgsmål", "Bo Berg", "Hvornår kan han møde?", labels) == (
        "Svar på et spørgsmål. Bo Berg: Hvornår kan han møde?"
    )
    assert quoting("Besøg: der mangler et svar.", "Bo Berg", None, labels).endswith("svar. Bo Berg: (slettet)")
