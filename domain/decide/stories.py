"""Deciding about the good story of a course: who is asked, what a leader approves, and when it is removed (P10)."""

from typing import Final
from uuid import UUID

from domain import commands as cmd
from domain import events as ev
from domain.decide.decision import Decision, decides
from domain.errors import Code, refuse
from domain.identity import Role
from domain.state.course import Visit
from domain.state.stories import Story

_ERASING: Final = (ev.FactRetracted, ev.NoteRetracted)


def story_asked(decision: Decision) -> tuple[Visit, Role] | None:
    """Return the visit in which a good story is asked for now, and of which role: once in a course."""
    if decision.state.story is not None:
        return None
    asking = ((visit, decision.rules.story(visit.step)) for visit in decision.state.open_visits)
    return next(((visit, rule.role) for visit, rule in asking if rule is not None), None)


@decides(cmd.AnswerStory)
def answer_story(decision: Decision, command: cmd.AnswerStory) -> None:
    """Record the story of the role that is asked, or that there is none, which ends the question for good.

    Who holds the role or covers for its holder answers. That there is none may be repeated.

    Refuses with `not-the-party`, `story-answered`, `story-not-asked`.
    """
    before = decision.state.story
    if before is not None:
        if before.id is None and command.story is None:
            return
        raise refuse(Code.STORY_ANSWERED)
    asked = story_asked(decision)
    if asked is None:
        raise refuse(Code.STORY_NOT_ASKED)
    if decision.state.holder(asked[1]) not in (decision.actor.person, *decision.actor.covers):
        raise refuse(Code.NOT_THE_PARTY)
    decision.record(ev.StoryAnswered, story=command.story)


@decides(cmd.ApproveStory, after_closing=True)
def approve_story(decision: Decision, command: cmd.ApproveStory) -> None:
    """Let the unit read the story; once is enough.

    Refuses with `story-is-own` to who told it, and with `story-not-found` one that was removed.
    """
    story = _story(decision, command.story)
    if story.is_removed:
        raise refuse(Code.STORY_NOT_FOUND)
    if story.is_approved:
        return
    if story.by == decision.actor.person:
        raise refuse(Code.STORY_IS_OWN)
    decision.record(ev.StoryApproved)


@decides(cmd.RemoveStory, after_closing=True)
def remove_story(decision: Decision, command: cmd.RemoveStory) -> None:
    """Remove the story for good; once is enough. Refuses with `story-not-found`."""
    if not _story(decision, command.story).is_removed:
        decision.record(ev.StoryRemoved)


def remove_story_of_another(decision: Decision) -> None:
    """Remove the story of a course in which something proved to be of another citizen: it may rest on that (P10)."""
    story = decision.state.story
    if story is None or story.id is None or story.is_removed:
        return
    if any(_is_of_another(event) for event in decision.events):
        decision.record(ev.StoryRemoved)


def _is_of_another(event: ev.Event) -> bool:
    return isinstance(event, ev.TextRemoved) or (isinstance(event, _ERASING) and event.wrong_citizen)


def _story(decision: Decision, name: UUID) -> Story:
    """Return the story of the course by its id; raises RefusedError."""
    story = decision.state.story
    if story is None or story.id != name:
        raise refuse(Code.STORY_NOT_FOUND)
    return story
