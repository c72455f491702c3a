"""Whom to call about a course: who holds its roles, by name and with the telephone number of the directory."""

from collections.abc import Collection
from uuid import UUID

from api.http.read_model import ReadModel
from domain.identity import Role
from infra.store.engine import Connection
from infra.store.queries import colleagues


class Colleague(ReadModel):
    """Who holds a role; name and number are null where the directory does not know them."""

    role: Role
    person: str
    name: str | None
    phone: str | None


async def colleagues_in(connection: Connection, courses: Collection[UUID]) -> dict[UUID, list[Colleague]]:
    """Return by course who holds its roles, by one statement."""
    found: dict[UUID, list[Colleague]] = {course: [] for course in courses}
    for row in await colleagues.holders(connection, found.keys()):
        found[row.course_id].append(Colleague.of(row))
    return found
