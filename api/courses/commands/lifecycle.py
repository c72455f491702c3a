"""Steering: who holds the course, how its clock runs, what is waived, and how it ends."""

from typing import Annotated, Final

from fastapi import APIRouter, Path
from pydantic import Field, StrictBool

from api.courses.commands.facts_and_notes import ReasonBody
from api.courses.start.routes import expect_role
from api.courses.visible import GivenCourse
from api.http.access import Allowed, Reporter, Steerer, Supervisor, expect_may_assign
from api.http.caller import Caller
from api.http.dependencies import GivenServices
from api.http.fields import (
    MOST,
    Body,
    Day,
    GateRole,
    Holder,
    Id,
    Instant,
    Name,
    Number,
    PersonalText,
    PersonInPath,
    examples,
)
from api.http.idempotency import CommandDone, GivenSender
from api.http.responses import command_problems
from domain.commands import (
    AddObserver,
    AssignParty,
    CloseCourse,
    DescribeCitizen,
    PauseCourse,
    RemoveObserver,
    ReopenCourse,
    ReopenVisit,
    ResumeCourse,
    WaiveRequirement,
    WaiverReason,
)
from domain.decide.facts import expect_value
from domain.identity import Role
from domain.state.observers import ObserverKind
from domain.state.verdict import CLOSING_OUTCOME
from infra.store.registers.texts import TextKind

router = APIRouter(tags=["steering"])

_HAND_OVER: Final = {"person": "bo", "reason": "Anna har fået andre opgaver."}
_PAUSE: Final = {"reason": "Borgeren er på barsel.", "until": "2026-09-01T08:00:00+02:00"}
_WAIVER: Final = {
    "requirement": "is_agreed",
    "ground": "done_elsewhere",
    "reason": "Aftalt på et møde i en anden forvaltning.",
}
_CLOSING: Final = {"outcome": "job", "reason": "Karla er ansat på ordinære vilkår."}


class AssignBody(Holder):
    """Who shall hold the role; a reason is needed when it is taken from a person."""

    reason: PersonalText | None = None

    model_config = examples(_HAND_OVER, {"unit": "virksomhed"})


class PauseBody(Body):
    """Why the clock stands still, from an earlier instant if so, and until when if that is known."""

    reason: PersonalText
    from_: Instant | None = Field(default=None, alias="from")
    until: Instant | None = None

    model_config = examples(_PAUSE)


class ResumeBody(Body):
    """Why the clock runs again, if there is anything to say."""

    reason: PersonalText | None = None

    model_config = examples({}, {"reason": "Borgeren er tilbage."})


class WaiverBody(Body):
    """Which requirement is waived, on what ground, and why in words."""

    requirement: Id
    visit: Number | None = None
    ground: WaiverReason
    reason: PersonalText

    model_config = examples(_WAIVER)


class CloseBody(Body):
    """The human decision that ends the course."""

    outcome: Id
    occurred_on: Day | None = Field(default=None, description="When it was decided; today when it is left out.")
    reason: PersonalText

    model_config = examples(_CLOSING)


@router.put("/v1/courses/{course}/parties/{role}", summary="Assign, take or hand over", responses=command_problems())
async def assign_party(
    role: Annotated[GateRole, Path(description="The role that is given.")],
    body: AssignBody,
    course: GivenCourse,
    services: GivenServices,
    caller: Reporter,
    sender: GivenSender,
) -> CommandDone:
    """Give a role to a person or to a unit's queue. A hand-over makes the new holder read what the former one had."""
    expect_may_assign(caller, Role(role))
    async with services.store.municipality(caller.municipality) as connection:
        await expect_role(connection, Role(role), body.person)
    reason = await sender.reason(body.reason) if body.reason else None
    return await sender.send(course.id, AssignParty(**sender.envelope, role=Role(role), to=body.claim, reason=reason))


@router.post("/v1/courses/{course}/pause", summary="Stop the clock", responses=command_problems())
async def pause(_caller: Steerer, body: PauseBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Stop the clock of the course; nothing is asked of anybody until it runs again."""
    reason = await sender.reason(body.reason)
    return await sender.send(
        course.id, PauseCourse(**sender.envelope, reason=reason, since=body.from_, until=body.until)
    )


@router.post("/v1/courses/{course}/resume", summary="Let the clock run", responses=command_problems())
async def resume(_caller: Steerer, body: ResumeBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Let the clock of the course run again."""
    reason = await sender.reason(body.reason) if body.reason else None
    return await sender.send(course.id, ResumeCourse(**sender.envelope, reason=reason))


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


@router.post("/v1/courses/{course}/close", summary="Close the course", responses=command_problems())
async def close(
    body: CloseBody, course: GivenCourse, services: GivenServices, caller: Reporter, sender: GivenSender
) -> CommandDone:
    """Record the human decision that ends the course; it is closed when both roles are informed of it (P9)."""
    book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
    expect_value(book, CLOSING_OUTCOME, body.outcome, "outcome")
    command = CloseCourse(
        **sender.envelope,
        outcome=body.outcome,
        occurred_on=body.occurred_on,
        reason=await sender.reason(body.reason),
    )
    return await sender.send(course.id, command)


@router.post("/v1/courses/{course}/reopen", summary="Reopen the course", responses=command_problems())
async def reopen_course(
    _caller: Annotated[Caller, Allowed(Role.CASEWORKER, Role.SUPERVISOR)],
    body: ReasonBody,
    course: GivenCourse,
    sender: GivenSender,
) -> CommandDone:
    """Open a closed course again at its last visit, because closing it was wrong."""
    reason = await sender.reason(body.reason)
    return await sender.send(course.id, ReopenCourse(**sender.envelope, reason=reason))


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


class ObserverBody(Body):
    """As what somebody observes, and why he may."""

    kind: ObserverKind
    reason: PersonalText

    model_config = examples({"kind": "mentor", "reason": "Mentor efter aftale med borgeren den 9. marts."})


@router.put("/v1/courses/{course}/observers/{person}", summary="Let somebody observe", responses=command_problems())
async def add_observer(
    _caller: Reporter, person: PersonInPath, body: ObserverBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Let somebody follow the course: read it, add notes, and report the facts that the rules let observers report.

    An observer is never waited for, and nothing waits for what he does.
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


class CitizenChangeBody(Body):
    """What is known of the citizen from now on, and why."""

    name: Name | None = Field(default=None, description="The name stays when it is left out.")
    protected: StrictBool = Field(description="Whether only those who hold the course may read the name.")
    reason: PersonalText

    model_config = examples({"protected": True, "reason": "Navne- og adressebeskyttelse fra den 9. marts."})


@router.put("/v1/courses/{course}/citizen", summary="Describe the citizen", responses=command_problems())
async def describe_citizen(
    _caller: Steerer, body: CitizenChangeBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Give the citizen another name, or protect the name: then the parties and their cover alone read it.

    Those who answer for data protection read it too. It stands in no list, no inbox, no feed and no document.
    """
    name = await sender.stage(TextKind.CITIZEN_NAME, body.name) if body.name else None
    reason = await sender.reason(body.reason)
    command = DescribeCitizen(**sender.envelope, citizen_text=name, protected=body.protected, reason=reason)
    return await sender.send(course.id, command)
