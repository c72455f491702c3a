"""A decision: who decides about what, each state judged once, and nothing more once it is handed over."""

from datetime import datetime
from typing import get_args

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.calendar import Calendar
from domain.decide import Decision, decide
from domain.decide.decision import DECIDERS
from domain.evolve import replay
from domain.state.course import CourseState
from domain.state.verdict import Verdict
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from tests.domain.vocabulary import ANNA, COURSE, Story
from tests.domain.wider import wider


class CountingBook(Book):
    """A rule set that notes every state that it judges."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Begin with nothing judged."""
        super().__init__(rule_set)
        self.judged: list[CourseState] = []

    def judge(self, state: CourseState, now: datetime, calendar: Calendar) -> Verdict:
        """Judge, and note the state."""
        self.judged.append(state)
        return super().judge(state, now, calendar)


def decided(story: Story) -> Decision:
    """Return the decision on the briefing of the first visit."""
    command = cmd.BriefNow(id=COURSE, actor=ANNA)
    return decide(story.state, command, story.rules, story.now, story.calendar)


def test_every_command_has_a_decider() -> None:
    union, _ = get_args(cmd.Command)

    assert DECIDERS.keys() == set(get_args(union))


def test_a_decision_has_the_course_before_and_after_each_event() -> None:
    story = wider()

    decision = decided(story)

    assert len(decision.states) == len(decision.events) + 1
    assert decision.states[0] == story.state
    for number, state in enumerate(decision.states):
        assert state == replay(story.state, decision.events[:number])
    assert decision.state == decision.states[-1]


def test_no_state_is_judged_twice() -> None:
    story = wider()
    assert isinstance(story.rules, Book)
    story.rules = CountingBook(story.rules.rule_set)

    decided(story)

    judged = story.rules.judged
    assert judged
    assert len({id(state) for state in judged}) == len(judged)


def test_nothing_follows_once_a_decision_is_handed_over() -> None:
    decision = decided(wider())

    with pytest.raises(RuntimeError):
        decision.record(ev.BriefingAsked, visit=1)
