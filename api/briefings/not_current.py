"""Says with a receipt that was not recorded what is different from what was read, in the caller's language (P3)."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from api.briefings.changes import changes
from api.http.caller import authenticated_by, reach_of
from api.http.dependencies import Services, services_of
from api.http.idempotency import NotCurrentError
from api.http.negotiation import language_of_request
from api.http.problems import problem_response
from api.journal.statements import statements_in
from domain.commands import Acknowledge, AddNotes, Dispute, ReadBriefing, ReportFacts
from domain.decide import decide_report
from domain.decide.briefings import preview
from domain.decide.shown import digest_shown, unread_visits
from domain.errors import RefusedError
from domain.state.briefing import Manifest
from domain.state.course import CourseState
from infra.store.courses import record
from infra.store.engine import Connection
from infra.store.errors import StoreAwayError
from infra.store.queries import courses, journal
from infra.store.queries.courses import VisibleCourse
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from wording.labels import Labels

_LOOKS_BACK: Final = 20
"""Among how many revisions what was shown is looked for."""


async def answer(request: Request, error: Exception) -> Response:
    """Return the problem, with what is different in words."""
    if not isinstance(error, NotCurrentError):
        raise error
    different: list[str] = []
    with suppress(StoreAwayError):
        different = await _different(request, error)
    return problem_response(request, error, different)


async def _different(request: Request, error: NotCurrentError) -> list[str]:
    """Return what is different from what was read in each open visit's briefing, as far as the caller may read it."""
    services = await services_of(request)
    caller = await authenticated_by(request, services)
    async with services.store.municipality(caller.municipality) as connection:
        course = await courses.visible_course(connection, reach_of(caller, services.clock.now()), error.course)
        if course is None or course.row.observed_as is not None:
            return []
        book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
        calendar = await services.calendars.in_force(connection)
        read = await _Past(connection, services, course, book, calendar).read_by(error)
        return await _lines(connection, course, read, Labels(book, language_of_request(request)))


async def _lines(
    connection: Connection, course: VisibleCourse, read: Mapping[int, Manifest], labels: Labels
) -> list[str]:
    lines: list[str] = []
    for visit in course.state.open_visits:
        if visit.briefing is not None and visit.number in read:
            new = visit.briefing.manifest
            persons, reasons = new.persons | read[visit.number].persons, (*new.reasons, *read[visit.number].reasons)
            statements = await statements_in(connection, course, persons, reasons)
            lines += changes(read[visit.number], new, course.state, statements, labels)
    return list(dict.fromkeys(lines))


@dataclass(frozen=True, slots=True)
class _Past:
    """Finds what somebody read or was shown, which may never have been issued, among the earlier revisions."""

    connection: Connection
    services: Services
    course: VisibleCourse
    book: Book
    calendar: WorkingTime

    async def read_by(self, error: NotCurrentError) -> Mapping[int, Manifest]:
        """Return what a command says was read, by visit, as far as it is found."""
        match error.command:
            case Acknowledge() as command:
                found = [await self._read(read) for read in command.read.values()]
                return {manifest.visit: manifest for manifest in found if manifest is not None}
            case Dispute(briefing=int(visit), version=int(version)):
                manifest = await self._read(ReadBriefing(briefing=visit, version=version))
                return {} if manifest is None else {visit: manifest}
            case (ReportFacts() | AddNotes()) as report if isinstance(report.acknowledge, str):
                return await self._shown(report, report.acknowledge)
            case ReportFacts(acknowledge=int(version)) | AddNotes(acknowledge=int(version)):
                visits = [visit.number for visit in self.course.state.open_visits if visit.briefing is not None]
                found = [await self._read(ReadBriefing(briefing=visit, version=version)) for visit in visits]
                return {manifest.visit: manifest for manifest in found if manifest is not None}
            case _:
                return {}

    async def _read(self, read: ReadBriefing) -> Manifest | None:
        """Return a version, or how the course stood."""
        for issued in await journal.manifests(self.connection, self.course.id, read.briefing):
            if read.is_of(issued.version, issued.digest):
                return issued.manifest
        async for state in self._earlier():
            visit = state.visit(read.briefing)
            if visit is not None and visit.is_open and visit.briefing is None:
                now = self.services.clock.now()
                manifest = preview(state, read.briefing, self.book, now, self.calendar)
                if manifest.digest == read.digest:
                    return manifest
        return None

    async def _shown(self, report: ReportFacts | AddNotes, shown: str) -> dict[int, Manifest]:
        """Return what was shown would follow from a report."""
        asked = report.model_copy(update={"acknowledge": None, "expected_revisions": None})
        async for state in self._earlier():
            try:
                decision = decide_report(state, asked, self.book, self.services.clock.now(), self.calendar)
            except RefusedError:
                continue
            if digest_shown(decision) == shown:
                unread = unread_visits(decision)
                return {visit.number: visit.briefing.manifest for visit in unread if visit.briefing is not None}
        return {}

    async def _earlier(self) -> AsyncIterator[CourseState]:
        """Yield the course as earlier revisions left it, the newest first."""
        newest = self.course.state.revision
        for revision in range(newest, max(newest - _LOOKS_BACK, 0), -1):
            state = await record.snapshot_at(self.connection, self.course.id, revision)
            if state is not None:
                yield state
