"""A version of a briefing as it is read: its head, the lessons of the visit before, and its own facts and notes."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final
from uuid import UUID

from api.briefings.models import (
    BriefingFact,
    BriefingNote,
    BriefingRead,
    BriefingReceipt,
    BriefingWaiver,
    CorrectionRead,
    LessonRead,
    RoleTasks,
    TaskRead,
)
from api.briefings.since import Since
from api.briefings.versions import BriefingVersion, VersionStanding
from api.courses.read.course import citizen_name, day_number
from api.courses.read.load import CourseRecords
from api.courses.read.models import FormerEntryRead
from api.courses.read.visit import appointments_read, breaches_read, disputes_read
from api.courses.read.visit_models import AppointmentRead
from api.journal.statements import StatementIndex
from api.text.schedules import schedule_rows
from api.text.steps import StepRead, step_read, steps_read
from domain.calendar import danish_day
from domain.identity import GATE_ROLES, Role
from domain.state.briefing import Correction, Dispute, Lesson, Manifest, ManifestFact, Receipt, Waiver
from domain.state.course import CourseState
from domain.state.facts import Audience, Carried, FormerEntry, Note
from infra.store.queries.courses import VisibleCourse
from infra.store.rows import VisitRow
from wording.corrections import correction_text
from wording.labels import Labels

_SINCE_NOTHING: Final = Since()
_OF_NOW: Final = frozenset({VersionStanding.CURRENT, VersionStanding.PREVIEW})
"""The standings in which a briefing tells of today."""


def briefing_read(
    course: VisibleCourse,
    version: BriefingVersion,
    records: CourseRecords,
    statements: StatementIndex,
    labels: Labels,
    now: datetime,
    since: Since = _SINCE_NOTHING,
) -> BriefingRead:
    """Return a version in full; `since` is what is new to the caller since the version last acknowledged."""
    briefing, manifest = version.briefing, version.briefing.manifest
    writer = _Writer(version, statements, labels, since)
    return BriefingRead.of(
        version,
        briefing,
        manifest,
        next(row for row in records.visits if row.number == manifest.visit),
        course.row,
        since,
        course=course.id,
        briefing=manifest.visit,
        first_facts=writer.first_facts(),
        first_notes=writer.notes_by_id(manifest.first_notes),
        day=day_number(course, now if version.standing in _OF_NOW else briefing.issued_at),
        **_citizen(course, records),
        step=StepRead(id=manifest.step, label=labels.step(manifest.step)),
        corrections=[_correction(made, records, statements, labels) for made in manifest.corrections],
        lessons=writer.lessons(records),
        facts=writer.facts_of_visit(),
        notes=writer.notes_of_visit(),
        knowledge=writer.notes_by_id(note for note in manifest.knowledge if note not in manifest.first_notes),
        waivers=[_waiver(waiver, statements, labels) for waiver in manifest.waivers],
        breaches=breaches_read(manifest.breaches, labels),
        disputes=disputes_read(_disputes(course.state, version), statements.texts, statements.name),
        appointments=_appointments(course.state, version, statements, labels),
        to=None if manifest.to is None else steps_read(manifest.to, labels),
        closing=labels.outcome(manifest.closing) if manifest.closing else None,
        tasks=list(_tasks(manifest, labels)),
        receipts=[_receipt(role, briefing.receipt_of(role), statements) for role in GATE_ROLES],
    )


def _citizen(course: VisibleCourse, records: CourseRecords) -> dict[str, object]:
    return {"citizen_name": citizen_name(course, records), "citizen_protected": course.state.protected}


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


def _appointments(
    state: CourseState, version: BriefingVersion, statements: StatementIndex, labels: Labels
) -> list[AppointmentRead]:
    """Return the meetings of the visit, which are beside the content of a version that tells of today (P3)."""
    visit = state.visit(version.briefing.manifest.visit)
    if visit is None or version.standing not in _OF_NOW:
        return []
    return appointments_read(state, visit, statements.texts, statements.name, labels)


def _disputes(state: CourseState, version: BriefingVersion) -> Iterator[Dispute]:
    """Yield what is disputed; that it was ended is beside the content of a version that tells of today (P3, P13)."""
    of_now = {one.id: one for visit in state.visits for one in visit.disputes} if version.standing in _OF_NOW else {}
    yield from (of_now.get(one.id, one) for one in version.briefing.manifest.disputes)


def _tasks(manifest: Manifest, labels: Labels) -> Iterator[RoleTasks]:
    """Yield what each role must do in the next step, as far as there is anything."""
    for role in Role:
        own = [
            TaskRead.of(task, step=step_read(task.step, labels), text=labels.requirement_missing(task.requirement))
            for task in manifest.tasks
            if role in task.roles
        ]
        if own:
            yield RoleTasks(role=role, tasks=own)


def _waiver(waiver: Waiver, statements: StatementIndex, labels: Labels) -> BriefingWaiver:
    declared = labels.requirements.get(waiver.requirement)
    return BriefingWaiver.of(
        waiver,
        text=labels.requirement(waiver.requirement),
        kind=declared.kind if declared else None,
        reason=statements.texts.get(waiver.reason),
        by_name=statements.name(waiver.by),
    )


def _correction(made: Correction, records: CourseRecords, statements: StatementIndex, labels: Labels) -> CorrectionRead:
    visit = next(row for row in records.visits if row.number == made.visit)
    return CorrectionRead.of(
        made,
        visit,
        step=StepRead(id=visit.step, label=labels.step(visit.step)),
        text=correction_text(made, labels, statements.texts),
        by_name=statements.name(made.by),
    )


class _Writer:
    """Puts the facts and notes of one version into words, marked when they were taken back later."""

    def __init__(self, version: BriefingVersion, statements: StatementIndex, labels: Labels, since: Since) -> None:
        self._version = version
        self._since = since
        self._statements = statements
        self._labels = labels

    @property
    def _manifest(self) -> Manifest:
        return self._version.briefing.manifest

    def first_facts(self) -> list[BriefingFact]:
        """Return the facts and notes that head every briefing, in the order of the rules."""
        first = [fact.id for fact in self._labels.book.rule_set.facts if fact.carried is Carried.FIRST]
        content = {fact.fact: fact for fact in self._manifest.facts}
        return self.facts(content[fact] for fact in first if fact in content)

    def facts_of_visit(self) -> list[BriefingFact]:
        """Return the version's facts that do not head it."""
        heads = {fact.fact for fact in self.first_facts()}
        return self.facts(fact for fact in self._manifest.facts if fact.fact not in heads)

    def lessons(self, records: CourseRecords) -> list[LessonRead]:
        """Return what other visits taught, each with its company and days."""
        visits = {row.number: row for row in records.visits}
        return [self._lesson(lesson, visits[lesson.visit], records) for lesson in self._manifest.lessons]

    def _lesson(self, lesson: Lesson, visit: VisitRow, records: CourseRecords) -> LessonRead:
        return LessonRead.of(
            lesson,
            visit,
            visit=visit.number,
            step=StepRead(id=visit.step, label=self._labels.step(visit.step)),
            company=records.companies.get(lesson.p_number) if lesson.p_number else None,
            left_on=_day(visit.left_at),
            days=self._labels.days(visit.entered_on, _day(visit.left_at)),
            facts=self.facts(lesson.facts),
            notes=self.notes_by_id(lesson.notes),
        )

    def notes_of_visit(self) -> list[BriefingNote]:
        """Return the version's notes that do not head it, and beside a current one those for caseworkers only."""
        manifest = self._manifest
        content = [note for note in manifest.notes if note not in manifest.first_notes]
        return [*self.notes_by_id(content), *self._notes(self._notes_beside())]

    def _notes_beside(self) -> Iterator[Note]:
        """Yield the visit's notes for caseworkers only, which are no content of any version (P3)."""
        if self._version.standing not in _OF_NOW:
            return
        for note in self._statements.notes.values():
            is_beside = note.audience is Audience.CASEWORKER_ONLY and note.id not in self._statements.taken_back
            if is_beside and note.visit == self._manifest.visit:
                yield note

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
            rows=schedule_rows(self._labels.book, fact.fact, fact.value),
            unit_of_measure=self._labels.unit(fact.fact),
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
                is_content=note.audience is Audience.BOTH,
                is_unchanged=note.id in self._since.notes and note.id not in self._statements.taken_back,
                taken_back_on=_day(self._statements.taken_back.get(note.id)),
                former=self._former(note.former) if note.former else None,
            )
            for note in notes
        ]

    def _former(self, entry: FormerEntry) -> FormerEntryRead:
        return FormerEntryRead.of(entry, by_name=self._statements.name(entry.by))


def _day(at: datetime | None) -> date | None:
    return danish_day(at) if at else None
