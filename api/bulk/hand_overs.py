"""Hands over all or some courses that somebody holds: first as a plan, and then by a command to each course."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from api.bulk.models import BulkActRead
from api.bulk.ordering import is_ordered, order, part_for
from api.bulk.routes import ordered
from api.bulk.spread import Spread, Taker, spread
from api.directory.names import NameOf, Register, with_names
from api.http.access import Registrar
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices, Services
from api.http.fields import Body, GateRole, Holder, PersonalText, examples
from api.http.idempotency import GivenSender, Sender
from api.http.problems import Issue, expect_no, wrong
from api.http.read_model import ReadModel
from api.http.responses import problems
from domain.commands import AssignParty, PartyClaim
from domain.errors import Code, Problem
from domain.identity import GATE_ROLES, Role
from domain.state.waiting import WaitingKind
from infra.security.tokens import Claims
from infra.store.bulk_rows import BulkKind
from infra.store.engine import Connection
from infra.store.queries import holdings
from infra.store.registers import people, texts
from infra.store.registers.bulk_acts import Order
from infra.store.registers.texts import TextKind

router = APIRouter(tags=["bulk acts"])

MOST_COURSES: Final = 1000
"""How many courses one hand-over has at most."""
_MOST_TAKERS: Final = 20
_COURSE: Final = "5d4f0f57-6d0c-5a0b-9d56-0d1f6a1c2b3e"
_EXAMPLE: Final = {"from": {"person": "anna"}, "to": [{"person": "carl"}, {"person": "dina"}]}
_REASON: Final = "Anna har fået andre opgaver fra den 1. august."


class HandOverPlanBody(Body):
    """Whose courses are to be handed over and to whom; to several each course goes to the one who has the fewest."""

    from_: Holder = Field(alias="from")
    to: Annotated[list[Holder], Field(min_length=1, max_length=_MOST_TAKERS)]
    role: GateRole | None = Field(default=None, description="Only what is held in this role.")
    courses: Annotated[list[UUID], Field(min_length=1, max_length=MOST_COURSES)] | None = Field(
        default=None, description="Only these; when it is left out, all in units that the caller governs."
    )

    model_config = examples(_EXAMPLE, {**_EXAMPLE, "role": "caseworker", "courses": [_COURSE]})


class HandOverBody(HandOverPlanBody):
    """A hand-over that is carried out, and why."""

    reason: PersonalText
    citizen_told_by: GateRole | None = Field(default=None, description="The role that tells the citizens of it.")

    model_config = examples({**_EXAMPLE, "reason": _REASON})


class TakerRead(ReadModel):
    """Who takes courses over: how many come to those held already, and what waits in them, by kind.

    In each course the next version of a briefing is to be read whole and acknowledged.
    """

    person: str | None
    unit: str | None
    courses: int
    held_before: int
    waits: dict[WaitingKind, int]
    person_name: Annotated[str | None, NameOf("person")] = None
    unit_name: Annotated[str | None, NameOf("unit", Register.UNITS)] = None


class PlannedCourse(ReadModel):
    """A course, who takes it over in which roles, and what waits there; `problem` is why nobody named can."""

    course: UUID
    reference: str
    roles: list[Role]
    person: str | None
    unit: str | None
    problem: str | None
    waits: dict[WaitingKind, int]
    person_name: Annotated[str | None, NameOf("person")] = None
    unit_name: Annotated[str | None, NameOf("unit", Register.UNITS)] = None


class HandOverPlan(ReadModel):
    """What a hand-over would do, as the courses stand now."""

    courses: list[PlannedCourse]
    takers: list[TakerRead]


@router.post("/v1/hand-overs/plan", summary="What would a hand-over do?", responses=problems(404, with_body=True))
async def plan_hand_over(body: HandOverPlanBody, services: GivenServices, caller: Registrar) -> HandOverPlan:
    """Say which courses would go to whom, what each would owe and what nobody named can take over; writes nothing."""
    async with services.store.municipality(caller.municipality) as connection:
        plan = await _planned(connection, services, caller, body)
        return await with_names(connection, plan.read())


@router.post(
    "/v1/hand-overs", summary="Hand over many courses", status_code=202, responses=problems(404, with_body=True)
)
async def hand_over(
    body: HandOverBody, response: Response, services: GivenServices, caller: Registrar, sender: GivenSender
) -> BulkActRead:
    """Order that each course is handed over by a command of its own, a few at the same time, until all have answered.

    `Location` says where to read how far it has come. A course that is no longer held as planned is left as it is. A
    repeat with the same `Idempotency-Key` orders nothing more.
    """
    async with services.store.municipality(caller.municipality) as connection:
        if not await is_ordered(connection, sender):
            plan = await _planned(connection, services, caller, body)
            await order(connection, sender, BulkKind.HAND_OVER, await plan.orders(connection, body, sender))
    return await ordered(response, sender)


@dataclass(frozen=True)
class _Plan:
    """Who takes over what, with what waits in each course and how many each taker has already."""

    spread: Sequence[Spread]
    takers: Sequence[Taker]
    held: Mapping[str, int]
    waits: Mapping[UUID, Mapping[WaitingKind, int]]

    def read(self) -> HandOverPlan:
        """Return the plan as it is read."""
        return HandOverPlan(courses=list(self._courses()), takers=[self._taker(taker.claim) for taker in self.takers])

    def _courses(self) -> Iterator[PlannedCourse]:
        for holding, to in self.spread:
            yield PlannedCourse.of(
                holding,
                course=holding.course_id,
                person=to.person if to else None,
                unit=to.unit if to else None,
                problem=None if to else Code.NOBODY_TO_TAKE_OVER,
                waits=dict(self.waits.get(holding.course_id, {})),
            )

    def _taker(self, claim: PartyClaim) -> TakerRead:
        courses = [holding.course_id for holding, to in self.spread if to == claim]
        waits = sum((Counter(self.waits.get(course, {})) for course in courses), Counter[WaitingKind]())
        held = self.held.get(claim.person or "", 0)
        return TakerRead.of(claim, courses=len(courses), held_before=held, waits=dict(waits))

    async def orders(self, connection: Connection, body: HandOverBody, sender: Sender) -> list[Order]:
        """Return the command to each course, with a reason of its own, for each is erased in its own time (P10)."""
        told_by = Role(body.citizen_told_by) if body.citizen_told_by else None
        by, now = sender.caller.person, sender.services.clock.now()
        orders = []
        for holding, to in self.spread:
            if to is None:
                problem = Problem(code=Code.NOBODY_TO_TAKE_OVER, field="to")
                orders.append(Order(course=holding.course_id, problems=(problem,)))
                continue
            reason = await texts.stage(connection, TextKind.REASON, body.reason, by, now)
            # Who has both roles has them as one, and they are given together.
            role = holding.roles[0]
            envelope = part_for(sender, holding.course_id, holding.unit, f"hand-over/{role}").envelope
            command = AssignParty(
                **envelope, role=role, to=to, held_by=body.from_.claim, reason=reason, citizen_told_by=told_by
            )
            orders.append(Order(course=holding.course_id, command=command, text=reason))
        return orders


async def _planned(connection: Connection, services: Services, caller: Claims, body: HandOverPlanBody) -> _Plan:
    """Return who would take over what; raises ProblemError for what cannot be meant."""
    reach, holder = reach_of(caller, services.clock.now()), body.from_.claim
    roles = [Role(body.role)] if body.role else list(GATE_ROLES)
    takers = [taker for taker in await _takers(connection, body.to, roles) if taker.claim != holder]
    among = None if body.courses is None else set(body.courses)
    held = await holdings.holdings(connection, reach, holder, roles, among, MOST_COURSES + 1)
    if len(held) > MOST_COURSES:
        raise wrong(ApiCode.LIST_TOO_LONG, "courses", expected=f"≤ {MOST_COURSES}")
    found = {holding.course_id for holding in held}
    missing = [place for place, course in enumerate(body.courses or ()) if course not in found]
    expect_no(Issue(Code.COURSE_NOT_FOUND, f"courses.{place}") for place in missing)
    counts = await holdings.held_by(connection, {taker.claim.person for taker in takers if taker.claim.person})
    waits = await holdings.waits_of(connection, holder, roles, found)
    return _Plan(list(spread(held, takers, counts)), takers, counts, waits)


async def _takers(connection: Connection, to: Sequence[Holder], roles: Sequence[Role]) -> list[Taker]:
    """Return who takes over; raises ProblemError for a person who has none of the roles in the directory."""
    known = await people.some(connection, {holder.person for holder in to if holder.person})
    takers = [
        Taker(holder.claim, frozenset(known[holder.person].roles if holder.person in known else ())) for holder in to
    ]
    expect_no(
        Issue(ApiCode.PERSON_WITHOUT_ROLE, f"to.{place}.person", {"role": ", ".join(roles)})
        for place, taker in enumerate(takers)
        if taker.claim.person is not None and taker.roles.isdisjoint(roles)
    )
    return takers
