"""Deciding who observes a course: never a party to it, and never waited for (P1)."""

from typing import Final
from uuid import UUID

from domain import commands as cmd
from domain import events as ev
from domain.decide.turn import Turn
from domain.errors import Code, refuse
from domain.identity import ENGINE, GATE_ROLES, Role, notice_id, supervisors_address
from domain.state.course import Party

MOST_OBSERVERS: Final = 20
"""How many observe a course at most."""


def add_observer(turn: Turn, command: cmd.AddObserver) -> None:
    """Let somebody observe; who does so already is left alone, or observes as another from now on."""
    state, person = turn.state, command.person
    if state.roles_of(person):
        raise refuse(Code.OBSERVER_IS_PARTY, "person")
    before = state.observer(person)
    if before is None and len(state.observers) >= MOST_OBSERVERS:
        raise refuse(Code.OBSERVERS_TOO_MANY, "person", most=MOST_OBSERVERS)
    if before is None or before.kind is not command.observer_kind:
        turn.happen(ev.ObserverAdded, person=person, observer_kind=command.observer_kind, reason=command.reason)


def remove_observer(turn: Turn, command: cmd.RemoveObserver) -> None:
    """Let somebody observe no longer; raises RefusedError when he does not."""
    if turn.state.observer(command.person) is None:
        raise refuse(Code.OBSERVER_UNKNOWN, "person")
    turn.happen(ev.ObserverRemoved, person=command.person, reason=command.reason)


def assign_party(turn: Turn, command: cmd.AssignParty) -> None:
    """Give a role to a person or a queue; taking it from a person is a hand-over and needs a reason."""
    roles = GATE_ROLES if turn.state.shared_role else (command.role,)
    for role in roles:
        _expect_other_person(turn, role, command.to.person)
    changed = [role for role in roles if _claim_of(turn.state.party(role)) != command.to]
    if any(turn.state.holder(role) for role in changed) and command.reason is None:
        raise refuse(Code.REASON_MISSING, "reason")
    for role in changed:
        _assign(turn, role, command.to, command.reason)


def _assign(turn: Turn, role: Role, claim: cmd.PartyClaim, reason: UUID | None = None) -> None:
    """Give a role to somebody; the supervisors are told when that is more than the rules think one person can carry."""
    turn.happen(ev.PartyAssigned, role=role, to=claim, reason=reason)
    at_most, party = turn.rules.caseload(role), turn.state.party(role)
    if at_most is None or claim.person is None or party is None or turn.is_quiet:
        return
    held = turn.caseloads.get((role, claim.person), 0) + 1
    if held > at_most:
        recipient = supervisors_address(turn.state.unit)
        notice = notice_id(turn.state.course, f"caseload/{role}/{party.generation}", recipient)
        turn.happen(ev.NoticeRaised, by=ENGINE, notice=notice, about="caseload", recipient=recipient, level=held)


def _claim_of(party: Party | None) -> cmd.PartyClaim:
    return cmd.PartyClaim(person=party.person, unit=party.unit) if party else cmd.PartyClaim()


def _expect_other_person(turn: Turn, role: Role, person: str | None) -> None:
    """Raise when the person holds the other role and the course does not say that one person has both (P1)."""
    if person is None or turn.state.shared_role:
        return
    if any(turn.state.holder(other) == person for other in GATE_ROLES if other != role):
        raise refuse(Code.SAME_PERSON, "person")
