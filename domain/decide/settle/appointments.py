"""Deciding what is in the calendars of both roles: made, moved and cancelled with the facts that plan it (P7)."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import zip_longest
from typing import NamedTuple

from domain import events as ev
from domain.address import Address
from domain.calendar import danish_day, iso_day
from domain.decide.decision import Decision
from domain.identity import ENGINE
from domain.rules_port import AppointmentRule
from domain.state.appointments import Appointment
from domain.state.course import Visit
from domain.state.facts import FactValue
from domain.state.notice import APPOINTMENT, AppointmentSubject


def keep_appointments(decision: Decision) -> None:
    """Make, move and cancel the appointments of every visit as its facts have it now, and tell both roles."""
    for visit in decision.state.visits:
        planned = {
            rule.appointment: _planned(decision, visit, rule) for rule in decision.rules.appointments(visit.step)
        }
        held = {rule.appointment: _held_on(decision, visit, rule) for rule in decision.rules.appointments(visit.step)}
        for name, plan in planned.items():
            existing, day = visit.appointment(name), held[name]
            if existing is not None and day is not None:
                _keep_held(decision, visit, existing, day)
            else:
                _keep(decision, visit, name, existing, plan)


class _Plan(NamedTuple):
    """What is agreed: the day, the wall time and the P-number of the place, as far as they are known."""

    day: date
    time: str | None
    place: str | None


def _planned(decision: Decision, visit: Visit, rule: AppointmentRule) -> _Plan | None:
    """Return what is planned in an open visit; what is contradicted, called off or no day is not planned."""
    day = iso_day(_value(decision, visit, rule.day))
    if not visit.is_open or day is None:
        return None
    if _is_called_off(decision, visit, rule) or _is_stopped(decision, visit, rule, day):
        return None
    time = _value(decision, visit, rule.time) if rule.time else None
    place = decision.rules.workplaces.of(decision.state, visit.number)
    return _Plan(day, str(time) if time is not None else None, place)


def _held_on(decision: Decision, visit: Visit, rule: AppointmentRule) -> date | None:
    """Return the day on which a meeting was held, None while nobody has said so of a day that has come."""
    day = iso_day(_value(decision, visit, rule.held)) if rule.held and not visit.withdrawn else None
    return day if day is not None and day <= decision.today else None


def _keep_held(decision: Decision, visit: Visit, existing: Appointment, day: date) -> None:
    """Put a meeting on the day on which it was held, whatever was planned.

    Nobody is told, for it has been, but who would otherwise still find it on a day to come.
    """
    if (existing.on, existing.cancelled) == (day, False):
        return
    named = {"visit": visit.number, "appointment": existing.id, "sequence": existing.sequence + 1}
    told = () if existing.cancelled else existing.told
    decision.record(
        ev.AppointmentMade,
        by=ENGINE,
        **named,
        day=day,
        time=existing.at if existing.on == day else None,
        place=existing.place,
        told=told,
        held=True,
    )
    if existing.on > decision.today:
        _notify(decision, AppointmentSubject.model_validate(named), told)


def _is_called_off(decision: Decision, visit: Visit, rule: AppointmentRule) -> bool:
    """Whether somebody called the meeting off after it was agreed as it stands."""
    if rule.called_off is None or _value(decision, visit, rule.called_off) is not True:
        return False
    return _is_older(decision, visit, rule, than=rule.called_off)


def _is_stopped(decision: Decision, visit: Visit, rule: AppointmentRule, day: date) -> bool:
    """Whether the visit was stopped before the day, and after the meeting was agreed."""
    stop = decision.rules.stop(visit.step)
    last_day = iso_day(_value(decision, visit, stop.last_day)) if stop is not None else None
    if stop is None or last_day is None or day <= last_day:
        return False
    return _is_older(decision, visit, rule, than=stop.by)


def _is_older(decision: Decision, visit: Visit, rule: AppointmentRule, *, than: str) -> bool:
    """Whether the day and the time were agreed before a fact was stated, or with it."""
    stated = decision.state.on_record(than, visit.number)
    agreed = [_agreed_at(decision, visit, fact) for fact in (rule.day, rule.time) if fact]
    return stated is not None and all(at <= stated.fact.recorded_at for at in agreed if at is not None)


def _agreed_at(decision: Decision, visit: Visit, fact: str) -> datetime | None:
    """Return when a fact was stated as it counts; a system that says the same again agrees nothing anew."""
    newest_first = sorted(decision.state.statements(fact, visit.number), key=lambda f: f.newness, reverse=True)
    for statement, earlier in zip_longest(newest_first, newest_first[1:]):
        if earlier is None or not statement.by_system or statement.value != earlier.value:
            return statement.recorded_at
    return None


def _value(decision: Decision, visit: Visit, fact: str) -> FactValue | None:
    on_record = decision.state.on_record(fact, visit.number)
    return on_record.fact.value if on_record is not None and on_record.contradicted_by is None else None


def _keep(decision: Decision, visit: Visit, name: str, existing: Appointment | None, plan: _Plan | None) -> None:
    if plan is None:
        if existing is not None and not existing.cancelled and _is_off(decision, visit, existing):
            _cancel(decision, visit, existing)
        return
    before = None if existing is None or existing.cancelled else existing
    if before is not None and (before.on, before.at, before.place) == plan:
        _keep_attendees(decision, visit, before)
        return
    told = () if existing is None or _was_called_off(existing) else existing.told
    attendees = _attendees(decision, plan.day)
    is_to_be_told = decision.today <= (max(before.on, plan.day) if before else plan.day)
    sequence = 0 if existing is None else existing.sequence + 1
    more = {**plan._asdict(), "sequence": sequence, "told": attendees if is_to_be_told else told}
    decision.record(ev.AppointmentMade, by=ENGINE, visit=visit.number, appointment=name, **more)
    if is_to_be_told:
        subject = AppointmentSubject(visit=visit.number, appointment=name, sequence=sequence)
        _notify(decision, subject, attendees)
        _release(decision, subject, set(told).difference(attendees))


def _was_called_off(existing: Appointment) -> bool:
    """Whether who was to come was told that the meeting is cancelled, which nobody is once its day is over."""
    return existing.cancelled and danish_day(existing.since) <= existing.on


def _attendees(decision: Decision, day: date) -> tuple[str, ...]:
    """Return who is to come on a day: who holds a role, or who covers there that day (P1)."""
    return tuple(dict.fromkeys(decision.cover(person, day) or person for person in decision.holders()))


def _keep_attendees(decision: Decision, visit: Visit, existing: Appointment) -> None:
    """Tell who is to come to a meeting since others were told of it, and release who no longer is."""
    attendees, told = _attendees(decision, existing.on), set(existing.told)
    if existing.on < decision.today or told == set(attendees):
        return
    named = {"visit": visit.number, "appointment": existing.id, "sequence": existing.sequence + 1}
    decision.record(ev.AttendeesChanged, by=ENGINE, **named, told=attendees)
    subject = AppointmentSubject.model_validate(named)
    _notify(decision, subject, (person for person in attendees if person not in told))
    _release(decision, subject, told.difference(attendees))


def _is_off(decision: Decision, visit: Visit, existing: Appointment) -> bool:
    """Whether a meeting without a plan is cancelled: one that lies in the past of a left visit was held."""
    return visit.is_open or visit.withdrawn or existing.on > decision.today


def _cancel(decision: Decision, visit: Visit, existing: Appointment) -> None:
    named = {"visit": visit.number, "appointment": existing.id, "sequence": existing.sequence + 1}
    decision.record(ev.AppointmentCancelled, by=ENGINE, **named)
    if existing.on >= decision.today:
        _notify(decision, AppointmentSubject.model_validate(named), existing.told)


def _release(decision: Decision, subject: AppointmentSubject, persons: Iterable[str]) -> None:
    """Tell some who were to come to a meeting that somebody else does."""
    _notify(decision, subject.model_copy(update={"released": True}), sorted(persons))


def _notify(decision: Decision, subject: AppointmentSubject, persons: Iterable[str]) -> None:
    for person in persons:
        decision.notify(Address.person(person), APPOINTMENT, subject)
