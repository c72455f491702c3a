"""Visits: waiving what one requires, opening a left one again, and saying that what is done in one stopped."""

from typing import Annotated, Final

from fastapi import Path
from pydantic import Field

from api.courses.commands.reasons import ReasonBody
from api.courses.commands.representation import command_router
from api.courses.fact_input import expect_stop
from api.courses.visible import GivenCourse, expect_led
from api.http.access import Allowed, Worker
from api.http.caller import Caller
from api.http.dependencies import GivenServices
from api.http.fields import (
    MOST,
    Body,
    Day,
    Id,
    Number,
    PersonalText,
    examples,
)
from api.http.idempotency import CommandDone, GivenSender
from api.http.responses import command_problems
from domain.commands import (
    ReopenVisit,
    StopVisit,
    WaiveRequirement,
    WaiverReason,
)
from domain.identity import GATE_ROLES, Role
from infra.store.registers.texts import TextKind

router = command_router("steering")

_WAIVER: Final = {
    "requirement": "is_agreed",
    "ground": "done_elsewhere",
    "reason": "Aftalt på et møde i en anden forvaltning.",
}


_Visit = Annotated[int, Path(ge=1, le=MOST, description="The number of the visit in its course.")]


class WaiverBody(Body):
    """Which requirement is waived, on what ground, and why in words."""

    requirement: Id
    visit: Number | None = None
    ground: WaiverReason
    reason: PersonalText

    model_config = examples(_WAIVER)


@router.post("/v1/courses/{course}/waivers", summary="Waive a requirement", responses=command_problems())
async def waive(
    caller: Worker, body: WaiverBody, course: GivenCourse, services: GivenServices, sender: GivenSender
) -> CommandDone:
    """Waive a named requirement for one visit, as the roles that its rule set lets do so.

    The law is never waived, nor that both roles are informed (P1).
    """
    if caller.roles.isdisjoint(GATE_ROLES):
        expect_led(caller, course, services.clock.now())
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
    visit: _Visit,
    body: ReasonBody,
    course: GivenCourse,
    sender: GivenSender,
) -> CommandDone:
    """Open a left visit again, because its outcome was wrong."""
    reason = await sender.reason(body.reason)
    return await sender.send(course.id, ReopenVisit(**sender.envelope, visit=visit, reason=reason))


class StopBody(Body):
    """The last day, who stopped it, and why in words."""

    last_day: Day
    by: Id = Field(description="A value of the fact that the rules of the step name for it.")
    note: PersonalText

    model_config = examples(
        {"last_day": "2026-10-06", "by": "citizen", "note": "Ryggen kunne ikke holde til de tunge kasser."}
    )


@router.post("/v1/courses/{course}/visits/{visit}/stop", summary="Stop a visit", responses=command_problems())
async def stop_visit(
    caller: Worker,
    visit: _Visit,
    body: StopBody,
    course: GivenCourse,
    services: GivenServices,
    sender: GivenSender,
) -> CommandDone:
    """Say in one act that a trial or paid hours stopped: the facts and the note that the rules of the step name for it.

    Both roles are told at once, follow-ups and later appointments are called off, and the gate asks for what was
    learned and for what now.
    """
    open_visit = course.state.visit(visit)
    if open_visit is not None:
        book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
        expect_stop(book, open_visit.step, body.last_day, body.by)
    note = await sender.stage(TextKind.NOTE, body.note)
    command = StopVisit(**sender.envelope, visit=visit, last_day=body.last_day, stopped_by=body.by, note=note)
    return await sender.send(course.id, command)
