"""Visits: waiving what one requires, and opening a left one again."""

from typing import Annotated, Final

from fastapi import Path

from api.courses.commands.reasons import ReasonBody
from api.courses.commands.representation import command_router
from api.courses.visible import GivenCourse
from api.http.access import Allowed, Supervisor
from api.http.caller import Caller
from api.http.fields import (
    MOST,
    Body,
    Id,
    Number,
    PersonalText,
    examples,
)
from api.http.idempotency import CommandDone, GivenSender
from api.http.responses import command_problems
from domain.commands import (
    ReopenVisit,
    WaiveRequirement,
    WaiverReason,
)
from domain.identity import Role

router = command_router("steering")

_WAIVER: Final = {
    "requirement": "is_agreed",
    "ground": "done_elsewhere",
    "reason": "Aftalt på et møde i en anden forvaltning.",
}


class WaiverBody(Body):
    """Which requirement is waived, on what ground, and why in words."""

    requirement: Id
    visit: Number | None = None
    ground: WaiverReason
    reason: PersonalText

    model_config = examples(_WAIVER)


@router.post("/v1/courses/{course}/waivers", summary="Waive a requirement", responses=command_problems())
async def waive(_caller: Supervisor, body: WaiverBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Waive a named requirement for one visit; that both roles are informed cannot be waived (P1)."""
    command = WaiveRequirement(
        **sender.envelope,
        requirement=body.requirement,
        visit=body.visit,
        waiver=body.ground,
        reason=await sender.reason(body.reason),
    )
    return await sender.send(course.id, command)


@router.post("/v1/courses/{course}/visits/{visit}/reopen", summary="Reopen a visit", responses=command_problems())
async def reopen_visit(
    _caller: Annotated[Caller, Allowed(Role.CASEWORKER, Role.SUPERVISOR)],
    visit: Annotated[int, Path(ge=1, le=MOST, description="The number of the visit in its course.")],
    body: ReasonBody,
    course: GivenCourse,
    sender: GivenSender,
) -> CommandDone:
    """Open a left visit again, because its outcome was wrong."""
    reason = await sender.reason(body.reason)
    return await sender.send(course.id, ReopenVisit(**sender.envelope, visit=visit, reason=reason))
