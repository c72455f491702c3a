"""The supervisors hear of it when somebody gets more courses than the rules think one person can carry."""

from uuid import uuid5

from domain import commands as cmd
from domain import events as ev
from domain.decide import decide
from domain.identity import Role
from tests.domain.vocabulary import CASE_SYSTEM, COURSE, SARA, Story
from tests.domain.wider import wider

AT_MOST = 3


def assigned(story: Story, role: Role, to: cmd.PartyClaim, others: int) -> list[ev.NoticeRaised]:
    """Return the notices of caseload that follow when a role is given to who holds it in `others` courses already."""
    command = cmd.AssignParty(id=uuid5(COURSE, f"{role} {to}"), actor=SARA, role=role, to=to, reason=COURSE)
    caseloads = {(role, to.person or ""): others}
    events = decide(story.state, command, story.rules, story.now, story.calendar, caseloads).events
    return [event for event in events if isinstance(event, ev.NoticeRaised) and event.about == "caseload"]


def test_the_supervisors_are_told_when_somebody_gets_one_course_too_many() -> None:
    notices = assigned(wider(), Role.CASEWORKER, cmd.PartyClaim(person="carl"), AT_MOST)

    assert [str(notice.recipient) for notice in notices] == ["supervisors/job"]


def test_the_supervisors_are_told_of_a_crossing_once_and_not_of_each_course_above_it() -> None:
    assert assigned(wider(), Role.CASEWORKER, cmd.PartyClaim(person="carl"), AT_MOST + 1) == []


def test_nobody_is_told_of_as_many_courses_as_one_can_carry() -> None:
    assert assigned(wider(), Role.CASEWORKER, cmd.PartyClaim(person="carl"), AT_MOST - 1) == []


def test_a_role_without_a_limit_is_not_counted() -> None:
    assert assigned(wider(), Role.COMPANY_CONSULTANT, cmd.PartyClaim(person="carl"), 99) == []


def test_a_queue_carries_any_number_of_courses() -> None:
    assert assigned(wider(), Role.CASEWORKER, cmd.PartyClaim(unit="job"), 99) == []


def test_who_is_over_the_limit_on_day_one_is_told_of_too() -> None:
    story = Story(rules=wider().rules)
    start = cmd.StartCourse(
        id=COURSE,
        actor=CASE_SYSTEM,
        municipality="0990",
        unit="job",
        reference="case-1",
        citizen="citizen-1",
        rules=story.rules.reference.sha256,
        started_on=story.now.date(),
        target_group="a",
        caseworker=cmd.PartyClaim(person="anna"),
    )

    caseloads = {(Role.CASEWORKER, "anna"): AT_MOST}
    events = decide(story.state, start, story.rules, story.now, story.calendar, caseloads).events

    assert sum(isinstance(e, ev.NoticeRaised) and e.about == "caseload" for e in events) == 1


def test_each_assignment_is_told_of_once_with_an_identity_of_its_own() -> None:
    story = wider()
    first = assigned(story, Role.CASEWORKER, cmd.PartyClaim(person="carl"), AT_MOST)
    again = assigned(story, Role.CASEWORKER, cmd.PartyClaim(person="carl"), AT_MOST)
    story.hand_over(Role.CASEWORKER, "carl")
    later = assigned(story, Role.CASEWORKER, cmd.PartyClaim(person="anna"), AT_MOST)

    assert first[0].notice == again[0].notice
    assert first[0].notice != later[0].notice
