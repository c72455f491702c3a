"""What a report would bring: the briefings as they would be, and the digest by which they are acknowledged with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from fastapi import APIRouter

from api.briefings.models import BriefingRead, ReportPreview
from api.briefings.read import BriefingReader
from api.briefings.versions import BriefingVersion, VersionStanding
from api.courses.commands.facts import FactsBody
from api.courses.commands.notes import (
    NoteBody,
    NoteOfCourse,
    OneOrSeveral,
    expect_valid_note,
    new_note,
    without_index,
)
from api.courses.fact_input import expect_reportable
from api.courses.visible import GivenCourse
from api.http.access import Reporter, Worker, expect_may_note, expect_own_source
from api.http.budgets import too_many
from api.http.dependencies import GivenServices, Services
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.responses import command_problems
from api.journal.statements import StatementIndex
from domain.commands import AddNotes, NewNote, ReportFacts
from domain.decide import Decision, decide_report
from domain.decide.briefings import preview
from domain.decide.shown import digest_shown, unread_visits
from domain.errors import RefusedError
from domain.state.briefing import Briefing
from domain.state.course import Visit
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import courses, journal
from infra.store.queries.courses import VisibleCourse
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.language.formats import Language
from wording.labels import Labels

router = APIRouter(tags=["reporting"])


@router.post("/v1/courses/{course}/facts/preview", summary="What would a report bring?", responses=command_problems())
async def preview_facts(
    caller: Reporter,
    body: FactsBody,
    course: GivenCourse,
    services: GivenServices,
    sender: GivenSender,
    language: CallersLanguage,
) -> ReportPreview:
    """Return the briefings as they would be after a report of facts and notes; nothing is recorded or issued."""
    expect_own_source(caller, source=body.source, source_event_id=body.source_event_id)
    if body.notes:
        expect_may_note(caller)
    book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
    expect_reportable(book, body.facts)
    notes = _new_notes(book, body.notes, "notes.{}.")
    envelope = sender.covering(course.covers).envelope
    report = ReportFacts(**envelope, **body.model_dump(exclude={"notes", "acknowledge"}), notes=notes)
    return await _Planned(services, caller, course, book, language).preview(report, body.notes)


@router.post("/v1/courses/{course}/notes/preview", summary="What would notes bring?", responses=command_problems())
async def preview_notes(
    caller: Worker,
    body: OneOrSeveral,
    course: GivenCourse,
    services: GivenServices,
    sender: GivenSender,
    language: CallersLanguage,
) -> ReportPreview:
    """Return the briefings as they would be after notes; nothing is recorded or issued."""
    book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
    contents: Sequence[NoteOfCourse]
    contents, path = ([body], "") if isinstance(body, NoteBody) else (body.notes, "notes.{}.")
    notes = _new_notes(book, contents, path)
    report = AddNotes(**sender.covering(course.covers).envelope, notes=notes, visit=body.visit)
    try:
        return await _Planned(services, caller, course, book, language).preview(report, contents)
    except RefusedError as refusal:
        raise RefusedError(*(refusal.problems if path else without_index(refusal.problems, ""))) from None


def _new_notes(book: Book, notes: Sequence[NoteOfCourse], path: str) -> tuple[NewNote, ...]:
    """Return notes that the rules know, of which nothing is kept; what is wrong is named by `path` and their index."""
    for index, note in enumerate(notes):
        expect_valid_note(book, note, path.format(index))
    return tuple(new_note(uuid4(), note) for note in notes)


@dataclass(frozen=True, slots=True)
class _Planned:
    """Reads a course as it would be for a caller."""

    services: Services
    caller: Claims
    course: VisibleCourse
    book: Book
    language: Language

    async def preview(self, report: ReportFacts | AddNotes, notes: Sequence[NoteOfCourse]) -> ReportPreview:
        """Return what a report would bring; raises RefusedError for what the course would refuse."""
        key = (self.caller.municipality, self.caller.person, self.course.id)
        with too_many(), self.services.budgets.commands.one_of(key):
            return await self._decided(report, notes)

    async def _decided(self, report: ReportFacts | AddNotes, notes: Sequence[NoteOfCourse]) -> ReportPreview:
        now = self.services.clock.now()
        words = {new.note: note.text for new, note in zip(report.notes, notes, strict=True)}
        async with self.services.store.municipality(self.caller.municipality) as connection:
            calendar = await self.services.calendars.in_force(connection)
            decision = decide_report(self.course.state, report, self.book, now, calendar)
            visits = unread_visits(decision) or decision.state.open_visits
            briefings = [await self._read(connection, decision, visit, calendar, words) for visit in visits]
        return ReportPreview(course=self.course.id, acknowledge=digest_shown(decision), briefings=briefings)

    async def _read(
        self, connection: Connection, decision: Decision, visit: Visit, calendar: WorkingTime, words: dict[UUID, str]
    ) -> BriefingRead:
        """Return the briefing of one visit as it would be."""
        receipts = await courses.receipts(connection, self.course.id)
        course = replace(self.course, whole=decision.state)
        planned = replace(StatementIndex.of(decision.events), texts=words)
        reader = BriefingReader(self.caller, course, receipts, Labels(self.book, self.language), planned)
        version = await self._version(connection, decision, visit, calendar)
        return (await reader.read(connection, version, decision.now)).briefing

    async def _version(
        self, connection: Connection, decision: Decision, visit: Visit, calendar: WorkingTime
    ) -> BriefingVersion:
        """Return the current version where it would stay, else what would be issued, or how the course would stand."""
        earlier = tuple(await journal.manifests(connection, self.course.id, visit.number))
        before = self.course.state.visit(visit.number)
        if visit.briefing is not None and before is not None and visit.versions == before.versions:
            return BriefingVersion(visit.briefing, earlier=earlier)
        briefing = visit.briefing
        if briefing is None:
            manifest = preview(decision.state, visit.number, self.book, decision.now, calendar)
            version = visit.versions + 1
            briefing = Briefing(version=version, digest=manifest.digest, manifest=manifest, issued_at=decision.now)
        return BriefingVersion(briefing, VersionStanding.PREVIEW, earlier=earlier)
