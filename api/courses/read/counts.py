"""Totals of a list, by what is waited for, at which step, in which unit and for whom."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field

from api.directory.names import PersonNamed, UnitName, with_names
from api.http.dependencies import Services
from api.http.read_model import ReadModel
from api.text.steps import StepRead, step_read
from infra.store.engine import Connection
from infra.store.queries.counts import Count, CountedBy, Counts
from rules.language.formats import Language
from wording.labels import Labels

Named = TypeVar("Named")

CountsAsked = Annotated[
    list[CountedBy] | None,
    Field(max_length=len(CountedBy), description="Count the whole list by these; may be repeated."),
]


class CauseCount(ReadModel):
    """How many wait for something of a kind, tell of one thing, or ask who is `not_in_directory` or `without_role`."""

    cause: str
    count: int


class StepCount(ReadModel):
    """How many are at a step; the same step of several rule sets is counted as one."""

    step: StepRead
    count: int


class UnitCount(ReadModel):
    """How many a unit has."""

    unit: str
    count: int
    unit_name: UnitName = None


class PersonCount(ReadModel):
    """In how many somebody is waited for."""

    person: PersonNamed
    count: int


class CountsRead(ReadModel):
    """Of the whole list and not of the page, the most first; null where it was not asked for."""

    total: int
    by_cause: list[CauseCount] | None = Field(description="What waits for several things counts for each.")
    by_step: list[StepCount] | None
    by_unit: list[UnitCount] | None
    by_person: list[PersonCount] | None


class WithCounts(BaseModel):
    """A page of a list whose counts may be asked for."""

    counts: CountsRead | None = Field(default=None, description="Of the whole list, where `counts` asks for it.")


async def counts_read(
    connection: Connection, services: Services, municipality: str, counted: Counts, language: Language
) -> CountsRead:
    """Return what was counted, with the names of steps, units and persons."""
    rules = {count.rules for count in counted.by.get(CountedBy.STEP, ())}
    books = await services.rulebooks.books(municipality, rules)

    def each(by: CountedBy, named: Callable[[Count], Named]) -> list[Named] | None:
        return [named(count) for count in counted.by[by]] if by in counted.by else None

    def at_step(count: Count) -> StepCount:
        return StepCount(step=step_read(count.name, Labels(books[count.rules], language)), count=count.number)

    read = CountsRead(
        total=counted.total,
        by_cause=each(CountedBy.CAUSE, lambda count: CauseCount(cause=count.name, count=count.number)),
        by_step=each(CountedBy.STEP, at_step),
        by_unit=each(CountedBy.UNIT, lambda count: UnitCount(unit=count.name, count=count.number)),
        by_person=each(
            CountedBy.PERSON, lambda count: PersonCount(person=PersonNamed(id=count.name), count=count.number)
        ),
    )
    return await with_names(connection, read)
