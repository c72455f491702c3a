"""Observers: who follows a course without a role in it, and gates nothing."""

from fastapi import APIRouter

from api.courses.commands.facts_and_notes import ReasonBody
from api.courses.visible import GivenCourse
from api.http.fields import Body, Words, examples
from api.http.idempotency import CommandDone, GivenSender
from api.http.responses import command_problems
from api.path_names import PersonInPath
from domain.commands import AddObserver, RemoveObserver
from domain.state.observers import ObserverKind

router = APIRouter(tags=["steering"])


class ObserverBody(Body):
    """As what somebody observes, and why he may."""

    kind: ObserverKind
    reason: Words

    model_config = examples({"kind": "mentor", "reason": "Mentor efter aftale med borgeren den 9. marts."})


@router.put("/v1/courses/{course}/observers/{person}", summary="Let somebody observe", responses=command_problems())
async def add_observer(
    person: PersonInPath, body: ObserverBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Let somebody follow the course: read it, add notes, and report the facts that the rules let observers report.

    An observer is never waited for, and nothing waits for what he does.
    """
    reason = await sender.reason(body.reason)
    command = AddObserver(**sender.envelope, person=person, observer_kind=body.kind, reason=reason)
    return await sender.send(course.id, command)


@router.post("/v1/courses/{course}/observers/{person}/remove", summary="End observing", responses=command_problems())
async def remove_observer(
    person: PersonInPath, body: ReasonBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Let somebody follow the course no longer."""
    reason = await sender.reason(body.reason)
    return await sender.send(course.id, RemoveObserver(**sender.envelope, person=person, reason=reason))
