"""How many running courses follow each version of a rule set, unit by unit: a count, and nothing of any course."""

from collections.abc import Collection

from sqlalchemy import func, select

from domain.identity import Unit
from domain.state.course import Status
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow

_C = t.course.c


class Followers(StoredRow):
    """The number of running courses of a unit that follow one version of a rule set."""

    version: str
    sha256: str
    unit: Unit
    courses: int


async def followers(connection: Connection, rule_set: str, units: Collection[Unit] | None) -> list[Followers]:
    """Return how many courses that are not closed follow each version of a set, in some units or, with None, in all."""
    columns = (_C.rules_version.label("version"), _C.rules_sha256.label("sha256"), _C.unit)
    asked = [_C.rules_id == rule_set, _C.status != Status.COMPLETED]
    if units is not None:
        asked.append(_C.unit.in_(units))
    counted = select(*columns, func.count().label("courses")).where(*asked).group_by(*columns)
    return [Followers.read(row) for row in await connection.execute(counted.order_by(*columns))]
