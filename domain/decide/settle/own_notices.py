"""What a notice of its own says is not news as well: a correction, a meeting, a course opened again (P13)."""

from collections.abc import Iterator
from uuid import UUID

from domain import events as ev
from domain.address import Address
from domain.decide.decision import Decision
from domain.state.news import NewsItem, NewsReader
from domain.state.notice import AppointmentSubject
from domain.state.verdict import CLOSING_OUTCOME

_Place = tuple[str, int | None]
"""A fact and the visit in which it was stated."""


def has_own_notice(decision: Decision, item: NewsItem, reader: NewsReader) -> bool:
    """Whether a notice that the command raised says to a reader what an item would."""
    if item.entry is None:
        return False
    place = _place(decision, item.entry)
    return item.entry in _corrected(decision) or place in _opened_again(decision) or place in _met(decision, reader)


def _place(decision: Decision, entry: UUID) -> _Place | None:
    """Return of what fact, and where, a statement is or was."""
    facts = (*decision.state.facts, *decision.before.facts)
    return next(((fact.fact, fact.visit) for fact in facts if fact.id == entry), None)


def _corrected(decision: Decision) -> set[UUID]:
    """Return the statements and notes that proved wrong of what a left visit rested on, and what stands instead."""
    made = [event.correction for event in decision.events if isinstance(event, ev.BasisCorrected)]
    notes = {note for correction in made for note in (correction.note, correction.instead) if note is not None}
    places = {(correction.fact, visit) for correction in made for visit in (None, correction.visit)}
    stated = (fact for state in (decision.before, decision.state) for fact in state.facts)
    return notes | {fact.id for fact in stated if (fact.fact, fact.visit) in places}


def _opened_again(decision: Decision) -> set[_Place]:
    """Return the outcome by which a course was closed that was opened again."""
    is_open_again = any(isinstance(event, ev.CourseReopened) for event in decision.events)
    return {(CLOSING_OUTCOME, None)} if is_open_again else set()


def _met(decision: Decision, reader: NewsReader) -> set[_Place]:
    """Return the facts that plan the meetings of which a reader, or who covers for him, was told just now."""
    persons = {reader.person, decision.cover(reader.person)} if reader.for_cover else {reader.person}
    addresses = {Address.person(person) for person in persons if person is not None}
    notices = (event for event in decision.events if isinstance(event, ev.NoticeRaised))
    subjects = (notice.subject for notice in notices if notice.recipient in addresses)
    return {
        place
        for subject in subjects
        if isinstance(subject, AppointmentSubject)
        for place in _planning(decision, subject)
    }


def _planning(decision: Decision, subject: AppointmentSubject) -> Iterator[_Place]:
    """Yield the facts by which a meeting is planned, moved and called off."""
    visit = decision.state.visit(subject.visit)
    if visit is None:
        return
    for rule in decision.rules.appointments(visit.step):
        if rule.appointment == subject.appointment:
            yield from ((fact, visit.number) for fact in (rule.day, rule.time, rule.called_off) if fact is not None)
