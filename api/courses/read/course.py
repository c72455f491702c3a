"""A course as it is read, put together from its state and what the store keeps beside it."""

from datetime import datetime

from api.courses.read.load import CourseRecords
from api.courses.read.models import (
    AwayRead,
    CitizenRead,
    CourseRead,
    EscalationRead,
    FactRead,
    NoteRead,
    ObserverRead,
    PartyRead,
    RulesRead,
    TakenRead,
    WaitingRead,
)
from api.courses.read.visit import steps_read, visit_read
from api.text.labels import Labels
from domain.calendar import danish_day
from domain.state.course import CourseState, Party
from domain.state.facts import Fact, Note
from domain.state.waiting import Taken, Waiting
from infra.store.queries.courses import VisibleCourse
from rules.explain.models import Explanation


def course_read(course: VisibleCourse, records: CourseRecords, explanation: Explanation, labels: Labels) -> CourseRead:
    """Return the course in the language of `labels`, as it stands at the instant of the explanation."""
    row, state, now = course.row, course.state, explanation.at
    explained = {visit.visit: visit for visit in explanation.visits}
    return CourseRead(
        id=course.id,
        municipality=state.municipality,
        unit=row.unit,
        reference=row.reference,
        ordinal=row.ordinal,
        follows=row.follows,
        citizen=CitizenRead(reference=row.citizen, name=citizen_name(course, records), protected=row.protected),
        status=row.status,
        outcome=row.outcome,
        revision=row.revision,
        started_on=row.started_on,
        day=day_number(course, now),
        updated_at=row.changed_at,
        rules=rules_read(labels),
        shared_role=state.shared_role,
        quiet_until=state.quiet_until,
        is_stalled=row.stalled,
        is_ahead_of_informing=state.is_ahead_of_informing,
        ahead_of_informing=steps_read(state.ahead, labels),
        parties=[_party(party, records) for party in state.parties],
        observers=[ObserverRead(**observer.model_dump()) for observer in state.observers],
        visits=[visit_read(v, state, records, explained.get(v.number), labels) for v in records.visits],
        waiting=[_waiting(waiting, state, records, labels, now) for waiting in state.waiting],
        escalations=_escalations(records),
        facts=[_fact(fact, state, labels) for fact in state.facts],
        notes=[_note(note, state, records, labels) for note in records.notes],
    )


def citizen_name(course: VisibleCourse, records: CourseRecords) -> str | None:
    """Return the citizen's name if it was given, is not erased, and is for the caller to read."""
    return records.texts.get(course.row.citizen_text) if course.row.citizen_text else None


def day_number(course: VisibleCourse, now: datetime) -> int:
    """Return the day number of the course, counted from 1 in Danish dates."""
    return (danish_day(now) - course.row.started_on).days + 1


def rules_read(labels: Labels) -> RulesRead:
    """Return which rules the course follows."""
    rules = labels.book.rule_set
    return RulesRead(id=rules.id, version=rules.version, sha256=rules.sha256, title=labels.say(rules.title))


def _party(party: Party, records: CourseRecords) -> PartyRead:
    known = records.people.get(party.person) if party.person else None
    return PartyRead(
        role=party.role,
        person=party.person,
        name=known.name if known else None,
        in_directory=known is not None if party.person else None,
        unit=party.unit,
        since=party.since,
    )


def _waiting(
    waiting: Waiting, state: CourseState, records: CourseRecords, labels: Labels, now: datetime
) -> WaitingRead:
    return WaitingRead(
        key=str(waiting.key),
        kind=waiting.kind,
        text=labels.waiting(waiting),
        what=waiting.what or None,
        visit=waiting.visit,
        roles=list(waiting.roles),
        persons=list(waiting.persons),
        away=[_away(person, records) for person in waiting.persons if person in records.away],
        since=waiting.since,
        until=waiting.until,
        clock="paused" if state.is_paused else "running",
        is_overdue=waiting.until is not None and waiting.until < now,
        level=waiting.level,
        next_rung_at=waiting.next_rung_at,
        escalation=waiting.escalation,
        taken=_taken(waiting.taken, records) if waiting.taken else None,
    )


def _away(person: str, records: CourseRecords) -> AwayRead:
    known = records.people.get(person)
    return AwayRead(person=person, name=known.name if known else None, until=records.away[person])


def _taken(taken: Taken, records: CourseRecords) -> TakenRead:
    return TakenRead(
        by=taken.by, at=taken.at, look_again_at=taken.look_again_at, comment=records.texts.get(taken.reason)
    )


def _escalations(records: CourseRecords) -> list[EscalationRead]:
    """Return whom a rung has told of a wait that is still there."""
    return [
        EscalationRead(
            waiting=row.waiting or "", level=row.level, told=str(row.address), at=row.queued_at, seen_at=row.seen_at
        )
        for row in records.undone
        if row.level is not None
    ]


def _fact(fact: Fact, state: CourseState, labels: Labels) -> FactRead:
    known = state.known(fact.fact, fact.visit)
    counts = known is not None and known.fact.id == fact.id
    against = known.contradicted_by if known and counts else None
    return FactRead(
        **fact.model_dump(),
        label=labels.fact(fact.fact),
        text=labels.value(fact.fact, fact.value),
        counts=counts,
        contradicted_by=against.id if against else None,
    )


def _note(note: Note, state: CourseState, records: CourseRecords, labels: Labels) -> NoteRead:
    return NoteRead(
        **note.model_dump(),
        label=labels.note_kind(note.kind),
        text=records.texts.get(note.id),
        is_material=note.is_material,
        is_answered=note.id in state.answered,
    )
