"""Who is waited for although the directory does not know who that is, or not in the role held (P5)."""

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, any_, case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.types import Text

from domain.identity import Role
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow

NOT_IN_DIRECTORY: Final = "not_in_directory"
WITHOUT_ROLE: Final = "without_role"
"""What somebody is who is waited for and unknown, as a cause."""

_HOLDERS: Final = t.party.join(t.person, t.person.c.person_id == t.party.c.person, isouter=True)
_IS_AWAITED: Final = (
    t.waiting.c.course_id == t.party.c.course_id,
    t.party.c.person == any_(t.waiting.c.persons),
    t.IS_SHOWN,
)
_IS_UNKNOWN: Final = or_(t.person.c.person_id.is_(None), ~(t.party.c.role == any_(t.person.c.roles)))

AWAITS_UNKNOWN: Final[ColumnElement[bool]] = exists(
    select(t.party.c.role).select_from(_HOLDERS).where(*_IS_AWAITED, _IS_UNKNOWN).correlate(t.waiting)
)
"""Whether `t.waiting` is for somebody whom the directory does not know in the role."""


def causes(
    kind: ColumnElement[Any],
    course: ColumnElement[Any],
    *,
    persons: ColumnElement[Any] | None = None,
    roles: ColumnElement[Any] | None = None,
) -> ColumnElement[Any]:
    """Return as a list for what kind of thing `persons` or `roles` are waited for, and whether any is unknown."""
    cause = case((t.person.c.person_id.is_(None), NOT_IN_DIRECTORY), else_=WITHOUT_ROLE)
    pairs = ((t.party.c.person, persons), (t.party.c.role, roles))
    is_asked = (column == any_(asked) for column, asked in pairs if asked is not None)
    unknown = (
        select(cause).distinct().select_from(_HOLDERS).where(t.party.c.course_id == course, *is_asked, _IS_UNKNOWN)
    )
    return func.array_cat(array([kind.cast(Text)]), func.array(unknown.scalar_subquery(), type_=ARRAY(Text)))


class UnknownHolder(StoredRow):
    """Somebody who is waited for in a role: not in the directory, or there without it."""

    course_id: UUID
    person: str
    role: Role
    is_in_directory: bool


async def unknown_holders(connection: Connection, courses: Collection[UUID]) -> dict[UUID, list[UnknownHolder]]:
    """Return who is waited for in some courses and is unknown, by the course."""
    found: dict[UUID, list[UnknownHolder]] = {course: [] for course in courses}
    p, is_in_directory = t.party.c, t.person.c.person_id.is_not(None).label("is_in_directory")
    statement = (
        select(p.course_id, p.person, p.role, is_in_directory)
        .select_from(_HOLDERS)
        .where(p.course_id.in_(courses), _IS_UNKNOWN, exists().where(*_IS_AWAITED))
        .order_by(p.course_id, p.person, p.role)
    )
    for holder in map(UnknownHolder.read, await connection.execute(statement)):
        found[holder.course_id].append(holder)
    return found


def among(holders: Iterable[UnknownHolder], persons: Collection[str]) -> list[UnknownHolder]:
    """Return those of `holders` for whom a wait is."""
    return [holder for holder in holders if holder.person in persons]


def not_in_directory(holders: Iterable[UnknownHolder]) -> list[str]:
    """Return those whom no directory knows."""
    return list(dict.fromkeys(holder.person for holder in holders if not holder.is_in_directory))


def without_role(holders: Iterable[UnknownHolder]) -> list[str]:
    """Return those whom the directory knows, but not in the role they hold."""
    return list(dict.fromkeys(holder.person for holder in holders if holder.is_in_directory))
