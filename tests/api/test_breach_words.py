"""What of the law was not met reads the same in course, briefing, inbox and journal."""

from dataclasses import replace

from api.briefings.documents import as_text
from api.briefings.versions import BriefingVersion
from api.briefings.view import briefing_read
from api.courses.read.visit import breaches_read, visit_read
from api.journal.sentences import JournalWords
from api.journal.statements import StatementIndex
from domain.events import Settled
from domain.identity import ENGINE
from domain.state.news import News, NewsItem, NewsKind
from domain.state.notice import NewsSubject
from tests.api.vocabulary import current, records, seen
from tests.domain.jobfirst import RULES, JobFirst
from wording.labels import Labels
from wording.news import subject_text

WORDS = "Praktikken er bevilget, og den begyndte ikke før bevillingen"
LAW = "En praktik må ikke begynde uden forudgående bevilling"
LABELS = Labels(RULES, "da")


def test_the_visit_lists_it_with_its_source_and_nothing_is_held_by_it() -> None:
    story = JobFirst().breaches_the_grant()
    rows = records(story)

    visit = visit_read(rows.visits[-1], story.state, rows, None, LABELS)

    (breach,) = visit.breaches
    assert (breach.requirement, breach.text, breach.reference) == ("granted_before_start", f"{WORDS}.", LAW)
    assert visit.gate is not None
    assert visit.gate.is_ready


def text_of(story: JobFirst) -> str:
    """Return the text of the present briefing."""
    told = replace(StatementIndex.of(story.events), texts={})
    read = briefing_read(seen(story), BriefingVersion(current(story)), records(story), told, LABELS, story.now)
    return as_text(read, LABELS)


def test_the_briefing_has_a_heading_of_its_own_for_it() -> None:
    assert f"Lovkrav, der ikke er opfyldt:\n  * {WORDS}. ({LAW})\n" in text_of(JobFirst().breaches_the_grant())


def test_the_briefing_puts_no_colon_behind_what_asks() -> None:
    assert "løntimer om ugen er målet lige nu? 12 timer om ugen\n" in text_of(JobFirst().breaches_the_grant())
    assert "?:" not in text_of(JobFirst().breaches_the_grant())


def test_the_journal_says_so_of_the_decision() -> None:
    story = JobFirst().breaches_the_grant()
    visits = {row.number: row for row in records(story).visits}
    sentences = JournalWords(StatementIndex.of(story.events), visits, LABELS)
    settled = next(e for e in reversed(story.events) if isinstance(e, Settled) and e.judgements)

    text = sentences.of(settled, None)

    assert text.endswith(f"\nLovkrav, der ikke er opfyldt:\n– {WORDS} (lov: {LAW})")


def test_the_news_of_it_names_nobody() -> None:
    story = JobFirst().breaches_the_grant()
    item = NewsItem(kind=NewsKind.BREACH, what="granted_before_start", by=ENGINE)
    news = News(notice=story.state.course, person="bo", at=story.now, items=(item,))
    course = story.state.model_copy(update={"news": (news,)})

    words = subject_text(NewsSubject(person="bo", at=story.now), course, LABELS)

    assert words == f"Nyt: lovkrav, der ikke er opfyldt: {WORDS}"


def test_what_the_rules_no_longer_have_is_shown_by_its_id() -> None:
    (breach,) = breaches_read(["gone"], LABELS)

    assert (breach.text, breach.reference) == ("gone", None)
