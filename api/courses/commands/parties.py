"""Who holds the course, and who observes it."""

from typing import Annotated, Final

from fastapi import Path
from pydantic import Field

from api.courses.commands.reasons import ReasonBody
from api.courses.commands.representation import command_router
from api.courses.role_holders import expect_role
from api.courses.visible import GivenCourse, LedCourse, expect_led
from api.http.access import Registrar, Reporter, expect_may_assign
from api.http.dependencies import GivenServices
from api.http.fields import (
    Body,
    GateRole,
    Holder,
    PersonalText,
    PersonInPath,
    examples,
)
from api.http.idempotency import CommandDone, GivenSender
from api.http.responses import command_problems
from domain.commands import (
    AddObserver,
    AssignParty,
    RemoveObserver,
    SeparateRoles,
    ShareRoles,
)
from domain.identity import GATE_ROLES, PersonId, Role
from domain.state.observers import ObserverKind

router = command_router("steering")

_HAND_OVER: Final = {"person": "bo", "reason": "Anna har fået andre opgaver."}


class AssignBody(Holder):
    """Who shall hold the role; a reason is needed when it is taken from a person."""

    reason: PersonalText | None = None
    citizen_told_by: GateRole | None = Field(default=None, description="The role that tells the citizen of it.")

    model_config = examples({**_HAND_OVER, "citizen_told_by": "company_consultant"}, {"unit": "virksomhed"})


class ShareBody(Body):
    """Who shall have both roles, and why one person has."""

    person: PersonId
    reason: PersonalText

    model_config = examples({"person": "anna", "reason": "Holdet har kun én medarbejder i begge roller."})


class SeparateBody(Holder):
    """Which of the roles is given to whom, and why."""

    role: GateRole
    reason: PersonalText

    model_config = examples({"role": "company_consultant", "person": "bo", "reason": "Bo er ansat fra den 9. marts."})


class ObserverBody(Body):
    """As what somebody observes, and why."""

    kind: ObserverKind
    reason: PersonalText

    model_config = examples({"kind": "mentor", "reason": "Mentor efter aftale med borgeren den 9. marts."})


@router.put("/v1/courses/{course}/parties/{role}", summary="Assign, take or hand over", responses=command_problems())
async def assign_party(
    role: Annotated[GateRole, Path(description="The role that is given.")],
    body: AssignBody,
    course: GivenCourse,
    services: GivenServices,
    caller: Reporter,
    sender: GivenSender,
) -> CommandDone:
    """Give a role to a person or to a unit's queue. A hand-over makes the new holder read what the former one had.

    Who works in neither role does it as a leader of the unit of the course.
    """
    expect_may_assign(course.roles, Role(role))
    if course.roles.isdisjoint(GATE_ROLES):
        expect_led(caller, course, services.clock.now())
    async with services.store.municipality(caller.municipality) as connection:
        await expect_role(connection, Role(role), body.person)
    reason = await sender.reason(body.reason) if body.reason else None
    told_by = Role(body.citizen_told_by) if body.citizen_told_by else None
    command = AssignParty(**sender.envelope, role=Role(role), to=body.claim, reason=reason, citizen_told_by=told_by)
    return await sender.send(course.id, command)


@router.post("/v1/courses/{course}/shared-role", summary="Let one person have both roles", responses=command_problems())
async def share_roles(
    body: ShareBody, course: LedCourse, services: GivenServices, caller: Registrar, sender: GivenSender
) -> CommandDone:
    """Give both roles to one person, who is informed once from now on; the reason stands in the journal."""
    async with services.store.municipality(caller.municipality) as connection:
        for role in GATE_ROLES:
            await expect_role(connection, role, body.person)
    reason = await sender.reason(body.reason)
    return await sender.send(course.id, ShareRoles(**sender.envelope, person=body.person, reason=reason))


@router.post("/v1/courses/{course}/shared-role/end", summary="Let two have them again", responses=command_problems())
async def separate_roles(
    body: SeparateBody, course: LedCourse, services: GivenServices, caller: Registrar, sender: GivenSender
) -> CommandDone:
    """Give one of the roles to somebody else; both are informed from now on."""
    role = Role(body.role)
    async with services.store.municipality(caller.municipality) as connection:
        await expect_role(connection, role, body.person)
    reason = await sender.reason(body.reason)
    return await sender.send(course.id, SeparateRoles(**sender.envelope, role=role, to=body.claim, reason=reason))


@router.put("/v1/courses/{course}/observers/{person}", summary="Let somebody observe", responses=command_problems())
async def add_observer(
    _caller: Reporter, person: PersonInPath, body: ObserverBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Let somebody follow the course: read it, add notes, and report the facts that the rules let observers report.

    An observer is never waited for, and nothing waits for what an observer does.
    """
    reason = await sender.reason(body.reason)
    command = AddObserver(**sender.envelope, person=person, observer_kind=body.kind, reason=reason)
    return await sender.send(course.id, command)


@router.post("/v1/courses/{course}/observers/{person}/remove", summary="End observing", responses=command_problems())
async def remove_observer(
    _caller: Reporter, person: PersonInPath, body: ReasonBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Let somebody follow the course no longer."""
    reason = await sender.reason(body.reason)
    return await sender.send(course.id, RemoveObserver(**sender.envelope, person=person, reason=reason))
