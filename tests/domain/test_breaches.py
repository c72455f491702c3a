"""What the law asked and did not come is noted: it is told to both, and holds nothing (P1, P13)."""

from datetime import timedelta

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.state.briefing import Manifest
from domain.state.news import NewsKind
from rules.engine.book import Book
from rules.loading.read_toml import read_rule_set
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, COURSE, TINY, Story, add_note
from tests.domain.wider import both_acknowledge

LAW = 'kind = "law"\nlevel = "warn"'
IN_THREE_DAYS = '\ndeadline = { amount = "3 calendar_days", from = "entered" }'


def under_law(deadline: str = "") -> Story:
    """Return a course whose first requirement is law and holds nothing."""
    asked = 'must = { yes = "agreed" }'
    text = TINY.read_text().replace('kind = "local"', LAW, 1).replace(asked, asked + deadline)
    return Story(rules=Book(read_rule_set(text, TINY.name))).starts()


def noted(story: Story) -> tuple[str, ...]:
    """Return what was not met in any visit."""
    return tuple(dict.fromkeys(name for visit in story.state.visits for name in visit.judgement.breaches))


def shown(story: Story) -> Manifest:
    """Return the content of the version issued last."""
    return next(e for e in reversed(story.events) if isinstance(e, ev.BriefingIssued)).manifest


def news_of(story: Story, person: str) -> list[tuple[NewsKind, str]]:
    """Return what is new to a person."""
    return [(item.kind, item.what) for news in story.state.news if news.person == person for item in news.items]


def test_what_the_law_asked_and_was_not_so_is_noted_and_holds_nothing() -> None:
    story = under_law()
    assert not story.visit.judgement.breaches, "nobody knows yet"

    story.reports(ANNA, agreed=False, way="again")

    assert story.visit.judgement.breaches == ("is_agreed",)
    assert noted(story) == ("is_agreed",)
    assert story.visit.judgement.ready
    assert shown(story).breaches == ("is_agreed",)
    both_acknowledge(story)
    assert not story.holds(1)
    assert noted(story) == ("is_agreed",), "it happened, whatever came after"


def test_that_it_was_met_after_all_makes_a_version_without_it() -> None:
    story = under_law()
    story.reports(ANNA, agreed=False, way="again")
    version = story.version

    story.reports(ANNA, agreed=True)

    assert not noted(story)
    assert (shown(story).breaches, story.version) == ((), (version or 0) + 1)


def test_a_deadline_of_law_that_passes_in_silence_is_noted_by_time_alone_and_news_to_both() -> None:
    story = under_law(IN_THREE_DAYS)
    story.time_passes_to(story.now + timedelta(days=2))
    assert not noted(story)

    story.time_passes_to(story.now + timedelta(days=3))

    assert noted(story) == ("is_agreed",)
    assert news_of(story, "anna") == news_of(story, "bo") == [(NewsKind.BREACH, "is_agreed")]


def test_what_was_not_met_in_time_and_is_met_now_is_as_the_rules_say() -> None:
    story = under_law(IN_THREE_DAYS)
    story.time_passes_to(story.now + timedelta(days=5))

    story.reports(ANNA, agreed=True)

    assert not noted(story)


def test_what_a_briefing_shows_at_once_is_no_news_besides() -> None:
    story = under_law()

    story.reports(ANNA, agreed=False, way="again")

    assert (NewsKind.BREACH, "is_agreed") not in news_of(story, "bo")


def test_the_last_briefing_shows_what_was_not_met_of_every_visit_that_it_ends() -> None:
    story = under_law()
    story.reports(ANNA, agreed=False)

    story.command(cmd.CloseCourse, ANNA, outcome="job", reason=story.state.course)

    assert shown(story).closing == "job"
    assert shown(story).breaches == ("is_agreed",)
    both_acknowledge(story)
    assert noted(story) == ("is_agreed",)


@pytest.mark.parametrize("line", ['kind = "method"\nlevel = "warn"', 'kind = "law"'])
def test_only_law_that_holds_nothing_is_noted(line: str) -> None:
    text = TINY.read_text().replace('kind = "local"', line, 1)
    story = Story(rules=Book(read_rule_set(text, TINY.name))).starts()

    story.reports(ANNA, agreed=False, way="again")

    assert not noted(story)


def test_a_trial_that_began_before_its_grant_is_noted_in_what_both_acknowledge() -> None:
    story = JobFirst().breaches_the_grant()

    assert story.manifest.breaches == ("granted_before_start",)


def test_a_breach_that_time_brought_is_not_acknowledged_unread_with_a_report() -> None:
    story = under_law(IN_THREE_DAYS)
    story.command(cmd.BriefNow, ANNA)
    story.now += timedelta(days=4)

    story.command(add_note, BO, note=COURSE, note_kind="barrier", acknowledge=1)

    assert shown(story).breaches == ("is_agreed",)
    assert (story.version, story.receipts, story.withheld is not None) == (2, (), True)
