"""Informing: briefings asked for, acknowledged and disputed, each by the version that was read (P1, P3)."""

from typing import Final

from fastapi import APIRouter
from pydantic import Field

from api.bodies import Body, GateRole, Number, Words, examples
from api.courses.seen import GivenCourse
from api.docs import command_problems
from api.sending import CommandDone, GivenSender
from domain.briefing import OnBehalfReason
from domain.commands import Acknowledge, BriefNow, Dispute
from domain.identity import PersonId, Role

router = APIRouter(tags=["informing"])

_ACKNOWLEDGEMENT: Final = {"briefing": 1, "version": 2}
_DISPUTE: Final = {"briefing": 1, "version": 2, "reason": "Timetallet er ikke det, vi aftalte."}


class BriefNowBody(Body):
    """Which visit to brief about; the only open one when none is named."""

    visit: Number | None = None

    model_config = examples({}, {"visit": 2})


class AcknowledgeBody(Body):
    """The version that was read; somebody absent is acknowledged for by his cover or a supervisor, with a reason."""

    briefing: Number = Field(description="The number of the visit the briefing is about.")
    version: Number
    role: GateRole | None = None
    on_behalf_of: PersonId | None = None
    reason: OnBehalfReason | None = None

    model_config = examples(_ACKNOWLEDGEMENT, {**_ACKNOWLEDGEMENT, "on_behalf_of": "anna", "reason": "on_leave"})


class DisputeBody(Body):
    """What is wrong with the version that was read."""

    briefing: Number = Field(description="The number of the visit the briefing is about.")
    version: Number
    role: GateRole | None = None
    reason: Words

    model_config = examples(_DISPUTE)


@router.post("/v1/courses/{course}/briefings", summary="Brief now", responses=command_problems())
async def brief_now(body: BriefNowBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Issue the briefing of a visit before its requirements are met."""
    return await sender.send(course.id, BriefNow(**sender.envelope, visit=body.visit))


@router.post(
    "/v1/courses/{course}/acknowledgements", summary="I have read and understood", responses=command_problems()
)
async def acknowledge(body: AcknowledgeBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Acknowledge the current version of a briefing; an older version is refused with the number of the current one."""
    command = Acknowledge(
        **sender.covering(course.covers).envelope,
        briefing=body.briefing,
        version=body.version,
        role=Role(body.role) if body.role else None,
        on_behalf_of=body.on_behalf_of,
        on_behalf_reason=body.reason,
    )
    return await sender.send(course.id, command)


@router.post("/v1/courses/{course}/disputes", summary="This is not right", responses=command_problems())
async def dispute(body: DisputeBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Say that the current version of a briefing is not right; the visit waits until both agree."""
    command = Dispute(
        **sender.envelope,
        briefing=body.briefing,
        version=body.version,
        role=Role(body.role) if body.role else None,
        reason=await sender.reason(body.reason),
    )
    return await sender.send(course.id, command)
