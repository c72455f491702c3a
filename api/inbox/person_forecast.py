"""What a person will be told, when and with which list, if nobody acts: what she will find, or her leader with her."""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.directory.names import NameOf, with_names
from api.http.access import RegisterReader, expect_governs
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import PersonInPath
from api.http.negotiation import CallersLanguage
from api.http.problems import ProblemError
from api.http.read_model import ReadModel
from api.http.responses import problems
from api.inbox.forecast import RehearsedRead, list_named, rehearsed_read
from domain.calendar import Calendar
from domain.forecast import Errand, Readers, Rehearsal, rehearse
from domain.gathering import Arrival
from domain.identity import Role
from domain.reach import Reach
from domain.state.course import CourseState
from infra.store.engine import Connection
from infra.store.queries import courses, outward
from infra.store.queries.courses import StoredCourse
from infra.store.queries.outward import Concerned
from infra.store.registers import people
from infra.store.rows import CourseRow
from rules.engine.book import Book
from rules.language.formats import Language
from wording.labels import Labels, Names
from wording.naming import naming

router = APIRouter(tags=["people"])

_Days = Annotated[int, Query(ge=1, le=31, description="How many days ahead.")]


class ComingRead(ReadModel):
    """A notice that goes out to the person if nobody acts."""

    at: datetime = Field(description="Not before when.")
    list: str | None = Field(description="Which of that day's lists has it; null for what comes by itself.")
    course: UUID
    reference: str
    text: str
    about: str
    level: int | None
    visit: int | None
    waiting: str | None = Field(description="The `key` of the wait that the notice is about.")
    raised_at: datetime
    on_behalf_of: str | None = Field(description="Who is away, and for whom the person covers.")
    on_behalf_of_name: Annotated[str | None, NameOf("on_behalf_of")] = None


class PersonRehearsalRead(BaseModel):
    """What goes out to a person from now until then, the earliest first; what is due together comes together."""

    since: datetime
    until: datetime = Field(description="Sooner than asked for when too much would happen to foresee it all.")
    notices: list[ComingRead]


@router.get("/v1/people/{person}/rehearsal", summary="What will a person be told next?", responses=problems(404))
async def read_rehearsal_of_person(
    person: PersonInPath,
    services: GivenServices,
    caller: RegisterReader,
    language: CallersLanguage,
    _reading: GivenReading,
    days: _Days = 7,
) -> PersonRehearsalRead:
    """Return what goes out to a person if nobody acts: for that person, and for who governs the person's unit.

    It is of the courses that the caller works with, by today's rules, working time and covers; nothing is recorded.
    """
    now = services.clock.now()
    reach = reach_of(caller, now)
    async with services.store.municipality(caller.municipality) as connection:
        await _expect_may_read(connection, reach, person)
        asked = await outward.concerning(connection, reach, person, now + timedelta(days=days), now)
        stage = await _staged(connection, services, caller.municipality, asked)
    notices, until = await stage.coming(person, now, language)
    async with services.store.municipality(caller.municipality) as connection:
        await with_names(connection, notices)
    return PersonRehearsalRead(since=now, until=until, notices=notices)


async def _expect_may_read(connection: Connection, reach: Reach, person: str) -> None:
    """Expect that it is the caller, or somebody whose unit the caller governs; raises ProblemError 403, 404."""
    if person == reach.person:
        return
    entry = await people.get(connection, person)
    if entry is None:
        raise ProblemError(ApiCode.PERSON_NOT_FOUND)
    expect_governs(reach, "person", entry.unit)


@dataclass(frozen=True)
class _Stage:
    """Some courses, and all that they are rehearsed by."""

    asked: Concerned
    courses: Collection[StoredCourse]
    books: Mapping[str, Book]
    calendar: Calendar
    readers: Readers
    errands: Mapping[UUID, Sequence[Errand]]
    unknown: Collection[tuple[Role, str]]
    names: Names

    async def coming(self, person: str, now: datetime, language: Language) -> tuple[list[ComingRead], datetime]:
        """Return what goes out to a person, the earliest first, and until when; others are served meanwhile."""
        until, coming = self.asked.until, []
        for course in self.courses:
            if course.state is not None:
                rehearsal = await asyncio.to_thread(self._rehearsed, course.state, now)
                until = min(until, rehearsal.until)
                coming += list(self._coming_of(rehearsal, course.row, course.state, person, language))
        return sorted((each for each in coming if each.at <= until), key=lambda each: (each.at, each.reference)), until

    def _rehearsed(self, state: CourseState, now: datetime) -> Rehearsal:
        book, errands = self.books[_rules_of(state)], self.errands.get(state.course, ())
        return rehearse(state, book, self.calendar, now, self.asked.until, self.unknown, self.readers, errands)

    def _coming_of(
        self, rehearsal: Rehearsal, row: CourseRow, state: CourseState, person: str, language: Language
    ) -> Iterator[ComingRead]:
        labels = Labels(self.books[_rules_of(state)], language, self.names)
        for rehearsed in rehearsal.notices:
            for arrives in rehearsed.arrivals:
                if arrives.person == person:
                    yield _coming(rehearsed_read(rehearsed, state, labels), arrives, row)


def _coming(read: RehearsedRead, arrives: Arrival, row: CourseRow) -> ComingRead:
    absent = read.to.person if read.to.person != arrives.person else None
    return ComingRead.of(
        read,
        at=arrives.at,
        list=list_named(arrives),
        course=row.course_id,
        reference=row.reference,
        raised_at=read.at,
        on_behalf_of=absent,
    )


async def _staged(connection: Connection, services: Services, municipality: str, asked: Concerned) -> _Stage:
    """Load some courses, and all that they are rehearsed by."""
    stored = (await courses.several(connection, asked.courses)).values()
    states = [course.state for course in stored if course.state is not None]
    books = await services.rulebooks.books(municipality, {_rules_of(state) for state in states})
    p_number_facts = {fact for book in books.values() for fact in book.workplaces.p_number_facts}
    facts = [fact for state in states for fact in state.facts]
    known = await people.some(connection, {fact.reporter for fact in facts})
    holders = {party.person for state in states for party in state.parties if party.person}
    return _Stage(
        asked=asked,
        courses=stored,
        books=books,
        calendar=await services.calendars.in_force(connection),
        readers=await outward.readers(connection),
        errands=await outward.errands(connection, asked.courses),
        unknown=await people.unknown(connection, holders),
        names=await naming(connection, p_number_facts, facts, known),
    )


def _rules_of(state: CourseState) -> str:
    """Return the hash of a course's rules, which every course has that has started."""
    return state.rules.sha256 if state.rules is not None else ""
