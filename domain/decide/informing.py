"""Deciding who is informed: versions, acknowledgements, disputes and catching up (P1, P3, P4)."""

from typing import Any

from domain import commands as cmd
from domain import events as ev
from domain.decide.briefings import issue_if_changed
from domain.decide.turn import Turn
from domain.errors import Code, refuse
from domain.identity import Role
from domain.state.briefing import Briefing, Receipt
from domain.state.course import Visit


def brief_now(turn: Turn, command: cmd.BriefNow) -> None:
    """Ask for the briefing before the gate is met; asking twice changes nothing."""
    visit = turn.open_visit(command.visit)
    if visit.briefing is None and not visit.asked_early:
        turn.happen(ev.BriefingAsked, visit=visit.number)


def expect_current_version(visit: Visit, version: int | None, field: str = "version") -> Briefing:
    """Return the briefing of a visit; raise RefusedError when there is none or `version` is not the current one."""
    if visit.briefing is None:
        raise refuse(Code.BRIEFING_MISSING, field, visit=visit.number)
    if visit.briefing.version != version:
        raise refuse(Code.VERSION_OUTDATED, field, current=visit.briefing.version)
    return visit.briefing


def acknowledge(turn: Turn, command: cmd.Acknowledge) -> None:
    """Record that a role is informed of the current version, or that an absent person has caught up (P1)."""
    if turn.actor.is_system:
        raise refuse(Code.SYSTEM_CANNOT_ACKNOWLEDGE)
    if _catches_up(turn, command):
        return
    if turn.state.is_over:
        raise refuse(Code.COURSE_CLOSED)
    visit = turn.open_visit(command.briefing, "briefing")
    briefing = expect_current_version(visit, command.version)
    person = command.on_behalf_of or turn.actor.person
    roles = _roles_informed(turn, command, person)
    _expect_right_to_act(turn, command, person)
    if all(_stands(briefing.receipt_of(role), turn.actor.person) for role in roles):
        return
    _expect_another_human(turn, briefing, roles)
    _expect_no_dispute_in_person(turn, briefing, roles)
    on_behalf = command.on_behalf_reason if person != turn.actor.person else None
    _inform(
        turn,
        ev.BriefingAcknowledged,
        visit.number,
        briefing.version,
        roles,
        person,
        on_behalf=on_behalf,
        via=command.via,
    )
    if on_behalf is None:
        _note_caught_up(turn, visit.number, briefing.version, person)
        return
    for role in roles:
        turn.happen(ev.CatchUpOpened, visit=visit.number, version=briefing.version, role=role, person=person)


def _inform(
    turn: Turn,
    event: type[ev.BriefingAcknowledged | ev.BriefingDisputed],
    visit: int,
    version: int,
    roles: tuple[Role, ...],
    person: str,
    **more: Any,  # noqa: ANN401 - the event's own model checks its fields
) -> None:
    turn.happen(event, visit=visit, version=version, roles=roles, person=person, **more)


def _stands(receipt: Receipt | None, actor: str) -> bool:
    """Say whether the role is informed already: by the actor himself, or by its holder in person."""
    if receipt is None or receipt.disputed:
        return False
    return receipt.by == actor or receipt.on_behalf is None


def _roles_informed(turn: Turn, command: cmd.Acknowledge | cmd.Dispute, person: str) -> tuple[Role, ...]:
    """Return every role the person holds: one human in both roles is informed once (P1)."""
    roles = turn.state.roles_of(person)
    if command.role is not None and command.role not in roles and turn.state.holder(command.role) is None:
        raise refuse(Code.NOBODY_IN_ROLE, "role", role=command.role)
    if not roles or (command.role is not None and command.role not in roles):
        raise refuse(Code.NOT_THE_PARTY, "on_behalf_of" if person != turn.actor.person else "role")
    return roles


def _expect_right_to_act(turn: Turn, command: cmd.Acknowledge, person: str) -> None:
    """Raise unless the actor is the person, supervises, or is the registered cover, and says why."""
    if person == turn.actor.person:
        return
    if Role.SUPERVISOR not in turn.actor.roles and person not in turn.actor.covers:
        raise refuse(Code.NOT_THE_PARTY, "on_behalf_of")
    if command.on_behalf_reason is None:
        raise refuse(Code.REASON_MISSING, "reason")


def _expect_another_human(turn: Turn, briefing: Briefing, roles: tuple[Role, ...]) -> None:
    """Raise when the same human has already acted for another role on this version (P1)."""
    if turn.state.shared_role:
        return
    if any(r.by == turn.actor.person and r.role not in roles and not r.disputed for r in briefing.receipts):
        raise refuse(Code.ONE_HUMAN_ONCE)


def _expect_no_dispute_in_person(turn: Turn, briefing: Briefing, roles: tuple[Role, ...]) -> None:
    """Raise when somebody else would take back a dispute: only the disputer or a new version ends it (P1)."""
    if any(r.disputed and r.role in roles and r.by != turn.actor.person for r in briefing.receipts):
        raise refuse(Code.DISPUTED_IN_PERSON)


def _catches_up(turn: Turn, command: cmd.Acknowledge) -> bool:
    """Record a catch-up of a version that is used up already; say whether this was one."""
    visit = turn.state.visit(command.briefing)
    is_current = visit is not None and visit.is_open and command.version > visit.used_up
    if command.on_behalf_of is not None or is_current:
        return False
    due = (turn.actor.person, command.briefing, command.version)
    if not any((c.person, c.visit, c.version) == due for c in turn.state.catch_ups):
        return False
    _note_caught_up(turn, command.briefing, command.version, turn.actor.person)
    return True


def _note_caught_up(turn: Turn, visit: int, version: int, person: str) -> None:
    """Record that a person who was absent has read `version`, and with it what was told before."""
    if any((c.visit, c.person) == (visit, person) and c.version <= version for c in turn.state.catch_ups):
        turn.happen(ev.CaughtUp, visit=visit, version=version, person=person)


def acknowledge_as_reporter(turn: Turn, number: int) -> None:
    """Record the receipt of a reporter who had read all but what he himself reports."""
    gate = next(verdict for verdict in turn.judge().visits if verdict.visit == number)
    visit = turn.open_visit(number)
    issue_if_changed(turn, visit, gate)
    version = turn.open_visit(number).versions
    acknowledge(turn, cmd.Acknowledge(id=turn.command, actor=turn.actor, briefing=number, version=version))


def dispute(turn: Turn, command: cmd.Dispute) -> None:
    """Record that a role finds the current version wrong; its receipt no longer counts."""
    visit = turn.open_visit(command.briefing, "briefing")
    briefing = expect_current_version(visit, command.version)
    roles = _roles_informed(turn, command, turn.actor.person)
    _inform(
        turn,
        ev.BriefingDisputed,
        visit.number,
        briefing.version,
        roles,
        turn.actor.person,
        reason=command.reason,
    )
