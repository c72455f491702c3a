"""How many courses a list has, in all and by what they wait for, step, unit and person awaited."""

from collections.abc import Collection

from sqlalchemy import and_, select

from domain.reach import Reach
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.counts import Counted, CountedBy, Counts, counted, counts
from infra.store.queries.course_filter import CourseFilter, conditions
from infra.store.queries.unknown_holders import causes
from infra.store.queries.visibility import unless_observed


async def course_counts(
    connection: Connection, reach: Reach, wanted: CourseFilter, by: Collection[CountedBy]
) -> Counts:
    """Return how many courses, of those that exist for the caller, `wanted` describes, and by what is asked for.

    Those that the caller only observes count in all, and by no step or wait.
    """
    c, w = t.course.c, t.waiting.c
    listed = (
        select(c.course_id)
        .join(t.waiting, and_(w.course_id == c.course_id, t.IS_SHOWN), isouter=True)
        .where(*conditions(reach, wanted))
    )
    why, steps, persons = (
        unless_observed(reach, column)
        for column in (causes(w.kind, c.course_id, persons=w.persons), c.steps, w.persons)
    )
    columns = Counted(c.course_id, c.rules_sha256, why, steps, c.unit, persons)
    return await counts(connection, counted(listed, columns), by)
