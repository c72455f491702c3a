"""The courses that are not closed and follow some version of a rule set, as rules judge them."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, literal_column, select

from domain.identity import Unit
from domain.state.course import Status
from infra.store import tables as t
from infra.store.engine import Connection

_C, _R = t.course.c, t.revision.c

_JUDGED_BY: Final = ("course", "status", "rules", "started_on", "started_at", "facts", "notes", "pauses")
_VISITS: Final[ColumnElement[Any]] = literal_column(
    "(SELECT jsonb_agg(visit - '{briefing,sheet,judgement,appointments,disputes,corrections}'::text[] ORDER BY place)"
    " FROM jsonb_array_elements(revision.snapshot -> 'visits') WITH ORDINALITY AS of_course (visit, place))"
)
"""The visits without what was told of them, which is most of a course and which no rule reads."""


class OpenCourse(NamedTuple):
    """A course by its reference, the rules that it follows, and what of its state rules judge unless it is erased."""

    course: UUID
    reference: str
    unit: Unit
    rules_sha256: str
    judged: dict[str, Any] | None


async def page_of_open(
    connection: Connection,
    rules_id: str,
    limit: int,
    after: UUID | None = None,
    units: Collection[Unit] | None = None,
) -> Sequence[OpenCourse]:
    """Return some of the open courses that follow a version of a set, in some units or, with None, in all.

    They are in a fixed order.
    """
    columns = (_C.course_id, _C.reference, _C.unit, _C.rules_sha256, _C.epoch, _C.revision)
    page = _open(select(*columns), rules_id, units)
    if after is not None:
        page = page.where(_C.course_id > after)
    # The page is found first, in the order of a key, so that the store looks at no other course for it.
    of_page = page.order_by(_C.course_id).limit(limit).cte("page").prefix_with("MATERIALIZED", dialect="postgresql")
    named = (part for name in _JUDGED_BY for part in (literal_column(f"'{name}'"), _R.snapshot[name]))
    judged = case((_R.snapshot.is_not(None), func.jsonb_build_object(*named, literal_column("'visits'"), _VISITS)))
    c = of_page.c
    is_newest = (_R.course_id == c.course_id) & (_R.epoch == c.epoch) & (_R.revision == c.revision)
    statement = select(c.course_id, c.reference, c.unit, c.rules_sha256, judged).join_from(
        of_page, t.revision, is_newest
    )
    rows = await connection.execute(statement.order_by(c.course_id))
    return [OpenCourse(*row) for row in rows]


async def count_of_open(connection: Connection, rules_id: str, units: Collection[Unit] | None = None) -> int:
    """Return how many open courses follow a version of a set, those that are erased too."""
    return await connection.scalar(_open(select(func.count()), rules_id, units)) or 0


def _open(statement: Select[Any], rules_id: str, units: Collection[Unit] | None) -> Select[Any]:
    asked = statement.select_from(t.course).where(_C.rules_id == rules_id, _C.status != Status.COMPLETED)
    return asked if units is None else asked.where(_C.unit.in_(units))
