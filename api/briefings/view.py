"""A version of a briefing as it is read: what heads it, what the visit before it taught, and what it tells itself."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
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
    beside: CourseRecords,
    statements: StatementIndex,
    labels: Labels,
    now: datetime,
    acknowledged: tuple[int | None, list[str]] = (None, []),
) -> BriefingRead:
    """Return a version in full; `acknowledged` is the version the caller knows, and what is different from it.

    One that is no longer current is told as it was, and says what has been taken back since.
    """
    briefing, manifest = version.briefing, version.briefing.manifest
    teller = _Teller(version, statements, labels)
    first = teller.first_facts()
    heads = {told.fact for told in first}
    return BriefingRead(
        **_place(course, version, beside),
        first_facts=first,
        first_notes=teller.notes_by_id(manifest.first_notes),
        day=day_number(course, now if version.standing is VersionStanding.CURRENT else briefing.issued_at),
        citizen=course.row.citizen,
        citizen_name=citizen_name(course, beside),
        citizen_protected=course.state.protected,
        step=StepRead(id=manifest.step, label=labels.step(manifest.step)),
        learned=teller.learned(beside.visits),
        facts=teller.facts(told for told in manifest.facts if told.fact not in heads),
        notes=teller.notes_of_visit(),
        to=None if manifest.to is None else steps_read(manifest.to, labels),
        stays=manifest.stays,
        closing=labels.outcome(manifest.closing) if manifest.closing else None,
        missing=list(briefing.missing),
        receipts=[_receipt(role, briefing.receipt_of(role), statements) for role in GATE_ROLES],
        acknowledged_version=acknowledged[0],
        changes=acknowledged[1],
    )


def _place(course: VisibleCourse, version: BriefingVersion, beside: CourseRecords) -> dict[str, Any]:
    """Return which version of what it is, and how it stands."""
    briefing = version.briefing
    visit = next(row for row in beside.visits if row.number == briefing.manifest.visit)
    return {
        "course": course.id,
        "reference": course.row.reference,
        "briefing": visit.number,
        "ordinal": visit.ordinal,
        "version": briefing.version,
        "digest": briefing.digest,
        "standing": version.standing,
        "issued_at": briefing.issued_at,
        "ended_at": version.ended_at,
    }


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


class _Teller:
    """Tells what one version says, with what was taken back later."""

    def __init__(self, version: BriefingVersion, statements: StatementIndex, labels: Labels) -> None:
        self._version = version
        self._statements = statements
        self._phrases = labels

    @property
    def _manifest(self) -> Manifest:
        return self._version.briefing.manifest

    def first_facts(self) -> list[BriefingFact]:
        """Return what heads every briefing, in the order of the rules; the unknown are left out."""
        first = [fact.id for fact in self._phrases.book.rule_set.facts if fact.carried is Carried.FIRST]
        told = {fact.fact: fact for fact in self._manifest.facts}
        return self.facts(found for found in (told.get(fact) or self._aside(fact) for fact in first) if found)

    def _aside(self, name: str) -> ManifestFact | None:
        """Return a fact that heads briefings without being material, as it stood when the version was current."""
        stated = [fact for fact in self._statements.facts.values() if fact.fact == name and self._was_told(fact)]
        counts = known(stated)
        if counts is None:
            return None
        return ManifestFact(fact=name, value=counts.fact.value, occurred_on=counts.fact.occurred_on.isoformat())

    def _was_told(self, entry: Fact | Note) -> bool:
        """Say whether a fact or note was there, and not taken back, for as long as the version was current."""
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
            step=StepRead(id=followed.step, label=self._phrases.step(followed.step)),
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
            and (note.id in manifest.notes or (not note.is_material and self._was_told(note)))
        )

    def notes_by_id(self, notes: Iterable[UUID]) -> list[BriefingNote]:
        """Return those of some notes that the reader may read."""
        return self._notes(self._statements.notes[note] for note in notes if note in self._statements.notes)

    def facts(self, told: Iterable[ManifestFact]) -> list[BriefingFact]:
        """Return facts in words, in the order of the rules."""
        return [self._fact(fact) for fact in sorted(told, key=lambda fact: self._phrases.place_of_fact(fact.fact))]

    def _fact(self, told: ManifestFact) -> BriefingFact:
        return BriefingFact(
            fact=told.fact,
            label=self._phrases.fact(told.fact),
            value=told.value,
            text=self._phrases.value(told.fact, told.value),
            occurred_on=told.occurred_on,
            taken_back_on=_day(self._statements.withdrawn(told)),
        )

    def _notes(self, told: Iterable[Note]) -> list[BriefingNote]:
        return [
            BriefingNote(
                id=note.id,
                kind=note.kind,
                label=self._phrases.note_kind(note.kind),
                text=self._statements.texts.get(note.id),
                by=note.by,
                by_name=self._statements.name(note.by),
                at=note.at,
                is_material=note.is_material,
                taken_back_on=_day(self._statements.taken_back.get(note.id)),
            )
            for note in told
        ]


def _day(at: datetime | None) -> date | None:
    return danish_day(at) if at else None
