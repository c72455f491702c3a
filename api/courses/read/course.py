"""A course as it is read, put together from its state and what the store keeps beside it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from api.courses.read.former import former_course
from api.courses.read.load import CourseRecords, fetch
from api.courses.read.models import (
    AwayRead,
    CitizenRead,
    CourseRead,
    EscalationRead,
    FactRead,
    FormerEntryRead,
    NoteRead,
    ObserverRead,
    PartyRead,
    RulesRead,
    TakenRead,
    WaitAnswerRead,
    WaitingRead,
)
from api.courses.read.visit import visit_read
from api.courses.read.visit_models import VisitRead
from api.directory.names import with_names
from api.http.dependencies import Services
from api.text.schedules import schedule_rows
from api.text.steps import StepRead, steps_read
from domain.address import AddressKind
from domain.calendar import danish_day
from domain.state.course import CourseState, Party
from domain.state.facts import Fact, Note
from domain.state.waiting import Taken, WaitAnswer, Waiting, WaitingKind
from infra.security.tokens import Claims
from infra.store.queries import covers
from infra.store.queries.courses import VisibleCourse
from infra.store.queries.unknown_holders import among, not_in_directory, unknown_holders, without_role
from infra.store.registers import absences
from infra.store.rows import NoticeRow
from rules.explain.contradictions import contradictions
from rules.explain.explain import explain
from rules.explain.models import ExplainedVisit, Explanation
from rules.language.formats import Language
from wording.causes import with_contradictions, with_unknown
from wording.labels import Labels
from wording.naming import naming
from wording.refusals import refused_in


async def read_in_full(services: Services, caller: Claims, course: VisibleCourse, language: Language) -> CourseRead:
    """Return the course as it stands now, with what the store keeps beside it that the caller may read."""
    now = services.clock.now()
    book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
    calendar = await services.calendars.reckoned_by(caller.municipality, course.state.calendar)
    former = await former_course(services, caller.municipality, course, language)
    async with services.store.municipality(caller.municipality) as connection:
        records = await fetch(connection, course)
        away = await absences.away(connection, course.state.awaited, danish_day(now))
        names = await naming(connection, book.workplaces.p_number_facts, course.state.facts, records.people)
        unknown = (await unknown_holders(connection, [course.id]))[course.id]
        acting = await covers.covers_in(connection, course.id, danish_day(now))
        whole = course.reads is None
        explanation = explain(book, course.state, course.judged_at, calendar) if whole else None
        records = replace(records, away=away, unknown=unknown, covers=acting)
        read = course_read(course, records, explanation, Labels(book, language, names), now)
        if former is not None:
            read = read.model_copy(update={"former": former.read(course.state.open_proposals)})
        return await with_names(connection, read)


def course_read(
    course: VisibleCourse, records: CourseRecords, explanation: Explanation | None, labels: Labels, now: datetime
) -> CourseRead:
    """Return the course in the language of `labels`, as it stands now; who only observes it has no explanation."""
    row, state = course.row, course.state
    explained = {visit.visit: visit for visit in explanation.visits} if explanation is not None else {}
    return CourseRead.of(
        row,
        state,
        id=course.id,
        citizen=CitizenRead(reference=row.citizen, name=citizen_name(course, records), protected=row.protected),
        day=day_number(course, now),
        rules=rules_read(labels),
        ahead_of_informing=steps_read(state.ahead_of_informing, labels),
        parties=[_party(party, records) for party in state.parties],
        observers=[ObserverRead.of(observer) for observer in state.observers],
        visits=_visits(course, records, explained, labels),
        waiting=[_waiting(waiting, state, records, labels, now) for waiting in state.shown_waits],
        escalations=[_escalation(row) for row in records.undone if row.level is not None],
        facts=[fact_read(fact, state, labels) for fact in state.facts],
        notes=[_note(note, records, labels) for note in records.notes],
    )


def _visits(
    course: VisibleCourse, records: CourseRecords, explained: Mapping[int, ExplainedVisit], labels: Labels
) -> list[VisitRead]:
    """Return the visits; what was asked in one is for those who work with the course (P14)."""
    visits = [visit_read(v, course.state, records, explained.get(v.number), labels) for v in records.visits]
    return visits if course.reads is None else [visit.model_copy(update={"gate": None}) for visit in visits]


def citizen_name(course: VisibleCourse, records: CourseRecords) -> str | None:
    """Return the citizen's name if it was given, is not erased, and is for the caller to read."""
    return records.texts.get(course.row.citizen_text) if course.row.citizen_text else None


