"""The board: each course by its foremost wait, the first due first, and how many stand still for what reason (P5)."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter

from api.board.counts import board_counts
from api.board.models import BoardCounts, BoardLine, BoardPage, HolderRead, InformedRead
from api.board.wanted import WantedBoard
from api.directory.names import PersonNamed, with_names
from api.http.access import Supervisor
from api.http.caller import reach_of
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging
from api.http.responses import problems
from api.text.steps import step_read, steps_read
from domain.calendar import danish_day, start_of_day
from domain.falling_due import window
from domain.reach import Reach
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.page import Page
from infra.store.queries import board, board_beside
from infra.store.queries.board import BoardRow, Cursor
from infra.store.queries.board_beside import HolderRow, Touched
from infra.store.queries.board_filter import BoardFilter, HolderAway, TakenBy
from rules.calendar.working_time import WorkingTime
from rules.language.formats import Language
from wording.labels import Labels

router = APIRouter(tags=["board"])

_LOOKED_BACK: Final = timedelta(weeks=4)
_FEWEST: Final = 5
"""Of how many visits a step is told at least, so that nobody is told of by it."""
_Position = tuple[datetime, Cursor]
"""The `now` of the first page, by which all pages are filtered, and the last course."""
_NOTHING: Final = Page[BoardRow, Cursor](items=())
_POSITION: Final[TypeAdapter[_Position]] = TypeAdapter(_Position)


class AskedOfBoard(WantedBoard):
    """What is asked of the board."""

    counts: bool = Field(default=False, description="Count the whole board too.")


@router.get("/v1/board", summary="Where do courses stand still, and why?", responses=problems())
async def read_board(
    asked: Annotated[AskedOfBoard, Query()],
    services: GivenServices,
    caller: Supervisor,
    language: CallersLanguage,
    paging: GivenPaging,
    _reading: GivenReading,
) -> BoardPage:
    """Return the courses of the units that the caller supervises which wait for anybody, the first due first.

    Each stands there once, by its foremost wait; the counts say what the board would list if it were narrowed further.
    """
    now, after = paging.position(_POSITION) or (services.clock.now(), None)
    seen = _Seen(services, caller, language, reach_of(caller, now))
    page = _page(seen, asked, paging, now, after)
    if not asked.counts or asked.named().keys() - {"unit"}:
        return await page
    # Each takes a good part of what both do, so they are read beside each other.
    read, informed = await asyncio.gather(page, seen.informed(asked.unit, now - _LOOKED_BACK))
    return read.model_copy(update={"informed": informed})


async def _page(
    seen: "_Seen", asked: AskedOfBoard, paging: GivenPaging, now: datetime, after: Cursor | None
) -> BoardPage:
    services, reach = seen.services, seen.reach
    async with services.store.reading(seen.caller.municipality) as connection:
        calendar = await services.calendars.in_force(connection)
        wanted = asked.as_filter(
            now, _last_working_day(calendar, reach.today), window(reach.today, None, reach.today)[1]
        )
        counts = await seen.counts(connection, asked, wanted) if asked.counts else None
        # To find that there is nothing takes the longest: every course is looked at in turn.
        is_empty = counts is not None and counts.total == 0
        page = _NOTHING if is_empty else await board.board(connection, reach, wanted, paging.limit, after)
        lines = await seen.lines(connection, calendar, page.items)
        shown = paging.page(lines, (now, page.next) if page.next else None, _POSITION)
        return await with_names(connection, BoardPage(items=shown.items, next=shown.next, counts=counts))


def _last_working_day(calendar: WorkingTime, today: date) -> datetime:
    """Return when the office's last working day before today began."""
    day = today - timedelta(days=1)
    while calendar.working_days_between(day, today) == 0:
        day -= timedelta(days=1)
    return start_of_day(day)


def _away(holders: Iterable[HolderRow]) -> HolderAway | None:
    """Return whether somebody covers for each holder who is away today, None where nobody is."""
    covers = [one.cover for one in holders if one.away_since is not None]
    return None if not covers else HolderAway.COVERED if all(covers) else HolderAway.WITHOUT_COVER


@dataclass(frozen=True, slots=True)
class _Seen:
    """Reads what a board shows for a caller."""

    services: Services
    caller: Claims
    language: Language
    reach: Reach

    async def _labels(self, rules: Iterable[str]) -> dict[str, Labels]:
        books = await self.services.rulebooks.books(self.caller.municipality, {*rules})
        return {sha256: Labels(book, self.language) for sha256, book in books.items()}

    async def counts(self, connection: Connection, asked: WantedBoard, wanted: BoardFilter) -> BoardCounts:
        """Return how many courses the board has of each kind."""
        cells = await board.cells(connection, self.reach, wanted)
        books = await self.services.rulebooks.books(self.caller.municipality, {cell.rules for cell in cells})
        return board_counts(cells, asked, books, self.language)

    async def lines(self, connection: Connection, calendar: WorkingTime, rows: Sequence[BoardRow]) -> list[BoardLine]:
        """Return the lines of some courses, but for names."""
        ids = {row.course_id for row in rows}
        labels = await self._labels(row.rules_sha256 for row in rows)
        holders = await board_beside.holders(connection, ids, self.reach.today)
        touched = await board_beside.touched(connection, ids)
        return [
            self._line(
                row,
                max(0, calendar.working_days_between(danish_day(row.since), self.reach.today)),
                labels[row.rules_sha256],
                [one for one in holders if one.course_id == row.course_id],
                touched.get(row.course_id),
            )
            for row in rows
        ]

    def _line(
        self, row: BoardRow, days: int, labels: Labels, holders: Sequence[HolderRow], touched: Touched | None
    ) -> BoardLine:
        return BoardLine.of(
            row,
            course=row.course_id,
            steps=steps_read(row.steps, labels),
            day=(self.reach.today - row.started_on).days + 1,
            rule_set=row.rules_id,
            waiting=row.key,
            missing=labels.waiting(row),
            asked=[HolderRead.of(one) for one in holders if one.role in row.roles],
            away=_away(holders),
            since=danish_day(row.since),
            working_days=days,
            touched_on=danish_day(touched.at) if touched else None,
            touched_by=PersonNamed(id=touched.actor) if touched else None,
            taken_by=PersonNamed(id=row.taken_by) if row.taken_by and row.taken is not TakenBy.NOBODY else None,
        )

    async def informed(self, unit: str | None, since: datetime) -> list[InformedRead]:
        """Return of which steps both were informed before, and how often."""
        async with self.services.store.reading(self.caller.municipality) as connection:
            every = await board_beside.informed(connection, self.reach, unit, since)
        told = [one for one in every if one.visits >= _FEWEST]
        labels = await self._labels(one.rules for one in told)
        return [InformedRead.of(one, step=step_read(one.step, labels[one.rules])) for one in told]
