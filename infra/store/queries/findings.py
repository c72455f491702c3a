"""The findings of the audit, as those who govern a unit read them (P14)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from domain.reach import Reach
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.finding_rows import FindingRow
from infra.store.page import Page, read_page
from infra.store.queries.visibility import governed_by

FindingCursor = tuple[datetime, str, UUID, str]
"""When the last finding of a page was seen first, its kind, its subject, and what of it."""

_F: Final = t.finding.c
_OF_COURSE: Final = t.course.c.course_id == _F.course_id


class FindingInUnit(FindingRow):
    """A finding with the unit and the reference of its course; neither where it is of no course that is here."""

    unit: str | None
    reference: str | None


async def findings(
    connection: Connection, reach: Reach, *, is_mended: bool, limit: int, after: FindingCursor | None = None
) -> Page[FindingInUnit, FindingCursor]:
    """Return what is found now, or what is mended, in the units that the caller governs; the newest first.

    What is of no course is for those who govern the whole municipality.
    """
    of_course = (t.course.c.unit, t.course.c.reference)
    statement = select(t.finding, *of_course).join(t.course, _OF_COURSE, isouter=True)
    return await read_page(
        connection,
        statement.where(_F.mended_at.is_not(None) == is_mended, governed_by(reach)),
        FindingInUnit,
        [_F.first_seen, _F.kind, _F.subject, _F.what],
        lambda row: (row.first_seen, row.kind, row.subject, row.what),
        limit,
        after,
        newest_first=True,
    )
