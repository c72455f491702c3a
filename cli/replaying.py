"""Judges every recorded verdict of a municipality again under its pinned version, course by course (P8)."""

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from domain.events import Event
from domain.model import Model
from domain.state.course import CourseState
from infra.documents.cache import UnknownDocumentError
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.settings import Settings
from infra.store.engine import Store, create_engine
from infra.store.logins import Login
from infra.store.queries.revisions import StoredRevision, courses_named, revisions_of
from rules.proving.replaying import Part, Replayed, Unlike, pinned_by, replay_revision


class UnlikeVerdict(Model):
    """One thing that a verdict said and would say otherwise now, and the revision that recorded it."""

    revision: int
    visit: int
    part: Part
    requirement: str | None
    was: str | None
    would_be: str | None

    @classmethod
    def of(cls, revision: int, unlike: Unlike) -> "UnlikeVerdict":
        """Return it with its revision."""
        return cls.model_validate({"revision": revision, **unlike._asdict()})


class ReplayedCourse(Model):
    """What came of one course; `erased` are the revisions of which something was erased that a verdict rests on.

    `unknown` are the hashes of rules and calendars by which verdicts were given and that are nowhere.
    """

    course: UUID
    reference: str
    verdicts: int = 0
    differ: tuple[UnlikeVerdict, ...] = ()
    erased: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Return whether every verdict that can be judged again is the same."""
        return not self.differ and not self.unknown


@dataclass
class Replay:
    """Replays the verdicts of one municipality."""

    store: Store
    rulebooks: Rulebooks
    calendars: Calendars
    municipality: str

    async def courses(self, named: Collection[str] = ()) -> dict[UUID, str]:
        """Return the courses to replay with their references: all, or those named by id or reference."""
        async with self.store.municipality(self.municipality) as connection:
            return await courses_named(connection, named)

    async def replayed(self, courses: dict[UUID, str]) -> AsyncIterator[ReplayedCourse]:
        """Yield what came of each course."""
        for course, reference in courses.items():
            async with self.store.municipality(self.municipality) as connection:
                revisions = await revisions_of(connection, course, self.municipality)
            yield await self._one(ReplayedCourse(course=course, reference=reference), revisions)

    async def _one(self, course: ReplayedCourse, revisions: Collection[StoredRevision]) -> ReplayedCourse:
        verdicts, differ = 0, list[UnlikeVerdict]()
        erased, unknown = dict[int, None](), dict[str, None]()  # Each once, in order.
        for stored in revisions:
            if stored.before is None:
                erased[stored.revision] = None
                continue
            try:
                replayed = await self._revision(stored.before, stored.events)
            except UnknownDocumentError as error:
                unknown[str(error)] = None
                continue
            verdicts += replayed.verdicts
            differ += (UnlikeVerdict.of(stored.revision, each) for each in replayed.unlike if not each.is_erased)
            erased |= dict.fromkeys(stored.revision for each in replayed.unlike if each.is_erased)
        update = {"verdicts": verdicts, "differ": tuple(differ), "erased": tuple(erased), "unknown": tuple(unknown)}
        return course.model_copy(update=update)

    async def _revision(self, before: CourseState, events: Sequence[Event]) -> Replayed:
        """Replay one revision; raises UnknownDocumentError when its rules or its calendar are nowhere."""
        pinned = pinned_by(before, events)
        books = await self.rulebooks.books(self.municipality, pinned.rules)
        calendars = {one: await self.calendars.reckoned_by(self.municipality, one) for one in pinned.calendars}
        return replay_revision(before, events, books, calendars)


@asynccontextmanager
async def replay_here(settings: Settings, municipality: str) -> AsyncIterator[Replay]:
    """Open the store of this installation; raises StoreAwayError when it is away."""
    store = Store(create_engine(settings.database_url, Login.WORKER))
    try:
        rulebooks = Rulebooks(store, settings.rule_cache)
        yield Replay(store, rulebooks, Calendars(store, settings.calendar_cache), municipality)
    finally:
        await store.close()


class ReplayReport(Model):
    """What came of a replay: how much was judged again, and the courses in which not all is the same."""

    courses: int
    verdicts: int
    not_the_same: tuple[ReplayedCourse, ...]

    @property
    def is_same(self) -> bool:
        """Return whether every verdict that can be judged again is the same."""
        return all(course.is_same for course in self.not_the_same)


def report_lines(report: ReplayReport) -> Iterator[str]:
    """Yield what came of a replay: a line for each difference, and the count."""
    for course in report.not_the_same:
        name = f"{course.reference}  {course.course}"
        for each in course.differ:
            where = f"revision {each.revision}, #{each.visit}, {each.requirement or '–'} ({each.part})"
            yield f"≠ {name}  {where}: {each.was or '–'} → {each.would_be or '–'}"
        yield from (
            f"? {name}  {sha256}: ukendt regelsæt eller kalender / unknown rules or calendar"
            for sha256 in course.unknown
        )
        if course.erased:
            revisions = ", ".join(map(str, course.erased))
            yield f"· {name}  revision {revisions}: slettet, kan ikke afgøres igen / erased, cannot be judged again"
    unlike = sum(not course.is_same for course in report.not_the_same)
    yield (
        f"{report.courses} forløb, {report.verdicts} afgørelser, {unlike} forløb er ikke som før"
        f" / {report.courses} courses, {report.verdicts} verdicts, {unlike} courses are not as before"
    )
