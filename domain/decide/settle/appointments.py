"""Deciding what is in the calendars of both roles: made, moved and cancelled with the facts that plan it (P7)."""

from collections.abc import Iterable
from datetime import date

from domain import events as ev
from domain.calendar import iso_day
from domain.decide.turn import Turn
from domain.identity import ENGINE, GATE_ROLES, notice_id, person_address
from domain.rules_port import AppointmentRule
from domain.state.course import Appointment, Visit
from domain.state.facts import FactValue


def keep_appointments(turn: Turn) -> None:
    """Make, move and cancel the appointments of every visit as its facts have it now, and tell both roles."""
    for visit in turn.state.visits:
        planned = {rule.appointment: _planned(turn, visit, rule) for rule in turn.rules.appointments(visit.step)}
        for name, plan in planned.items():
            _keep(turn, visit, name, visit.appointment(name), plan)


def _planned(turn: Turn, visit: Visit, rule: AppointmentRule) -> tuple[date, str | None] | None:
    """Return day and time as planned in an open visit; what is contradicted, called off or no day is not planned."""
    day = iso_day(_value(turn, visit, rule.day))
    is_off = rule.called_off is not None and _value(turn, visit, rule.called_off) is True
    if not visit.is_open or day is None or is_off:
        return None
    time = _value(turn, visit, rule.time) if rule.time else None
    return day, str(time) if time is not None else None


def _value(turn: Turn, visit: Visit, fact: str) -> FactValue | None:
    known = turn.state.known(fact, visit.number)
    return known.fact.value if known is not None and known.contradicted_by is None else None


def _keep(
    turn: Turn, visit: Visit, name: str, standing: Appointment | None, plan: tuple[date, str | None] | None
) -> None:
    if plan is None:
        if standing is not None and not standing.cancelled and _is_off(turn, visit, standing):
            _cancel(turn, visit, name, standing)
        return
    holders = tuple(dict.fromkeys(p for role in GATE_ROLES if (p := turn.state.holder(role))))
    is_as_planned = standing is not None and not standing.cancelled and (standing.on, standing.at) == plan
    told = standing.told if standing is not None and is_as_planned else ()
    missing = [person for person in holders if person not in told]
    if is_as_planned and not missing:
        return
    sequence = 0 if standing is None else standing.sequence if is_as_planned else standing.sequence + 1
    day, time = plan
    more = {"day": day, "time": time, "sequence": sequence, "told": (*told, *missing)}
    turn.happen(ev.AppointmentMade, by=ENGINE, visit=visit.number, appointment=name, **more)
    _tell(turn, visit, name, day, sequence, missing)


def _is_off(turn: Turn, visit: Visit, standing: Appointment) -> bool:
    """Say whether a meeting that nobody plans any more is not to be: what is past in a left visit has been."""
    return visit.is_open or visit.withdrawn or standing.on > turn.today


def _cancel(turn: Turn, visit: Visit, name: str, standing: Appointment) -> None:
    sequence = standing.sequence + 1
    turn.happen(ev.AppointmentCancelled, by=ENGINE, visit=visit.number, appointment=name, sequence=sequence)
    _tell(turn, visit, name, standing.on, sequence, standing.told)


def _tell(turn: Turn, visit: Visit, name: str, day: date, sequence: int, persons: Iterable[str]) -> None:
    """Tell each of them once, unless the day is past."""
    if day < turn.today:
        return
    for person in persons:
        recipient = person_address(person)
        turn.happen(
            ev.NoticeRaised,
            by=ENGINE,
            notice=notice_id(turn.state.course, f"appointment/{visit.number}/{name}/{sequence}", recipient),
            about="appointment",
            recipient=recipient,
            visit=visit.number,
            level=sequence,
        )
