"""A version of a briefing as it is read: its head, the lessons of the visit before, and its own facts and notes."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from api.briefings.models import BriefingFact, BriefingNote, BriefingRead, BriefingReceipt, Learned
from api.briefings.versions import BriefingVersion, VersionStanding
from api.courses.read.course import citizen_name, day_number
from api.courses.read.load import CourseRecords
from api.courses.read.visit import steps_read
from api.courses.read.visit_models import StepRead
from api.journal.statements import StatementIndex
from api.text.labels import Labels
from domain.calendar import danish_day
from domain.identity import GATE_ROLES, Role
from domain.state.briefing import Manifest, ManifestFact, Receipt
from domain.state.facts import Carried, Fact, Note, known
from infra.store.queries.courses import VisibleCourse
from infra.store.rows import VisitRow


def briefing_read(
    course: VisibleCourse,
    version: BriefingVersion,
    records: CourseRecords,
    statements: StatementIndex,
    labels: Labels,
    now: datetime,
    acknowledged: tuple[int | None, list[str]] = (None, []),
) -> BriefingRead:
    """Return a version in full; `acknowledged` is the version the caller knows, and what differs from it."""
    briefing, manifest = version.briefing, version.briefing.manifest
    visit = next(row for row in records.visits if row.number == manifest.visit)
    writer = _Writer(version, statements, labels)
    first = writer.first_facts()
    heads = {fact.fact for fact in first}
    return BriefingRead.of(
        version,
        briefing,
        manifest,
        course.row,
        course=course.id,
        briefing=visit.number,
        ordinal=visit.ordinal,
        first_facts=first,
        first_notes=writer.notes_by_id(manifest.first_notes),
        day=day_number(course, now if version.standing is VersionStanding.CURRENT else briefing.issued_at),
        citizen_name=citizen_name(course, records),
        citizen_protected=course.state.protected,
        step=StepRead(id=manifest.step, label=labels.step(manifest.step)),
        learned=writer.learned(records.visits),
        facts=writer.facts(fact for fact in manifest.facts if fact.fact not in heads),
        notes=writer.notes_of_visit(),
        to=None if manifest.to is None else steps_read(manifest.to, labels),
        closing=labels.outcome(manifest.closing) if manifest.closing else None,
        receipts=[_receipt(role, briefing.receipt_of(role), statements) for role in GATE_ROLES],
        acknowledged_version=acknowledged[0],
        changes=acknowledged[1],
    )


def _receipt(role: Role, receipt: Receipt | None, statements: StatementIndex) -> BriefingReceipt:
    at = receipt.at if receipt else None
    is_disputed = receipt is not None and receipt.disputed
    return BriefingReceipt(
        role=role,
        person=receipt.person if receipt else None,
        name=statements.name(receipt.person) if receipt else None,
        acknowledged_at=None if is_disputed else at,
        disputed_at=at if is_disputed else None,
        acknowledged_by=receipt.by if receipt else None,
        acknowledged_by_name=statements.name(receipt.by) if receipt else None,
        on_behalf=receipt.on_behalf if receipt else None,
    )


class _Writer:
    """Puts the facts and notes of one version into words, marked when they were taken back later."""

    def __init__(self, version: BriefingVersion, statements: StatementIndex, labels: Labels) -> None:
        self._version = version
        self._statements = statements
        self._labels = labels

    @property
    def _manifest(self) -> Manifest:
        return self._version.briefing.manifest

    def first_facts(self) -> list[BriefingFact]:
        """Return what heads every briefing, in the order of the rules; the unknown are left out."""
        first = [fact.id for fact in self._labels.book.rule_set.facts if fact.carried is Carried.FIRST]
        material = {fact.fact: fact for fact in self._manifest.facts}
        return self.facts(found for found in (material.get(fact) or self._aside(fact) for fact in first) if found)

    def _aside(self, name: str) -> ManifestFact | None:
        """Return a fact that heads briefings without being material, as it stood when the version was current."""
        stated = [fact for fact in self._statements.facts.values() if fact.fact == name and self._was_shown(fact)]
        counts = known(stated)
        if counts is None:
            return None
        return ManifestFact(fact=name, value=counts.fact.value, occurred_on=counts.fact.occurred_on.isoformat())

    def _was_shown(self, entry: Fact | Note) -> bool:
        """Whether a fact or note was recorded, and not taken back, for as long as the version was current."""
        ended, gone = self._version.ended_at, self._statements.taken_back.get(entry.id)
        since = entry.recorded_at if isinstance(entry, Fact) else entry.at
        return (ended is None or since <= ended) and (gone is None or (ended is not None and gone > ended))

    def learned(self, visits: Iterable[VisitRow]) -> Learned | None:
        """Return what the followed visit taught, None when it taught nothing that is carried on."""
        manifest = self._manifest
        followed = next((row for row in visits if row.number == manifest.follows), None)
        if followed is None or not (manifest.learned or manifest.learned_notes):
            return None
        return Learned(
            visit=followed.number,
            step=StepRead(id=followed.step, label=self._labels.step(followed.step)),
            ordinal=followed.ordinal,
            facts=self.facts(manifest.learned),
            notes=self.notes_by_id(manifest.learned_notes),
        )

    def notes_of_visit(self) -> list[BriefingNote]:
        """Return the visit's own notes that do not head the briefing already: the version's, and those beside it."""
        manifest = self._manifest
        return self._notes(
            note
            for note in self._statements.notes.values()
            if note.visit == manifest.visit
            and note.id not in manifest.first_notes
            and (note.id in manifest.notes or (not note.is_material and self._was_shown(note)))
        )

    def notes_by_id(self, notes: Iterable[UUID]) -> list[BriefingNote]:
        """Return those of some notes that the reader may read."""
        return self._notes(self._statements.notes[note] for note in notes if note in self._statements.notes)

    def facts(self, stated: Iterable[ManifestFact]) -> list[BriefingFact]:
        """Return facts in words, in the order of the rules."""
        return [self._fact(fact) for fact in sorted(stated, key=lambda fact: self._labels.place_of_fact(fact.fact))]

    def _fact(self, fact: ManifestFact) -> BriefingFact:
        return BriefingFact.of(
            fact,
            label=self._labels.fact(fact.fact),
            text=self._labels.value(fact.fact, fact.value),
            taken_back_on=_day(self._statements.withdrawn(fact)),
        )

    def _notes(self, notes: Iterable[Note]) -> list[BriefingNote]:
        return [
            BriefingNote.of(
                note,
                label=self._labels.note_kind(note.kind),
                text=self._statements.texts.get(note.id),
                by_name=self._statements.name(note.by),
                taken_back_on=_day(self._statements.taken_back.get(note.id)),
            )
            for note in notes
        ]


def _day(at: datetime | None) -> date | None:
    return danish_day(at) if at else None
