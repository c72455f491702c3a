"""What a version of a rule set would hold and free of the running courses, before anybody lives under it."""

from asyncio import sleep
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.directory.names import UnitName, with_names
from api.http.access import Approver
from api.http.caller import reach_of
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.fields import RuleSetId
from api.http.negotiation import CallersLanguage
from api.http.read_model import ReadModel
from api.http.responses import problems
from api.rulesets.versions import GivenBook
from domain.calendar import Calendar
from domain.identity import Role, Unit
from domain.reach import Reach
from domain.state.course import CourseState
from infra.documents.rulebooks import Rulebooks
from infra.store.queries.open_courses import OpenCourse, count_of_open, page_of_open
from rules.engine.book import Book
from rules.language.formats import Language
from rules.proving.what_if import ROUTE, Effect, effect_of, equal_inputs
from wording.labels import Labels

router = APIRouter(tags=["rule sets"])

_PAGE: Final = 1000
"""How many courses a page decides, each twice unless another has its inputs: some tenths of a second."""
_NAMED: Final = 50


class DecidedCourse(NamedTuple):
    """A recorded course, and what other rules do to it."""

    course: UUID
    reference: str
    unit: Unit
    effect: Effect


@dataclass
class Deciding:
    """Decides recorded courses of a municipality under other rules; courses with equal inputs are decided once."""

    rulebooks: Rulebooks
    municipality: str
    after: Book
    calendar: Calendar
    now: datetime
    _effects: dict[tuple[str, str], Effect] = field(default_factory=dict)

    @property
    def kinds(self) -> int:
        """Return how many of the courses had different inputs."""
        return len(self._effects)

    async def decided(self, courses: Iterable[OpenCourse]) -> AsyncIterator[DecidedCourse]:
        """Yield the courses with what becomes of them; one that is erased is left out."""
        for course in courses:
            if course.judged is None:
                continue
            key = course.rules_sha256, equal_inputs(course.judged)
            if key not in self._effects:
                await sleep(0)  # Others have their turn between two courses.
                before = await self.rulebooks.book(self.municipality, course.rules_sha256)
                state = CourseState.model_validate(course.judged)
                self._effects[key] = effect_of(state, before, self.after, self.now, self.calendar)
            yield DecidedCourse(course.course, course.reference, course.unit, self._effects[key])


class RequirementEffect(ReadModel):
    """How many courses a requirement holds only under the version, and how many only under the rules they follow."""

    requirement: str = Field(description="Its id, or `route` where nobody knows yet where the course goes next.")
    text: str
    holding: int
    no_longer: int


class CourseEffect(ReadModel):
    """A course that the version would hold or free, and the requirements that do it, by their ids."""

    course: UUID
    reference: str
    unit: str
    is_held: bool
    is_freed: bool
    holding: list[str]
    no_longer: list[str]
    unit_name: UnitName = None


class WhatIfPage(ReadModel):
    """What a version would mean for running courses as they stand now, one page of them; add the pages up."""

    total: int = Field(description="How many running courses there are on all pages, those that are erased too.")
    courses: int = Field(description="How many of them this page has decided.")
    held: int = Field(description="How many of these are ready to go on now, and would not be.")
    freed: int = Field(description="How many of these are not ready now, and would be.")
    requirements: list[RequirementEffect]
    named: list[CourseEffect] = Field(
        description="The first fifty of those that are held or freed, of units that the caller governs."
    )
    next: UUID | None = Field(description="The `after` of the page that follows; null on the last one.")


@router.get("/v1/rulesets/{rule_set}/what-if", summary="Whom would a version hold?", responses=problems(404))
async def what_if(
    rule_set: GivenBook,
    services: GivenServices,
    caller: Approver,
    language: CallersLanguage,
    _reading: GivenReading,
    instead_of: Annotated[
        RuleSetId | None, Query(description="The id of the set that the courses follow now; else the same.")
    ] = None,
    after: Annotated[UUID | None, Query(description="The `next` of the page before.")] = None,
) -> WhatIfPage:
    """Decide running courses by a version that need not be published, a thousand a page; writes nothing.

    Rule editors are told of the whole municipality in numbers, supervisors of the units that they govern.
    """
    now, follow = services.clock.now(), instead_of or rule_set.rule_set.id
    reach = reach_of(caller, now)
    units = None if Role.RULE_EDITOR in caller.roles else reach.governed_units
    async with services.store.reading(caller.municipality) as connection:
        total = await count_of_open(connection, follow, units)
        page = await page_of_open(connection, follow, _PAGE, after, units)
        calendar = await services.calendars.in_force(connection)
    deciding = Deciding(services.rulebooks, caller.municipality, rule_set, calendar, now)
    decided = [one async for one in deciding.decided(page)]
    named = [*_named(decided, reach)][:_NAMED]
    async with services.store.municipality(caller.municipality) as connection:
        courses: list[CourseEffect] = await with_names(connection, named)
    former = [await services.rulebooks.book(caller.municipality, sha) for sha in {one.rules_sha256 for one in page}]
    return WhatIfPage(
        total=total,
        courses=len(decided),
        held=sum(one.effect.is_held for one in decided),
        freed=sum(one.effect.is_freed for one in decided),
        requirements=[*_requirements(decided, (rule_set, *former), language)],
        named=courses,
        next=page[-1].course if len(page) == _PAGE else None,
    )


def _named(decided: Iterable[DecidedCourse], reach: Reach) -> Iterator[CourseEffect]:
    """Yield the courses that are held or freed, of units that the caller governs (P14)."""
    for course, reference, unit, effect in decided:
        if (effect.is_held or effect.is_freed) and reach.governs(unit):
            yield CourseEffect(
                course=course,
                reference=reference,
                unit=unit,
                is_held=effect.is_held,
                is_freed=effect.is_freed,
                holding=sorted(effect.holding),
                no_longer=sorted(effect.no_longer),
            )


def _requirements(
    decided: Iterable[DecidedCourse], books: Iterable[Book], language: Language
) -> Iterator[RequirementEffect]:
    """Yield the requirements by which something changes, in the words of the version or else of those it replaces."""
    holding, no_longer = Counter[str](), Counter[str]()
    for one in decided:
        holding.update(one.effect.holding)
        no_longer.update(one.effect.no_longer)
    labels = [Labels(book, language) for book in books]
    texts = {ROUTE: labels[0].catalog.rule_book["way_unknown"]}
    for each in reversed(labels):
        texts |= {name: each.requirement(name) for name in each.requirements}
    for name in sorted({*holding, *no_longer}):
        yield RequirementEffect(
            requirement=name, text=texts.get(name, name), holding=holding[name], no_longer=no_longer[name]
        )
