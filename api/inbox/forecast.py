"""Who will be notified of what next, and when, if nobody acts (P5, P6)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.courses.visible import GivenCourse
from api.directory.names import NameOf, UnitName, with_names
from api.http.access import CourseInFullReader
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.fields import MOST
from api.http.negotiation import CallersLanguage
from api.http.read_model import ReadModel
from api.http.responses import problems
from domain import events as ev
from domain.address import Address, AddressKind
from domain.forecast import Errand, RehearsedNotice, rehearse
from domain.gathering import Arrival
from domain.identity import ENGINE, Role
from domain.state.course import CourseState
from domain.state.notice import NEWS, NewsSubject
from infra.store.queries import journal, outward
from infra.store.registers import people
from wording.labels import Labels
from wording.naming import naming
from wording.sentences import Entry, inbox_text

router = APIRouter(tags=["courses"])

_Days = Annotated[int, Query(ge=1, le=120, description="How many days ahead.")]
_Revision = Annotated[int | None, Query(ge=1, le=MOST, description="Only of what this revision tells.")]


class RecipientRead(ReadModel):
    """The recipient: a person with the roles held in the course, a unit's queue, or the supervisors of a unit."""

    roles: list[Role]
    person: str | None
    name: Annotated[str | None, NameOf("person")] = None
    cover: str | None = Field(description="Who will read it for the person, who is away then.")
    cover_name: Annotated[str | None, NameOf("cover")] = None
    unit: str | None
    unit_name: UnitName = None


class ArrivalRead(ReadModel):
    """To whom a notice goes out by a channel that gathers: the recipient, a cover, or one of the supervisors."""

    person: str
    name: Annotated[str | None, NameOf("person")] = None
    at: datetime = Field(description="Not before when.")
    list: str | None = Field(description="Which of that day's lists has it; null for what comes by itself.")


class RehearsedRead(BaseModel):
    """A notice that will be raised if nobody acts, or was and goes out yet."""

    at: datetime
    to: RecipientRead
    arrivals: list[ArrivalRead] = Field(description="Without what goes out after the period, or to a queue.")
    text: str
    about: str
    level: int | None = Field(description="The rung of the ladder; absent for a notice that is raised at once.")
    visit: int | None
    waiting: str | None = Field(description="The `key` of the wait that the notice is about.")


class RehearsalRead(BaseModel):
    """The notices from now until then, the earliest first."""

    since: datetime
    until: datetime = Field(description="Sooner than asked for when the course would do too much to foresee it all.")
    notices: list[RehearsedRead]


@router.get("/v1/courses/{course}/rehearsal", summary="Who will be told what next?", responses=problems(404))
async def read_rehearsal(
    course: GivenCourse,
    services: GivenServices,
    caller: CourseInFullReader,
    language: CallersLanguage,
    _reading: GivenReading,
    days: _Days = 30,
    revision: _Revision = None,
) -> RehearsalRead:
    """Return who will be notified of what, when and with which list if nobody acts; nothing is recorded.

    That is so by today's rules, working time and covers, and as everybody wants what can wait.
    With the `applied_revision` of a command it says who is told because of that command.
    """
    now = services.clock.now()
    book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
    async with services.store.municipality(caller.municipality) as connection:
        calendar = await services.calendars.in_force(connection)
        unknown = await people.unknown(connection, {p.person for p in course.state.parties if p.person})
        readers = await outward.readers(connection)
        errands = (await outward.errands(connection, [course.id]))[course.id]
        if revision is not None:
            errands = [*_told_by(course.state, await journal.of_revision(connection, course.id, revision))]
        known = await people.some(connection, {fact.reporter for fact in course.state.facts})
        p_number_facts = book.workplaces.p_number_facts
        labels = Labels(book, language, await naming(connection, p_number_facts, course.state.facts, known))
    until = now + timedelta(days=days)
    forecast = rehearse(course.state, book, calendar, now, until, unknown, readers, errands)
    raised = {errand.notice.notice for errand in errands}
    told = [each for each in forecast.notices if revision is None or each.notice_id in raised]
    notices = [rehearsed_read(rehearsed, course.state, labels) for rehearsed in told]
    async with services.store.municipality(caller.municipality) as connection:
        await with_names(connection, notices)
    return RehearsalRead(since=now, until=forecast.until, notices=notices)


def _told_by(state: CourseState, events: Iterable[ev.Event]) -> Iterator[Errand]:
    """Yield what goes to people because of some events: the notices raised, and the news that what is new is among."""
    raised, entries = list[ev.NoticeRaised](), set[UUID]()
    for event in events:
        match event:
            case ev.NoticeRaised() if event.recipient.kind is not AddressKind.UNIT and event.about != NEWS:
                raised.append(event)
            case ev.FactsReported():
                entries.update(fact.id for fact in event.facts)
            case ev.NoteAdded():
                entries.add(event.note.id)
    for news in state.news:
        if any(item.entry in entries for item in news.items):
            raised.append(
                ev.NoticeRaised(
                    at=news.at,
                    by=ENGINE,
                    notice=news.notice,
                    about=NEWS,
                    recipient=Address.person(news.person),
                    subject=NewsSubject(person=news.person, for_cover=news.for_cover, at=news.at),
                )
            )
    for notice in raised:
        is_person = notice.recipient.kind is AddressKind.PERSON
        yield Errand(notice, notice.recipient.name if is_person else None, notice.queued_at)


def rehearsed_read(rehearsed: RehearsedNotice, state: CourseState, labels: Labels) -> RehearsedRead:
    """Return a notice of the forecast, but for the name of its recipient."""
    notice = rehearsed.notice
    return RehearsedRead(
        at=notice.at,
        to=_recipient(rehearsed, state),
        arrivals=[arrival_read(each) for each in rehearsed.arrivals],
        text=inbox_text(_inbox_entry(rehearsed), state, labels, notice.at),
        about=notice.about,
        level=notice.level,
        visit=notice.visit,
        waiting=str(notice.waiting) if notice.waiting else None,
    )


def arrival_read(arrives: Arrival) -> ArrivalRead:
    """Return when a notice goes out to whom, but for the name."""
    return ArrivalRead(person=arrives.person, at=arrives.at, list=list_named(arrives))


def list_named(arrives: Arrival) -> str | None:
    """Return a list by its time of day."""
    return arrives.list.isoformat("minutes") if arrives.list is not None else None


def _inbox_entry(rehearsed: RehearsedNotice) -> Entry:
    """Return a notice of the forecast as an inbox would have it."""
    notice, waiting = rehearsed.notice, rehearsed.waiting
    return Entry(
        about=notice.about,
        subject=notice.subject,
        level=notice.level,
        visit=notice.visit,
        kind=waiting.kind if waiting else None,
        what=waiting.what if waiting else None,
        roles=waiting.roles if waiting else None,
        until=waiting.until if waiting else None,
    )


def _recipient(rehearsed: RehearsedNotice, state: CourseState) -> RecipientRead:
    address, cover = rehearsed.notice.recipient, rehearsed.cover
    if address.kind is AddressKind.PERSON:
        return RecipientRead(roles=list(state.roles_of(address.name)), person=address.name, cover=cover, unit=None)
    roles = [Role.SUPERVISOR] if address.kind is AddressKind.SUPERVISORS else []
    return RecipientRead(roles=roles, person=None, cover=cover, unit=address.name)