def day_number(course: VisibleCourse, now: datetime) -> int:
    """Return the day number of the course, counted from 1 in Danish dates."""
    return (danish_day(now) - course.row.started_on).days + 1


def rules_read(labels: Labels) -> RulesRead:
    """Return which rules the course follows."""
    rules = labels.book.rule_set
    return RulesRead.of(rules, title=labels.text(rules.title))


def _party(party: Party, records: CourseRecords) -> PartyRead:
    on_record = records.people.get(party.person) if party.person else None
    in_directory = on_record is not None if party.person else None
    name, phone = (on_record.name, on_record.phone) if on_record else (None, None)
    times, cover = records.on_behalf.get(party.role, 0), records.covers.get(party.person or "")
    return PartyRead.of(party, name=name, phone=phone, in_directory=in_directory, on_behalf=times, cover=cover)


def _waiting(
    waiting: Waiting, state: CourseState, records: CourseRecords, labels: Labels, now: datetime
) -> WaitingRead:
    against = contradictions(labels.book, state, waiting.kind, waiting.what, waiting.visit)
    unknown = among(records.unknown, waiting.persons)
    refused = refused_in(state, waiting.visit) if waiting.kind is WaitingKind.DECISION and waiting.what else ()
    text = " ".join(map(labels.requirement_refused, refused)) or labels.waiting(waiting)
    return WaitingRead.of(
        waiting,
        key=str(waiting.key),
        text=with_unknown(with_contradictions(text, against, labels), unknown, labels),
        what=waiting.what or None,
        away=[_away(person, records) for person in waiting.persons if person in records.away],
        not_in_directory=not_in_directory(unknown),
        without_role=without_role(unknown),
        clock="paused" if state.is_paused else "running",
        is_overdue=waiting.until is not None and waiting.until < now,
        taken=_taken(waiting.taken, records) if waiting.taken else None,
        answer=_answer(waiting.answer, records) if waiting.answer else None,
    )


def _away(person: str, records: CourseRecords) -> AwayRead:
    on_record = records.people.get(person)
    return AwayRead(person=person, name=on_record.name if on_record else None, until=records.away[person])


def _answer(answer: WaitAnswer, records: CourseRecords) -> WaitAnswerRead:
    return WaitAnswerRead.of(answer, note=records.texts.get(answer.reason) if answer.reason else None)


def _taken(taken: Taken, records: CourseRecords) -> TakenRead:
    return TakenRead.of(taken, comment=records.texts.get(taken.reason))


def _escalation(row: NoticeRow) -> EscalationRead:
    """Return whom a rung has notified of a wait that is still there."""
    return EscalationRead.of(
        row,
        waiting=row.waiting or "",
        person=row.recipient if row.recipient_kind is AddressKind.PERSON else None,
        unit=None if row.recipient_kind is AddressKind.PERSON else row.recipient,
        to_supervisors=row.recipient_kind is AddressKind.SUPERVISORS,
        at=row.queued_at,
    )


def fact_read(fact: Fact, state: CourseState, labels: Labels) -> FactRead:
    """Return a statement as it is read, in the language of `labels`, and whether it counts in a state."""
    on_record = state.on_record(fact.fact, fact.visit)
    counts = on_record is not None and on_record.fact.id == fact.id
    against = on_record.contradicted_by if on_record and counts else None
    return FactRead.of(
        fact,
        label=labels.fact(fact.fact),
        rows=schedule_rows(labels.book, fact.fact, fact.value),
        unit_of_measure=labels.unit(fact.fact),
        text=labels.value(fact.fact, fact.value),
        step=StepRead(id=fact.step, label=labels.step(fact.step)) if fact.step else None,
        counts=counts,
        contradicted_by=against.id if against else None,
    )


def _note(note: Note, records: CourseRecords, labels: Labels) -> NoteRead:
    label, text = labels.note_kind(note.kind), records.texts.get(note.id)
    former = FormerEntryRead.of(note.former) if note.former else None
    return NoteRead.of(note, label=label, text=text, is_answered=note.answered_in is not None, former=former)
