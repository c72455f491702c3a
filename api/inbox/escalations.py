"""Escalations: every silent wait that the supervisors were notified of, and who of them has taken it (P5, P6)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StrictBool, TypeAdapter

from api.courses.read.counts import CountsAsked, WithCounts, counts_read
from api.courses.read.models import NOT_IN_DIRECTORY, WITHOUT_ROLE, TakenRead
from api.directory.names import PersonNamed, UnitName, with_names
from api.http.access import Supervisor
from api.http.caller import reach_of
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.fields import Body, Instant, PersonalText, examples
from api.http.idempotency import CommandDone, GivenSender
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging, PageOf
from api.http.problems import ProblemError
from api.http.read_model import ReadModel
from api.http.responses import command_problems, problems
from api.inbox.routes import InboxCourse
from api.inbox.texts import texts_of as worded
from api.text.steps import StepRead
from domain.commands import TakeEscalation
from domain.errors import Code
from domain.identity import Role, Unit
from domain.state.waiting import WaitingKind, WaitingOn
from infra.security.tokens import Claims
from infra.store.queries import escalations
from infra.store.queries.escalations import EscalationCursor, EscalationFilter, EscalationRow
from infra.store.queries.unknown_holders import UnknownHolder, among, not_in_directory, unknown_holders, without_role
from infra.store.registers import texts as text_register
from wording.labels import Labels

router = APIRouter(tags=["escalations"])

_Position = tuple[datetime, EscalationCursor]
"""The `now` of the first page, by which all pages are filtered, and the last item."""
_POSITION: Final[TypeAdapter[_Position]] = TypeAdapter(_Position)


class EscalationItem(ReadModel):
    """One silent wait: in which course and step, for what and whom, since when, and who has taken it."""

    id: UUID = Field(description="The same for as long as the wait lasts.")
    course: InboxCourse
    unit: str
    step: StepRead | None
    visit: int | None
    kind: WaitingKind
    what: str | None
    missing: list[str] = Field(description="All requirements that are missing by the same cause, `what` the first.")
    text: str
    roles: list[Role]
    persons: list[PersonNamed]
    not_in_directory: list[str] = Field(description=NOT_IN_DIRECTORY)
    without_role: list[str] = Field(description=WITHOUT_ROLE)
    since: datetime
    until: datetime | None
    is_overdue: bool
    level: int = Field(description="How many rungs of the ladder have been climbed.")
    is_taken: bool = Field(description="Somebody has taken it and is not to look again yet.")
    taken: TakenRead | None
    waiting_on: WaitingOn | None = Field(description="On whom those who are asked wait, as they answered.")
    answered_until: datetime | None = Field(description="When their reminders begin again.")
    unit_name: UnitName = None


class WantedEscalations(BaseModel):
    """Which escalations are asked for; all that is named must hold."""

    model_config = ConfigDict(frozen=True)

    unit: Unit | None = Field(default=None, description="In courses of this unit.")
    kind: WaitingKind | None = Field(default=None, description="Waits for something of this kind.")
    taken: bool | None = Field(default=None, description="Those that somebody has taken, or only the others.")
    overdue: bool | None = Field(default=None, description="Those whose deadline has passed, or only the others.")
    counts: CountsAsked = None


class EscalationPage(PageOf[EscalationItem], WithCounts):
    """A page of escalations."""


class TakeBody(Body):
    """What is done about it, and when to look again: on the next working day when nothing is said."""

    comment: PersonalText
    look_again_at: Instant | None = None
    take_over: StrictBool = Field(default=False, description="Take it although another supervisor has it.")

    model_config = examples({"comment": "Jeg ringer til Bo i dag.", "look_again_at": "2026-09-14T09:00:00+02:00"})


@router.get("/v1/escalations", summary="What has been silent for too long?", responses=problems())
async def list_escalations(
    wanted: Annotated[WantedEscalations, Query()],
    services: GivenServices,
    caller: Supervisor,
    language: CallersLanguage,
    paging: GivenPaging,
    _reading: GivenReading,
) -> EscalationPage:
    """Return the silent waits of the units that the caller supervises, the longest silent first."""
    now, after = paging.position(_POSITION) or (services.clock.now(), None)
    asked, reach = EscalationFilter(now=now, **wanted.model_dump(exclude={"counts"})), reach_of(caller, now)
    counts = None
    async with services.store.reading(caller.municipality) as connection:
        page = await escalations.escalations(connection, reach, asked, paging.limit, after)
        named = (text for row in page.items for text in (row.citizen_text, row.taken_reason) if text)
        texts = await text_register.texts(connection, named)
        unknown = await unknown_holders(connection, {row.course_id for row in page.items})
        books = await services.rulebooks.books(caller.municipality, {row.rules_sha256 for row in page.items})
        said = await worded(connection, services, caller, page.items, now, language)
        items = [
            escalation_read(row, texts, unknown[row.course_id], Labels(books[row.rules_sha256], language), now, text)
            for row, text in zip(page.items, said, strict=True)
        ]
        await with_names(connection, items)
        if wanted.counts:
            counted = await escalations.escalation_counts(connection, reach, asked, wanted.counts)
            counts = await counts_read(connection, services, caller.municipality, counted, language)
    shown = paging.page(items, (now, page.next) if page.next else None, _POSITION)
    return EscalationPage(items=shown.items, next=shown.next, counts=counts)


def escalation_read(
    row: EscalationRow,
    texts: Mapping[UUID, str],
    holders: Iterable[UnknownHolder],
    labels: Labels,
    now: datetime,
    text: str,
) -> EscalationItem:
    """Return an escalation as the list has it, but for the names of persons and units."""
    name = texts.get(row.citizen_text) if row.citizen_text else None
    unknown = among(holders, row.persons)
    return EscalationItem.of(
        row,
        id=row.escalation,
        course=InboxCourse.of(row, id=row.course_id, citizen_name=name),
        step=StepRead(id=row.step, label=labels.step(row.step)) if row.step else None,
        what=row.what or None,
        not_in_directory=not_in_directory(unknown),
        without_role=without_role(unknown),
        missing=[what for what in row.missing if what],
        text=text,
        is_overdue=row.until is not None and row.until < now,
        is_taken=row.look_again_at is not None and row.look_again_at > now,
        taken=_taken(row, texts),
    )


def _taken(row: EscalationRow, texts: Mapping[UUID, str]) -> TakenRead | None:
    if row.taken_by is None or row.taken_at is None or row.look_again_at is None or row.taken_reason is None:
        return None
    comment = texts.get(row.taken_reason)
    return TakenRead(by=row.taken_by, at=row.taken_at, look_again_at=row.look_again_at, comment=comment)


@router.post("/v1/escalations/{escalation}/take", summary="I answer for this", responses=command_problems())
async def take_escalation(
    escalation: Annotated[UUID, Path(description="The escalation's `id` in the list.")],
    body: TakeBody,
    services: GivenServices,
    caller: Supervisor,
    sender: GivenSender,
) -> CommandDone:
    """Take a silent wait: the supervisors hear no more of it until it is time to look again (P6).

    What another supervisor has is refused as `taken`, unless `take_over` says otherwise; the other one is notified.
    """
    course = await _course_of(escalation, services, caller)
    command = TakeEscalation(
        **sender.acting_as(caller.roles).envelope,
        escalation=escalation,
        look_again_at=body.look_again_at,
        takes_over=body.take_over,
        reason=await sender.reason(body.comment),
    )
    return await sender.send(course, command)


async def _course_of(escalation: UUID, services: GivenServices, caller: Claims) -> UUID:
    """Return the course of an escalation that is the caller's to supervise; raises ProblemError 404."""
    async with services.store.municipality(caller.municipality) as connection:
        course = await escalations.course_of(connection, reach_of(caller, services.clock.now()), escalation)
    if course is None:
        raise ProblemError(Code.ESCALATION_NOT_FOUND)
    return course
