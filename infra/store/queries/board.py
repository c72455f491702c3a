"""The board of who leads: each course by its foremost wait, what holds it up, and how many there are of each kind."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, case, false, func, literal_column, null, select
from sqlalchemy import Row as SqlRow
from sqlalchemy.types import Text

from domain.calendar import DANISH_TIME
from domain.reach import Reach
from domain.state.course import Status
from domain.state.waiting import OPTIONAL, WaitingKind
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.queries.board_filter import BoardFilter, HeldUpBy, HolderAway, TakenBy
from infra.store.queries.covers import covers_by_course, lasts_until
from infra.store.queries.visibility import governed_by
from infra.store.rows import WaitingRow

Cursor = tuple[datetime | None, UUID]
"""The deadline of the last course of a page, and its id."""

_NEVER: Final[ColumnElement[datetime]] = literal_column("'infinity'::timestamptz")

_SAME: Final = t.waiting.alias("same")
_OTHERS: Final = (
    select(func.count())
    .where(_SAME.c.course_id == t.waiting.c.course_id, ~_SAME.c.is_foremost)
    .where(_SAME.c.kind.not_in([*OPTIONAL, WaitingKind.SILENCE]))
    .correlate(t.waiting)
    .scalar_subquery()
    .label("others")
)
"""How many other waits the course has that people see and must not leave undone."""


class BoardRow(WaitingRow):
    """A course with its foremost wait."""

    unit: str
    reference: str
    status: Status
    steps: tuple[str, ...]
    started_on: date
    rules_id: str
    rules_sha256: str
    held_up_by: HeldUpBy
    taken: TakenBy
    is_stalled: bool
    is_new: bool
    is_overdue: bool
    others: int


class Cell(NamedTuple):
    """How many courses of the board are alike in all by which it is narrowed, and follow the same version."""

    unit: str
    steps: tuple[str, ...]
    rule_set: str
    held_up_by: HeldUpBy
    stalled: bool
    new: bool
    overdue: bool
    away: HolderAway | None
    falls_due: bool
    taken_by: TakenBy
    rules: str
    number: int


async def board(
    connection: Connection, reach: Reach, wanted: BoardFilter, limit: int, after: Cursor | None = None
) -> Page[BoardRow, Cursor]:
    """Return the courses in units that the caller governs, the first due first, from what follows `after`.

    A further page is asked for with the first one's `now`.
    """
    w = t.waiting.c
    return await read_page(
        connection,
        _listed(reach, wanted),
        BoardRow,
        [func.coalesce(w.until, _NEVER), w.course_id],
        lambda row: (row.until, row.course_id),
        limit,
        after and (_NEVER if after[0] is None else after[0], after[1]),
    )


async def cells(connection: Connection, reach: Reach, wanted: BoardFilter) -> list[Cell]:
    """Return how many courses the board has of each kind, however it is narrowed, by one statement."""
    c, seen = t.course.c, _Seen(reach, wanted)
    alike = (c.unit, c.steps, c.rules_id, c.rules_sha256, seen.held_up_by, seen.is_stalled, seen.is_new)
    more = (seen.is_overdue, seen.away, seen.is_falling_due, seen.taken)
    statement = seen.joined(select(*alike, *more, func.count().label("number"))).group_by(*alike, *more)
    return [_cell(row) for row in await connection.execute(statement.where(governed_by(reach)))]


def _cell(row: SqlRow[Any]) -> Cell:
    return Cell(
        unit=row.unit,
        steps=tuple(row.steps),
        rule_set=row.rules_id,
        held_up_by=HeldUpBy(row.held_up_by),
        stalled=row.is_stalled,
        new=row.is_new,
        overdue=row.is_overdue,
        away=HolderAway(row.away) if row.away is not None else None,
        falls_due=row.is_falling_due,
        taken_by=TakenBy(row.taken),
        rules=row.rules_sha256,
        number=row.number,
    )


class _Seen:
    """The columns that say how a course stands on the board of a caller."""

    def __init__(self, reach: Reach, wanted: BoardFilter) -> None:
        c, w, now = t.course.c, t.waiting.c, wanted.now
        self._away = _away(reach.today, wanted.last_day)
        a = self._away.c
        due_on = func.timezone(DANISH_TIME.key, c.due_at)
        self.held_up_by: ColumnElement[str] = case(
            (c.status == Status.PAUSED, HeldUpBy.PAUSED.value),
            (w.answered_until > now, w.waiting_on),
            else_=HeldUpBy.UNANSWERED.value,
        ).label("held_up_by")
        self.taken: ColumnElement[str] = case(
            (func.coalesce(w.look_again_at <= now, True), TakenBy.NOBODY.value),
            (w.taken_by == reach.person, TakenBy.ME.value),
            else_=TakenBy.OTHERS.value,
        ).label("taken")
        self.is_stalled = w.escalation.is_not(None).label("is_stalled")
        self.is_new = func.coalesce(w.escalated_at >= wanted.new_since, false()).label("is_new")
        self.is_overdue = func.coalesce(w.until < now, false()).label("is_overdue")
        self.away: ColumnElement[str | None] = case(
            (a.is_covered, HolderAway.COVERED.value),
            (a.course_id.is_not(None), HolderAway.WITHOUT_COVER.value),
            else_=null().cast(Text),
        ).label("away")
        self._is_within = and_(~a.is_covered, func.date(due_on) <= a.last_day)
        # So written that the day of a deadline is reckoned only where somebody is away.
        is_uncovered = a.is_covered.is_(False)
        self.is_falling_due = case((is_uncovered, func.coalesce(self._is_within, false())), else_=false()).label(
            "is_falling_due"
        )

    def joined(self, statement: Select[Any]) -> Select[Any]:
        """Return a statement of courses that are not over, each with its foremost wait and who is away."""
        return _waiting(statement).join(self._away, self._away.c.course_id == t.waiting.c.course_id, isouter=True)

    def in_absence(self, wanted: BoardFilter) -> Iterator[ColumnElement[bool]]:
        """Yield what is asked about absences, each as whether a course is among those found once.

        Said so that PostgreSQL hashes them: it takes them for a few, and would compare each with every course.
        """
        c, w, a = t.course.c, t.waiting.c, self._away.c
        if wanted.away is not None:
            is_so = a.is_covered if wanted.away is HolderAway.COVERED else ~a.is_covered
            yield w.course_id.in_(select(a.course_id).where(is_so).correlate(None)).is_(True)
        if wanted.falls_due is not None:
            falling = select(a.course_id).join(t.course, c.course_id == a.course_id).where(self._is_within)
            yield w.course_id.in_(falling.correlate(None)).is_(wanted.falls_due)


def _waiting(statement: Select[Any]) -> Select[Any]:
    c, w = t.course.c, t.waiting.c
    of_course = statement.select_from(t.waiting).join(t.course, c.course_id == w.course_id)
    return of_course.where(w.is_foremost, c.status != Status.COMPLETED)


def _listed(reach: Reach, wanted: BoardFilter) -> Select[Any]:
    c, seen = t.course.c, _Seen(reach, wanted)
    of_course = (c.unit, c.reference, c.status, c.steps, c.started_on, c.rules_id, c.rules_sha256)
    stands = (seen.held_up_by, seen.taken, seen.is_stalled, seen.is_new, seen.is_overdue)
    listed = _waiting(select(t.waiting, *of_course, *stands, _OTHERS))
    return listed.where(governed_by(reach), *_of_course(wanted), *_of_seen(seen, wanted), *seen.in_absence(wanted))


def _of_course(wanted: BoardFilter) -> Iterator[ColumnElement[bool]]:
    c = t.course.c
    if wanted.unit is not None:
        yield c.unit == wanted.unit
    if wanted.step is not None:
        yield any_(c.steps) == wanted.step
    if wanted.rule_set is not None:
        yield c.rules_id == wanted.rule_set


def _of_seen(seen: _Seen, wanted: BoardFilter) -> Iterator[ColumnElement[bool]]:
    asked = {
        "held_up_by": seen.held_up_by,
        "stalled": seen.is_stalled,
        "new": seen.is_new,
        "overdue": seen.is_overdue,
        "taken_by": seen.taken,
    }
    for name, column in asked.items():
        if (value := getattr(wanted, name)) is not None:
            yield column == value


def _away(today: date, last_day: date) -> Any:  # noqa: ANN401 - A common table expression.
    """Return the courses in which somebody is away today: whether each is covered for, and the last day of those not.

    An absence without an end is looked at until `last_day`.
    """
    a = t.absence.c
    matches = covers_by_course(today, a.since <= today, lasts_until(today)).subquery("matches")
    m = matches.c
    is_covered = and_(m.cover.is_not(None), m.holds_a_role.is_(False))
    until = func.max(func.coalesce(a.until, last_day)).filter(~is_covered)
    of_absence = and_(a.person_id == m.absent, a.since == m.since)
    return (
        select(m.course_id, func.bool_and(is_covered).label("is_covered"), until.label("last_day"))
        .select_from(matches.join(t.absence, of_absence))
        .group_by(m.course_id)
        .cte("away")
    )
