"""One person in both roles: a supervisor or a system decides it with a reason, at the start or later, and undoes it."""

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import GATE_ROLES, Actor, Role
from domain.state.news import NewsKind
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM, COURSE, SARA, Story

TO_BO = {"role": Role.COMPANY_CONSULTANT, "to": cmd.PartyClaim(person="bo"), "reason": COURSE}


@pytest.fixture
def ready() -> Story:
    """A course of two whose gate is met but for the informing."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    return story


def shares(story: Story, actor: Actor = SARA, person: str = "anna") -> None:
    """Let somebody decide that one person has both roles."""
    story.command(cmd.ShareRoles, actor, person=person, reason=COURSE)


def test_a_course_is_started_with_one_person_in_both_roles_for_a_reason_only() -> None:
    started = Story().starts(shared_role=True, company_consultant=cmd.PartyClaim())
    (shared,) = started.happened(ev.RolesShared)
    assert shared.reason

    without = {"shared_role": True, "company_consultant": cmd.PartyClaim(), "shared_role_reason": None}
    assert _start_refused(CASE_SYSTEM, **without) is Code.REASON_MISSING


def test_a_caseworker_starts_no_course_with_both_roles_for_himself() -> None:
    alone = {"shared_role": True, "company_consultant": cmd.PartyClaim(), "shared_role_reason": COURSE}

    assert _start_refused(ANNA, **alone) is Code.SHARED_ROLE_NOT_YOURS


def _start_refused(actor: Actor, **what: object) -> Code:
    story = Story().starts()
    given = {name: getattr(story.happened(ev.CourseStarted)[0], name) for name in ("citizen", "unit", "reference")}
    more = {"municipality": "0990", "rules": "", "started_on": story.now.date(), "target_group": "a", **what}
    return Story().refusal(cmd.StartCourse, actor, caseworker=cmd.PartyClaim(person="anna"), **given, **more)


@pytest.mark.parametrize("actor", [SARA, CASE_SYSTEM])
def test_a_running_course_gets_one_person_in_both_roles_who_is_informed_once(ready: Story, actor: Actor) -> None:
    ready.acknowledges(BO)
    shares(ready, actor)
    assert ready.state.roles_of("anna") == GATE_ROLES
    assert ready.missing == GATE_ROLES, "what Bo acknowledged says nothing of what Anna knows"

    ready.acknowledges(ANNA)

    assert not ready.holds(1)


@pytest.mark.parametrize("actor", [ANNA, BO])
def test_nobody_of_the_two_decides_it(ready: Story, actor: Actor) -> None:
    shared = {"person": actor.person, "reason": COURSE}
    assert ready.refusal(cmd.ShareRoles, actor, **shared) is Code.SHARED_ROLE_NOT_YOURS

    shares(ready)
    assert ready.refusal(cmd.SeparateRoles, actor, **TO_BO) is Code.SHARED_ROLE_NOT_YOURS


def test_who_has_both_roles_from_now_on_is_told_the_next_morning(ready: Story) -> None:
    shares(ready)

    (news,) = ready.state.news
    assert (news.person, [item.kind for item in news.items]) == ("anna", [NewsKind.SHARED_ROLE])


def test_the_same_decision_again_changes_nothing(ready: Story) -> None:
    shares(ready)
    before = ready.state

    shares(ready)

    assert ready.state is before or ready.state == before


def test_taken_back_both_are_informed_again_before_anything_advances(ready: Story) -> None:
    shares(ready)
    ready.command(cmd.SeparateRoles, SARA, **TO_BO)
    assert not ready.state.shared_role

    ready.acknowledges(ANNA)
    assert (ready.holds(1), ready.missing) == (True, (Role.COMPANY_CONSULTANT,))
    ready.acknowledges(BO)

    assert not ready.holds(1)
    assert [event.reason for event in ready.happened(ev.RolesSeparated)] == [COURSE]


def test_it_cannot_be_taken_back_with_one_person_in_both_roles(ready: Story) -> None:
    shares(ready)

    to_anna = {**TO_BO, "to": cmd.PartyClaim(person="anna")}
    assert ready.refusal(cmd.SeparateRoles, SARA, **to_anna) is Code.SAME_PERSON


def test_two_who_have_the_roles_already_are_left_alone(ready: Story) -> None:
    assert ready.command(cmd.SeparateRoles, SARA, **TO_BO) == ()
