"""Deciding what is in the calendars of both roles: made, moved and cancelled with the facts that plan it (P7)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from domain import events as ev
from domain.address import Address
from domain.calendar import iso_day
from domain.decide.decision import Decision
from domain.identity import ENGINE, GATE_ROLES
from domain.rules_port import AppointmentRule
from domain.state.course import Appointment, Visit
from domain.state.facts import FactValue
from domain.state.notice import AppointmentSubject


def keep_appointments(decision: Decision) -> None:
    """Make, move and cancel the appointments of every visit as its facts have it now, and tell both roles."""
    for visit in decision.state.visits:
        planned = {
            rule.appointment: _planned(decision, visit, rule) for rule in decision.rules.appointments(visit.step)
        }
        for name, plan in planned.items():
            _keep(decision, visit, name, visit.appointment(name), plan)


class _Plan(NamedTuple):
    """What is agreed: the day, the wall time and the P-number of the place, as far as they are known."""

    day: date
    time: str | None
    place: str | None


def _planned(decision: Decision, visit: Visit, rule: AppointmentRule) -> _Plan | None:
    """Return what is planned in an open visit; what is contradicted, called off or no day is not planned."""
    day = iso_day(_value(decision, visit, rule.day))
    is_off = rule.called_off is not None and _value(decision, visit, rule.called_off) is True
    if not visit.is_open or day is None or is_off:
        return None
    time = _value(decision, visit, rule.time) if rule.time else None
    return _Plan(day, str(time) if time is not None else None, _place(decision, visit))


def _place(decision: Decision, visit: Visit) -> str | None:
    """Return the P-number of the production unit that the visit is about, while it is not contradicted."""
    known = (_value(decision, visit, fact) for fact in decision.rules.p_number_facts)
    return next((str(place) for place in known if place is not None), None)


def _value(decision: Decision, visit: Visit, fact: str) -> FactValue | None:
    known = decision.state.known(fact, visit.number)
    return known.fact.value if known is not None and known.contradicted_by is None else None


def _keep(decision: Decision, visit: Visit, name: str, standing: Appointment | None, plan: _Plan | None) -> None:
    if plan is None:
        if standing is not None and not standing.cancelled and _is_off(decision, visit, standing):
            _cancel(decision, visit, name, standing)
        return
    holders = tuple(dict.fromkeys(p for role in GATE_ROLES if (p := decision.state.holder(role))))
    is_as_planned = (
        standing is not None and not standing.cancelled and (standing.on, standing.at, standing.place) == plan
    )
    told = standing.told if standing is not None and is_as_planned else ()
    missing = [person for person in holders if person not in told]
    if is_as_planned and not missing:
        return
    sequence = 0 if standing is None else standing.sequence if is_as_planned else standing.sequence + 1
    more = {**plan._asdict(), "sequence": sequence, "told": (*told, *missing)}
    decision.record(ev.AppointmentMade, by=ENGINE, visit=visit.number, appointment=name, **more)
    _tell(decision, visit, name, plan.day, sequence, missing)


def _is_off(decision: Decision, visit: Visit, standing: Appointment) -> bool:
    """Say whether a meeting that nobody plans any more is not to be: what is past in a left visit has been."""
    return visit.is_open or visit.withdrawn or standing.on > decision.today


def _cancel(decision: Decision, visit: Visit, name: str, standing: Appointment) -> None:
    sequence = standing.sequence + 1
    decision.record(ev.AppointmentCancelled, by=ENGINE, visit=visit.number, appointment=name, sequence=sequence)
    _tell(decision, visit, name, standing.on, sequence, standing.told)


def _tell(decision: Decision, visit: Visit, name: str, day: date, sequence: int, persons: Iterable[str]) -> None:
    """Tell each of them once, unless the day is past."""
    if day < decision.today:
        return
    for person in persons:
        subject = AppointmentSubject(visit=visit.number, appointment=name, sequence=sequence)
        decision.notify(Address.person(person), "appointment", subject)
