"""Acknowledging by the digest of what was read, several briefings in one act, and what is done already (P1, P7)."""

from typing import Any

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.decide.briefings import preview
from domain.errors import Code, RefusedError
from domain.identity import Role
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, Story
from tests.domain.wider import both_acknowledge


@pytest.fixture
def ready() -> Story:
    """A course whose gate is met but for the informing."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    return story


@pytest.fixture
def hybrid() -> Story:
    """A course with a trial and work beside it, both briefed."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="both")
    story.reports(BO, contract=True, apart=True)
    both_acknowledge(story)
    assert story.steps == ["trial", "work"]
    for visit in (2, 3):
        story.command(cmd.BriefNow, ANNA, visit=visit)
    return story


def digest_of(story: Story, number: int) -> str:
    """Return the digest of a visit's current version."""
    visit = story.state.visit(number)
    assert visit is not None
    assert visit.briefing is not None
    return visit.briefing.digest


def missing(story: Story) -> dict[int, tuple[Role, ...]]:
    """Return which roles each open visit's briefing lacks."""
    return {visit.number: visit.briefing.missing for visit in story.state.open_visits if visit.briefing is not None}


def refused(story: Story, **what: Any) -> list[tuple[Code, str | None]]:
    """Return every problem of an acknowledgement by Bo, which changes nothing."""
    before = story.state
    with pytest.raises(RefusedError) as error:
        story.command(cmd.Acknowledge, BO, **what)
    assert story.state is before
    return [(problem.code, problem.field) for problem in error.value.problems]


def test_a_version_is_acknowledged_by_its_digest(ready: Story) -> None:
    ready.command(cmd.Acknowledge, BO, briefing=1, content_digest=digest_of(ready, 1))

    assert ready.missing == (Role.CASEWORKER,)


def test_what_was_read_before_it_was_issued_is_acknowledged_by_its_digest() -> None:
    story = Story().starts()
    shown = preview(story.state, 1, story.rules, story.now, story.calendar).digest
    assert refused(story, briefing=1, content_digest=shown) == [(Code.BRIEFING_MISSING, "digest")]
    story.command(cmd.BriefNow, ANNA)

    story.command(cmd.Acknowledge, BO, briefing=1, content_digest=shown)

    assert story.missing == (Role.CASEWORKER,)


def test_a_digest_of_something_else_is_refused_as_outdated(ready: Story) -> None:
    before = digest_of(ready, 1)
    ready.notes(ANNA, "barrier")

    assert refused(ready, briefing=1, content_digest=before) == [(Code.VERSION_OUTDATED, "digest")]


def test_one_note_for_two_open_visits_is_one_act_for_each_role(hybrid: Story) -> None:
    both = {"briefing": 2, "version": 1, "also": ({"briefing": 3, "digest": digest_of(hybrid, 3)},)}

    hybrid.command(cmd.Acknowledge, BO, **both)

    assert missing(hybrid) == {2: (Role.CASEWORKER,), 3: (Role.CASEWORKER,)}
    hybrid.notes(ANNA, "barrier", visit=2)
    third = {"briefing": 3, "version": 2}
    hybrid.command(cmd.Acknowledge, BO, briefing=2, version=2, also=(third,))
    assert missing(hybrid) == {2: (Role.CASEWORKER,), 3: (Role.CASEWORKER,)}


def test_of_several_all_are_acknowledged_or_each_that_differs_is_named(hybrid: Story) -> None:
    hybrid.notes(ANNA, "barrier", visit=2)

    problems = refused(hybrid, briefing=2, version=2, also=({"briefing": 3, "version": 1},))
    both = refused(hybrid, briefing=2, version=1, also=({"briefing": 3, "version": 1},))

    assert problems == [(Code.VERSION_OUTDATED, "also.0.version")]
    assert both == [(Code.VERSION_OUTDATED, "version"), (Code.VERSION_OUTDATED, "also.0.version")]


def test_what_is_named_twice_is_acknowledged_once(ready: Story) -> None:
    ready.command(cmd.Acknowledge, BO, briefing=1, version=1, also=({"briefing": 1, "digest": digest_of(ready, 1)},))

    assert len(ready.happened(ev.BriefingAcknowledged)) == 1


# Again what is done already


