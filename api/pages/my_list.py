"""My list: what I do today and this week, what is new, my calendar, and who is away; each act stands on its line."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.appointments.coming import coming_meetings
from api.briefings.models import BriefingRead
from api.briefings.routes import briefing_in_words
from api.briefings.since import Difference
from api.courses.visible import readable_course
from api.http.access import Anybody
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import MOST
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging, Paging
from api.http.same_origin import expect_same_origin
from api.inbox.routes import InboxItemRead, mark_seen, read_inbox
from api.pages.addresses import see_other
from api.pages.forms import Form, GivenDone
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from api.rulesets.proposals import proposals_to_decide
from api.rulesets.staff_news import staff_news
from domain.calendar import danish_day
from domain.state.waiting import OPTIONAL, WaitingKind
from infra.security.tokens import Claims
from infra.store.queries.colleagues import away_colleagues, colleagues
from infra.store.queries.workplaces import companies_of
from rules.language.formats import Language

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_MOST_LINES: Final = 2
"""How many lines may differ for a receipt to be given in the list itself."""
MOST_RECEIPTS: Final = 8
"""How many briefings are read for a list, the most urgent ones first; of the others the course's page tells more."""
_DAYS_OF_A_WEEK: Final = 7
_NOTICE: Final = "notice-"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A briefing with what little is different in it, so that its receipt can be given in the list."""

    briefing: BriefingRead
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do or to read, and the company that it is about; `receipt` is what little is different."""

    item: InboxItemRead
    receipt: Receipt | None = None
    company: str | None = None

    @property
    def is_acknowledgement(self) -> bool:
        """Say whether a receipt is asked for."""
        return self.item.kind is WaitingKind.ACKNOWLEDGEMENT


@dataclass(frozen=True, slots=True)
class Sections:
    """The lines of a list by when they are due; what nobody must do comes later, and what is no wait is news.

    A receipt is never for later: somebody else waits for it.
    """

    today: Sequence[Line]
    week: Sequence[Line]
    later: Sequence[Line]
    news: Sequence[Line]

    @classmethod
    def of(cls, lines: Sequence[Line], now: datetime) -> "Sections":
        """Return the lines in their sections, in the order in which they come."""
        today = danish_day(now)
        sunday = today + timedelta(days=_DAYS_OF_A_WEEK - today.isoweekday())
        asked = [line for line in lines if line.item.kind and line.item.kind not in OPTIONAL]
        due = {line.item.id: danish_day(line.item.until) for line in asked if line.item.until}
        is_today = {id_ for id_, day in due.items() if day <= today}
        is_later = {
            line.item.id for line in asked if not line.is_acknowledgement and due.get(line.item.id, today) > sunday
        }
        return cls(
            today=[line for line in asked if line.item.id in is_today],
            week=[line for line in asked if line.item.id not in is_today | is_later],
            later=[line for line in lines if line.item.id in is_later or line.item.kind in OPTIONAL],
            news=[line for line in lines if not line.item.kind],
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which part of the list is asked for."""

    paging: Paging
    shared: int | None


async def _asked(paging: GivenPaging, shared: Annotated[int | None, Query(ge=1, le=MOST)] = None) -> _Asked:
    return _Asked(paging, shared)


@router.get("/list")
async def read_list(
    request: Request,
    services: GivenServices,
    caller: Anybody,
    reader: GivenReader,
    language: CallersLanguage,
    reading: GivenReading,
    done: GivenDone,
    asked: Annotated[_Asked, Depends(_asked)],
) -> HTMLResponse:
    """Show what `GET /v1/inbox` tells the same person, with what little is different where a receipt is asked for.

    Of what is shared with one colleague, as `shared` counts them, names of citizens are folded: others look on.
    """
    now, shared = services.clock.now(), asked.shared
    async with services.store.municipality(caller.municipality) as connection:
        others = await colleagues(connection, caller.person)
        away = await away_colleagues(connection, caller.person, danish_day(now))
    chosen = others[shared - 1] if shared and shared <= len(others) else None
    with_whom = chosen.person if chosen else None
    inbox = await read_inbox(services, caller, language, asked.paging, reading, shared_with=with_whom)
    async with services.store.municipality(caller.municipality) as connection:
        companies = await companies_of(connection, {item.course.id for item in inbox.items if item.course})
    return render_page(
        request,
        "list",
        reader=reader,
        sections=Sections.of(await _lines(services, caller, inbox.items, language, companies), now),
        gathered=gathered,
        alike=alike,
        others=others,
        shared=shared if chosen else None,
        chosen=chosen,
        meetings=await coming_meetings(services, caller, language),
        away=away,
        next=inbox.next,
        done=done,
        proposals=await proposals_to_decide(services, caller, language),
        staff_news=await staff_news(services, caller, language),
    )


@router.post("/list/{notice}/seen")
async def see(notice: UUID, services: GivenServices, caller: Anybody, sender: GivenSender) -> RedirectResponse:
    """Have read what is new, as `POST /v1/inbox/{notice}/seen` does."""
    await mark_seen(notice, services, caller, sender)
    return see_other("/list")


@router.post("/list/seen")
async def see_several(services: GivenServices, caller: Anybody, sender: GivenSender, form: Form) -> RedirectResponse:
    """Have read several news that say the same, each as `POST /v1/inbox/{notice}/seen` does."""
    for name in form:
        if name.startswith(_NOTICE):
            await mark_seen(UUID(name.removeprefix(_NOTICE)), services, caller, sender)
    return see_other("/list")


def alike(lines: Sequence[Line]) -> list[list[Line]]:
    """Return lines in their order, those that say the same together."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.item.text if line.item.notice and line.item.course else line.item.id, []).append(line)
    return list(groups.values())


def gathered(lines: Sequence[Line]) -> list[tuple[str | None, list[Line]]]:
    """Return lines in their order, those of one company together where there are several, under its name."""
    times = Counter(line.company for line in lines if line.company)
    groups: dict[str, list[Line]] = {}
    for line in lines:
        of_several = line.company if line.company and times[line.company] > 1 else None
        groups.setdefault(f"company {of_several}" if of_several else line.item.id, []).append(line)
    return [(group[0].company if len(group) > 1 else None, group) for group in groups.values()]


async def _lines(
    services: Services,
    caller: Claims,
    items: Sequence[InboxItemRead],
    language: Language,
    companies: Mapping[tuple[UUID, int], str],
) -> list[Line]:
    """Return the lines of a list; as many briefings are read however long it is."""
    asked = [item.id for item in items if item.kind is WaitingKind.ACKNOWLEDGEMENT and item.course and item.visit]
    read = set(asked[:MOST_RECEIPTS])
    return [
        Line(
            item,
            await _receipt(services, caller, item, language) if item.id in read else None,
            companies.get((item.course.id, item.visit)) if item.course and item.visit else None,
        )
        for item in items
    ]


async def _receipt(services: Services, caller: Claims, item: InboxItemRead, language: Language) -> Receipt | None:
    """Return what little is different in the briefing that an item asks to acknowledge, None where it is more."""
    course = await readable_course(services, caller, item.course.id) if item.course else None
    if course is None or course.reads is not None:
        return None
    async with services.store.municipality(caller.municipality) as connection:
        read = await briefing_in_words(connection, services, caller, course, language, item.visit)
    asked = {caller.person, item.on_behalf_of}
    is_asked = any(receipt.person in asked and not receipt.acknowledged_at for receipt in read.briefing.receipts)
    is_little = read.briefing.issued and 0 < len(read.briefing.changes) <= _MOST_LINES
    return Receipt(read.briefing, read.since.differences) if is_asked and is_little else None
