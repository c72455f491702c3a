"""Moves running courses to another rule set: first a dry run, page by page, and then a command to each course."""

from asyncio import sleep
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from api.bulk.models import BulkActRead
from api.bulk.ordering import is_ordered, order, part_for
from api.bulk.re_pin_trial import NoticesOfDay, RePinnedCourse, Trial
from api.bulk.routes import ordered
from api.http.access import Supervisor
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.fields import Body, ContentDigest, Day, examples
from api.http.idempotency import GivenSender, Sender
from api.http.problems import ProblemError, problem_document, wrong
from api.http.read_model import ReadModel
from api.http.responses import problems
from domain.calendar import danish_day, start_of_day
from domain.commands import RePinCourse
from domain.decide.re_pinning import left_requirements
from domain.identity import Unit
from infra.documents.cache import UnknownDocumentError
from infra.store.bulk_rows import BulkKind
from infra.store.queries import courses, re_pins
from infra.store.registers import bulk_acts
from infra.store.registers.bulk_acts import Order
from rules.checks.publishing import lost_groups
from rules.engine.book import Book

router = APIRouter(tags=["bulk acts"])

_PAGE: Final = 40
"""How many courses a page of the dry run has: each is decided and foreseen twice."""
_EXAMPLE: Final = {"rules": "e" * 64, "instead_of": "f" * 64, "on": "2027-01-01"}


class RePinBody(Body):
    """Which running courses follow other rules: those in some units, or in all that the caller governs.

    With a day they follow them from then on, and without one each from its next visit, once the rules count.
    """

    rules: ContentDigest = Field(description="The `sha256` of the version that is followed from then on.")
    instead_of: ContentDigest = Field(description="The `sha256` of the version that the courses follow now.")
    units: Annotated[list[Unit], Field(min_length=1)] | None = None
    on: Day | None = None
    ask_left: bool = Field(
        default=False,
        description="Whether each course is asked in the next step it enters for what only the other rules ask in the"
        " steps that it has left; else it never is.",
    )

    model_config = examples(_EXAMPLE, {**_EXAMPLE, "units": ["job"], "on": None, "ask_left": True})


class RePinPlanBody(RePinBody):
    """A re-pin to be tried, and the course after which its next page begins."""

    after: UUID | None = None

    model_config = examples(_EXAMPLE)


class RePinPlan(ReadModel):
    """What a re-pin would do, as the courses stand now: one page of its courses."""

    total: int = Field(description="How many courses it has in all.")
    courses: list[RePinnedCourse]
    notices: list[NoticesOfDay]
    next: UUID | None = Field(description="The `after` of the page that follows; null on the last one.")


@router.post("/v1/re-pins/plan", summary="What would a re-pin do?", responses=problems(with_body=True))
async def plan_re_pin(body: RePinPlanBody, request: Request, _caller: Supervisor, sender: GivenSender) -> RePinPlan:
    """Say which courses would follow the other rules, what they wait for then, and what is told on which day.

    Forty courses a page, in a fixed order; writes nothing.
    """
    services, reach = sender.services, reach_of(sender.caller, sender.services.clock.now())
    before, after = await _books(sender, body)
    async with services.store.municipality(sender.caller.municipality) as connection:
        total = await re_pins.count(connection, reach, body.instead_of, body.units)
        page = await re_pins.following(connection, reach, body.instead_of, body.units, body.after, _PAGE)
        stored = await courses.several(connection, page)
        calendar = await services.calendars.in_force(connection)
    now = services.clock.now()
    trial = Trial(before, after, calendar, now, max(now, _due(body, after)))
    planned = []
    for course in page:
        await sleep(0)  # Others have their turn between two courses.
        one = stored[course]
        if one.state is None:
            continue
        waits, problem = [], None
        try:
            waits = trial.play(one.state, _command(sender, body, course, page[course]))
        except ProblemError as refusal:
            problem = problem_document(request, refusal)
        left = left_requirements(one.state, before, after, with_open=body.on is None)
        planned.append(
            RePinnedCourse.of(
                one.row, course=course, waits=waits, left=[one.requirement for one in left], problem=problem
            )
        )
    following = [*page][-1] if len(page) == _PAGE else None
    return RePinPlan(total=total, courses=planned, notices=trial.notices(), next=following)


