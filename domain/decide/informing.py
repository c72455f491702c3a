"""Deciding who is informed: versions and acknowledgements (P1, P3, P4)."""

from collections.abc import Mapping

from domain import commands as cmd
from domain import events as ev
from domain.decide.decision import Decision, decides
from domain.errors import Code, Problem, RefusedError, refuse
from domain.identity import GATE_ROLES, Role
from domain.state.briefing import Briefing, Dispute, OnBehalfReason, Receipt
from domain.state.course import Visit


@decides(cmd.BriefNow)
def brief_now(decision: Decision, command: cmd.BriefNow) -> None:
    """Ask for the briefing before the gate is met; asking twice changes nothing.

    Refuses with `visit-unknown`.
    """
    visit = decision.open_visit(command.visit)
    if visit.briefing is None and not visit.asked_early:
        decision.record(ev.BriefingAsked, visit=visit.number)


def expect_read(decision: Decision, read: cmd.ReadBriefing, place: str = "") -> tuple[Visit, Briefing]:
    """Return the open visit and the current version of its briefing that was read.

    Raises RefusedError for no such visit, without a version, and where what was read is not the current one.
    """
    field = f"{place}{read.named_by}"
    if _has_gone_on(decision, read):
        raise used_up_version(decision, field)
    visit = decision.open_visit(read.briefing, f"{place}briefing")
    if visit.briefing is None:
        raise refuse(Code.BRIEFING_MISSING, field, visit=visit.number)
    if not read.is_of(visit.briefing.version, visit.briefing.digest):
        raise refuse(Code.VERSION_OUTDATED, field, current=visit.briefing.version)
    return visit, visit.briefing


def _has_gone_on(decision: Decision, read: cmd.ReadBriefing) -> bool:
    """Whether the course went on from what was read: the visit was left, or others were entered beside it."""
    visit = decision.state.visit(read.briefing)
    if visit is None or visit.withdrawn:
        return False
    return not visit.is_open or _is_used_up(visit, read)


def _is_used_up(visit: Visit, read: cmd.ReadBriefing) -> bool:
    """Whether what was read is used up, and not current again after the visit was reopened."""
    current = visit.briefing
    if current is not None and read.is_of(current.version, current.digest):
        return False
    return visit.used_up > 0 and read.is_of(visit.used_up, visit.used_up_digest)


def used_up_version(decision: Decision, field: str) -> RefusedError:
    """Return the refusal of a version whose course has gone on, naming the visits that are open now."""
    open_visits = ", ".join(str(visit.number) for visit in decision.state.open_visits)
    return refuse(Code.VERSION_USED_UP, field, open=open_visits)


@decides(cmd.Acknowledge, after_closing=True)
def acknowledge(decision: Decision, command: cmd.Acknowledge) -> None:
    """Record that a role is informed of the current version of a briefing, or of several: all or none (P1).

    Refuses with `briefing-missing`, `course-closed`, `disputed-in-person`, `nobody-in-role`, `not-the-party`,
    `one-human-once`, `reason-missing`, `role-not-yours`, `system-cannot-acknowledge`,
    `version-outdated`, `version-used-up`, `visit-unknown`.
    """
    if decision.actor.is_system:
        raise refuse(Code.SYSTEM_CANNOT_ACKNOWLEDGE)
    read = {place: read for place, read in command.read.items() if not _has_advanced_by(decision, read)}
    if not read:
        return
    if decision.state.is_over:
        raise refuse(Code.COURSE_CLOSED)
    for visit, briefing in _expect_all_read(decision, read).values():
        _acknowledge_one(decision, command, visit, briefing)


def _expect_all_read(decision: Decision, read: Mapping[str, cmd.ReadBriefing]) -> dict[int, tuple[Visit, Briefing]]:
    """Return the visits and versions that were read, by visit; raises RefusedError naming every one that differs."""
    found: dict[int, tuple[Visit, Briefing]] = {}
    problems: list[Problem] = []
    for place, one in read.items():
        try:
            found[one.briefing] = expect_read(decision, one, place)
        except RefusedError as refusal:
            problems += refusal.problems
    if problems:
        raise RefusedError(*problems)
    return found


def _acknowledge_one(decision: Decision, command: cmd.Acknowledge, visit: Visit, briefing: Briefing) -> None:
    """Record that a role is informed of one version, unless it is already."""
    person = command.on_behalf_of or acting_for(decision, command.role)
    roles = roles_informed(decision, command, person)
    _expect_right_to_act(decision, command, person)
    expect_role_in_token(decision, person, roles)
    reason = command.on_behalf_reason or OnBehalfReason.ABSENT
    on_behalf = reason if person != decision.actor.person else None
    if all(_is_informed_so(briefing.receipt_of(role), decision.actor.person, on_behalf) for role in roles):
        return
    _expect_another_human(decision, briefing, roles)
    settled = _disputes_settled(decision, visit, person, roles)
    decision.record(
        ev.BriefingAcknowledged,
        visit=visit.number,
        version=briefing.version,
        roles=roles,
        person=person,
        on_behalf=on_behalf,
        via=command.via,
    )
    for number, settled_dispute in settled:
        decision.record(ev.DisputeEnded, visit=number, dispute=settled_dispute.id)


