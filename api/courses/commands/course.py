"""The course itself: whom it is about, how it ends, and opening it again."""

from typing import Annotated, Final

from pydantic import Field, StrictBool

from api.courses.commands.reasons import ReasonBody
from api.courses.commands.representation import command_router
from api.courses.visible import GivenCourse
from api.http.access import Allowed, Reporter, Steerer
from api.http.caller import Caller
from api.http.dependencies import GivenServices
from api.http.fields import (
    Body,
    Day,
    Id,
    OneLine,
    PersonalText,
    examples,
)
from api.http.idempotency import CommandDone, GivenSender
from api.http.responses import command_problems
from domain.commands import (
    CloseCourse,
    DescribeCitizen,
    ReopenCourse,
)
from domain.decide.facts import expect_value
from domain.identity import Role
from domain.state.verdict import CLOSING_OUTCOME
from infra.store.registers.texts import TextKind

router = command_router("steering")

_CLOSING: Final = {"outcome": "ordinary_job", "reason": "Karla er ansat på ordinære vilkår."}


class CloseBody(Body):
    """The human decision that ends the course."""

    outcome: Id
    occurred_on: Day | None = Field(default=None, description="When it was decided; today when it is left out.")
    reason: PersonalText

    model_config = examples(_CLOSING)


class CitizenChangeBody(Body):
    """What is known of the citizen from now on, and why."""

    name: OneLine | None = Field(default=None, description="The name stays when it is left out.")
    protected: StrictBool = Field(description="Whether only those who hold the course may read the name.")
    reason: PersonalText

    model_config = examples({"protected": True, "reason": "Navne- og adressebeskyttelse fra den 9. marts."})


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
