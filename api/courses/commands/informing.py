"""Informing: briefings asked for, acknowledged and disputed, each by the version that was read (P1, P3)."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Path
from pydantic import Field

from api.courses.commands.reasons import ReasonBody
from api.courses.commands.representation import command_router
from api.courses.visible import GivenCourse
from api.http.access import Reporter, Worker
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices, Services
from api.http.fields import Body, ContentDigest, GateRole, Number, PersonalText, examples
from api.http.idempotency import CommandDone, GivenSender
from api.http.problems import Issue, ProblemError, expect_no, wrong
from api.http.responses import command_problems
from domain.commands import Acknowledge, BriefNow, Dispute, EndDispute, ReadBriefing, TakeBackAcknowledgement
from domain.errors import Code
from domain.identity import GATE_ROLES, Actor, PersonId, Role
from domain.state.briefing import OnBehalfReason
from infra.security.tokens import Claims

router = command_router("informing")

_ACKNOWLEDGEMENT: Final = {"briefing": 1, "version": 2}
_DISPUTE: Final = {"briefing": 1, "version": 2, "reason": "Timetallet er ikke det, vi aftalte."}


_Dispute = Annotated[UUID, Path(description="The dispute's `id` in the course.")]


class BriefNowBody(Body):
    """Which visit to brief about; the only open one when none is named."""

    visit: Number | None = None

    model_config = examples({}, {"visit": 2})


class ReadBody(Body):
    """What was read of a visit's briefing: the version by its number, or the content by its digest."""

    briefing: Number = Field(description="The number of the visit the briefing is about.")
    version: Number | None = None
    digest: ContentDigest | None = Field(
        default=None, description="In the place of `version`, also of what was read before it was issued."
    )


class AcknowledgeBody(ReadBody):
    """The version that was read; a registered cover acknowledges as such, a supervisor for somebody with a reason."""

    also: list[ReadBody] = Field(
        default=[], max_length=20, description="The other open briefings that were read: all are acknowledged, or none."
    )
    role: GateRole | None = None
    on_behalf_of: PersonId | None = Field(
        default=None, description="Known of the registered cover of one holder of a role."
    )
    reason: OnBehalfReason | None = Field(default=None, description="Of a registered cover `absent` without one.")
    acted_by: PersonId | None = Field(
        default=None,
        description="The human who read it, when a system reports it; the municipality must have turned that on.",
    )

    model_config = examples(
        _ACKNOWLEDGEMENT,
        {**_ACKNOWLEDGEMENT, "on_behalf_of": "anna", "reason": "on_leave"},
        {**_ACKNOWLEDGEMENT, "also": [{"briefing": 2, "digest": "0" * 64}]},
    )


class TakeBackBody(Body):
    """The version whose receipt was a slip."""

    briefing: Number = Field(description="The number of the visit the briefing is about.")
    version: Number

    model_config = examples(_ACKNOWLEDGEMENT)


class DisputeBody(Body):
    """What is wrong with the version that was read."""

    briefing: Number = Field(description="The number of the visit the briefing is about.")
    version: Number
    role: GateRole | None = None
    reason: PersonalText

    model_config = examples(_DISPUTE)


@router.post("/v1/courses/{course}/briefings", summary="Brief now", responses=command_problems())
async def brief_now(_caller: Worker, body: BriefNowBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Issue the briefing of a visit before its requirements are met."""
    return await sender.send(course.id, BriefNow(**sender.envelope, visit=body.visit))


@router.post(
    "/v1/courses/{course}/acknowledgements", summary="I have read and understood", responses=command_problems()
)
async def acknowledge(
    _caller: Reporter, body: AcknowledgeBody, course: GivenCourse, services: GivenServices, sender: GivenSender
) -> CommandDone:
    """Acknowledge the current version of a briefing, or of all open ones in one act, by number or digest.

    An older version is refused with the number of the current one and what is different, and nothing is acknowledged.
    A system may report who acknowledged in it, where the municipality has turned that on.
    """
    _expect_named(body)
    via, envelope = None, sender.covering(course.covers).envelope
    if sender.caller.roles == {Role.SYSTEM}:
        via, envelope["actor"] = sender.caller.person, _human_in(body, sender.caller, services)
    elif body.acted_by is not None:
        raise wrong(ApiCode.ONLY_A_SYSTEM, "acted_by")
    command = Acknowledge(
        **envelope,
        briefing=body.briefing,
        version=body.version,
        content_digest=body.digest,
        also=tuple(ReadBriefing(**read.model_dump()) for read in body.also),
        role=Role(body.role) if body.role else None,
        on_behalf_of=body.on_behalf_of,
        on_behalf_reason=body.reason,
        via=via,
    )
    return await sender.send(course.id, command)


@router.post("/v1/courses/{course}/acknowledgements/take-back", summary="That was a slip", responses=command_problems())
async def undo_acknowledgement(
    _caller: Reporter, body: TakeBackBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Take your own receipt back within ten minutes, while the course has not gone on by it; taken back, it is done."""
    command = TakeBackAcknowledgement(**sender.envelope, briefing=body.briefing, version=body.version)
    return await sender.send(course.id, command)


def _expect_named(body: AcknowledgeBody) -> None:
    """Raise ProblemError naming each briefing of which neither a version nor a digest was read."""
    read = {"version": body, **{f"also.{place}.version": other for place, other in enumerate(body.also)}}
    nameless = (field for field, named in read.items() if named.version is None and named.digest is None)
    expect_no(Issue(ApiCode.FIELD_MISSING, field) for field in nameless)


def _human_in(body: AcknowledgeBody, system: Claims, services: Services) -> Actor:
    """Return who acknowledged in a system; raises ProblemError where no system may, and for no name (P1)."""
    if system.municipality not in services.settings.acknowledging_systems:
        raise ProblemError(Code.SYSTEM_CANNOT_ACKNOWLEDGE)
    if body.acted_by is None:
        raise wrong(ApiCode.FIELD_MISSING, "acted_by")
    return Actor(person=body.acted_by, roles=GATE_ROLES)


@router.post("/v1/courses/{course}/disputes", summary="This is not right", responses=command_problems())
async def dispute(_caller: Worker, body: DisputeBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Say that the current version of a briefing is not right; who and why are content of the next version.

    The visit waits until who holds the role acknowledges, a note or facts with `answers` name the dispute, or it is
    ended with a reason; neither a new version nor a hand-over ends it. The same dispute again is answered as done.
    """
    command = Dispute(
        **sender.covering(course.covers).known_by_body(course.id).envelope,
        briefing=body.briefing,
        version=body.version,
        role=Role(body.role) if body.role else None,
        reason=await sender.reason(body.reason),
    )
    return await sender.send(course.id, command)


@router.post(
    "/v1/courses/{course}/disputes/{dispute}/end", summary="The dispute is settled", responses=command_problems()
)
async def end_dispute(
    _caller: Worker, dispute: _Dispute, body: ReasonBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """End a dispute with a reason that both roles are informed of: as its role, a cover or a supervisor."""
    command = EndDispute(
        **sender.covering(course.covers).envelope, dispute=dispute, reason=await sender.reason(body.reason)
    )
    return await sender.send(course.id, command)
