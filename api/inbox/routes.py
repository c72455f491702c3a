"""The inbox: what the caller must know or do, in one list, the longest overdue first (P4, P5)."""

from datetime import datetime
from typing import Annotated, Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import Field, TypeAdapter

from api.courses.read.counts import CountsAsked, WithCounts, counts_read
from api.directory.colleagues import Colleague, colleagues_in
from api.directory.names import NameOf, with_names
from api.http.access import Anybody
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging, PageOf
from api.http.problems import ProblemError
from api.http.read_model import ReadModel
from api.http.responses import command_problems, problems
from api.inbox.texts import texts_of
from domain.address import Address
from domain.commands import MarkSeen
from domain.identity import PersonId, Role, command_id
from domain.reach import Reach
from domain.state.notice import NEWS, NewsSubject
from domain.state.waiting import WaitingKind, WaitingOn
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import inbox, notices
from infra.store.queries.covers import covers_in
from infra.store.queries.inbox_item import InboxItem
from infra.store.queries.inbox_reader import InboxCursor, InboxReader
from infra.store.registers import absences, people, texts
from infra.store.registers import units as every_unit
from infra.store.rows import NoticeRow

router = APIRouter(tags=["inbox"])

_Notice = Annotated[UUID, Path(description="The notice, as the inbox names it.")]
_Position = tuple[datetime, InboxCursor]
"""The `now` of the first page, so that the order does not shift between pages, and the last item."""
_POSITION: Final[TypeAdapter[_Position]] = TypeAdapter(_Position)


class InboxCourse(ReadModel):
    """The course an item is about."""

    id: UUID
    reference: str
    citizen: str = Field(description="The caller's reference of the citizen.")
    citizen_name: str | None


class CourseToCallAbout(InboxCourse):
    """The course an item is about, and whom to call about it."""

    parties: list[Colleague]


class InboxItemRead(ReadModel):
    """One thing to know or do; `notice` is what `POST /v1/inbox/{notice}/seen` wants, absent for a wait alone.

    A notice to somebody for whom the caller is the cover stays that person's to see, and is not named either, but news
    is for whoever acts: what the cover has seen is news no more (P13).
    """

    id: str
    course: CourseToCallAbout | None = Field(description="Null for what is about an absence.")
    text: str
    about: str
    kind: WaitingKind | None
    what: str | None
    visit: int | None
    waiting: str | None = Field(description="The `key` of the wait, by which who is asked answers on whom he waits.")
    level: int | None = Field(description="The rung of the ladder; null until something has climbed.")
    roles: list[Role]
    notice: UUID | None
    at: datetime
    until: datetime | None
    is_overdue: bool
    taken_by: str | None = Field(description="The supervisor who took it last; it counts until `look_again_at`.")
    look_again_at: datetime | None
    waiting_on: WaitingOn | None = Field(description="On whom those who are asked wait, as they answered.")
    answered_until: datetime | None = Field(description="When their reminders begin again.")
    seen_at: datetime | None
    on_behalf_of: str | None = Field(description="Who is away, when the caller has this as that person's cover.")
    on_behalf_of_name: Annotated[str | None, NameOf("on_behalf_of")] = None
    taken_by_name: Annotated[str | None, NameOf("taken_by")] = None


class NoticeSeen(ReadModel):
    """A notice was seen; of what is about an absence there is no course and no revision."""

    notice: UUID
    course: UUID | None = None
    revision: int | None = Field(default=None, description="The revision of the course now, which is its ETag.")
    applied_revision: int | None = None


class InboxPage(PageOf[InboxItemRead], WithCounts):
    """A page of what the caller must know or do."""


async def addresses_of(connection: Connection, caller: Claims) -> frozenset[Address]:
    """Return the addresses whose notices the caller reads: the own one, the units' queues, and supervisors' ones."""
    limit = caller.unit_limit
    units = await _units_without_limit(connection, caller) if limit is None else limit
    own = {Address.person(caller.person)}
    queues = {Address.unit(unit) for unit in units}
    led = {Address.supervisors(unit) for unit in units if Role.SUPERVISOR in caller.roles}
    return frozenset(own | queues | led)


async def _units_without_limit(connection: Connection, caller: Claims) -> frozenset[str]:
    """Return every unit for a supervisor of the whole municipality, and for others the one they belong to."""
    if Role.SUPERVISOR in caller.roles:
        return await every_unit.ids(connection)
    person = await people.get(connection, caller.person)
    return frozenset({person.unit}) if person and person.unit else frozenset()


