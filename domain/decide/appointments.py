"""Deciding who can come to a meeting: nothing waits for it, and the meeting stands until its day is changed (P13)."""

from datetime import timedelta
from typing import Final

from domain import commands as cmd
from domain import events as ev
from domain.decide.decision import Decision, decides
from domain.decide.informing import expect_role_in_token
from domain.errors import Code, refuse
from domain.identity import GATE_ROLES, Role
from domain.state.appointments import Appointment
from domain.state.course import Visit

FARTHEST: Final = timedelta(days=366)
"""How far ahead another time may be suggested."""


@decides(cmd.DeclineAppointment)
def decline_appointment(decision: Decision, command: cmd.DeclineAppointment) -> None:
    """Record that a role cannot come to a meeting that is yet to be; saying so again changes nothing.

    Refuses with `appointment-unknown`, `not-the-party`, `role-not-yours`, `time-not-ahead`.
    """
    visit, planned = _meeting_to_come(decision, command)
    roles = _roles_of_actor(decision, command.role)
    if all(_is_declined(planned, role, command) for role in roles):
        return
    if command.another_time is not None:
        decision.expect_ahead(command.another_time, FARTHEST, "another_time")
    decision.record(
        ev.AppointmentDeclined,
        visit=visit.number,
        appointment=planned.id,
        roles=roles,
        another_time=command.another_time,
        reason=command.reason,
    )


@decides(cmd.AcceptAppointment)
def accept_appointment(decision: Decision, command: cmd.AcceptAppointment) -> None:
    """Record that a role can come after all; one that has not said otherwise is left alone.

    Refuses with `appointment-unknown`, `not-the-party`, `role-not-yours`.
    """
    visit, planned = _meeting_to_come(decision, command)
    roles = _roles_of_actor(decision, command.role)
    if any(planned.decline_of(role) for role in roles):
        decision.record(ev.AppointmentAccepted, visit=visit.number, appointment=planned.id, roles=roles)


def _meeting_to_come(
    decision: Decision, command: cmd.DeclineAppointment | cmd.AcceptAppointment
) -> tuple[Visit, Appointment]:
    """Return the meeting and its visit; of several visits that plan one of this name one must be named."""
    to_come = [
        (visit, planned)
        for visit in decision.state.open_visits
        for planned in visit.appointments
        if not planned.cancelled and planned.on >= decision.today
    ]
    named = [(visit, planned) for visit, planned in to_come if planned.id == command.appointment]
    found = [(visit, planned) for visit, planned in named if command.visit in (None, visit.number)]
    if len(found) != 1:
        known = ", ".join(f"{planned.id} ({visit.number})" for visit, planned in to_come)
        raise refuse(Code.APPOINTMENT_UNKNOWN, "visit" if named else "appointment", known=known)
    return found[0]


def _roles_of_actor(decision: Decision, role: Role | None) -> tuple[Role, ...]:
    """Return every role of the one person for whom the actor speaks: himself, or else whom he covers for."""
    state, actor = decision.state, decision.actor
    holders = {state.holder(one) for one in GATE_ROLES if role in (None, one)}
    persons = holders & {actor.person} or holders.intersection(actor.covers)
    if len(persons) != 1:
        raise refuse(Code.NOT_THE_PARTY, "role")
    person = str(*persons)
    roles = state.roles_of(person)
    expect_role_in_token(decision, person, roles)
    return roles


def _is_declined(planned: Appointment, role: Role, command: cmd.DeclineAppointment) -> bool:
    """Whether a role has said all of it already."""
    before = planned.decline_of(role)
    if before is None or before.another_time != command.another_time:
        return False
    return command.reason in (None, before.reason)
