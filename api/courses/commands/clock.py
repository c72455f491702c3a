"""The clock of a course: whether anything is asked of anybody."""

from typing import Final

from pydantic import Field

from api.courses.commands.representation import command_router
from api.courses.visible import GivenCourse
from api.http.access import Steerer
from api.http.fields import (
    Body,
    Instant,
    PersonalText,
    examples,
)
from api.http.idempotency import CommandDone, GivenSender
from api.http.responses import command_problems
from domain.commands import (
    PauseCourse,
    ResumeCourse,
)

router = command_router("steering")

_PAUSE: Final = {"reason": "Borgeren er på barsel.", "until": "2026-09-01T08:00:00+02:00"}


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