@router.post("/v1/re-pins", summary="Re-pin running courses", status_code=202, responses=problems(with_body=True))
async def re_pin(body: RePinBody, response: Response, _caller: Supervisor, sender: GivenSender) -> BulkActRead:
    """Order that each course follows the other rules, by a command of its own, a few at the same time.

    `Location` says where to read how far it has come. A repeat with the same `Idempotency-Key` orders nothing more.
    """
    services, reach = sender.services, reach_of(sender.caller, sender.services.clock.now())
    _, after = await _books(sender, body)
    async with services.store.municipality(sender.caller.municipality) as connection:
        if not await is_ordered(connection, sender):
            chosen = await re_pins.following(connection, reach, body.instead_of, body.units)
            orders = [
                Order(course=course, command=_command(sender, body, course, unit), due_at=_due(body, after))
                for course, unit in chosen.items()
            ]
            await order(connection, sender, BulkKind.RE_PIN, orders)
    return await ordered(response, sender)


@router.post(
    "/v1/re-pins/{bulk}/take-back",
    summary="Take a re-pin back",
    status_code=202,
    responses=problems(404, with_body=True),
)
async def take_back_re_pin(
    bulk: Annotated[UUID, Path(description="The id of a re-pin.")],
    response: Response,
    _caller: Supervisor,
    sender: GivenSender,
) -> BulkActRead:
    """Call off what is not done yet, and order that each course follows the former rules again.

    A course that was moved on to a third set since stays there.
    """
    services, reach = sender.services, reach_of(sender.caller, sender.services.clock.now())
    async with services.store.municipality(sender.caller.municipality) as connection:
        given = await re_pins.re_pinned(connection, reach, bulk)
        if not given:
            raise ProblemError(ApiCode.BULK_ACT_NOT_FOUND)
        if not await is_ordered(connection, sender):
            await bulk_acts.call_off(connection, bulk, [course for course, _, _ in given], services.clock.now())
            orders = []
            for course, unit, command in given:
                back = RePinCourse(
                    **part_for(sender, course, unit, "re-pin").envelope,
                    rules=command.instead_of,
                    instead_of=command.rules,
                    act=sender.command_id,
                )
                orders.append(Order(course=course, command=back))
            await order(connection, sender, BulkKind.RE_PIN, orders)
    return await ordered(response, sender)


def _command(sender: Sender, body: RePinBody, course: UUID, unit: Unit) -> RePinCourse:
    return RePinCourse(
        **part_for(sender, course, unit, "re-pin").envelope,
        rules=body.rules,
        instead_of=body.instead_of,
        at_next_visit=body.on is None,
        ask_left=body.ask_left,
        act=sender.command_id,
    )


def _due(body: RePinBody, after: Book) -> datetime:
    """Return from when the commands are given: from the day that is named, else from when the rules count."""
    return start_of_day(body.on or after.rule_set.valid_from)


async def _books(sender: Sender, body: RePinBody) -> tuple[Book, Book]:
    """Return the rules that are followed and those that would be; raises ProblemError for what cannot be followed."""
    services, municipality = sender.services, sender.caller.municipality
    async with services.store.municipality(municipality) as connection:
        versions = await services.rulebooks.versions(connection)
    today = danish_day(services.clock.now())
    if body.on is not None and body.on < today:
        raise wrong(ApiCode.NOT_IN_RANGE, "on", expected=f"≥ {today}")
    wanted = next((version for version in versions.usable if version.sha256 == body.rules), None)
    if wanted is None:
        known = sorted({f"{version.id} {version.version}" for version in versions.usable})
        raise wrong(ApiCode.RULE_SET_UNKNOWN, "rules", known=", ".join(known))
    if body.on is not None and wanted.valid_from > body.on:
        raise wrong(ApiCode.NOT_IN_RANGE, "on", expected=f"≥ {wanted.valid_from}")
    try:
        before, after = [await services.rulebooks.book(municipality, sha) for sha in (body.instead_of, body.rules)]
    except UnknownDocumentError:
        raise wrong(ApiCode.RULE_SET_UNKNOWN, "instead_of", known="") from None
    if lost := lost_groups(after.rule_set, before.rule_set):
        raise wrong(ApiCode.GROUPS_UNMAPPED, "rules", groups=", ".join(sorted(lost)))
    return before, after