@pytest.mark.parametrize("by", ["version", "digest"])
def test_the_acknowledgement_that_advanced_is_answered_as_done_when_it_comes_again(ready: Story, by: str) -> None:
    named: dict[str, Any] = {"version": 1} if by == "version" else {"content_digest": digest_of(ready, 1)}
    ready.acknowledges(ANNA)
    ready.command(cmd.Acknowledge, BO, briefing=1, **named)
    assert not ready.holds(1)

    assert ready.command(cmd.Acknowledge, BO, briefing=1, **named) == ()


def test_an_acknowledgement_of_several_that_comes_again_is_done_or_says_what_is_new(hybrid: Story) -> None:
    hybrid.reports(BO, visit=2, tried=True)
    trial = {"briefing": 2, "digest": digest_of(hybrid, 2)}
    both = {"briefing": 3, "version": 1, "also": (trial,)}
    hybrid.command(cmd.Acknowledge, ANNA, **both)
    assert hybrid.command(cmd.Acknowledge, ANNA, **both) == ()
    hybrid.command(cmd.Acknowledge, BO, **both)
    assert not hybrid.holds(2)

    assert refused(hybrid, **both) == [(Code.VERSION_OUTDATED, "version")], "what the trial taught is content of it now"


def test_a_lesson_that_no_version_has_shown_is_read_before_what_was_ready_beside_it_goes_on(hybrid: Story) -> None:
    hybrid.reports(BO, visit=2, tried=True)
    hybrid.reports(BO, visit=3, over="talk")
    for actor in (ANNA, BO):
        hybrid.command(cmd.Acknowledge, actor, briefing=2, version=2, also=({"briefing": 3, "version": 2},))

    assert (hybrid.steps, hybrid.state.open_visits[0].versions) == (["work", "talk"], 3)


def test_who_disputes_what_is_used_up_is_told_that_the_course_went_on(ready: Story) -> None:
    both_acknowledge(ready)

    assert ready.refusal(cmd.Dispute, BO, briefing=1, version=1, reason=COURSE) is Code.VERSION_USED_UP


def test_who_acknowledges_late_what_another_version_advanced_is_told_that_the_course_went_on(ready: Story) -> None:
    ready.notes(ANNA, "barrier")
    both_acknowledge(ready)

    assert refused(ready, briefing=1, version=1) == [(Code.VERSION_USED_UP, "version")]
    assert refused(ready, briefing=1, content_digest="0" * 64) == [(Code.VERSION_USED_UP, "digest")]


def test_who_reports_from_a_version_that_is_used_up_is_told_that_the_course_went_on(ready: Story) -> None:
    both_acknowledge(ready)

    for visit in (None, 1):
        what = {"facts": {"agreed": True}, "visit": visit, "acknowledge": 1}
        assert ready.refusal(cmd.ReportFacts, BO, **what) is Code.VERSION_USED_UP
        notes = (cmd.NewNote(note=COURSE, note_kind="barrier"),)
        assert ready.refusal(cmd.AddNotes, BO, notes=notes, visit=visit, acknowledge=1) is Code.VERSION_USED_UP


def test_what_is_current_again_after_a_visit_was_reopened_is_acknowledged_anew(ready: Story) -> None:
    digest = digest_of(ready, 1)
    both_acknowledge(ready)
    ready.command(cmd.ReopenVisit, SARA, visit=1, reason=COURSE)
    assert (ready.visit.number, ready.version) == (1, 2)
    assert digest_of(ready, 1) == digest

    ready.command(cmd.Acknowledge, BO, briefing=1, content_digest=digest)

    assert ready.missing == (Role.CASEWORKER,)


def test_the_version_by_which_a_reopened_visit_was_left_is_outdated_and_makes_no_receipt(ready: Story) -> None:
    both_acknowledge(ready)
    ready.command(cmd.ReopenVisit, SARA, visit=1, reason=COURSE)

    for actor in (ANNA, BO):
        assert ready.refusal(cmd.Acknowledge, actor, briefing=1, version=1) is Code.VERSION_OUTDATED
        assert ready.refusal(cmd.ReportFacts, actor, facts={"agreed": True}, acknowledge=1) is Code.VERSION_OUTDATED
    assert ready.refusal(cmd.Dispute, BO, briefing=1, version=1, reason=COURSE) is Code.VERSION_OUTDATED
