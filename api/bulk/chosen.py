"""Takes or pauses chosen courses: first a dry run by the decider itself, and then a command to each course."""

from asyncio import sleep
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response
from pydantic import Field, StrictBool

from api.bulk.models import BulkActRead
from api.bulk.ordering import is_ordered, order, part_for
from api.bulk.routes import ordered
from api.http.access import Supervisor
from api.http.caller import reach_of
from api.http.fields import Body, Instant, PersonalText, examples
from api.http.idempotency import Envelope, GivenSender, Sender
from api.http.problems import Issue, ProblemDocument, expect_no, problem_document, refused
from api.http.read_model import ReadModel
from api.http.responses import problems
from domain.commands import Command, PauseCourse, TakeEscalation
from domain.decide import decide
from domain.errors import Code, Problem, RefusedError, refuse
from domain.state.course import CourseState
from infra.store.bulk_rows import BulkKind
from infra.store.engine import Connection
from infra.store.queries import courses
from infra.store.registers import texts
from infra.store.registers.bulk_acts import Order
from infra.store.registers.texts import TextKind

router = APIRouter(tags=["bulk acts"])

_MOST: Final = 200
"""How many courses are chosen at most, for each is decided beforehand."""
_COURSES: Final = {"courses": ["5d4f0f57-6d0c-5a0b-9d56-0d1f6a1c2b3e"]}
_LOOK: Final = {**_COURSES, "look_again_at": "2026-09-14T09:00:00+02:00"}
_PAUSE: Final = {**_COURSES, "until": "2026-09-01T08:00:00+02:00"}


class _Chosen(Body):
    courses: Annotated[list[UUID], Field(min_length=1, max_length=_MOST)]


class TakesPlanBody(_Chosen):
    """Which courses' foremost waits a supervisor would take, and when to look again, as with one of them."""

    look_again_at: Instant | None = None
    take_over: StrictBool = Field(default=False, description="Take them although another supervisor has them.")

    model_config = examples(_COURSES, _LOOK)


class TakesBody(TakesPlanBody):
    """Waits that a supervisor takes, and what is done about them."""

    comment: PersonalText

    model_config = examples({**_LOOK, "comment": "Jeg taler med Bo om dem alle i dag."})


class PausesPlanBody(_Chosen):
    """Which courses' clocks would be stopped, and until when if that is known."""

    until: Instant | None = None

    model_config = examples(_COURSES, _PAUSE)


class PausesBody(PausesPlanBody):
    """Courses whose clocks are stopped, and why."""

    reason: PersonalText

    model_config = examples({**_PAUSE, "reason": "Kurset holder sommerferie."})


class ChosenCourse(ReadModel):
    """A course that was chosen, and why it could not be done there, if so."""

    course: UUID
    reference: str
    problem: ProblemDocument | None


class ChosenPlan(ReadModel):
    """What a command to each chosen course would meet, as the courses stand now."""

    courses: list[ChosenCourse]


Make = Callable[[CourseState, Envelope, UUID], Command]
"""Makes the command to a course, as it stands, with an envelope and the id of the words; raises RefusedError."""


@router.post("/v1/takes/plan", summary="What would taking them meet?", responses=problems(404, with_body=True))
async def plan_takes(body: TakesPlanBody, request: Request, _caller: Supervisor, sender: GivenSender) -> ChosenPlan:
    """Say of each chosen course whether its foremost wait could be taken; writes nothing."""
    return await _plan(request, sender, body.courses, _take(body))


@router.post("/v1/takes", summary="Take many waits", status_code=202, responses=problems(404, with_body=True))
async def take_chosen(body: TakesBody, response: Response, _caller: Supervisor, sender: GivenSender) -> BulkActRead:
    """Order that the foremost wait of each chosen course is taken, by a command to each of them.

    `Location` says where to read how far it has come. A repeat with the same `Idempotency-Key` orders nothing more.
    """
    return await _order(response, sender, BulkKind.TAKE, body.courses, _take(body), body.comment)