@router.get("/v1/inbox", summary="What must I know or do?", responses=problems())
async def read_inbox(
    services: GivenServices,
    caller: Anybody,
    language: CallersLanguage,
    paging: GivenPaging,
    _reading: GivenReading,
    counts: Annotated[CountsAsked, Query()] = None,
    shared_with: Annotated[
        PersonId | None, Query(description="Only what is of courses in which this person holds a role too.")
    ] = None,
) -> InboxPage:
    """Return what waits for the caller and the caller's notices; an item goes when its cause does or it is seen."""
    now, after = paging.position(_POSITION) or (services.clock.now(), None)
    reach = reach_of(caller, now)
    async with services.store.reading(caller.municipality) as connection:
        addresses = await addresses_of(connection, caller)
        reader = InboxReader(reach, addresses, now, shared_with)
        page = await inbox.inbox(connection, reader, paging.limit, after)
        names = await texts.texts(connection, [item.citizen_text for item in page.items if item.citizen_text])
        said = await texts_of(connection, services, caller, page.items, now, language)
        parties = await colleagues_in(connection, {item.course_id for item in page.items if item.course_id})
        beside = _Beside(names, parties)
        items = [_read(item, beside, text, now) for item, text in zip(page.items, said, strict=True)]
        totals = None
        await with_names(connection, items)
        if counts:
            counted = await inbox.inbox_counts(connection, reader, counts)
            totals = await counts_read(connection, services, caller.municipality, counted, language)
    shown = paging.page(items, (now, page.next) if page.next else None, _POSITION)
    return InboxPage(items=shown.items, next=shown.next, counts=totals)


class _Beside(NamedTuple):
    """What stands beside the items: citizens' names, and by course whom to call."""

    names: dict[UUID, str]
    parties: dict[UUID, list[Colleague]]

    def course(self, item: InboxItem) -> CourseToCallAbout | None:
        if item.course_id is None:
            return None
        name = self.names.get(item.citizen_text) if item.citizen_text else None
        return CourseToCallAbout.of(item, id=item.course_id, citizen_name=name, parties=self.parties[item.course_id])


def _read(item: InboxItem, beside: _Beside, text: str, now: datetime) -> InboxItemRead:
    return InboxItemRead.of(
        item,
        course=beside.course(item),
        text=text,
        about=item.about or item.kind or "",
        what=item.what or None,
        level=item.level if item.kind and item.level else None,
        roles=item.roles or (),
        notice=item.notice if item.on_behalf_of is None or item.about == NEWS else None,
        is_overdue=item.until is not None and item.until < now,
    )


@router.post(
    "/v1/inbox/{notice}/seen", summary="I have seen this; that is not acknowledging", responses=command_problems()
)
async def mark_seen(notice: _Notice, services: GivenServices, caller: Anybody, sender: GivenSender) -> NoticeSeen:
    """Record that the caller has seen a notice in the own inbox; seeing it again changes nothing (P4)."""
    reach = reach_of(caller, services.clock.now())
    async with services.store.municipality(caller.municipality) as connection:
        visible = await notices.visible_notice(connection, reach, notice)
        if visible is None or not await _is_read_by(connection, caller, reach, visible):
            raise ProblemError(ApiCode.NOTICE_NOT_FOUND)
        if visible.course_id is None:
            await absences.see_notice(connection, notice, caller.person, services.clock.now())
            return NoticeSeen(notice=notice)
    once = command_id(visible.course_id, f"seen/{notice}/{caller.person}")
    envelope = {**sender.acting_as(caller.roles).envelope, "id": once}
    done = await sender.send(visible.course_id, MarkSeen.model_validate({**envelope, "notice": notice}))
    return NoticeSeen.of(done, notice=notice)


async def _is_read_by(connection: Connection, caller: Claims, reach: Reach, visible: NoticeRow) -> bool:
    """Whether the caller has a notice in the own inbox, or news in that of somebody covered today."""
    news = visible.subject if isinstance(visible.subject, NewsSubject) else None
    is_for_cover = news is not None and news.for_cover
    if not is_for_cover and visible.address in await addresses_of(connection, caller):
        return True
    if news is None or visible.course_id is None:
        return False
    covers = await covers_in(connection, visible.course_id, reach.today)
    return caller.person == covers.get(visible.recipient)
