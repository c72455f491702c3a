"""Meetings: a role says that it cannot come to one, or can after all."""

from typing import Annotated, Any, Final

from fastapi import Path
from pydantic import Field

from api.courses.commands.representation import command_router
from api.courses.visible import GivenCourse
from api.http.access import Worker
from api.http.fields import Body, GateRole, Id, Instant, Number, PersonalText, examples
from api.http.idempotency import CommandDone, GivenSender
from api.http.responses import command_problems
from domain.commands import AcceptAppointment, DeclineAppointment
from domain.identity import Role

router = command_router("appointments")

_Appointment = Annotated[Id, Path(description="The meeting's `id` in its visit.")]
_DECLINE: Final = {"another_time": "2026-09-16T10:00:00+02:00", "note": "Jeg er på kursus den dag."}


class AcceptBody(Body):
    """Which visit's meeting it is, and which role, where that is not plain."""

    visit: Number | None = Field(default=None, description="Known where one open visit alone plans such a meeting.")
    role: GateRole | None = Field(
        default=None, description="Known of who holds one role, and of the cover of one holder."
    )

    model_config = examples({}, {"visit": 2})


class DeclineBody(AcceptBody):
    """Perhaps another time, and perhaps a word."""

    another_time: Instant | None = Field(default=None, description="Yet to come, a year ahead at most.")
    note: PersonalText | None = None

    model_config = examples({}, _DECLINE)


@router.post(
    "/v1/courses/{course}/appointments/{appointment}/decline", summary="I cannot come", responses=command_problems()
)
async def decline_appointment(
    caller: Worker, appointment: _Appointment, body: DeclineBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Say that you cannot come to a meeting, as holder of a role or its cover; the other role is told at once.

    The meeting stands, nothing waits for it, and one that is moved is asked anew.
    """
    meetings = (visit.appointment(appointment) for visit in course.state.open_visits)
    declines = (one for meeting in meetings if meeting is not None for one in meeting.declines)
    said = [one.reason for one in declines if one.reason is not None and one.by == caller.person]
    reason = await sender.reason(body.note, said) if body.note else None
    named = _named(appointment, body)
    envelope = sender.covering(course.covers).envelope
    command = DeclineAppointment(**envelope, **named, another_time=body.another_time, reason=reason)
    return await sender.send(course.id, command)


@router.post(
    "/v1/courses/{course}/appointments/{appointment}/accept",
    summary="I can come after all",
    responses=command_problems(),
)
async def accept_appointment(
    _caller: Worker, appointment: _Appointment, body: AcceptBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Say that you can come to a meeting after all; who was told otherwise is told at once."""
    envelope = sender.covering(course.covers).envelope
    return await sender.send(course.id, AcceptAppointment(**envelope, **_named(appointment, body)))


def _named(appointment: str, body: AcceptBody) -> dict[str, Any]:
    return {"appointment": appointment, "visit": body.visit, "role": Role(body.role) if body.role else None}
