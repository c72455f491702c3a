"""Deciding who holds a role of a course, and who observes it: never a party to it, and never waited for (P1)."""

from typing import Final
from uuid import UUID

from domain import commands as cmd
from domain import events as ev
from domain.address import Address
from domain.decide.decision import Decision, decides
from domain.errors import Code, refuse
from domain.identity import GATE_ROLES, Role
from domain.state.course import Party
from domain.state.notice import CaseloadSubject

MOST_OBSERVERS: Final = 20
"""How many observe a course at most."""


@decides(cmd.AddObserver)
def add_observer(decision: Decision, command: cmd.AddObserver) -> None:
    """Let somebody observe; who does so already is left alone, or observes as another from now on.

    Refuses with `observer-is-party`, `observers-too-many`.
    """
    state, person = decision.state, command.person
    if state.roles_of(person):
        raise refuse(Code.OBSERVER_IS_PARTY, "person")
    before = state.observer(person)
    if before is None and len(state.observers) >= MOST_OBSERVERS:
        raise refuse(Code.OBSERVERS_TOO_MANY, "person", most=MOST_OBSERVERS)
    if before is None or before.kind is not command.observer_kind:
        decision.record(ev.ObserverAdded, person=person, observer_kind=command.observer_kind, reason=command.reason)


@decides(cmd.RemoveObserver)
def remove_observer(decision: Decision, command: cmd.RemoveObserver) -> None:
    """Let somebody observe no longer; who does not is left alone."""
    if decision.state.observer(command.person) is not None:
        decision.record(ev.ObserverRemoved, person=command.person, reason=command.reason)


@decides(cmd.AssignParty)
def assign_party(decision: Decision, command: cmd.AssignParty) -> None:
    """Give a role to a person or a queue; taking it from a person is a hand-over and needs a reason.

    Refuses with `held-by-another`, `reason-missing`, `same-person`.
    """
    roles = GATE_ROLES if decision.state.shared_role else (command.role,)
    for role in roles:
        _expect_other_person(decision, role, command.to.person)
    changed = [role for role in roles if _claim_of(decision.state.party(role)) != command.to]
    if command.held_by and any(_claim_of(decision.state.party(role)) != command.held_by for role in changed):
        raise refuse(Code.HELD_BY_ANOTHER, "role")
    if any(decision.state.holder(role) for role in changed) and command.reason is None:
        raise refuse(Code.REASON_MISSING, "reason")
    for role in changed:
        _assign(decision, role, command.to, command.reason, command.citizen_told_by)


@decides(cmd.ShareRoles)
def share_roles(decision: Decision, command: cmd.ShareRoles) -> None:
    """Give both roles to one person, who is informed once from now on; who has both already is left alone.

    Refuses with `shared-role-not-yours`.
    """
    expect_may_share(decision)
    claim = cmd.PartyClaim(person=command.person)
    changed = [role for role in GATE_ROLES if _claim_of(decision.state.party(role)) != claim]
    if not decision.state.shared_role:
        decision.record(ev.RolesShared, reason=command.reason)
    for role in changed:
        _assign(decision, role, claim, command.reason)


@decides(cmd.SeparateRoles)
def separate_roles(decision: Decision, command: cmd.SeparateRoles) -> None:
    """Give one of the roles to somebody else, so that both are informed again; two who have them are left alone.

    Refuses with `same-person`, `shared-role-not-yours`.
    """
    expect_may_share(decision)
    if not decision.state.shared_role:
        return
    decision.record(ev.RolesSeparated, reason=command.reason)
    _expect_other_person(decision, command.role, command.to.person)
    _assign(decision, command.role, command.to, command.reason)


def expect_may_share(decision: Decision) -> None:
    """Raise unless a supervisor or a system decides whether one person has both roles."""
    if {Role.SUPERVISOR, Role.SYSTEM}.isdisjoint(decision.actor.roles):
        raise refuse(Code.SHARED_ROLE_NOT_YOURS, "shared_role")


def _assign(
    decision: Decision,
    role: Role,
    claim: cmd.PartyClaim,
    reason: UUID | None = None,
    citizen_told_by: Role | None = None,
) -> None:
    """Give a role to somebody; the supervisors are told when somebody crosses what the rules think one can carry."""
    decision.record(ev.PartyAssigned, role=role, to=claim, reason=reason, citizen_told_by=citizen_told_by)
    at_most, party = decision.rules.caseload(role), decision.state.party(role)
    if at_most is None or claim.person is None or party is None or decision.is_quiet:
        return
    held = decision.caseloads.get((role, claim.person), 0) + 1
    if held == at_most + 1:
        subject = CaseloadSubject(role=role, generation=party.generation, courses=held)
        decision.notify(Address.supervisors(decision.state.unit), "caseload", subject)


def _claim_of(party: Party | None) -> cmd.PartyClaim:
    return cmd.PartyClaim(person=party.person, unit=party.unit) if party else cmd.PartyClaim()


def _expect_other_person(decision: Decision, role: Role, person: str | None) -> None:
    """Raise when the person holds the other role and the course does not say that one person has both (P1)."""
    if person is None or decision.state.shared_role:
        return
    if any(decision.state.holder(other) == person for other in GATE_ROLES if other != role):
        raise refuse(Code.SAME_PERSON, "person")
