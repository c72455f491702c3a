"""Ways in which a course could once be led astray, each closed."""

from datetime import timedelta

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.state.facts import Audience
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, Story, add_note


@pytest.fixture
def ready() -> Story:
    """A course whose gate to work is met but for the informing."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="work")
    story.reports(BO, contract=True)
    return story


def test_what_both_must_know_cannot_be_hidden_from_one(ready: Story) -> None:
    refused = ready.refusal(
        add_note,
        ANNA,
        note=COURSE,
        note_kind="agreement",
        audience=Audience.CASEWORKER_ONLY,
        changes_the_agreement=True,
    )

    assert refused is Code.MATERIAL_NOTE_HIDDEN


def test_no_version_is_issued_while_the_course_is_paused(ready: Story) -> None:
    version = ready.version
    ready.command(cmd.PauseCourse, SARA, reason=COURSE)

    refused = ready.refusal(cmd.ReportFacts, ANNA, facts={"way": "both"}, acknowledge=version)

    assert refused is Code.COURSE_PAUSED
    assert ready.version == version


def test_a_short_pause_leaves_each_wait_on_its_rung() -> None:
    story = Story().starts()
    story.time_passes_to(story.now + timedelta(days=3))
    before = story.waits(WaitingKind.REQUIREMENT)
    assert before[0].is_stalled
    expected = len(story.recipients_of("escalation"))

    story.command(cmd.PauseCourse, SARA, reason=COURSE)
    assert story.waits(WaitingKind.REQUIREMENT)[0].is_stalled
    expected = len(story.recipients_of("escalation"))
    story.now += timedelta(minutes=1)
    story.command(cmd.ResumeCourse, SARA)

    after = story.waits(WaitingKind.REQUIREMENT)
    assert [(w.since, w.level, w.is_stalled) for w in after] == [(w.since, w.level, w.is_stalled) for w in before]
    assert len(story.recipients_of("escalation")) == expected


def test_a_pause_ends_when_it_should_though_nobody_was_there(ready: Story) -> None:
    until = ready.now + timedelta(days=1)
    ready.command(cmd.PauseCourse, SARA, reason=COURSE, until=until)
    ready.now += timedelta(days=9)

    ready.acknowledges(ANNA)

    assert not ready.state.is_paused
    assert ready.state.pauses[-1].until == until


def test_a_reopened_visit_tells_each_fact_once() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    story.acknowledges(ANNA)
    story.acknowledges(BO)
    story.now += timedelta(minutes=1)
    story.reports(ANNA, way="work")
    story.command(cmd.ReopenVisit, SARA, visit=1, reason=COURSE)

    issued = story.happened(ev.BriefingIssued)[-1]

    expected = [fact.fact for fact in issued.manifest.facts]
    assert len(expected) == len(set(expected))


def test_a_fact_observed_ahead_may_name_the_visit_it_is_reported_from(ready: Story) -> None:
    ready.reports(BO, visit=1, work_begun=True)

    assert ready.state.is_ahead_of_informing
