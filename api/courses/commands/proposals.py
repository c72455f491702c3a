"""What a citizen's former course knew: the caseworker goes through it with the citizen, in as many acts as it takes."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from api.courses.commands.representation import command_router
from api.courses.read.former import FormerCourse, former_course
from api.courses.visible import GivenCourse
from api.http.access import Allowed
from api.http.caller import Caller
from api.http.dependencies import GivenServices
from api.http.fields import Body, examples
from api.http.idempotency import CommandDone, GivenSender, Sender
from api.http.problems import wrong
from api.http.responses import command_problems
from domain.commands import ReviewProposals
from domain.errors import Code
from domain.identity import Role
from domain.state.proposals import DropGround, DroppedProposal, KeptProposal
from infra.store.registers.texts import TextKind

router = command_router("reporting")

_MOST: Final = 400
"""How many proposals a course can have at most: as many notes and lessons as it carries."""

_PROPOSAL: Final = "0b6f2a34-3c58-4f0e-9d0c-6a3f0c5e7a11"


class Drop(Body):
    """A proposal that is dropped, and on what ground."""

    proposal: UUID
    ground: Literal[DropGround.NO_LONGER_TRUE, DropGround.WAS_WRONG, DropGround.NOT_RELEVANT]


class ProposalsBody(Body):
    """Which proposals are kept, as notes of this course, and which are dropped; what is not named is left for later."""

    keep: tuple[UUID, ...] = Field(default=(), max_length=_MOST)
    drop: tuple[Drop, ...] = Field(default=(), max_length=_MOST)

    model_config = examples({"keep": [_PROPOSAL], "drop": []})


@router.post(
    "/v1/courses/{course}/proposals", summary="Go through what the former course knew", responses=command_problems()
)
async def review_proposals(
    caller: Annotated[Caller, Allowed(Role.CASEWORKER, Role.SUPERVISOR)],
    body: ProposalsBody,
    course: GivenCourse,
    services: GivenServices,
    sender: GivenSender,
) -> CommandDone:
    """Keep some of what `former` of the course proposes and drop the rest, as the citizen says.

    What is kept becomes a note of this course, knowledge in every later briefing, with what it was there as `former`.
    What was gone through before stays as it was decided, and what the former course has no longer is dropped.
    """
    former = await former_course(services, caller.municipality, course, "da")
    keep = [await _kept(proposal, former, sender) for proposal in body.keep]
    known = {each.id for each in former.proposals} if former else set()
    gone = [each for each in course.state.open_proposals if each not in known]
    dropped = [DroppedProposal(proposal=each.proposal, ground=each.ground) for each in body.drop]
    dropped += [DroppedProposal(proposal=each, ground=DropGround.ERASED) for each in gone]
    return await sender.send(course.id, ReviewProposals(**sender.envelope, keep=tuple(keep), drop=tuple(dropped)))


async def _kept(proposal: UUID, former: FormerCourse | None, sender: Sender) -> KeptProposal:
    """Stage a proposal's words as a note of the new course; raises ProblemError where there are none."""
    known = next((each for each in former.proposals if each.id == proposal), None) if former else None
    words = former.words_to_keep(known) if former and known else None
    if known is None or words is None:
        raise wrong(Code.PROPOSAL_UNKNOWN, "keep")
    note = await sender.stage(TextKind.NOTE, words)
    return KeptProposal(note=note, note_kind=known.kind, audience=known.audience, former=known.former)
