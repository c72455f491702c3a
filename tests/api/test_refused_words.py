"""What a refusal reads like in the inbox, the course and the journal: choose another way."""

from domain.state.waiting import Waiting, WaitingKind
from rules.engine.book import Book
from tests.api.vocabulary import item
from tests.domain.jobfirst import RULES, JobFirst, refusing_twice
from tests.domain.vocabulary import ANNA, BO
from wording.labels import Labels
from wording.news import NOBODY
from wording.sentences import inbox_text, notice_text

TWICE = refusing_twice()
WORDS = "Praktikken fik afslag. Aftal en anden vej, fx en anden virksomhed eller løntimer."


def rejected(rules: Book = RULES) -> JobFirst:
    """A company visit that was to lead to a trial, which was rejected."""
    story = JobFirst(rules=rules).reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.reports(BO, visit_outcome="trial")
    story.reports(ANNA, trial_decision="rejected")
    return story


def text_of(story: JobFirst, waiting: Waiting) -> str:
    """Return the words of the inbox for a wait."""
    entry = {name: getattr(waiting, name) for name in ("kind", "what", "visit", "roles", "level", "until")}
    return inbox_text(item(story, **entry), story.state, Labels(TWICE, "da"), story.now, NOBODY)


def test_a_rejected_trial_reads_as_another_way_to_choose_wherever_it_is_waited_for() -> None:
    story = rejected()
    (waiting,) = story.waits(WaitingKind.DECISION)
    labels = Labels(RULES, "da")

    assert labels.waiting(waiting) == WORDS
    assert notice_text("escalation", WaitingKind.DECISION, (waiting.what,), labels) == WORDS
    assert text_of(story, waiting) == WORDS


def test_two_refusals_are_one_line_that_names_both() -> None:
    story = rejected(TWICE)
    story.reports(BO, trial_weekly_hours=40)
    (waiting,) = story.waits(WaitingKind.DECISION)

    assert text_of(story, waiting) == f"{WORDS} Aftal færre timer."


def test_a_reminder_of_it_says_so_too() -> None:
    story = rejected()
    story.it_is("2026-09-30")
    (waiting,) = story.waits(WaitingKind.DECISION)

    words = text_of(story, waiting)

    assert words == f"Virksomhedsbesøg: hvad er det næste skridt? {WORDS}"
