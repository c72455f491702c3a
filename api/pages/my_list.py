"""My list: what I do today and this week, what is new, my calendar, and who is away; each act stands on its line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.appointments.coming import coming_meetings
from api.briefings.models import BriefingRead
from api.briefings.routes import briefing_in_words
from api.courses.visible import readable_course
from api.http.access import Anybody
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging
from api.http.same_origin import expect_same_origin
from api.inbox.routes import InboxItemRead, mark_seen, read_inbox
from api.pages.forms import GivenDone
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from domain.calendar import danish_day
from domain.state.waiting import OPTIONAL, WaitingKind
from infra.security.tokens import Claims
from infra.store.queries.colleagues import away_colleagues
from rules.language.formats import Language

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_MOST_LINES: Final = 2
"""How many lines may differ for a receipt to be given in the list itself."""
_DAYS_OF_A_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do or to read; a receipt can be given here where `receipt` is what little is different."""

    item: InboxItemRead
    receipt: BriefingRead | None = None

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


@router.get("/list")
async def read_list(
    request: Request,
    services: GivenServices,
    caller: Anybody,
    reader: GivenReader,
    language: CallersLanguage,
    paging: GivenPaging,
    reading: GivenReading,
    done: GivenDone,
) -> HTMLResponse:
    """Show what `GET /v1/inbox` tells the same person, with what little is different where a receipt is asked for."""
    inbox = await read_inbox(services, caller, language, paging, reading)
    now = services.clock.now()
    lines = [await _line(services, caller, item, language) for item in inbox.items]
    async with services.store.municipality(caller.municipality) as connection:
        away = await away_colleagues(connection, caller.person, danish_day(now))
    return render_page(
        request,
        "list",
        reader=reader,
        sections=Sections.of(lines, now),
        meetings=await coming_meetings(services, caller, language),
        away=away,
        next=inbox.next,
        done=done,
    )


@router.post("/list/{notice}/seen")
async def see(notice: UUID, services: GivenServices, caller: Anybody, sender: GivenSender) -> RedirectResponse:
    """Have read what is new, as `POST /v1/inbox/{notice}/seen` does."""
    await mark_seen(notice, services, caller, sender)
    return RedirectResponse("/list", 303)


async def _line(services: Services, caller: Claims, item: InboxItemRead, language: Language) -> Line:
    line = Line(item)
    if not line.is_acknowledgement or item.visit is None or item.course is None:
        return line
    course = await readable_course(services, caller, item.course.id)
    if course is None or course.reads is not None:
        return line
    async with services.store.municipality(caller.municipality) as connection:
        read = await briefing_in_words(connection, services, caller, course, language, item.visit)
    asked = {caller.person, item.on_behalf_of}
    is_asked = any(receipt.person in asked and not receipt.acknowledged_at for receipt in read.briefing.receipts)
    is_little = read.briefing.issued and 0 < len(read.briefing.changes) <= _MOST_LINES
    return Line(item, read.briefing if is_asked and is_little else None)