def acting_for(decision: Decision, role: Role | None = None) -> str:
    """Return who is informed by what the actor reads: the actor, or the one holder of a role who is covered (P1)."""
    state, actor = decision.state, decision.actor
    holders = {state.holder(one) for one in GATE_ROLES if role in (None, one)}
    covered = [holder for holder in holders if holder in actor.covers]
    return covered[0] if len(covered) == 1 and covered[0] and not state.roles_of(actor.person) else actor.person


def is_informed_by(receipt: Receipt | None, actor: str) -> bool:
    """Say whether a receipt informs its role: by the actor himself, or by its holder in person."""
    if receipt is None or receipt.disputed:
        return False
    return receipt.by == actor or receipt.on_behalf is None


def _is_informed_so(receipt: Receipt | None, actor: str, on_behalf: OnBehalfReason | None) -> bool:
    """Say whether a receipt informs its role, and not for another reason than the actor's who acts on behalf of it."""
    is_otherwise = receipt is not None and receipt.by == actor and receipt.on_behalf != on_behalf
    return is_informed_by(receipt, actor) and not is_otherwise


def roles_informed(decision: Decision, command: cmd.Acknowledge | cmd.Dispute, person: str) -> tuple[Role, ...]:
    """Return every role the person holds: one human in both roles is informed once (P1)."""
    roles = decision.state.roles_of(person)
    if command.role is not None and command.role not in roles and decision.state.holder(command.role) is None:
        raise refuse(Code.NOBODY_IN_ROLE, "role", role=command.role)
    if not roles or (command.role is not None and command.role not in roles):
        if person != decision.actor.person:
            raise refuse(Code.NOT_THE_PARTY, "on_behalf_of")
        instead = {"instead": "on_behalf_of"} if isinstance(command, cmd.Acknowledge) else {}
        raise refuse(Code.NOT_THE_PARTY, "role", **instead)
    return roles


def _expect_right_to_act(decision: Decision, command: cmd.Acknowledge, person: str) -> None:
    """Raise unless the actor is the person, is the registered cover, or supervises and says why."""
    if person == decision.actor.person:
        return
    if person in decision.actor.covers:
        return
    if Role.SUPERVISOR not in decision.actor.roles:
        raise refuse(Code.NOT_THE_PARTY, "on_behalf_of")
    if command.on_behalf_reason is None:
        raise refuse(Code.REASON_MISSING, "reason")


def expect_role_in_token(decision: Decision, person: str, roles: tuple[Role, ...]) -> None:
    """Raise unless the actor has one of the roles by the token, or supervises and acts for another `person` (P1)."""
    is_supervisor = person != decision.actor.person and Role.SUPERVISOR in decision.actor.roles
    if not is_supervisor and set(roles).isdisjoint(decision.actor.roles):
        raise refuse(Code.ROLE_NOT_YOURS, "role", roles=", ".join(sorted(roles)))


def _expect_another_human(decision: Decision, briefing: Briefing, roles: tuple[Role, ...]) -> None:
    """Raise when the same human has already acted for another role on this version (P1)."""
    if decision.state.shared_role:
        return
    if any(r.by == decision.actor.person and r.role not in roles and not r.disputed for r in briefing.receipts):
        raise refuse(Code.ONE_HUMAN_ONCE)


def _disputes_settled(
    decision: Decision, visit: Visit, person: str, roles: tuple[Role, ...]
) -> list[tuple[int, Dispute]]:
    """Return the open disputes of `roles` that an acknowledgement ends: of the visit and of those it is briefed with.

    Raises when somebody else than the registered cover acts on behalf of who holds the role (P1).
    """
    shown = {known.id for known in visit.briefing.manifest.disputes} if visit.briefing else set()
    settled = [
        (place.number, known)
        for place in decision.state.open_visits
        for known in place.open_disputes
        if (place.number == visit.number or known.id in shown) and not set(roles).isdisjoint(known.roles)
    ]
    if settled and person not in (decision.actor.person, *decision.actor.covers):
        raise refuse(Code.DISPUTED_IN_PERSON)
    return settled


def _has_advanced_by(decision: Decision, read: cmd.ReadBriefing) -> bool:
    """Whether the visit went on by what was read, which the actor has acknowledged; a repeat is done already (P7)."""
    visit = decision.state.visit(read.briefing)
    return visit is not None and _is_used_up(visit, read) and decision.actor.person in visit.used_up_by
