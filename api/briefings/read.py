"""Puts a version of a briefing together for one reader: its words, and what is new since he last acknowledged one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from api.briefings.changes import differences
from api.briefings.models import BriefingRead
from api.briefings.since import Difference, Since
from api.briefings.versions import BriefingVersion
from api.briefings.view import briefing_read
from api.courses.read.load import CourseRecords
from api.journal.statements import StatementIndex, statements_in
from domain.events import BriefingIssued
from domain.state.briefing import Manifest
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import courses, journal
from infra.store.queries.courses import VisibleCourse
from infra.store.rows import ReceiptRow
from wording.labels import Labels
from wording.naming import naming


class ReadVersion(NamedTuple):
    """A version in full, what is new to its reader, and what is new since both roles knew the one before."""

    briefing: BriefingRead
    since: Since
    since_before: Since


@dataclass(frozen=True, slots=True)
class BriefingReader:
    """Reads the briefings of a course for a caller, in a language."""

    caller: Claims
    course: VisibleCourse
    receipts: Iterable[ReceiptRow]
    labels: Labels
    planned: StatementIndex | None = None

    async def read(self, connection: Connection, shown: BriefingVersion, now: datetime) -> ReadVersion:
        """Return a version in full, and what is new in it."""
        manifest = shown.briefing.manifest
        statements = await self._statements(connection, manifest)
        labels = await self._labels(connection, statements)
        visits = tuple(await courses.visits(connection, self.course.id))
        records = CourseRecords(visits, {}, (), {}, (), statements.texts, companies=labels.names.companies)
        read_last = await self._acknowledged(connection, shown)
        is_of_visit = read_last is not None and read_last.visit == manifest.visit
        number = read_last.version if read_last is not None and is_of_visit else None
        new = self._changes(read_last, manifest, statements, labels)
        since = Since(new, _notes_of(read_last), number)
        read = briefing_read(self.course, shown, records, statements, labels, now, since)
        new_to_both = self._changes(shown.before if shown.issued else None, manifest, statements, labels)
        notes_before = _notes_of(shown.before or await self._led_here(connection, manifest))
        return ReadVersion(read, since, Since(new_to_both, notes_before))

    async def _statements(self, connection: Connection, manifest: Manifest) -> StatementIndex:
        """Load what was said in a course, the reasons that a version has, and the names of all whom it names."""
        acted = {person for row in self.receipts for person in (row.person, row.acted_by)} | manifest.persons
        visit = self.course.state.visit(manifest.visit)
        declines = visit.declines if visit is not None else ()
        acted.update({self.caller.person}, (decline.by for decline in declines))
        words = (*manifest.reasons, *(decline.reason for decline in declines), self.course.row.citizen_text)
        statements = await statements_in(connection, self.course, acted, [id_ for id_ in words if id_])
        return statements if self.planned is None else statements.with_planned(self.planned)

    async def _labels(self, connection: Connection, statements: StatementIndex) -> Labels:
        """Return the labels with the names of whom and what the statements name, companies of lessons among them."""
        facts, p_number_facts = statements.facts.values(), self.labels.book.workplaces.p_number_facts
        names = await naming(connection, p_number_facts, facts, statements.people)
        return replace(self.labels, names=names)

    def _changes(
        self, before: BriefingIssued | None, manifest: Manifest, statements: StatementIndex, labels: Labels
    ) -> tuple[Difference, ...]:
        """Return what is different from another version, nothing without one."""
        if before is None:
            return ()
        return differences(before.manifest, manifest, self.course.state, statements, labels)

    async def _led_here(self, connection: Connection, manifest: Manifest) -> BriefingIssued | None:
        """Return the version by which the course went on to the visit of a briefing: both roles acknowledged it."""
        state = self.course.state
        visit = state.visit(manifest.visit)
        before = state.visit(visit.follows) if visit is not None and visit.follows is not None else None
        if before is None:
            return None
        versions = await journal.manifests(connection, self.course.id, before.number)
        return next((issued for issued in versions if issued.version == before.used_up), None)

    async def _acknowledged(self, connection: Connection, shown: BriefingVersion) -> BriefingIssued | None:
        """Return the version that the caller has acknowledged last: of the same visit, else of any before it."""
        visit, version = shown.briefing.manifest.visit, shown.briefing.version
        mine = [row for row in self.receipts if row.acted_by == self.caller.person and row.acknowledged_at is not None]
        here = [row.version for row in mine if row.visit == visit and row.version <= version]
        if here:
            return shown.earlier_version(max(here))
        before = [row for row in mine if row.visit != visit and shown.is_after(row.acknowledged_at)]
        if not before:
            return None
        last = max(before, key=lambda row: (row.acknowledged_at, row.visit, row.version))
        versions = await journal.manifests(connection, self.course.id, last.visit)
        return next((issued for issued in versions if issued.version == last.version), None)


def _notes_of(version: BriefingIssued | None) -> frozenset[UUID]:
    """Return the notes that a version shows, none without one."""
    return version.manifest.every_note if version is not None else frozenset()