@router.post("/v1/pauses/plan", summary="What would pausing them meet?", responses=problems(404, with_body=True))
async def plan_pauses(body: PausesPlanBody, request: Request, _caller: Supervisor, sender: GivenSender) -> ChosenPlan:
    """Say of each chosen course whether its clock could be stopped; writes nothing."""
    return await _plan(request, sender, body.courses, _pause(body))


@router.post("/v1/pauses", summary="Stop many clocks", status_code=202, responses=problems(404, with_body=True))
async def pause_chosen(body: PausesBody, response: Response, _caller: Supervisor, sender: GivenSender) -> BulkActRead:
    """Order that the clock of each chosen course is stopped, by a command to each of them.

    `Location` says where to read how far it has come. A repeat with the same `Idempotency-Key` orders nothing more.
    """
    return await _order(response, sender, BulkKind.PAUSE, body.courses, _pause(body), body.reason)


def _take(body: TakesPlanBody) -> Make:
    def make(course: CourseState, envelope: Envelope, reason: UUID) -> Command:
        foremost = course.foremost_wait
        if foremost is None or foremost.escalation is None:
            raise refuse(Code.ESCALATION_NOT_FOUND)
        return TakeEscalation(
            **envelope,
            escalation=foremost.escalation,
            look_again_at=body.look_again_at,
            takes_over=body.take_over,
            reason=reason,
        )

    return make


def _pause(body: PausesPlanBody) -> Make:
    return lambda _course, envelope, reason: PauseCourse(**envelope, reason=reason, until=body.until)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A chosen course, and the command to it or why it would be refused."""

    course: UUID
    reference: str
    command: Command | None = None
    problems: tuple[Problem, ...] = ()


async def _plan(request: Request, sender: Sender, chosen: Sequence[UUID], make: Make) -> ChosenPlan:
    async with sender.services.store.municipality(sender.caller.municipality) as connection:
        planned = await _planned(connection, sender, chosen, make)
    return ChosenPlan(
        courses=[
            ChosenCourse.of(one, problem=problem_document(request, refused(one.problems)) if one.problems else None)
            for one in planned
        ]
    )


async def _order(
    response: Response, sender: Sender, kind: BulkKind, chosen: Sequence[UUID], make: Make, words: str
) -> BulkActRead:
    services = sender.services
    by, now = sender.caller.person, services.clock.now()
    async with services.store.municipality(sender.caller.municipality) as connection:
        if not await is_ordered(connection, sender):
            orders = []
            for one in await _planned(connection, sender, chosen, make):
                if one.command is None:
                    orders.append(Order(course=one.course, problems=one.problems))
                    continue
                # Each course has words of its own, for each is erased in its own time (P10).
                reason = await texts.stage(connection, TextKind.REASON, words, by, now)
                command = one.command.model_copy(update={"reason": reason})
                orders.append(Order(course=one.course, command=command, text=reason))
            await order(connection, sender, kind, orders)
    return await ordered(response, sender)


async def _planned(connection: Connection, sender: Sender, chosen: Sequence[UUID], make: Make) -> list[_Planned]:
    """Return what each chosen course would answer now; raises ProblemError for one that the caller does not govern."""
    services, reach = sender.services, reach_of(sender.caller, sender.services.clock.now())
    stored = await courses.several(connection, set(chosen))
    states = {id_: one.state for id_, one in stored.items() if one.state and reach.governs(one.row.unit)}
    missing = (place for place, course in enumerate(chosen) if course not in states)
    expect_no(Issue(Code.COURSE_NOT_FOUND, f"courses.{place}") for place in missing)
    hashes = {stored[course].row.rules_sha256 for course in states}
    books = await services.rulebooks.books(sender.caller.municipality, hashes)
    calendar = await services.calendars.in_force(connection)
    planned = []
    for course in dict.fromkeys(chosen):
        await sleep(0)  # Others have their turn between two courses.
        row, now = stored[course].row, services.clock.now()
        try:
            command = make(states[course], part_for(sender, course, row.unit, "chosen").envelope, uuid4())
            decide(states[course], command, books[row.rules_sha256], now, calendar)
            planned.append(_Planned(course, row.reference, command))
        except RefusedError as refusal:
            planned.append(_Planned(course, row.reference, problems=refusal.problems))
    return planned
