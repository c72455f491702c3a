"""Waits: who is asked answers on whom he waits, and until when."""

from typing import Annotated, Final

from fastapi import Path

from api.courses.commands.representation import command_router
from api.courses.visible import GivenCourse
from api.http.access import Worker
from api.http.fields import Body, Day, PersonalText, examples
from api.http.idempotency import CommandDone, GivenSender
from api.http.responses import command_problems
from domain.commands import AnswerWait
from domain.state.waiting import WaitingOn

router = command_router("informing")

_ANSWER: Final = {"waiting_on": "company", "until": "2026-09-18", "note": "De ringer, når vagtplanen er klar."}


class AnswerBody(Body):
    """On whom somebody waits, and the day on which reminders begin again: ten working days ahead at most."""

    waiting_on: WaitingOn
    until: Day
    note: PersonalText | None = None

    model_config = examples(_ANSWER)


@router.post("/v1/courses/{course}/waits/{key:path}/answer", summary="I wait on somebody", responses=command_problems())
async def answer_wait(
    _caller: Worker,
    key: Annotated[str, Path(description="The wait: its `key` in the course.")],
    body: AnswerBody,
    course: GivenCourse,
    sender: GivenSender,
) -> CommandDone:
    """Say on whom you wait and until which day: reminders begin again then, and the deadline itself does not move.

    Those who are asked answer a wait twice at most, then a supervisor does; the other role is told.
    """
    answers = (wait.answer for wait in course.state.waiting if str(wait.key) == key)
    said = [answer.reason for answer in answers if answer is not None and answer.reason is not None]
    reason = await sender.reason(body.note, said) if body.note else None
    envelope = sender.covering(course.covers).envelope
    command = AnswerWait(**envelope, waiting=key, waiting_on=body.waiting_on, until=body.until, reason=reason)
    return await sender.send(course.id, command)
