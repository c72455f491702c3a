"""Answering whether there is a good story, approving one, and removing one for good (P10, P14)."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from api.courses.commands.representation import command_router
from api.courses.visible import GivenCourse
from api.http.access import Allowed, Supervisor, Worker, expect_governs
from api.http.caller import Caller, reach_of
from api.http.dependencies import GivenServices, Services
from api.http.idempotency import CommandDone, GivenSender
from api.http.problems import ProblemError
from api.http.responses import command_problems
from api.stories.fields import AnswerStoryBody, fields_of
from domain.commands import AnswerStory, ApproveStory, RemoveStory
from domain.errors import Code
from domain.identity import Role
from domain.reach import Reach
from infra.store.queries.stories import StoryPlace, story_place
from infra.store.registers.texts import TextKind

router = command_router("stories")

_Story = Annotated[UUID, Path(description="The story, as the list names it.")]


@router.post("/v1/courses/{course}/story", summary="Is there a good story?", responses=command_problems())
async def answer_story(
    caller: Annotated[Caller, Allowed(Role.CASEWORKER, Role.COMPANY_CONSULTANT)],
    body: AnswerStoryBody,
    course: GivenCourse,
    services: GivenServices,
    sender: GivenSender,
) -> CommandDone:
    """Tell a good story in closed fields, once in a course, or say no thanks; the rules name the role that is asked.

    Who covers for its holder today may answer too.
    Hours a week and weeks since day one follow from the course, as bands, and so does the workplace where the company
    agreed to be named.
    """
    story = None
    if body.story is not None:
        book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
        fields = fields_of(body.story, course.state, book)
        story = await sender.stage(TextKind.STORY, fields.model_dump_json(exclude_none=True))
    sender = sender.covering(course.covers).known_by_body(course.id)
    return await sender.send(course.id, AnswerStory(**sender.envelope, story=story))


@router.post("/v1/stories/{story}/approve", summary="Let the unit read it", responses=command_problems())
async def approve_story(caller: Supervisor, story: _Story, services: GivenServices, sender: GivenSender) -> CommandDone:
    """Let the unit read a story of another, also of a course that is closed meanwhile; once more changes nothing."""
    reach = reach_of(caller, services.clock.now())
    place = await _place(services, caller.municipality, reach, story)
    expect_governs(reach, "story", place.unit)
    return await sender.send(place.course_id, ApproveStory(**sender.in_unit(place.unit).envelope, story=story))


@router.post("/v1/stories/{story}/remove", summary="Remove it for good", responses=command_problems())
async def remove_story(caller: Worker, story: _Story, services: GivenServices, sender: GivenSender) -> CommandDone:
    """Remove a story for good, as who told it or as a leader of the unit; removing it again changes nothing."""
    reach = reach_of(caller, services.clock.now())
    place = await _place(services, caller.municipality, reach, story)
    if place.by != caller.person:
        expect_governs(reach, "story", place.unit)
    return await sender.send(place.course_id, RemoveStory(**sender.in_unit(place.unit).envelope, story=story))


async def _place(services: Services, municipality: str, reach: Reach, story: UUID) -> StoryPlace:
    """Return where a story is; raises ProblemError 404 when it does not exist for the caller."""
    async with services.store.municipality(municipality) as connection:
        place = await story_place(connection, reach, story)
    if place is None:
        raise ProblemError(Code.STORY_NOT_FOUND)
    return place
