"""Since last: what is new in the caller's courses since he was at work, who acted for him, and what waits (P13)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Final, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.absences.happenings import Happened, Happenings, older_statements
from api.directory.names import NameOf, with_names
from api.http.access import Worker
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import Instant
from api.http.negotiation import CallersLanguage
from api.http.problems import wrong
from api.http.read_model import ReadModel
from api.http.responses import problems
from api.journal.lines import persons_in, units_in
from api.journal.statements import StatementIndex
from domain.calendar import NEVER, danish_day
from domain.reach import Reach
from domain.since_last import FURTHEST, since_last
from domain.state.course import Status
from domain.state.waiting import OPTIONAL, WaitingKind
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import since_last as queries
from infra.store.queries.since_last import Happening, HeldCourse
from infra.store.registers import absences, people, texts
from infra.store.rows import VisitRow, WaitingRow
from rules.calendar.data import Absence
from rules.engine.book import Book
from rules.language.formats import Language
from wording.absences import steps_text
from wording.labels import Labels, Names
from wording.naming import naming

router = APIRouter(tags=["inbox"])

_MOST: Final = 200
"""How many courses are looked at, those that changed last."""

Row = TypeVar("Row", Happening, VisitRow, WaitingRow)

_Since = Annotated[
    Instant | None,
    Query(description="From when on; left out, from when the caller was last at work. Eight weeks back at most."),
]


class ActsForCaller(ReadModel):
    """What somebody acknowledged in the caller's place, or did as the caller's cover."""

    person: str
    acts: list[str]
    person_name: Annotated[str | None, NameOf("person")] = None


class WaitSinceLast(ReadModel):
    """What waits for the caller now."""

    kind: WaitingKind
    text: str
    until: datetime | None
    is_overdue: bool


class CourseSinceLast(ReadModel):
    """A course in which something happened, in a few lines; what was taken back is named, and its words are not."""

    course: UUID
    reference: str
    citizen_name: str | None
    status: Status
    stands: str = Field(description="The step and the day, in one line.")
    changes: list[str] = Field(description="What others did: where the course stands first, then facts and notes.")
    more: int = Field(description="How many things more happened, as the journal has them.")
    for_you: list[ActsForCaller]
    waits: list[WaitSinceLast]


class SinceLastRead(ReadModel):
    """What happened since an instant, by the course that is due first; in `quiet` courses nothing did."""

    since: datetime
    courses: list[CourseSinceLast]
    quiet: int


@router.get("/v1/since-last", summary="What is new since I was last at work?", responses=problems())
async def read_since_last(
    services: GivenServices,
    caller: Worker,
    language: CallersLanguage,
    _reading: GivenReading,
    since: _Since = None,
) -> SinceLastRead:
    """Return, of the courses in which the caller holds a role, what others did and what waits for the caller now.

    Without `since` it begins with the last day on which the caller was at work: before an absence that is just over or
    lasts, else before today. What the caller did himself is left out.
    """
    now = services.clock.now()
    earliest = danish_day(now - FURTHEST)
    if since is not None and danish_day(since) < earliest:
        raise wrong(ApiCode.NOT_IN_RANGE, "since", expected=f"≥ {earliest.isoformat()}")
    async with services.store.municipality(caller.municipality) as connection:
        away = await absences.of_person(connection, caller.person)
        if since is None:
            since = since_last(away, caller.person, await services.calendars.in_force(connection), now)
        held = await queries.held_courses(connection, reach_of(caller, now), since, _MOST)
        changed = [course for course in held if course.updated_at >= since]
        found = await _found(connection, services, caller, language, changed, since)
        read = [found.course(course, _covers(course, away, since), now) for course in changed]
        new = sorted((one for one in read if found.is_new(one, since)), key=_due)
        return await with_names(connection, SinceLastRead(since=since, courses=new, quiet=len(held) - len(new)))


@dataclass(frozen=True)
class _Found:
    """All that is read of some courses, at once for all of them."""

    reach: Reach
    language: Language
    books: Mapping[str, Book]
    happenings: Mapping[UUID, Sequence[Happened]]
    statements: StatementIndex
    visits: Mapping[UUID, Mapping[int, VisitRow]]
    waits: Mapping[UUID, Sequence[WaitingRow]]
    texts: Mapping[UUID, str]
    names: Names

    def is_new(self, course: CourseSinceLast, since: datetime) -> bool:
        """Say whether anything happened in a course, or began to wait for the caller."""
        began = (wait.since >= since for wait in self.waits.get(course.course, ()))
        return bool(course.changes or course.for_you) or any(began)

    def course(self, course: HeldCourse, covers: frozenset[str], now: datetime) -> CourseSinceLast:
        """Return a course as it is read."""
        labels = Labels(self.books[course.rules_sha256], self.language, self.names)
        entries, visits = self.happenings.get(course.course_id, ()), self.visits.get(course.course_id, {})
        roles = self.reach.roles_in(course.unit)
        notes = {id_: note for id_, note in self.statements.notes.items() if note.audience.includes(roles)}
        statements = replace(self.statements, notes=notes)
        told = Happenings(self.reach.person, entries, statements, visits, labels).told(covers)
        return CourseSinceLast.of(
            course,
            course=course.course_id,
            citizen_name=self.texts.get(course.citizen_text) if course.citizen_text else None,
            stands=steps_text(course.steps, course.started_on, labels, now),
            changes=told.changes,
            more=told.more,
            for_you=[ActsForCaller(person=acts.person, acts=acts.acts) for acts in told.for_reader],
            waits=list(self._waits(course.course_id, labels, now)),
        )

    def _waits(self, course: UUID, labels: Labels, now: datetime) -> Iterator[WaitSinceLast]:
        for wait in self.waits.get(course, ()):
            if wait.kind not in OPTIONAL:
                is_overdue = wait.until is not None and wait.until < now
                yield WaitSinceLast.of(wait, text=labels.waiting(wait).rstrip("."), is_overdue=is_overdue)


async def _found(
    connection: Connection,
    services: Services,
    caller: Claims,
    language: Language,
    held: Sequence[HeldCourse],
    since: datetime,
) -> _Found:
    ids = [course.course_id for course in held]
    entries = await queries.happenings(connection, ids, caller.person, since)
    happened = {entry.position: Happened(entry, entry.event) for entry in entries}
    older = await queries.statements_made(connection, ids, older_statements(happened.values()))
    events = [each.event for each in happened.values()]
    statements = StatementIndex.of(event for event in (*(entry.event for entry in older), *events) if event is not None)
    named = {person for event in events for person in persons_in(event)}
    known = await people.some(connection, named | {entry.actor for entry in entries})
    citizens = [course.citizen_text for course in held if course.citizen_text]
    read = await texts.texts(connection, [*statements.notes, *citizens])
    books = await services.rulebooks.books(caller.municipality, {course.rules_sha256 for course in held})
    places = {fact for book in books.values() for fact in book.workplaces.p_number_facts}
    queues = {unit for event in events for unit in units_in(event)}
    return _Found(
        reach=reach_of(caller, services.clock.now()),
        language=language,
        books=books,
        happenings={of: [happened[row.position] for row in rows] for of, rows in _by_course(entries).items()},
        statements=replace(statements, texts=read, people=known),
        visits=_by_number(await queries.visits_of(connection, ids)),
        waits=_by_course(await queries.waits_of(connection, ids, caller.person)),
        texts=read,
        names=await naming(connection, places, statements.facts.values(), known, queues),
    )


def _by_course(rows: Sequence[Row]) -> Mapping[UUID, Sequence[Row]]:
    found: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.course_id].append(row)
    return found


def _by_number(rows: Sequence[VisitRow]) -> Mapping[UUID, Mapping[int, VisitRow]]:
    return {course: {row.number: row for row in those} for course, those in _by_course(rows).items()}


def _covers(course: HeldCourse, away: Sequence[Absence], since: datetime) -> frozenset[str]:
    """Return who was named to cover in a course on the days since; who holds a role there acted for himself."""
    first = danish_day(since)
    meanwhile = (cover for one in away if one.until is None or one.until >= first for cover in one.covers)
    return frozenset(cover.person for cover in meanwhile if cover.is_for(course.course_id)) - set(course.holders)


def _due(course: CourseSinceLast) -> tuple[datetime, str]:
    """Order courses by what waits for the caller, the earliest due first, and those without a day last."""
    return min((wait.until for wait in course.waits if wait.until is not None), default=NEVER), course.reference
