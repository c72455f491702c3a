"""Totals of a list of courses, by what they wait for, where they are and whom they wait for."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import Field

from api.directory.names import PersonNamed, UnitName, with_names
from api.http.dependencies import Services
from api.http.negotiation import Language
from api.http.read_model import ReadModel
from api.text.labels import Labels
from api.text.steps import StepRead, step_read
from domain.reach import Reach
from domain.state.waiting import WaitingKind
from infra.store.engine import Connection
from infra.store.queries import course_counts
from infra.store.queries.course_counts import CountedBy
from infra.store.queries.course_filter import CourseFilter

Count = TypeVar("Count")


class CauseCount(ReadModel):
    """How many courses wait for something of a kind."""

    cause: WaitingKind
    courses: int


class StepCount(ReadModel):
    """How many courses are at a step; the same step of several rule sets is counted as one."""

    step: StepRead
    courses: int


class UnitCount(ReadModel):
    """How many courses a unit has."""

    unit: str
    courses: int
    unit_name: UnitName = None


class PersonCount(ReadModel):
    """In how many courses somebody is waited for."""

    person: PersonNamed
    courses: int


class CourseCounts(ReadModel):
    """Of the whole list and not of the page, the most first; null where it was not asked for."""

    total: int
    by_cause: list[CauseCount] | None = Field(description="A course that waits for several things counts for each.")
    by_step: list[StepCount] | None
    by_unit: list[UnitCount] | None
    by_person: list[PersonCount] | None


async def course_counts_read(
    connection: Connection,
    services: Services,
    reach: Reach,
    wanted: CourseFilter,
    asked: tuple[list[CountedBy], str, Language],
) -> CourseCounts:
    """Return the counts that are asked for; `asked` are by what, of which municipality and in which language."""
    by, municipality, language = asked
    counted = await course_counts.counts(connection, reach, wanted, set(by))
    rules = {sha256 for _, sha256, _ in counted.get(CountedBy.STEP, ())}
    books = await services.rulebooks.books(municipality, rules)

    def step_count(step: str, sha256: str, number: int) -> StepCount:
        return StepCount(step=step_read(step, Labels(books[sha256], language)), courses=number)

    read = CourseCounts(
        total=await course_counts.total(connection, reach, wanted),
        by_cause=_each(counted.get(CountedBy.CAUSE), lambda kind, _, n: CauseCount(cause=WaitingKind(kind), courses=n)),
        by_step=_each(counted.get(CountedBy.STEP), step_count),
        by_unit=_each(counted.get(CountedBy.UNIT), lambda unit, _, n: UnitCount(unit=unit, courses=n)),
        by_person=_each(
            counted.get(CountedBy.PERSON), lambda person, _, n: PersonCount(person=PersonNamed(id=person), courses=n)
        ),
    )
    return await with_names(connection, read)


def _each(rows: list[tuple[str, str, int]] | None, count: Callable[[str, str, int], Count]) -> list[Count] | None:
    return None if rows is None else [count(*row) for row in rows]
