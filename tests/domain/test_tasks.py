"""What each role must do in the next step is content of the briefing, decided together with the route (P3)."""

from domain import commands as cmd
from domain import events as ev
from domain.identity import ENGINE_ACTOR, Role
from domain.state.briefing import Manifest
from domain.state.verdict import Task
from rules.engine.book import Book
from rules.loading.read_toml import read_rule_set
from tests.domain.jobfirst import RULES
from tests.domain.vocabulary import ANNA, BO, TINY, Story
from tests.domain.wider import WIDER, both_acknowledge, wider


def shown(story: Story) -> Manifest:
    """Return the content of the version issued last."""
    return next(e for e in reversed(story.events) if isinstance(e, ev.BriefingIssued)).manifest


def with_another_task() -> Book:
    """Return the wider rules in a version that asks for something else in a trial."""
    text = WIDER.read_text().replace('id = "is_planned_on"', 'id = "is_followed_up"').replace('= "1"', '= "2"', 1)
    return Book(read_rule_set(text, WIDER.name, {TINY.name: TINY.read_text()}))


def tasks(story: Story) -> list[tuple[str, Role]]:
    """Return what the version issued last asks, and of whom."""
    return [(task.requirement, role) for task in shown(story).tasks for role in task.roles]


def test_the_briefing_shows_what_holds_the_next_step_and_who_is_responsible() -> None:
    story = wider()

    story.reports(ANNA, agreed=True, way="trial")

    consultant = (Role.COMPANY_CONSULTANT,)
    asked = ("is_tried", "is_planned_on")
    assert shown(story).tasks == tuple(Task(step="trial", requirement=name, roles=consultant) for name in asked)


def test_what_is_asked_only_after_something_else_was_said_is_no_task_yet() -> None:
    asked = {step: [task.requirement for task in RULES.tasks(step)] for step in RULES.steps}

    assert asked["company_visit"] == ["visit_held"]
    assert asked["trial"] == ["trial_outcome_known"]
    assert asked["paid_hours"] == ["what_follows_known"]


def test_what_only_warns_is_no_task() -> None:
    story = wider()

    story.reports(ANNA, agreed=True, way="again")

    assert tasks(story) == [("is_agreed", Role.CASEWORKER)]


def test_tasks_follow_the_route_and_a_course_that_ends_has_none() -> None:
    story = wider()
    story.reports(ANNA, agreed=True, way="again")

    story.reports(BO, closing_outcome="job")

    assert (story.version, tasks(story)) == (2, [])


def test_a_step_that_is_joined_asks_nothing_anew() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="both")
    story.reports(BO, contract=True, apart=True)
    both_acknowledge(story)
    story.reports(BO, over="trial", visit=3)

    assert (shown(story).to, tasks(story)) == (("trial",), [])


def test_rules_pinned_anew_make_no_version_although_they_ask_for_something_else() -> None:
    story = wider()
    story.reports(ANNA, agreed=True, way="trial")
    story.rules = with_another_task()

    story.command(cmd.TimePassed, ENGINE_ACTOR)
    assert story.version == 1
    story.notes(BO, "barrier")

    assert (story.version, [name for name, _ in tasks(story)]) == (2, ["is_tried", "is_followed_up"])
    assert len(story.happened(ev.BriefingIssued)) == 2
