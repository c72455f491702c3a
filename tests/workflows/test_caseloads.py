"""The supervisors hear when somebody is given more courses than the rules say one person should hold."""

import json
from datetime import date

import pytest

from domain import commands as cmd
from domain.address import Address
from domain.identity import Role
from infra.store.queries import notices
from infra.store.registers import documents
from infra.store.registers.documents import DocumentKind
from rules.loading.library import from_canonical, in_force, shipped
from tests.domain.vocabulary import SARA
from tests.workflows.vocabulary import RunningCourse, Stack


@pytest.fixture
async def rules(stack: Stack) -> str:
    """Rules under which a caseworker should hold one course; of company consultants they say nothing."""
    jobfirst = in_force(shipped(), "jobfirst", date(2026, 12, 1))
    assert jobfirst is not None
    one = {"role": "caseworker", "at_most": 1, "source": "Eksempel", "kind": "local"}
    rule_set = from_canonical(json.dumps({**json.loads(jobfirst.canonical), "caseloads": [one]}).encode())
    async with stack.store.municipality(stack.municipality) as connection:
        body = json.loads(rule_set.canonical)
        await documents.put(connection, DocumentKind.RULESET, rule_set.id, body, rule_set.sha256)
    return rule_set.sha256


async def recipients_of(course: RunningCourse) -> list[Address]:
    """Return who was told of a caseload by a course."""
    async with course.stack.store.municipality(course.stack.municipality) as connection:
        raised = await notices.undone_since(connection, course.id, 0)
    return [notice.address for notice in raised if notice.about == "caseload"]


async def test_the_supervisors_hear_of_the_first_course_too_many(stack: Stack, rules: str) -> None:
    async with stack.working():
        first = await stack.started("case-1", rules=rules)
        second = await stack.started("case-2", rules=rules)

        assert await recipients_of(first) == []
        assert await recipients_of(second) == [Address.supervisors("job")]


async def test_who_gets_both_roles_is_counted_too(stack: Stack, rules: str) -> None:
    async with stack.working():
        first = await stack.started("case-1", rules=rules, caseworker=cmd.PartyClaim(person="carl"))
        second = await stack.started("case-2", rules=rules)

        answer = await second.does(cmd.ShareRoles, SARA, person="carl", reason=await stack.stage("Barsel."))

        assert not answer.refused, answer
        assert await recipients_of(second) == [Address.supervisors("job")]
        assert await recipients_of(first) == []


async def test_a_hand_over_is_counted_where_the_course_goes(stack: Stack, rules: str) -> None:
    async with stack.working():
        first = await stack.started("case-1", rules=rules, caseworker=cmd.PartyClaim(person="carl"))
        second = await stack.started("case-2", rules=rules)
        reason = await stack.stage("Anna holder op.")
        to = cmd.PartyClaim(person="carl")

        answer = await second.does(cmd.AssignParty, SARA, role=Role.CASEWORKER, to=to, reason=reason)

        assert not answer.refused, answer
        assert await recipients_of(second) == [Address.supervisors("job")]
        assert await recipients_of(first) == []


async def test_a_queue_has_no_caseload(stack: Stack, rules: str) -> None:
    async with stack.working():
        queue = cmd.PartyClaim(unit="job")
        courses = [await stack.started(f"case-{n}", rules=rules, caseworker=queue) for n in range(3)]

        assert [await recipients_of(course) for course in courses] == [[], [], []]
