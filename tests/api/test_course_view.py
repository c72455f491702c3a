"""A course as it is read: where each visit comes from, what goes on beside what, and what people are held to (P5)."""

from api.courses.read.visit import visit_read
from api.courses.read.visit_models import VisitRead
from domain.state.course import Visit
from rules.explain.explain import explain
from tests.api.vocabulary import MEETING, begun, labels, records
from tests.domain.vocabulary import ANNA, BO, Story, plain_calendar


def visits(story: Story) -> list[VisitRead]:
    """Return the visits of a course as they are read."""
    explanation = explain(MEETING, story.state, story.now, plain_calendar())
    explained = {visit.visit: visit for visit in explanation.visits}
    beside = records(story)
    return [visit_read(row, story.state, beside, explained.get(row.number), labels()) for row in beside.visits]


def both_acknowledge(story: Story, visit: Visit) -> None:
    """Let both roles acknowledge what the visit's briefing says now."""
    for actor in (ANNA, BO):
        story.acknowledges(actor, visit=visit.number)


def at_trial() -> Story:
    """Return a course that went from a visit to a trial."""
    story = begun()
    story.reports(BO, match=True)
    both_acknowledge(story, story.visit)
    return story


def test_a_visit_names_the_one_that_led_to_it() -> None:
    first, second = visits(at_trial())

    assert (first.follows, second.follows) == (None, 1)
    assert not second.is_branch, "the visit was left for the trial"


def test_a_branch_began_beside_the_visit_that_led_to_it() -> None:
    story = at_trial()
    undecided = visits(story)[1].gate
    story.reports(BO, also_work=True)
    gate = visits(story)[1].gate
    both_acknowledge(story, story.visit)

    _, trial, work = visits(story)

    assert gate is not None
    assert undecided is not None
    assert not undecided.stays
    assert gate.stays, "it was told beforehand that the trial goes on"
    assert (trial.is_open, work.is_open) == (True, True)
    assert (work.follows, work.is_branch) == (2, True)


def test_a_visit_shows_the_meetings_that_its_facts_plan() -> None:
    story = begun()
    story.reports(BO, meeting_on="2026-09-14", meeting_at="10:00")

    (meeting,) = visits(story)[0].appointments

    assert (meeting.id, meeting.label) == ("first_meeting", "Meeting at the company")
    assert (meeting.on.isoformat(), meeting.at, meeting.sequence, meeting.cancelled) == (
        "2026-09-14",
        "10:00",
        0,
        False,
    )
