"""The citizen himself: what he is called, and whether his name is protected."""

from fastapi import APIRouter
from pydantic import Field, StrictBool

from api.courses.visible import GivenCourse
from api.http.fields import Body, Name, Words, examples
from api.http.idempotency import CommandDone, GivenSender
from api.http.responses import command_problems
from domain.commands import DescribeCitizen
from infra.store.registers.texts import ContentKind

router = APIRouter(tags=["steering"])


class CitizenChangeBody(Body):
    """What is known of the citizen from now on, and why."""

    name: Name | None = Field(default=None, description="The name stays when it is left out.")
    protected: StrictBool = Field(description="Whether only those who hold the course may read the name.")
    reason: Words

    model_config = examples({"protected": True, "reason": "Navne- og adressebeskyttelse fra den 9. marts."})


@router.put("/v1/courses/{course}/citizen", summary="Describe the citizen", responses=command_problems())
async def describe_citizen(body: CitizenChangeBody, course: GivenCourse, sender: GivenSender) -> CommandDone:
    """Give the citizen another name, or protect the name: then the parties and their cover alone read it.

    Those who answer for data protection read it too. It stands in no list, no inbox, no feed and no document.
    """
    name = await sender.stage(ContentKind.CITIZEN_NAME, body.name) if body.name else None
    reason = await sender.reason(body.reason)
    command = DescribeCitizen(**sender.envelope, citizen_text=name, protected=body.protected, reason=reason)
    return await sender.send(course.id, command)
